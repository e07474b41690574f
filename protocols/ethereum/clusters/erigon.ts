import { ref } from "../../references";
import { isPublic } from "../settings";
import { chainFlags, GENESIS_FILE, jwtSecret, type Place, type ProgramArguments, seedEnodes } from "./place";
import { POD_PORTS } from "./topology";

/** Erigon as a node's execution client. Its WebSocket is on the port of its JSON-RPC. */
export function erigonArguments(place: Place): ProgramArguments {
  const { node, settings } = place;
  return {
    words: [ref.data, isPublic(settings) ? "" : GENESIS_FILE],
    flags: [
      ["datadir", ref.data],
      ...chainFlags(place, {
        private: [
          ["networkid", settings.chainId],
          // Never left out: it would call the public ones.
          ["bootnodes", seedEnodes(place)],
        ],
        public: [["chain", settings.network]],
      }),
      ["prune.mode", "full"],
      // The consensus client it has inside stays off.
      ["externalcl"],
      ["nodekey", ref.secret(node.execution)],
      ["nat", `extip:${ref.externalIp}`],
      ["port", node.ports.execution],
      ["http"],
      ["http.addr", "0.0.0.0"],
      ["http.port", POD_PORTS.executionRpc],
      ["http.vhosts", "*"],
      ["http.api", "eth,erigon,net,web3,txpool,admin"],
      ["ws"],
      ["authrpc.addr", "0.0.0.0"],
      ["authrpc.port", POD_PORTS.engine],
      ["authrpc.vhosts", "*"],
      ["authrpc.jwtsecret", jwtSecret(place)],
      ["metrics"],
      ["metrics.addr", "0.0.0.0"],
      ["metrics.port", POD_PORTS.executionMetrics],
    ],
  };
}
