import { type Fault, type Finding, range } from "../finding";

/**
 * Whether finality moves. A daemon holds a block final when k others are on top of it: it is then the root of its frontier, and
 * the daemon never leaves it again.
 */

/** What one daemon tells of what it holds final. */
export interface Frontier {
  readonly daemon: string;
  /** Height of its head; undefined where it has no chain. */
  readonly tip: number | undefined;
  /** Whether the block k below its head is still above its root, and so not final. */
  readonly late: boolean;
  /** Hash of its block at the height that is final for the foremost daemon; undefined where its chain is below that. */
  readonly hash: string | undefined;
  /** Why it told nothing; null when it answered. */
  readonly problem: string | null;
}

const GENESIS_HEIGHT = 1;

/** Height of the block that a daemon with that head must hold final; genesis always is. */
export function finalHeight(tip: number, k: number): number {
  return Math.max(GENESIS_HEIGHT, tip - k);
}

/**
 * What the daemons hold final: all of them the same, and more than when they were first heard.
 * @param first final height of each daemon when it was first heard
 */
export function finalityMoves(
  frontiers: readonly Frontier[],
  first: ReadonlyMap<string, number>,
  k: number,
): Finding {
  const faults = frontiers.flatMap(({ daemon, tip, problem }): Fault[] => {
    if (problem !== null) return [{ daemon, text: `does not tell what is final (${problem})` }];
    return tip === undefined ? [{ daemon, text: "has no chain" }] : [];
  });
  const chains = frontiers.flatMap(({ daemon, tip, hash, late, problem }) =>
    tip === undefined || problem !== null ? [] : [{ daemon, tip, hash, late, final: finalHeight(tip, k) }],
  );
  const young = chains.filter(({ tip }) => tip - GENESIS_HEIGHT <= k);
  const settled = chains.filter((chain) => !young.includes(chain));
  const [finals, tips] = [chains.map(({ final }) => final), chains.map(({ tip }) => tip)];
  return {
    faults: [
      ...faults,
      ...disagreements(chains, Math.max(...finals)),
      ...settled.flatMap(({ daemon, final, late }): Fault[] => {
        if (late) return [{ daemon, text: `does not hold block ${final} final, and has ${k} on top of it` }];
        const before = first.get(daemon) ?? final;
        if (final > before) return [];
        return [{ daemon, text: `final block ${final}, waiting for ${before + 1} or later` }];
      }),
    ],
    undecided: young.map(({ daemon }) => ({
      daemon,
      text: `not final before block ${GENESIS_HEIGHT + k + 1}`,
    })),
    seen: `final block ${range(finals)}, now at ${range(tips)}, k is ${k}`,
  };
}

/** What is final for the foremost must be in the chain of all. */
function disagreements(chains: readonly Pick<Frontier, "daemon" | "hash">[], height: number): Fault[] {
  const groups = new Map<string | undefined, string[]>();
  for (const { daemon, hash } of chains) groups.set(hash, [...(groups.get(hash) ?? []), daemon]);
  // While only genesis is final, one that has nothing else has nothing to compare.
  const below = height === GENESIS_HEIGHT ? [] : (groups.get(undefined) ?? []);
  groups.delete(undefined);
  // The smaller part is named as the one that strays; of two equal ones, the later.
  const [most = [], ...strays] = [...groups.values()].sort((left, right) => right.length - left.length);
  return [
    ...below.map((daemon) => ({ daemon, text: `is not above block ${height}, which is final for others` })),
    ...strays
      .flat()
      .map((daemon) => ({ daemon, text: `has another block ${height}, final, than ${most[0]}` })),
  ];
}
