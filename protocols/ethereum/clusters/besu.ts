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

/** Besu as a node's execution client. */
export function besuArguments(place: Place): ProgramArguments {
  const { node, settings } = place;
  return {
    flags: [
      ["data-path", ref.data],
      ...chainFlags(place, {
        private: [["genesis-file", GENESIS_FILE], ["sync-mode", "FULL"], ...bootnodeFlag("bootnodes", place)],
        public: [
          ["network", settings.network],
          ["sync-mode", "SNAP"],
        ],
      }),
      ["node-private-key-file", ref.secret(node.execution)],
      // By default it would ask Kubernetes for a load balancer of its own.
      ["nat-method", "NONE"],
      ["p2p-enabled", "true"],
      ["p2p-host", ref.externalIp],
      ["p2p-port", node.ports.execution],
      ["host-allowlist", "*"],
      ["rpc-http-enabled", "true"],
      ["rpc-http-host", "0.0.0.0"],
      ["rpc-http-port", POD_PORTS.executionRpc],
      ["rpc-http-api", "ETH,NET,WEB3,TXPOOL,ADMIN"],
      ["rpc-ws-enabled", "true"],
      ["rpc-ws-host", "0.0.0.0"],
      ["rpc-ws-port", POD_PORTS.executionWebSocket],
      ["rpc-ws-api", "ETH,NET,WEB3"],
      ["engine-rpc-enabled", "true"],
      ["engine-rpc-port", POD_PORTS.engine],
      ["engine-host-allowlist", "*"],
      ["engine-jwt-secret", jwtSecret(place)],
      ["metrics-enabled", "true"],
      ["metrics-host", "0.0.0.0"],
      ["metrics-port", POD_PORTS.executionMetrics],
    ],
  };
}
