import type { Problem } from "../errors/problem";
import type { ClusterGround, Daemon, NodePoolGround, Workload } from "./plan";

/** What a client needs of a processor. */
export interface MachineNeeds {
  readonly architecture: NodePoolGround["architecture"];
  readonly features: NodePoolGround["features"];
}

/** The share of a machine that pods get; the rest is the system's and that of the pods every machine has. */
const SHARE_FOR_PODS = 0.85;

/** A pod as its cluster sees it. */
interface Demand {
  readonly at: string;
  readonly pod: string;
  readonly cluster: string;
  readonly nodes: Workload["nodes"];
  readonly cpuMilli: number;
  readonly memoryMiB: number;
}

/**
 * Pods that no machine of their cluster can run: no node pool of the labels they choose (TN1033), none large enough, or
 * machines among them that lack what the client needs (TN1032): the scheduler knows nothing of processors.
 * `at` names the setting behind a daemon. One problem is told once for all pods that share it.
 */
export function machineProblems(
  daemons: readonly Daemon[],
  clusters: readonly ClusterGround[],
  needs: MachineNeeds,
  at: (daemon: Daemon) => string,
): Problem[] {
  const distinct = new Map<string, Demand>();
  for (const demand of demandsOf(daemons, at)) {
    const key = JSON.stringify({ ...demand, pod: "" });
    if (!distinct.has(key)) distinct.set(key, demand);
  }
  return [...distinct.values()].flatMap((demand) => {
    const cluster = clusters.find(({ name }) => name === demand.cluster);
    return cluster === undefined ? [] : demandProblems(demand, cluster, needs);
  });
}

function demandsOf(daemons: readonly Daemon[], at: (daemon: Daemon) => string): Demand[] {
  const pods = new Map<string, Demand>();
  for (const daemon of daemons) {
    const { workload } = daemon;
    if (workload === undefined) continue;
    const { pod, cluster, nodes, resources } = workload;
    const known = pods.get(pod);
    pods.set(pod, {
      ...(known ?? { at: at(daemon), pod, cluster, nodes }),
      cpuMilli: (known?.cpuMilli ?? 0) + resources.cpuMilli,
      memoryMiB: (known?.memoryMiB ?? 0) + resources.memoryMiB,
    });
  }
  return [...pods.values()];
}

function demandProblems(demand: Demand, cluster: ClusterGround, needs: MachineNeeds): Problem[] {
  const { at, pod, nodes } = demand;
  const suiting = cluster.nodePools.filter((pool) => suits(pool, nodes));
  if (suiting.length === 0) {
    return [
      {
        code: "TN1033",
        at,
        message: `cluster ${cluster.name} has no node pool for ${pod}`,
        given: nodes,
        allowed: cluster.nodePools.map(described).join("; "),
      },
    ];
  }
  const large = suiting.filter((pool) => holds(pool, demand));
  if (large.length === 0) {
    return [
      {
        code: "TN1032",
        at,
        message: `no machine of cluster ${cluster.name} is large enough for ${pod}`,
        given: `${demand.cpuMilli / 1000} cores, ${demand.memoryMiB / 1024} GiB`,
        allowed: suiting.map(room).join("; "),
        remedy: "Ask for less in `resources`, or give the environment a pool of larger machines.",
      },
    ];
  }
  return large.flatMap((pool) => lacking(pool, demand, cluster, needs));
}

function lacking(
  pool: NodePoolGround,
  { at, pod }: Demand,
  cluster: ClusterGround,
  { architecture, features }: MachineNeeds,
): Problem[] {
  const missing = [
    ...(pool.architecture === architecture ? [] : [architecture]),
    ...features.filter((feature) => !pool.features.includes(feature)),
  ];
  if (missing.length === 0) return [];
  return [
    {
      code: "TN1032",
      at,
      message: `${pod} may come to machines of the pool ${pool.name} in cluster ${cluster.name}, which lack ${missing.join(", ")}`,
      given: pool.machine,
      allowed: `machines with ${[architecture, ...features].join(", ")}`,
      remedy: "Name a `nodePool` of other machines, or give the pool another `machine`.",
    },
  ];
}

function suits(pool: NodePoolGround, nodes: Workload["nodes"]): boolean {
  return (
    (nodes.peers === undefined || nodes.peers === pool.peers) &&
    (nodes.spot === undefined || nodes.spot === pool.spot) &&
    (nodes.nodePool === undefined || nodes.nodePool === pool.name)
  );
}

/** Whether a machine of the pool holds the pod; one of unknown size does. */
function holds({ cpus, memoryGiB }: NodePoolGround, { cpuMilli, memoryMiB }: Demand): boolean {
  return (
    (cpus === undefined || cpuMilli <= cpus * 1000 * SHARE_FOR_PODS) &&
    (memoryGiB === undefined || memoryMiB <= memoryGiB * 1024 * SHARE_FOR_PODS)
  );
}

function described({ name, peers, spot }: NodePoolGround): string {
  return `${name} (peers: ${peers}, spot: ${spot})`;
}

function room({ name, cpus = 0, memoryGiB = 0 }: NodePoolGround): string {
  const share = (value: number) => Math.floor(value * SHARE_FOR_PODS * 10) / 10;
  return `${name}: ${share(cpus)} cores, ${share(memoryGiB)} GiB`;
}
