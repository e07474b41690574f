import { type Argument, renderArguments } from "../arguments";
import type { Daemon, LocalPlacement } from "../plan";
import { ref } from "../references";
import { EXECUTION_CLIENTS } from "./clients";
import { MEMORY_OVER_SPEED } from "./memory";
import { port } from "./ports";
import { releaseOf } from "./releases";
import { bootnodesOf, type EthereumNode } from "./topology";

/** geth's configuration file, in its data directory. */
const CONFIG_FILE = "geth.toml";

/** How long geth may take to write its state at a stop; it answers in seconds on small chains. */
const GRACE_SECONDS = 60;

/** The execution client of a node. */
export function gethDaemon(nodes: readonly EthereumNode[], index: number, placement: LocalPlacement): Daemon {
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
      ...renderArguments(release.execution, gethArguments(nodes, index, placement), "joined"),
      ...node.pool.extraArgs.execution,
    ],
    files: [{ path: CONFIG_FILE, content: configuration(nodes, index, placement) }],
    env: MEMORY_OVER_SPEED,
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
    // geth keeps newest state in memory. Killed, it finds blocks without their state and takes the chain to be invalid.
    afterCrash: "refetch",
    after: [],
    restartsWith: [],
  };
}

/**
 * The p2p part of geth's own configuration file: its listening address has no flag, and with `--port` geth listens on all
 * addresses of the machine. Bootnodes are never left out, empty or not: geth would call the public ones.
 */
function configuration(nodes: readonly EthereumNode[], index: number, { host }: LocalPlacement): string {
  const address = `${host}:${(nodes[index] as EthereumNode).ports.executionP2p}`;
  const peers = JSON.stringify(bootnodesOf(nodes, index).map((peer) => ref.enode(peer.execution)));
  return [
    "[Node.P2P]",
    `ListenAddr = "${address}"`,
    `DiscAddr = "${address}"`,
    `BootstrapNodes = ${peers}`,
    "BootstrapNodesV5 = []",
    `StaticNodes = ${peers}`,
    "",
  ].join("\n");
}

function gethArguments(nodes: readonly EthereumNode[], index: number, placement: LocalPlacement): Argument[] {
  const { name, ports, execution } = nodes[index] as EthereumNode;
  const { host } = placement;
  return [
    ["config", `${ref.data}/${CONFIG_FILE}`],
    ["datadir", ref.data],
    ["override.genesis", `${ref.shared}/genesis.json`],
    ["nodekey", ref.secret(execution)],
    ["syncmode", "full"],
    ["nat", `extip:${host}`],
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
    ["authrpc.jwtsecret", ref.secret(`${name}-jwt`)],
    ["metrics"],
    ["metrics.addr", host],
    ["metrics.port", ports.executionMetrics],
    ["ipcdisable"],
    // MiB. The chains of this target are small; the default of 4096 is meant for mainnet.
    ["cache", 64],
  ];
}
