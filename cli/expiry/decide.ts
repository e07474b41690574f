import type { StackSummary } from "../list/summary";

/** What is done about a stack now, and why. */
export interface Decision {
  readonly stack: string;
  readonly action: "reap" | "warn" | "keep";
  /** For people. */
  readonly reason: string;
  /** ISO 8601; undefined without one. */
  readonly expires: string | undefined;
}

export interface DecisionOptions {
  /** Clocks of this machine and of the one that made a network may differ by so much. */
  readonly skewSeconds: number;
  /** How long before its end a network's people are warned. */
  readonly warnSeconds: number;
}

/** Five minutes of two clocks, an hour to react. */
export const DECISION_DEFAULTS: DecisionOptions = { skewSeconds: 300, warnSeconds: 3600 };

/**
 * What is done about each stack. Whatever is not surely a network whose time is over stays: an environment, what is kept
 * or protected, what somebody works at, what tells no end. Pure.
 */
export function decide(
  stacks: readonly StackSummary[],
  now: Date,
  options: DecisionOptions = DECISION_DEFAULTS,
): Decision[] {
  return stacks.map((summary) => ({
    stack: summary.stack,
    expires: summary.expires,
    ...verdict(summary, now, options),
  }));
}

function verdict(
  summary: StackSummary,
  now: Date,
  { skewSeconds, warnSeconds }: DecisionOptions,
): Pick<Decision, "action" | "reason"> {
  const { kind, kept, expires, heldBy } = summary;
  if (kind === "empty") return keep("there is nothing of it");
  if (kind === "environment") return keep("environments are removed by people");
  if (summary.protected) return keep("it is protected");
  if (kept) return keep("it is kept");
  const deadline = expires === undefined ? NaN : Date.parse(expires);
  if (Number.isNaN(deadline)) return keep("it tells no end");
  if (heldBy !== undefined) return keep(`${heldBy.who} is changing it since ${heldBy.since}`);
  const left = deadline - now.getTime();
  if (left + skewSeconds * 1000 <= 0) return { action: "reap", reason: `it expired ${summary.expires}` };
  if (left > warnSeconds * 1000) return keep("its time is not over");
  if (summary.warned === expires) return keep("it ends soon, and its people know");
  return { action: "warn", reason: `it ends ${expires ?? ""}` };
}

function keep(reason: string): Pick<Decision, "action" | "reason"> {
  return { action: "keep", reason };
}
