import { daemonPort, lastPort } from "../../peer-ports";
import { spread } from "../../placement";
import type { ClusterPlacement } from "../../plan";
import { type EthereumNetwork, hasPublicService, isPublic } from "../settings";
import { type NodeParts, partsOf } from "../topology";

/** A node whose parts are pods of one cluster. */
export interface ClusterNode extends NodeParts {
  readonly cluster: string;
  /** Whether others call it first: it has reserved addresses and DNS names. */
  readonly isSeed: boolean;
  /** The ports that peers of the world reach. */
  readonly ports: PeerPorts;
}

export interface PeerPorts {
  /** TCP and UDP. */
  readonly execution: number;
  /** TCP, and UDP for QUIC. */
  readonly consensus: number;
  /** UDP. */
  readonly discovery: number;
}

/** Ports of one node. */
const PORTS_PER_NODE = 3;

/** Ports that only pods of the network reach: every pod has its own, so they are the same in all. */
export const POD_PORTS = {
  executionRpc: 8545,
  executionWebSocket: 8546,
  engine: 8551,
  executionMetrics: 6060,
  beaconApi: 5052,
  /** Of Prysm, for its validator client. */
  beaconGrpc: 4000,
  consensusMetrics: 8008,
  validatorMetrics: 8009,
} as const;

/** All nodes in order. Growing a pool moves no other node to another cluster; growing the last one moves no port. */
export function clusterNodes(settings: EthereumNetwork, placement: ClusterPlacement): ClusterNode[] {
  const names = placement.clusters.map(({ name }) => name);
  const clusters = settings.nodes.map((pool) => spread(pool, names, pool.count));
  const seeds = seedCount(settings);
  return partsOf(settings).map((parts, index) => ({
    ...parts,
    cluster: clusters[parts.poolIndex]?.[parts.index] as string,
    isSeed: index < seeds,
    ports: peerPorts(settings, placement, index),
  }));
}

function peerPorts(settings: EthereumNetwork, { portsFrom }: ClusterPlacement, index: number): PeerPorts {
  const port = (part: number) =>
    daemonPort(portsFrom, index * PORTS_PER_NODE + part, hasPublicService(settings));
  return { execution: port(0), consensus: port(1), discovery: port(2) };
}

/** The last port of the network. */
export function lastPortOf(settings: EthereumNetwork, placement: ClusterPlacement): number {
  const nodes = settings.nodes.reduce((sum, { count }) => sum + count, 0);
  const { discovery } = peerPorts(settings, placement, nodes - 1);
  return lastPort(placement.portsFrom, discovery, hasPublicService(settings));
}

/** How many nodes are seeds: enough that one may be away. */
export function seedCount(settings: EthereumNetwork): number {
  if (isPublic(settings)) return 0;
  return settings.seeds?.count ?? Math.min(2, settings.nodes[0]?.count ?? 0);
}

/** The name by which pods of a cluster reach a daemon, whatever pod it is at the time. */
export function stableName(daemon: string, network: string): string {
  return `${daemon}.${network}.svc.cluster.local`;
}
