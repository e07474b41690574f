/** What a look at a running network found, for checks of any protocol. */

/** What is wrong with one daemon. */
export interface Fault {
  readonly daemon: string;
  readonly text: string;
}

/** What was found of one property. */
export interface Finding {
  readonly faults: readonly Fault[];
  /** What is neither right nor wrong: it may be chance, or it cannot be known yet. */
  readonly undecided: readonly Fault[];
  /** What was seen, whatever follows from it. */
  readonly seen: string;
}

/** The first few of a list: in a network of hundreds the rest has to be looked for elsewhere. */
export function few(texts: readonly string[], separator = ", "): string {
  const shown = texts.slice(0, 8).join(separator);
  return texts.length > 8 ? `${shown}${separator}and ${texts.length - 8} more` : shown;
}

/** Of many daemons with the same fault it is told once. */
export function faultsText(faults: readonly Fault[]): string {
  const byText = new Map<string, string[]>();
  for (const { daemon, text } of faults) byText.set(text, [...(byText.get(text) ?? []), daemon]);
  return few(
    [...byText].map(([text, daemons]) => `${few(daemons)}: ${text}`),
    "; ",
  );
}

/** A range of numbers as people write it. */
export function range(numbers: readonly number[]): string {
  if (numbers.length === 0) return "unknown";
  const [lowest, highest] = [Math.min(...numbers), Math.max(...numbers)];
  return lowest === highest ? String(lowest) : `${lowest} to ${highest}`;
}
