import type { DaemonHead } from "./chain";
import type { ClusterNetworkView } from "./network";
import { podsOf, wantedPods } from "./judge";
import type { ClusterReading, PodReading } from "./reading";

/** What runs where, as `status --json` prints it for a network in clusters. What is unknown is null. */
export interface ClusterStatus {
  readonly network: string;
  readonly protocol: string;
  readonly target: "kubernetes";
  readonly era: number;
  readonly paused: boolean;
  /** Whether every cluster answers and every pod is ready, as many as planned. */
  readonly ok: boolean;
  /** ISO 8601 of the chain's first slot. */
  readonly genesis: string;
  /** ISO 8601; null for never. */
  readonly expires: string | null;
  readonly clusters: readonly { readonly name: string; readonly problem: string | null }[];
  readonly seeds: readonly EntranceStatus[];
  readonly publicServices: readonly PublicServiceStatus[];
  readonly daemons: readonly DaemonStatus[];
  /** Volumes that no daemon of the plan uses: of eras that are over, and of daemons that are no more. */
  readonly unusedVolumes: readonly {
    readonly cluster: string;
    readonly name: string;
    readonly size: string;
  }[];
  readonly heads: readonly DaemonHead[];
  /** Why no daemon was asked for its head; null where they were. */
  readonly notAsked: string | null;
}

export interface EntranceStatus {
  readonly name: string;
  readonly cluster: string;
  readonly host: string | null;
  readonly address: string | null;
}

export interface PublicServiceStatus extends EntranceStatus {
  /** What it speaks. */
  readonly title: string;
  readonly url: string | null;
}

/** A pod of the plan with its copies. */
export interface DaemonStatus {
  readonly name: string;
  readonly cluster: string;
  readonly role: string;
  readonly planned: number;
  readonly ready: number;
  readonly restarts: number;
  readonly pods: readonly PodStatus[];
}

export interface PodStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly restarts: number;
  readonly phase: string;
  readonly node: string | null;
  /** Public address of its machine. */
  readonly address: string | null;
  readonly problem: string | null;
}

/** The status of a network from what was read. Pure. */
export function clusterStatus(
  { plan, told }: Pick<ClusterNetworkView, "plan" | "told">,
  readings: readonly ClusterReading[],
  chain: { readonly heads: readonly DaemonHead[]; readonly why: string | undefined },
): ClusterStatus {
  const daemons = wantedPods(plan).map((wanted): DaemonStatus => {
    const pods = podsOf(wanted, readings);
    const { name, cluster, role, replicas } = wanted;
    return {
      ...{ name, cluster, role, planned: replicas },
      ready: pods.filter(({ ready }) => ready).length,
      restarts: pods.reduce((sum, { restarts }) => sum + restarts, 0),
      pods: pods.map(podStatus),
    };
  });
  const clusters = readings.map(({ cluster, problem }) => ({ name: cluster, problem: problem ?? null }));
  const complete = daemons.every(({ planned, ready, pods }) => ready === planned && pods.length === planned);
  return {
    network: plan.network,
    protocol: plan.protocol,
    target: "kubernetes",
    era: told.era,
    paused: told.paused,
    ok: complete && clusters.every(({ problem }) => problem === null),
    genesis: new Date(told.genesisTime * 1000).toISOString(),
    expires: told.lifetime?.expires ?? null,
    clusters,
    seeds: told.seeds.map(entranceStatus),
    publicServices: told.publicServices.map(({ title, url, ...entrance }) => ({
      ...entranceStatus(entrance),
      ...{ title, url: url ?? null },
    })),
    daemons,
    unusedVolumes: unusedVolumes({ plan }, readings).map(({ cluster, name, size }) => ({
      cluster,
      name,
      size,
    })),
    heads: chain.heads,
    notAsked: chain.why ?? null,
  };
}

function entranceStatus({
  name,
  cluster,
  host,
  address,
}: ClusterNetworkView["told"]["seeds"][number]): EntranceStatus {
  return { name, cluster, host: host ?? null, address: address ?? null };
}

function podStatus({ name, ready, restarts, phase, node, address, problem }: PodReading): PodStatus {
  return {
    name,
    ready,
    restarts,
    phase,
    node: node ?? null,
    address: address ?? null,
    problem: problem ?? null,
  };
}

/**
 * Volumes of the network that no daemon of its plan uses. Pure. Names hold era and daemon, and ours alone begin with
 * `data-e`: whatever else has our labels is left out.
 */
export function unusedVolumes(
  { plan }: Pick<ClusterNetworkView, "plan">,
  readings: readonly ClusterReading[],
): ClusterReading["volumes"] {
  const used = new Set([
    ...plan.daemons.map(({ name, workload }) => `${workload?.cluster ?? ""}/data-e${plan.era}-${name}`),
    ...(plan.clusters?.services ?? []).map(({ name, cluster }) => `${cluster}/data-e${plan.era}-${name}`),
  ]);
  return readings
    .flatMap(({ volumes }) => volumes)
    .filter(({ name, era }) => era > 0 && name.startsWith(`data-e${era}-`))
    .filter(({ cluster, name }) => !used.has(`${cluster}/${name}`));
}
