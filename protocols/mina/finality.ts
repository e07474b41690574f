import { type Fault, type Finding, range } from "../finding";
import type { ChainBlock } from "./chain";

/** Whether finality moves. A daemon holds a block final, as the root of its frontier, when k others are on top of it. */

/** One daemon's chain from its root to its tip, or why it has none. */
export interface Frontier {
  readonly daemon: string;
  readonly blocks: readonly ChainBlock[];
  readonly problem: string | null;
}

/** A frontier with blocks in it. */
interface Chain {
  readonly daemon: string;
  readonly blocks: readonly ChainBlock[];
  readonly root: ChainBlock;
  readonly tip: ChainBlock;
}

const GENESIS_HEIGHT = 1;

/**
 * What the daemons hold final: all of them something on one chain, and more than when they were first heard.
 * @param first the root of each daemon when it was first heard
 */
export function finalityMoves(
  frontiers: readonly Frontier[],
  first: ReadonlyMap<string, ChainBlock>,
  k: number,
): Finding {
  const chains = frontiers.flatMap(chainOf);
  const faults = [
    ...frontiers.flatMap(({ daemon, blocks, problem }): Fault[] => {
      if (problem !== null) return [{ daemon, text: `does not answer (${problem})` }];
      return blocks.length > 0 ? [] : [{ daemon, text: "has no chain" }];
    }),
    ...disagreements(chains),
    ...chains.flatMap((chain) => standing(chain, first.get(chain.daemon), k)),
  ];
  return {
    faults,
    undecided: chains
      .filter((chain) => isYoung(chain, k))
      .map(({ daemon }) => ({ daemon, text: `not final before block ${GENESIS_HEIGHT + k + 1}` })),
    seen: `final block ${range(chains.map(({ root }) => root.height))}, now at ${range(chains.map(({ tip }) => tip.height))}, k is ${k}`,
  };
}

function chainOf({ daemon, blocks, problem }: Frontier): Chain[] {
  const [root, tip] = [blocks[0], blocks.at(-1)];
  return problem !== null || root === undefined || tip === undefined ? [] : [{ daemon, blocks, root, tip }];
}

/** Only genesis is final in the first k blocks after it. */
function isYoung({ root, tip }: Chain, k: number): boolean {
  return root.height === GENESIS_HEIGHT && tip.height - root.height <= k;
}

/** The newest block that any daemon holds final must be the same for all. */
function disagreements(chains: readonly Chain[]): Fault[] {
  const height = Math.max(...chains.map(({ root }) => root.height));
  const groups = new Map<string | undefined, string[]>();
  for (const { daemon, blocks } of chains) {
    const hash = blocks.find((block) => block.height === height)?.hash;
    groups.set(hash, [...(groups.get(hash) ?? []), daemon]);
  }
  const below = groups.get(undefined) ?? [];
  groups.delete(undefined);
  // The smaller part is named as the one that strays; of two equal ones, the later.
  const [most = [], ...strays] = [...groups.values()].sort((left, right) => right.length - left.length);
  return [
    ...below.map((daemon) => ({ daemon, text: `is below block ${height}, which is final for others` })),
    ...strays
      .flat()
      .map((daemon) => ({ daemon, text: `has another block ${height}, final, than ${most[0]}` })),
  ];
}

function standing(chain: Chain, first: ChainBlock | undefined, k: number): Fault[] {
  const { daemon, root, tip } = chain;
  const depth = tip.height - root.height;
  if (isYoung(chain, k)) return [];
  if (depth > k) return [{ daemon, text: `has ${depth} blocks on top of its final one, and k is ${k}` }];
  const before = first?.height ?? root.height;
  if (root.height < before) {
    return [{ daemon, text: `went back from final block ${before} to ${root.height}` }];
  }
  if (root.height > before) return [];
  return [{ daemon, text: `final block ${before}, waiting for ${before + 1} or later` }];
}
