import { type Problem, TestnetError } from "../../errors/problem";
import type { StackKind } from "../../stacks/kind";
import type { CommandContext } from "../context";
import type { Engine } from "../engine/run";
import { policyProblems } from "../policy/enforce";
import { confirm } from "../ui/confirm";
import { type PreviewOptions, previewStack } from "./run";
import { costLines, losesSomething, tellChanges } from "./tell";

export interface BeforeUpOptions extends PreviewOptions {
  /** Asks nothing. */
  readonly yes?: boolean;
}

/**
 * What `up` does first: shows what it will change, and asks where something would be deleted or replaced.
 * @returns clusters that do not answer, as problems: they stand in nobody's way
 * @throws TestnetError with everything that stands in the way; Interrupted when the answer is not yes
 */
export async function beforeUp(
  context: CommandContext,
  found: StackKind,
  engine: Engine,
  options: BeforeUpOptions,
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  const { out, stack } = context;
  const record = await previewStack(context, found, () => Promise.resolve(engine), options, signal);
  tellChanges(out, record);
  const broken = record.policy === undefined ? [] : policyProblems(record.policy);
  const outages = record.problems.filter(({ code }) => code === "TN2045");
  if (broken.length > 0 || outages.length < record.problems.length) {
    throw new TestnetError([...broken, ...record.problems]);
  }
  if (record.cost !== undefined) costLines(record.cost).forEach((line) => out.say(line));
  if (!losesSomething(record)) return outages;
  const lost = record.changes.filter(({ operation }) => operation === "delete" || operation === "replace");
  await confirm(`Delete or replace ${lost.length} resources of ${stack}?`, options.yes === true);
  return outages;
}
