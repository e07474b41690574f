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

/** reth as a node's execution client. */
export function rethArguments(place: Place): ProgramArguments {
  const { node, settings } = place;
  return {
    words: ["node"],
    flags: [
      ["datadir", ref.data],
      ...chainFlags(place, {
        private: [["chain", GENESIS_FILE], ...bootnodeFlag("bootnodes", place), ["disable-dns-discovery"]],
        public: [["chain", settings.network], ["full"]],
      }),
      ["p2p-secret-key", ref.secret(node.execution)],
      ["nat", `extip:${ref.externalIp}`],
      ["addr", "0.0.0.0"],
      ["port", node.ports.execution],
      ["discovery.port", node.ports.execution],
      // Its second discovery has a port of its own, which nobody would reach.
      ["disable-discv5-discovery"],
      ["http"],
      ["http.addr", "0.0.0.0"],
      ["http.port", POD_PORTS.executionRpc],
      ["http.api", "eth,net,web3,txpool,admin"],
      ["ws"],
      ["ws.addr", "0.0.0.0"],
      ["ws.port", POD_PORTS.executionWebSocket],
      ["ws.api", "eth,net,web3"],
      ["ws.origins", "*"],
      ["authrpc.addr", "0.0.0.0"],
      ["authrpc.port", POD_PORTS.engine],
      ["authrpc.jwtsecret", jwtSecret(place)],
      ["metrics", `0.0.0.0:${POD_PORTS.executionMetrics}`],
      ["ipcdisable"],
      // What it logs is read from its output; files of logs would fill the home, which is memory of the machine.
      ["log.file.max-files", 0],
    ],
  };
}
