import { distance } from "fastest-levenshtein";

/**
 * The candidate a person most likely meant: the one with the fewest letters wrong, at most two or a third of them, else the first
 * that holds what was typed. Undefined when none is near.
 */
export function nearest(typed: string, candidates: readonly string[]): string | undefined {
  const word = typed.toLowerCase();
  if (word === "") return undefined;
  const mistakes = (candidate: string) => distance(word, candidate.toLowerCase());
  const [best] = [...candidates].sort((left, right) => mistakes(left) - mistakes(right));
  const allowed = Math.max(Math.min(2, word.length - 1), Math.floor(word.length / 3));
  if (best !== undefined && mistakes(best) <= allowed) return best;
  return candidates.find((candidate) => candidate.toLowerCase().includes(word));
}
