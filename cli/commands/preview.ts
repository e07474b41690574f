import { TestnetError } from "../../errors/problem";
import { loadStackConfig } from "../../stacks/config/file";
import { kindOf, type StackKind } from "../../stacks/kind";
import { planLocal } from "../../stacks/placement";
import type { CommandContext } from "../context";
import { prepareEnvironment } from "../environment/prepare";
import { interruptible } from "../engine/interrupt";
import { openEngine } from "../engine/run";
import { prepareNetwork, requireOwnPlace } from "../network/prepare";
import { type PreviewOptions, previewStack } from "../preview/run";
import { summaryLine, tellChanges, tellJudgement } from "../preview/tell";

/** Shows what `up` would change, what that costs and what stands in its way; changes nothing. */
export async function run(context: CommandContext, options: PreviewOptions): Promise<number> {
  const { directory, stack, out } = context;
  const found = kindOf(loadStackConfig(directory, stack));
  return interruptible("Interrupted. Nothing was changed.", async (signal) => {
    out.say(out.style("bold", `testnet preview ${stack}`));
    const open = async () => {
      await prepare(context, found, signal);
      return openEngine(context, signal);
    };
    const record = await previewStack(context, found, open, options, signal);
    tellChanges(out, record);
    tellJudgement(out, record);
    out.result(summaryLine(record), record);
    if (record.ok) return 0;
    return record.problems.length > 0 ? new TestnetError(record.problems).exitCode : 1;
  });
}

/** Refuses what would fail in the middle of a deployment and can be known before it. */
async function prepare(context: CommandContext, found: StackKind, signal: AbortSignal): Promise<void> {
  switch (found.kind) {
    case "environment":
      await prepareEnvironment(context.stack, found.environment);
      break;
    case "local network":
      planLocal(context.home, context.stack, found.network);
      break;
    case "cluster network":
      await requireOwnPlace(context, found, prepareNetwork(context, found), signal);
  }
}
