import { closest, distance } from "fastest-levenshtein";

/** The candidate a person most likely meant, within two typing mistakes; undefined when none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const best = closest(word, candidates);
  return distance(word, best) <= Math.min(2, word.length - 1) ? best : undefined;
}
