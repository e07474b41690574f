import { type Fault, faultsText, type Finding } from "../../protocols/finding";
import type { NetworkPlan } from "../../protocols/plan";
import type { NetworkTold } from "./outputs";
import type { ClusterReading, PodReading } from "./reading";

/** The verdict on one property of a network in clusters. */
export interface ClusterCheck {
  readonly name: string;
  /** What holds when the check is ok, as a sentence. */
  readonly title: string;
  /**
   * - `not asked`: nobody could be asked
   * - `not judged`: what was seen tells neither; it may be chance, or too early
   *
   * Neither of these two is ever counted as passed.
   */
  readonly state: "ok" | "failed" | "not asked" | "not judged";
  /** What was seen. */
  readonly detail: string;
  /** Daemons or pods that fail it. */
  readonly daemons: readonly string[];
}

export type { Fault };

/** So many faults are told in words; the others are counted. */
const TOLD_FAULTS = 5;

export function checked(name: string, title: string, faults: readonly Fault[], good: string): ClusterCheck {
  if (faults.length === 0) return { name, title, state: "ok", detail: good, daemons: [] };
  const told = faults.slice(0, TOLD_FAULTS).map(({ daemon, text }) => `${daemon} ${text}`);
  const left = faults.length - told.length;
  return {
    ...{ name, title, state: "failed" },
    detail: [...told, ...(left === 0 ? [] : [`and ${left} more`])].join("; "),
    daemons: [...new Set(faults.map(({ daemon }) => daemon))],
  };
}

export function notAsked(name: string, title: string, why: string): ClusterCheck {
  return { name, title, state: "not asked", detail: `not asked: ${why}`, daemons: [] };
}

/** The verdict on what was found of a chain: one fault fails it, and what is undecided keeps it from passing. */
export function judged(name: string, title: string, { faults, undecided, seen }: Finding): ClusterCheck {
  if (faults.length === 0 && undecided.length === 0) return checked(name, title, [], seen);
  const state = faults.length > 0 ? "failed" : "not judged";
  const told = state === "failed" ? faultsText(faults) : `not judged: ${faultsText(undecided)}`;
  return {
    ...{ name, title, state, detail: `${told}; ${seen}` },
    daemons: [...new Set(faults.map(({ daemon }) => daemon))],
  };
}

/** A pod of the plan: a daemon with its companions, or a service. */
export interface WantedPod {
  readonly name: string;
  readonly cluster: string;
  readonly role: string;
  readonly replicas: number;
}

/** All pods of a plan, in its order. Pure. */
export function wantedPods({ daemons, clusters }: NetworkPlan): WantedPod[] {
  return [
    ...daemons.flatMap(({ name, role, workload }): WantedPod[] =>
      workload?.pod !== name ? [] : [{ name, cluster: workload.cluster, role, replicas: workload.replicas }],
    ),
    ...(clusters?.services ?? []).map(({ name, cluster, replicas }) => ({
      ...{ name, cluster, replicas, role: "service" },
    })),
  ];
}

/** The pods that are there of one wanted, without those that are on their way out. */
export function podsOf(wanted: WantedPod, readings: readonly ClusterReading[]): PodReading[] {
  return readings
    .filter(({ cluster }) => cluster === wanted.cluster)
    .flatMap(({ pods }) => pods)
    .filter(({ daemon, leaving }) => daemon === wanted.name && !leaving);
}

/** What the API servers alone tell of a network: clusters, pods, addresses of entrances. Pure. */
export function judgeClusters(
  plan: NetworkPlan,
  told: Pick<NetworkTold, "seeds" | "publicServices">,
  readings: readonly ClusterReading[],
): ClusterCheck[] {
  return [clustersAnswer(readings), podsReady(plan, readings), addressesServed(told, readings)];
}

function clustersAnswer(readings: readonly ClusterReading[]): ClusterCheck {
  const faults = readings.flatMap(({ cluster, problem }) =>
    problem === undefined ? [] : [{ daemon: cluster, text: `does not answer: ${problem}` }],
  );
  const names = readings.map(({ cluster }) => cluster).join(", ");
  return checked("clusters", "every cluster answers", faults, names);
}

function podsReady(plan: NetworkPlan, readings: readonly ClusterReading[]): ClusterCheck {
  const wanted = wantedPods(plan);
  const faults = wanted.flatMap((pod): Fault[] => {
    const there = podsOf(pod, readings);
    const ready = there.filter((one) => one.ready).length;
    if (ready === pod.replicas && there.length === pod.replicas) return [];
    const problem = there.find((one) => one.problem !== undefined)?.problem;
    const words = there.length > pod.replicas ? `${there.length} pods` : `${ready} ready`;
    const why = problem === undefined ? "" : ` (${problem})`;
    return [{ daemon: pod.name, text: `has ${words} of ${pod.replicas}${why}` }];
  });
  const total = wanted.reduce((sum, { replicas }) => sum + replicas, 0);
  return checked("pods", "every pod is ready, as many as planned", faults, `${total} pods ready`);
}

function addressesServed(
  { seeds, publicServices }: Pick<NetworkTold, "seeds" | "publicServices">,
  readings: readonly ClusterReading[],
): ClusterCheck {
  const reserved = [...seeds, ...publicServices].filter(({ address }) => address !== undefined);
  const faults = reserved.flatMap(({ name, cluster, address = "" }): Fault[] => {
    const reading = readings.find((one) => one.cluster === cluster);
    const balanced = reading?.services.filter(({ type }) => type === "LoadBalancer") ?? [];
    const service = balanced.find((one) => one.name === `${name}-address`);
    // Some clouds lead the address to the machine past the cluster: judgeEntrances asks there.
    if (service === undefined) return [];
    // Some clouds tell a name of their own instead of the addresses behind it.
    const numbers = service.addresses.filter((one) => /^[\d.]+$/.test(one));
    if (service.addresses.length === 0) return [{ daemon: name, text: "has no address yet" }];
    if (numbers.length === 0 || numbers.includes(address)) return [];
    return [{ daemon: name, text: `has the address ${numbers.join(", ")}, reserved is ${address}` }];
  });
  const good = reserved.length === 0 ? "no address is reserved" : `${reserved.length} addresses`;
  return checked("reserved-addresses", "Services have the reserved addresses", faults, good);
}
