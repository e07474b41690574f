import type { Daemon, Placement } from "../plan";
import { ref } from "../references";
import { type Argument, render } from "./arguments";
import { EXECUTION_CLIENTS } from "./clients";
import { port } from "./ports";
import { releaseOf } from "./releases";
import { bootnodesOf, type EthereumNode } from "./topology";

/** How long geth may take to write its state at a stop; it answers in seconds on small chains. */
const GRACE_SECONDS = 60;

/** The execution client of a node. */
export function gethDaemon(nodes: readonly EthereumNode[], index: number, placement: Placement): Daemon {
  const node = nodes[index] as EthereumNode;
  const { version, release } = releaseOf(EXECUTION_CLIENTS.geth, node.pool.executionVersion);
  return {
    name: node.execution,
    node: node.name,
    role: "execution",
    client: "geth",
    version,
    program: release.execution.name,
    args: [
      ...render(release.execution, gethArguments(nodes, index, placement)),
      ...node.pool.extraArgs.execution,
    ],
    env: {},
    ports: [
      port("p2p", node.ports.executionP2p, "peers", "tcp", "udp"),
      port("rpc", node.ports.executionRpc, "network", "tcp"),
      port("websocket", node.ports.executionWebSocket, "network", "tcp"),
      port("engine", node.ports.engine, "network", "tcp"),
      port("metrics", node.ports.executionMetrics, "network", "tcp"),
    ],
    readiness: {
      kind: "http",
      port: "rpc",
      path: "/",
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] }),
      statuses: [200],
      timeoutSeconds: 60,
    },
    stop: { graceSeconds: GRACE_SECONDS },
    after: [],
  };
}

function gethArguments(nodes: readonly EthereumNode[], index: number, placement: Placement): Argument[] {
  const { ports, execution } = nodes[index] as EthereumNode;
  const { host } = placement;
  return [
    ["datadir", ref.data],
    ["override.genesis", `${ref.shared}/genesis.json`],
    ["nodekey", ref.secret(execution)],
    ["syncmode", "full"],
    ["port", ports.executionP2p],
    ["discovery.port", ports.executionP2p],
    ["nat", `extip:${host}`],
    // Never empty: without bootnodes of its own geth would call the public ones.
    [
      "bootnodes",
      bootnodesOf(nodes, index)
        .map((peer) => ref.enode(peer.execution))
        .join(","),
    ],
    // Peers are daemons of this machine and nothing else, whatever a discovery packet says.
    ["netrestrict", placement.peersWithin],
    ["http"],
    ["http.addr", host],
    ["http.port", ports.executionRpc],
    // `admin` lists peers, `debug` sets the head back when a stopped chain is resumed; both stay on loopback.
    ["http.api", "eth,net,web3,txpool,admin,debug"],
    ["ws"],
    ["ws.addr", host],
    ["ws.port", ports.executionWebSocket],
    ["ws.api", "eth,net,web3"],
    ["authrpc.addr", host],
    ["authrpc.port", ports.engine],
    ["authrpc.jwtsecret", ref.secret(`${nodes[index]?.name}-jwt`)],
    ["metrics"],
    ["metrics.addr", host],
    ["metrics.port", ports.executionMetrics],
    ["ipcdisable"],
    // MiB. The chains of this target are small; the default of 4096 is meant for mainnet.
    ["cache", 64],
  ];
}
