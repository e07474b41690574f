import { loadStackConfig } from "../../stacks/config/file";
import { kindOf } from "../../stacks/kind";
import { planLocal, requireLocal } from "../../stacks/placement";
import { planStack } from "../../stacks/plan-stack";
import { keyHint } from "../network/prepare";
import { clusterPlanText, localPlanText } from "../network/plan-text";
import type { CommandContext } from "../context";

export interface PlanOptions {
  /** Shows the arguments of every daemon. */
  readonly args?: true;
}

/** Everything a network is made of, without an engine or an account. */
export function run(context: CommandContext, options: PlanOptions): Promise<number> {
  const { directory, home, stack, out } = context;
  const config = loadStackConfig(directory, stack);
  const found = kindOf(config);
  if (found.kind === "cluster network") {
    const { plan } = planStack(directory, stack, found);
    const hint = keyHint(plan, directory);
    out.result([clusterPlanText(plan, options.args === true), ...hint].join("\n\n"), plan);
    return Promise.resolve(0);
  }
  requireLocal(config);
  const { plan, chainLost } = planLocal(home, stack, config.network);
  if (chainLost) out.say(`Era ${plan.era - 1} was lost in a crash; this is the plan of a fresh one.`);
  out.result(localPlanText(plan), plan);
  return Promise.resolve(0);
}
