import type { Image, Resources, Workload } from "../plan";
import type { ResourceSettings } from "../settings";
import type { MinaPeer, MinaWorkers } from "./topology";
import type { MinaNetwork } from "./settings";

/** What pods ask for where the settings say nothing: what Mina's own charts ask for, which its documents exceed. */
export const DEFAULT_RESOURCES = {
  daemon: { cpuMilli: 4000, memoryMiB: 12_288, memoryLimitMiB: 24_576 },
  worker: { cpuMilli: 4000, memoryMiB: 6144, memoryLimitMiB: 16_384 },
  archive: { cpuMilli: 500, memoryMiB: 1024, memoryLimitMiB: 4096 },
  database: { cpuMilli: 500, memoryMiB: 1024, memoryLimitMiB: 4096 },
} as const satisfies Record<string, Resources>;

const MIB_PER_GIB = 1024;

/** What a pod asks for. A promise above the limit raises a limit that nobody set. */
export function resourcesOf(settings: ResourceSettings, defaults: Resources): Resources {
  const { cpus, memoryGiB, memoryLimitGiB } = settings;
  const memoryMiB = memoryGiB === undefined ? defaults.memoryMiB : Math.round(memoryGiB * MIB_PER_GIB);
  const limit = memoryLimitGiB === undefined ? undefined : Math.round(memoryLimitGiB * MIB_PER_GIB);
  return {
    cpuMilli: cpus === undefined ? defaults.cpuMilli : Math.round(cpus * 1000),
    memoryMiB,
    memoryLimitMiB: limit ?? Math.max(memoryMiB, defaults.memoryLimitMiB),
  };
}

/** How a peer's own pod runs: a StatefulSet of one, so that its keys are never in two pods (T4). */
export function peerWorkload(
  peer: MinaPeer,
  network: MinaNetwork,
  image: Image,
  leases: readonly string[],
): Workload {
  const { role, settings } = peer;
  const coordinator = role === "snark-coordinator";
  return {
    cluster: peer.cluster,
    pool: peer.pool,
    pod: peer.name,
    kind: "one",
    replicas: 1,
    image,
    resources: resourcesOf(settings.resources, DEFAULT_RESOURCES.daemon),
    storageGiB: settings.storageGiB,
    advertises: role === "seed" ? "seed" : "node",
    nodes: { peers: true, spot: false, ...nodePool(settings.nodePool) },
    spread: spreadOf(network.availability, role === "seed"),
    leases,
    metricsPath: "/metrics",
    // Only the pool's workers may ask its coordinator for work: the protocol knows no password.
    clients: coordinator ? [workersPool(peer)] : [],
  };
}

/** How the workers of a SNARK pool run: any number alike, without key, data or metrics (T18). */
export function workersWorkload(workers: MinaWorkers, network: MinaNetwork, image: Image): Workload {
  const { workerPods, workers: replicas } = workers.settings;
  return {
    cluster: workers.cluster,
    pool: workers.pool,
    pod: workers.name,
    kind: "many",
    replicas,
    image,
    resources: resourcesOf(workerPods.resources, DEFAULT_RESOURCES.worker),
    storageGiB: 0,
    advertises: "none",
    nodes: { spot: workers.spot, ...nodePool(workerPods.nodePool) },
    spread: network.availability === "high" ? "soft" : "none",
    leases: [],
    metricsPath: undefined,
    clients: [],
  };
}

/** Where all seeds stand on one machine, losing it leaves nobody to be found. */
function spreadOf(availability: MinaNetwork["availability"], seed: boolean): Workload["spread"] {
  if (availability === "high") return seed ? "hard" : "soft";
  return seed ? "soft" : "none";
}

function workersPool({ name }: MinaPeer): string {
  return `${name.slice(0, -"-coordinator".length)}-workers`;
}

function nodePool(name: string | undefined): { nodePool?: string } {
  return name === undefined ? {} : { nodePool: name };
}
