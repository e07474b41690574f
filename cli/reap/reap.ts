import { type Problem, TestnetError } from "../../errors/problem";
import { decide, type Decision, type DecisionOptions } from "../expiry/decide";
import type { StackSummary } from "../list/summary";

/** What removing needs of the world. */
export interface Reaper {
  /** The stack as it is now; undefined where it is gone. */
  read(stack: string): Promise<StackSummary | undefined>;
  /** Removes a network with its keys. @throws TestnetError with everything that failed */
  remove(summary: StackSummary): Promise<void>;
  now(): Date;
}

/** What came of one stack. */
export interface ReapResult {
  readonly stack: string;
  /** `left`: somebody was quicker, or is at work; the next run decides anew. */
  readonly result: "removed" | "failed" | "left";
  readonly reason: string;
  readonly problems: readonly Problem[];
}

export interface ReapRun {
  readonly options: DecisionOptions;
  readonly signal?: AbortSignal;
  readonly onStart?: (stack: string, reason: string) => void;
  readonly onResult?: (result: ReapResult) => void;
}

/**
 * Removes what was decided to go, one after the other; one that fails does not keep the others. Each is looked at again
 * right before, and left when it differs from what the decision was about. May be cut short at any time: what is left of a
 * network stays in its state, and the next run goes on.
 */
export async function reapStacks(
  decisions: readonly Decision[],
  summaries: readonly StackSummary[],
  reaper: Reaper,
  { options, signal, onStart, onResult }: ReapRun,
): Promise<ReapResult[]> {
  const results: ReapResult[] = [];
  for (const { stack, action, reason } of decisions) {
    if (action !== "reap") continue;
    signal?.throwIfAborted();
    onStart?.(stack, reason);
    const seen = summaries.find((summary) => summary.stack === stack);
    const result = await reapOne(stack, seen, reaper, options, signal);
    results.push({ stack, ...result });
    onResult?.({ stack, ...result });
  }
  return results;
}

async function reapOne(
  stack: string,
  seen: StackSummary | undefined,
  reaper: Reaper,
  options: DecisionOptions,
  signal: AbortSignal | undefined,
): Promise<Omit<ReapResult, "stack">> {
  try {
    const current = await reaper.read(stack);
    if (current === undefined) return left("it is gone already");
    const [again] = decide([current], reaper.now(), options);
    if (again?.action !== "reap") return left(`it changed meanwhile: ${again?.reason ?? "it is gone"}`);
    if (current.revision !== seen?.revision) return left("somebody changed it meanwhile");
    await reaper.remove(current);
    return { result: "removed", reason: again.reason, problems: [] };
  } catch (error) {
    signal?.throwIfAborted();
    const problems = problemsOf(stack, error);
    if (problems.some(({ code }) => code === "TN2003")) return left("another run holds it");
    return { result: "failed", reason: problems[0]?.message ?? "", problems };
  }
}

function left(reason: string): Omit<ReapResult, "stack"> {
  return { result: "left", reason, problems: [] };
}

function problemsOf(stack: string, error: unknown): Problem[] {
  const words = error instanceof Error ? error.message : String(error);
  const given =
    error instanceof TestnetError ? error.problems : [{ code: "TN2035" as const, message: words }];
  const held = given.filter(({ code }) => code === "TN2003");
  if (held.length > 0) return held;
  return given.map((problem): Problem => ({
    code: problem.code === "TN2001" ? "TN2036" : problem.code,
    at: problem.at === undefined ? stack : `${stack} ${problem.at}`,
    message: problem.message,
    ...(problem.remedy !== undefined && { remedy: problem.remedy }),
  }));
}
