import type { ClusterGround, ClusterPlacement } from "../plan";
import { daemonPort } from "../peer-ports";
import { spread, type Whereabouts } from "../placement";
import { hasPublicService, type MinaNetwork, type MinaSnarkPool } from "./settings";

/** The daemons that are peers, by what they do. */
export type MinaRole = "seed" | "block-producer" | "snark-coordinator" | "archive" | "node" | "itn-node";

/**
 * Roles take turns in the range of ports, so that a role may grow and no other moves. Never reordered: ports of networks
 * that run follow from it.
 */
const ROLES: readonly MinaRole[] = [
  "seed",
  "block-producer",
  "snark-coordinator",
  "archive",
  "node",
  "itn-node",
];

/** Settings that every peer has, whatever its group. */
export type PeerSettings = Pick<
  MinaNetwork["nodes"],
  "image" | "storageGiB" | "logLevel" | "maxConnections" | "graphql" | "extraArgs" | "resources" | "nodePool"
>;

/** A daemon that is a peer, and where it runs. */
export interface MinaPeer {
  /** e.g. `seed-1`, `fast-coordinator`. */
  readonly name: string;
  readonly role: MinaRole;
  /** Name of its Helm release. */
  readonly pool: string;
  /** Within its role, from 0. */
  readonly index: number;
  readonly cluster: string;
  readonly p2pPort: number;
  readonly settings: PeerSettings;
  /** The user's key behind it. */
  readonly at: string;
}

/** The workers of a SNARK pool, beside their coordinator. */
export interface MinaWorkers {
  readonly name: string;
  readonly pool: string;
  readonly cluster: string;
  readonly coordinator: string;
  readonly spot: boolean;
  readonly settings: MinaSnarkPool;
  readonly at: string;
}

export interface MinaTopology {
  readonly peers: readonly MinaPeer[];
  readonly workers: readonly MinaWorkers[];
}

/** What ports of daemons follow from. */
interface MinaPorts {
  readonly from: number;
  /** Whether a service has a port of the range, which daemons leave out. */
  readonly hasPublic: boolean;
}

/** Port of the daemon of that index in its role. */
export function p2pPort({ from, hasPublic }: MinaPorts, role: MinaRole, index: number): number {
  return daemonPort(from, index * ROLES.length + ROLES.indexOf(role), hasPublic);
}

/** Hours by which the stop of the daemon of that index in its role comes later than the first: roles begin apart. */
export function stopDelay(role: MinaRole, index: number, staggerHours: number): number {
  const start = Math.floor((ROLES.indexOf(role) * staggerHours) / ROLES.length);
  return (start + index) % staggerHours;
}

/** Who is where. Growing a group renames and moves nobody. */
export function topologyOf(settings: MinaNetwork, placement: ClusterPlacement): MinaTopology {
  const ports: MinaPorts = { from: placement.portsFrom, hasPublic: hasPublicService(settings) };
  const group = (
    role: MinaRole,
    pool: string,
    key: "seeds" | "blockProducers" | "archives" | "nodes" | "itnNodes",
  ) => grouped(role, pool, key, settings[key], placement, ports);
  const pools = settings.snark.map((pool, index) => snarkPool(pool, index, placement, ports));
  return {
    peers: [
      ...group("seed", "seeds", "seeds"),
      ...group("block-producer", "block-producers", "blockProducers"),
      ...pools.map(({ coordinator }) => coordinator),
      ...group("archive", "archives", "archives"),
      ...group("node", "nodes", "nodes"),
      ...group("itn-node", "itn-nodes", "itnNodes"),
    ],
    workers: pools.map(({ workers }) => workers),
  };
}

function grouped(
  role: MinaRole,
  pool: string,
  key: string,
  settings: PeerSettings & Whereabouts & { readonly count: number },
  { clusters }: ClusterPlacement,
  ports: MinaPorts,
): MinaPeer[] {
  const places = spread(
    settings,
    clusters.map(({ name }) => name),
    settings.count,
  );
  const prefix = role === "itn-node" ? "itn" : role;
  return places.map((cluster, index) => ({
    name: `${prefix}-${index + 1}`,
    role,
    pool,
    index,
    cluster,
    p2pPort: p2pPort(ports, role, index),
    settings,
    at: `testnet:network.${key}`,
  }));
}

function snarkPool(
  settings: MinaSnarkPool,
  index: number,
  { clusters }: ClusterPlacement,
  ports: MinaPorts,
): { coordinator: MinaPeer; workers: MinaWorkers } {
  const cluster = clusterOfPool(settings, index, clusters);
  const coordinator = `${settings.name}-coordinator`;
  return {
    coordinator: {
      name: coordinator,
      role: "snark-coordinator",
      pool: coordinator,
      index,
      cluster: cluster.name,
      p2pPort: p2pPort(ports, "snark-coordinator", index),
      settings: settings.coordinator,
      at: `testnet:network.snark[${index}].coordinator`,
    },
    workers: {
      name: `${settings.name}-worker`,
      pool: `${settings.name}-workers`,
      cluster: cluster.name,
      coordinator,
      spot: settings.spot ?? cluster.nodePools.some(({ spot }) => spot),
      settings,
      at: `testnet:network.snark[${index}]`,
    },
  };
}

function clusterOfPool(
  settings: MinaSnarkPool,
  index: number,
  clusters: readonly ClusterGround[],
): ClusterGround {
  const named = clusters.find(({ name }) => name === settings.clusters?.[0]);
  const cluster = named ?? clusters[index % clusters.length];
  if (cluster === undefined) throw new Error("no clusters to spread over");
  return cluster;
}
