import type { CloudOperation } from "../cloud/record";

/** A resource as the engine's state tells of it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly protect?: boolean;
  readonly parent?: string;
  /** `urn::id` of the provider. */
  readonly provider?: string;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

/** One resource on the critical path. */
export interface PathStep {
  readonly name: string;
  readonly type: string;
  readonly seconds: number;
}

/** How long `up` takes in simulated time, against how long it must take. */
export interface TimeReport {
  /** From the first create to the end of the last one. */
  readonly makespanSeconds: number;
  /** The longest chain of resources that wait for one another: no engine can be quicker. */
  readonly criticalPathSeconds: number;
  readonly ratio: number;
  readonly path: readonly PathStep[];
}

interface Longest {
  readonly seconds: number;
  readonly before: string | undefined;
}

/** The longest chain through what was created, by the dependencies in the state. */
export function timeReport(resources: readonly StateResource[], log: readonly CloudOperation[]): TimeReport {
  const created = log.filter(({ operation, result }) => operation === "create" && result !== "failed");
  const seconds = new Map(
    created.map(({ urn, startedAt, endedAt = startedAt }) => [urn, endedAt - startedAt]),
  );
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const longest = new Map<string, Longest>();

  const measure = (urn: string): Longest => {
    const known = longest.get(urn);
    if (known !== undefined) return known;
    const resource = byUrn.get(urn);
    const waits = resource === undefined ? [] : waitsFor(resource).filter((other) => byUrn.has(other));
    let best: Longest = { seconds: 0, before: undefined };
    for (const before of waits) {
      const chain = measure(before).seconds;
      if (chain > best.seconds) best = { seconds: chain, before };
    }
    const own = { seconds: best.seconds + (seconds.get(urn) ?? 0), before: best.before };
    longest.set(urn, own);
    return own;
  };

  let last: string | undefined;
  let most = 0;
  for (const { urn } of resources) {
    const chain = measure(urn).seconds;
    if (chain > most) [last, most] = [urn, chain];
  }
  const path: PathStep[] = [];
  for (let urn = last; urn !== undefined; urn = longest.get(urn)?.before) {
    const own = seconds.get(urn) ?? 0;
    if (own > 0) {
      path.unshift({ name: urn.split("::").at(-1) ?? urn, type: byUrn.get(urn)?.type ?? "", seconds: own });
    }
  }
  const makespan = makespanOf(created);
  const ratio = most === 0 ? 1 : Math.round((makespan / most) * 1000) / 1000;
  return { makespanSeconds: Math.round(makespan), criticalPathSeconds: Math.round(most), ratio, path };
}

function makespanOf(created: readonly CloudOperation[]): number {
  if (created.length === 0) return 0;
  const starts = created.map(({ startedAt }) => startedAt);
  const ends = created.map(({ startedAt, endedAt }) => endedAt ?? startedAt);
  return Math.max(...ends) - Math.min(...starts);
}

function waitsFor({
  parent,
  provider,
  dependencies = [],
  propertyDependencies = {},
}: StateResource): string[] {
  const providerUrn = provider?.slice(0, provider.lastIndexOf("::"));
  const ofProperties = Object.values(propertyDependencies).flat();
  return [parent, providerUrn, ...dependencies, ...ofProperties].flatMap((urn) => urn ?? []);
}
