import { ref } from "../../references";
import {
  bootnodeFlag,
  chainFlags,
  GENESIS_FILE,
  jwtSecret,
  type Place,
  type ProgramArguments,
} from "./place";
import { POD_PORTS } from "./topology";

/** A slot as the client takes it to be unless told. */
const USUAL_SLOT_SECONDS = 12;

/** Nethermind as a node's execution client. */
export function nethermindArguments(place: Place): ProgramArguments {
  const { node, settings } = place;
  const { secondsPerSlot } = settings;
  return {
    flags: [
      ["datadir", ref.data],
      ...chainFlags(place, {
        private: [
          ["config", "none"],
          ["Init.ChainSpecPath", GENESIS_FILE],
          ...bootnodeFlag("Discovery.Bootnodes", place),
          ...(secondsPerSlot === USUAL_SLOT_SECONDS
            ? []
            : [["Blocks.SecondsPerSlot", secondsPerSlot] as const]),
        ],
        public: [["config", settings.network]],
      }),
      ["Sync.SnapSync", "true"],
      // It reads the 32 bytes themselves.
      ["KeyStore.EnodeKeyFile", ref.secret(`${node.execution}/key`)],
      ["Network.ExternalIp", ref.externalIp],
      ["Network.P2PPort", node.ports.execution],
      ["Network.DiscoveryPort", node.ports.execution],
      ["Init.WebSocketsEnabled", "true"],
      ["JsonRpc.Enabled", "true"],
      ["JsonRpc.Host", "0.0.0.0"],
      ["JsonRpc.Port", POD_PORTS.executionRpc],
      ["JsonRpc.WebSocketsPort", POD_PORTS.executionWebSocket],
      ["JsonRpc.EnabledModules", "eth,net,web3,txpool,admin,subscribe"],
      ["JsonRpc.EngineHost", "0.0.0.0"],
      ["JsonRpc.EnginePort", POD_PORTS.engine],
      ["JsonRpc.JwtSecretFile", jwtSecret(place)],
      ["Metrics.Enabled", "true"],
      ["Metrics.ExposeHost", "0.0.0.0"],
      ["Metrics.ExposePort", POD_PORTS.executionMetrics],
    ],
  };
}
