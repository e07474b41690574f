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

/** How many letters must be put in, left out or changed to make one text of the other (Levenshtein). */
export function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const changed = at(row, j - 1) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(changed, at(row, j) + 1, at(next, j - 1) + 1));
    }
    row = next;
  }
  return at(row, right.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
