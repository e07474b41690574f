import { entrancesOf, serviceNodes } from "../../protocols/entrances";
import type { Daemon, NetworkPlan, Service } from "../../protocols/plan";
import { podSecrets } from "../../protocols/secrets";
import type { Ground, GroundCluster } from "../ground";
import { always, type BillLine, type CostOutput } from "./bill";
import { packPods, type PodNeed } from "./packing";
import { leavingShare, trafficGb } from "./traffic";

/** GiB of chain files in the bucket, and millions of look-ups of its names a month: assumptions. */
const PUBLISHED_GIB = 1;
const QUERIES_MILLION = 1;

/** A network's bill, and what of it nobody can price. */
export interface NetworkBill {
  readonly lines: readonly BillLine[];
  /** In words, e.g. pods that no machine of the environment can hold. */
  readonly unknown: readonly string[];
}

/**
 * What a network is charged for: its own things, and its share of machines, which are the environment's. Nothing on a cluster
 * that is there already: whom that is charged to, and how much, is not known here. Pure.
 */
export function networkBill(plan: NetworkPlan, ground: Ground): NetworkBill {
  const parts = ground.clusters.map((cluster) => clusterBill(plan, cluster));
  return {
    lines: [...parts.flatMap(({ lines }) => lines), ...publicLines(plan, ground)],
    unknown: parts.flatMap(({ unknown }) => unknown),
  };
}

/** What the stack of a network tells of its cost; undefined where nothing is charged for. Pure. */
export function networkCostOutput(
  plan: NetworkPlan,
  ground: Ground,
  of: Pick<CostOutput, "environment" | "owner">,
): CostOutput | undefined {
  const { lines } = networkBill(plan, ground);
  return lines.length === 0 ? undefined : { version: 1, ...of, lines: [...lines] };
}

function clusterBill(plan: NetworkPlan, cluster: GroundCluster): NetworkBill {
  const { account, name: of } = cluster;
  const pods = podsOf(plan, of);
  if (pods.length === 0 && disksGiB(plan, of) === 0) return { lines: [], unknown: [] };
  if (account === undefined) {
    return { lines: [], unknown: [`machines and disks of ${of}: the cluster is not of this program`] };
  }
  const place = { of, cloud: account.cloud, region: account.region };
  const { shares, unplaced } = packPods(pods, cluster.nodePools);
  const entrances = entrancesOf(plan).filter((entrance) => entrance.cluster === of).length;
  const secrets = podSecrets(plan).filter((pod) => pod.cluster === of).length;
  const lines: BillLine[] = [
    ...shares.map(({ pool, share, machines }): BillLine => {
      const part = Math.round(share * 1000) / 1000;
      return {
        ...place,
        item: pool.spot ? "spot machine" : "machine",
        pool: pool.name,
        perMachine: 1,
        ...(pool.machine !== undefined && { machine: pool.machine }),
        quantity: { least: part, expected: part, most: machines },
      };
    }),
    { ...place, item: "disk", quantity: always(disksGiB(plan, of)) },
    { ...place, item: "load balancer", quantity: always(entrances) },
    { ...place, item: "reserved address", quantity: always(entrances) },
    { ...place, item: "secret", quantity: always(secrets) },
    { ...place, item: "traffic", quantity: always(sentGb(plan, of)) },
  ];
  return {
    lines: lines.filter(({ quantity }) => quantity.most > 0),
    unknown: unplaced.map((pod) => `${pod} in ${of}: no machine there can hold it`),
  };
}

function publicLines(plan: NetworkPlan, { domain, clusters }: Ground): BillLine[] {
  const cloud = clusters.find(({ account }) => account !== undefined)?.account?.cloud;
  if (domain === undefined || cloud === undefined) return [];
  const place = { of: "network", cloud, region: "global" } as const;
  return [
    ...(entrancesOf(plan).length === 0
      ? []
      : [{ ...place, item: "DNS queries" as const, quantity: always(QUERIES_MILLION) }]),
    { ...place, item: "bucket", quantity: always(PUBLISHED_GIB) },
  ];
}

/** Every pod of the network in a cluster; the daemons of one pod ask together. */
function podsOf({ daemons, clusters }: NetworkPlan, cluster: string): PodNeed[] {
  const pods = new Map<string, Daemon[]>();
  for (const daemon of daemons) {
    if (daemon.workload?.cluster !== cluster) continue;
    pods.set(daemon.workload.pod, [...(pods.get(daemon.workload.pod) ?? []), daemon]);
  }
  return [
    ...[...pods].flatMap(([name, together]) => replicasOf(name, together)),
    ...(clusters?.services ?? [])
      .filter((service) => service.cluster === cluster)
      .flatMap((service) => servicePods(service)),
  ];
}

function replicasOf(name: string, together: readonly Daemon[]): PodNeed[] {
  const workloads = together.flatMap(({ workload }) => (workload === undefined ? [] : [workload]));
  const [first] = workloads;
  if (first === undefined) return [];
  const sum = (of: "cpuMilli" | "memoryMiB") =>
    workloads.reduce((total, { resources }) => total + resources[of], 0);
  const pod: PodNeed = {
    name,
    cpuMilli: sum("cpuMilli"),
    memoryMiB: sum("memoryMiB"),
    nodes: first.nodes,
    apart: first.spread === "hard" ? first.pool : undefined,
  };
  return Array.from({ length: first.replicas }, () => pod);
}

/** A port of the machine keeps copies apart. */
function servicePods(service: Service): PodNeed[] {
  const { name, replicas, resources, door } = service;
  const { cpuMilli, memoryMiB } = resources;
  const apart = door === undefined ? undefined : name;
  const pod: PodNeed = { name, cpuMilli, memoryMiB, nodes: serviceNodes(service), apart };
  return Array.from({ length: replicas }, () => pod);
}

/** Volumes stay while a daemon is paused. */
function disksGiB({ daemons, clusters }: NetworkPlan, cluster: string): number {
  const sizes = [
    ...daemons.flatMap(({ workload }) => (workload?.cluster === cluster ? [workload.storageGiB] : [])),
    ...(clusters?.services ?? []).flatMap((service) =>
      service.cluster === cluster ? [service.storageGiB] : [],
    ),
  ];
  return sizes.reduce((total, size) => total + size, 0);
}

function sentGb({ protocol, daemons }: NetworkPlan, cluster: string): number {
  const running = daemons.flatMap(({ role, workload }) =>
    workload === undefined ? [] : [{ role, cluster: workload.cluster, count: workload.replicas }],
  );
  const count = (all: readonly { readonly count: number }[]) =>
    all.reduce((sum, each) => sum + each.count, 0);
  const here = running.filter((each) => each.cluster === cluster);
  const leaving = leavingShare(count(here), count(running));
  const sent = here.reduce((sum, each) => sum + each.count * trafficGb(protocol, each.role, leaving), 0);
  return Math.round(sent);
}
