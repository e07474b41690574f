import type { Problem } from "../errors/problem";

/** Where the daemons of a group may run, as its settings say; neither is the whole environment. */
export interface Whereabouts {
  readonly clusters?: readonly string[] | undefined;
  /** Percentages by cluster. */
  readonly placement?: Readonly<Record<string, number>> | undefined;
}

/**
 * The cluster of each of `count` daemons, by index. Growing the group moves nobody: the first n of a longer answer are the
 * answer for n.
 */
export function spread(where: Whereabouts, clusters: readonly string[], count: number): string[] {
  if (where.placement !== undefined) return byShare(where.placement, count);
  const turns = where.clusters ?? clusters;
  if (turns.length === 0) throw new Error("no clusters to spread over");
  return Array.from({ length: count }, (_, index) => turns[index % turns.length] as string);
}

/** Each goes to the cluster that lacks most of its share; of equals to the one named first. */
function byShare(shares: Readonly<Record<string, number>>, count: number): string[] {
  const counted = Object.entries(shares).map(([name, percent]) => ({ name, percent, taken: 0 }));
  return Array.from({ length: count }, (_, index) => {
    const lack = ({ percent, taken }: (typeof counted)[number]) => percent * (index + 1) - 100 * taken;
    const next = counted.reduce((best, candidate) => (lack(candidate) > lack(best) ? candidate : best));
    next.taken += 1;
    return next.name;
  });
}

/** What is wrong with where a group shall run: TN1007, TN1030. `at` names the group. */
export function whereaboutsProblems(where: Whereabouts, clusters: readonly string[], at: string): Problem[] {
  const { placement } = where;
  const problems = [
    ...(where.clusters ?? []).flatMap((name, index) => unknown(name, clusters, `${at}.clusters[${index}]`)),
    ...Object.keys(placement ?? {}).flatMap((name) => unknown(name, clusters, `${at}.placement.${name}`)),
  ];
  if (placement === undefined) return problems;
  if (where.clusters !== undefined) {
    problems.push({
      code: "TN1007",
      at: `${at}.placement`,
      message: "`clusters` and `placement` both say where the daemons run",
      allowed: "one of the two",
      remedy: "Remove one of them.",
    });
  }
  const sum = Object.values(placement).reduce((total, percent) => total + percent, 0);
  if (sum !== 100) {
    problems.push({
      code: "TN1007",
      at: `${at}.placement`,
      message: `the percentages make ${sum} together`,
      given: placement,
      allowed: "percentages that make 100",
    });
  }
  return problems;
}

function unknown(name: string, clusters: readonly string[], at: string): Problem[] {
  if (clusters.includes(name)) return [];
  const message = "the environment has no cluster of this name";
  return [{ code: "TN1030", at, message, given: name, allowed: clusters.join(", ") }];
}
