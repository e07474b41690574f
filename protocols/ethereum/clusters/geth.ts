import { ref } from "../../references";
import { chainFlags, GENESIS_FILE, jwtSecret, type Place, type ProgramArguments, seedEnodes } from "./place";
import { POD_PORTS } from "./topology";

/** geth as a node's execution client. */
export function gethArguments(place: Place): ProgramArguments {
  const { node, settings } = place;
  return {
    flags: [
      ["datadir", ref.data],
      ...chainFlags(place, {
        private: [
          ["override.genesis", GENESIS_FILE],
          ["syncmode", "full"],
          // Never left out: geth would call the public ones.
          ["bootnodes", seedEnodes(place)],
        ],
        public: [[settings.network], ["syncmode", "snap"]],
      }),
      ["nodekey", ref.secret(node.execution)],
      ["nat", `extip:${ref.externalIp}`],
      ["port", node.ports.execution],
      ["discovery.port", node.ports.execution],
      ["http"],
      ["http.addr", "0.0.0.0"],
      ["http.port", POD_PORTS.executionRpc],
      ["http.vhosts", "*"],
      // `admin` lists the peers.
      ["http.api", "eth,net,web3,txpool,admin"],
      ["ws"],
      ["ws.addr", "0.0.0.0"],
      ["ws.port", POD_PORTS.executionWebSocket],
      ["ws.api", "eth,net,web3"],
      ["ws.origins", "*"],
      ["authrpc.addr", "0.0.0.0"],
      ["authrpc.port", POD_PORTS.engine],
      ["authrpc.vhosts", "*"],
      ["authrpc.jwtsecret", jwtSecret(place)],
      ["metrics"],
      ["metrics.addr", "0.0.0.0"],
      ["metrics.port", POD_PORTS.executionMetrics],
      ["ipcdisable"],
    ],
  };
}
