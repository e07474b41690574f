import { distance } from "fastest-levenshtein";

export { distance };

/** The name most like what was typed; undefined when none is much like it. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  // More than a third of the letters wrong is another word.
  let least = Math.floor(typed.length / 3) + 1;
  for (const name of names) {
    const wrong = distance(typed.toLowerCase(), name);
    if (wrong >= least) continue;
    best = name;
    least = wrong;
  }
  return best ?? names.find((name) => typed !== "" && name.includes(typed.toLowerCase()));
}
