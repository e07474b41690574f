import { formatProblems } from "../../errors/problem";
import { dollars } from "../../stacks/cost/cost";
import type { CommandContext } from "../context";
import { runningCost } from "../cost/running";
import { interruptible } from "../engine/interrupt";
import { listStacks } from "../list/listed";
import { listText } from "../list/text";
import type { StackState } from "../list/state";

/** All stacks of the backend: whose, where, since when, how long yet, what a day costs. 1 where one cannot be read. */
export async function run(context: CommandContext): Promise<number> {
  const { out } = context;
  return interruptible("Interrupted. Nothing was changed.", async (signal) => {
    const { stacks, problems } = await listStacks(context, signal, dailyCost);
    out.result(listText(stacks, new Date(), out), { ok: problems.length === 0, stacks, problems });
    if (problems.length > 0) out.say(formatProblems(problems));
    return problems.length === 0 ? 0 : 1;
  });
}

const HOURS = 24;

/** What it is expected to cost in a day as it was deployed; undefined where nothing costs, or a price is not known. */
function dailyCost(state: StackState): number | undefined {
  const cost = runningCost(state);
  if (cost === undefined || cost.lines.length === 0) return undefined;
  return dollars(cost.total.expected.microsPerHour * HOURS);
}
