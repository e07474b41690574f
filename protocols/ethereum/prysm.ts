import { type Argument, renderArguments } from "../arguments";
import type { Daemon, LocalPlacement } from "../plan";
import { ref } from "../references";
import { CONSENSUS_CLIENTS } from "./clients";
import { MEMORY_OVER_SPEED } from "./memory";
import { port } from "./ports";
import { releaseOf } from "./releases";
import { bootnodesOf, type EthereumNode } from "./topology";

/** How long Prysm's databases may take to close. */
const GRACE_SECONDS = 30;

/** The consensus client of a node. */
export function prysmDaemon(
  nodes: readonly EthereumNode[],
  index: number,
  placement: LocalPlacement,
): Daemon {
  const node = nodes[index] as EthereumNode;
  const { version, release } = releaseOf(CONSENSUS_CLIENTS.prysm, node.pool.consensusVersion);
  return {
    name: node.consensus,
    node: node.name,
    role: "consensus",
    client: "prysm",
    version,
    program: release.consensus.name,
    args: [
      ...renderArguments(release.consensus, beaconArguments(nodes, index, placement), "joined"),
      ...node.pool.extraArgs.consensus,
    ],
    files: [],
    env: MEMORY_OVER_SPEED,
    ports: [
      port("p2p", node.ports.consensusP2p, "peers", "tcp"),
      port("discovery", node.ports.consensusDiscovery, "peers", "udp"),
      port("grpc", node.ports.consensusGrpc, "network", "tcp"),
      port("api", node.ports.beaconApi, "network", "tcp"),
      port("metrics", node.ports.consensusMetrics, "network", "tcp"),
    ],
    readiness: {
      kind: "http",
      port: "api",
      path: "/eth/v1/beacon/states/head/finality_checkpoints",
      statuses: [200],
      timeoutSeconds: 120,
    },
    stop: { graceSeconds: GRACE_SECONDS },
    afterCrash: "keep",
    after: [node.execution],
    restartsWith: [],
  };
}

function beaconArguments(
  nodes: readonly EthereumNode[],
  index: number,
  placement: LocalPlacement,
): Argument[] {
  const { name, consensus, ports } = nodes[index] as EthereumNode;
  const { host } = placement;
  return [
    ["accept-terms-of-use"],
    ["datadir", ref.data],
    ["chain-config-file", `${ref.shared}/config.yaml`],
    ["genesis-state", `${ref.shared}/genesis.ssz`],
    ["contract-deployment-block", 0],
    ["execution-endpoint", `http://${host}:${ports.engine}`],
    ["jwt-secret", ref.secret(`${name}-jwt`)],
    ["suggested-fee-recipient", ref.address("funded", 0)],
    // A stopped network goes on from its newest block; Prysm would start from its last finalized one.
    ["sync-from", "head"],
    ["min-sync-peers", 0],
    ["minimum-peers-per-subnet", 0],
    ["p2p-host-ip", host],
    ["p2p-local-ip", host],
    ["p2p-tcp-port", ports.consensusP2p],
    ["p2p-udp-port", ports.consensusDiscovery],
    ["p2p-priv-key", ref.secret(consensus)],
    ["p2p-allowlist", placement.peersWithin],
    // quic-go 0.48 of this release panics in its first handshake when built with Go 1.26.
    ["disable-quic"],
    ...peerArguments(nodes, index, placement),
    ["rpc-host", host],
    ["rpc-port", ports.consensusGrpc],
    ["http-host", host],
    ["http-port", ports.beaconApi],
    ["monitoring-host", host],
    ["monitoring-port", ports.consensusMetrics],
  ];
}

/**
 * Whom a node calls. Without discovery its peers are named, which makes them trusted: Prysm calls them every 5 s for ever,
 * and never takes them for bad. Others it gives up for an hour after a few vain calls, and on one machine calls fail
 * easily: it takes only 8 in a row from one address, and 4 more in 30 s (beacon-chain/p2p/connection_gater.go).
 * Its search for peers would also use a quarter of a core for each node of a network too small to satisfy it.
 */
function peerArguments(nodes: readonly EthereumNode[], index: number, placement: LocalPlacement): Argument[] {
  const peers = bootnodesOf(nodes, index);
  const bootnodes = peers.map((peer): Argument => ["bootstrap-node", ref.enr(peer.consensus)]);
  // Never left out: Prysm would call the public ones.
  if (placement.discovery && bootnodes.length > 0) return bootnodes;
  return [
    ["bootstrap-node", ""],
    ["no-discovery"],
    // After a sleep a node looks for its peers' next block epoch by epoch. By default it may ask for 128 slots at once, then
    // for 64 in 30 s: an hour for a sleep of 8,000 slots. Among our own nodes there is nothing to ration.
    ["block-batch-limit-burst-factor", 100_000],
    ...peers.map((peer): Argument => [
      "peer",
      `/ip4/${placement.host}/tcp/${peer.ports.consensusP2p}/p2p/${ref.peerId(peer.consensus)}`,
    ]),
  ];
}

/** The validator client of a node, or nothing where it has no validators. */
export function prysmValidatorDaemon(node: EthereumNode, placement: LocalPlacement): Daemon | undefined {
  if (node.validator === undefined) return undefined;
  const { version, release } = releaseOf(CONSENSUS_CLIENTS.prysm, node.pool.consensusVersion);
  return {
    name: node.validator,
    node: node.name,
    role: "validator",
    client: "prysm",
    version,
    program: release.validator.name,
    args: [
      ...renderArguments(release.validator, validatorArguments(node, node.validator, placement), "joined"),
      ...node.pool.extraArgs.validator,
    ],
    files: [],
    env: MEMORY_OVER_SPEED,
    ports: [port("metrics", node.ports.validatorMetrics, "network", "tcp")],
    readiness: { kind: "http", port: "metrics", path: "/healthz", statuses: [200], timeoutSeconds: 60 },
    stop: { graceSeconds: GRACE_SECONDS },
    afterCrash: "keep",
    after: [node.execution, node.consensus],
    // It would have blocks built on the head its beacon node was left with, before that has heard of its peers'.
    restartsWith: [node.execution, node.consensus],
  };
}

function validatorArguments(node: EthereumNode, name: string, { host }: LocalPlacement): Argument[] {
  return [
    ["accept-terms-of-use"],
    ["datadir", ref.data],
    ["chain-config-file", `${ref.shared}/config.yaml`],
    ["beacon-rpc-provider", `${host}:${node.ports.consensusGrpc}`],
    ["wallet-dir", ref.secret(name)],
    ["wallet-password-file", ref.secret(`${name}-password`)],
    ["suggested-fee-recipient", ref.address("funded", 0)],
    // Shows in every block who proposed it.
    ["graffiti", node.name],
    ["monitoring-host", host],
    ["monitoring-port", node.ports.validatorMetrics],
  ];
}
