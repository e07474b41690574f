import type { UpResult } from "@pulumi/pulumi/automation";
import { type Problem, TestnetError } from "../../errors/problem";
import type { StackKind } from "../../stacks/kind";
import type { CommandContext } from "../context";
import type { Engine } from "../engine/run";
import { PARALLEL } from "../environment/prepare";
import { withPolicies } from "../policy/enforce";
import { confirm } from "../ui/confirm";
import { beforeUp, type BeforeUpOptions } from "./before-up";

/**
 * An `up` of what stands in clusters: a preview first, then, if nothing stands in its way, the deployment under the policies.
 * A cluster that does not answer holds up nobody else: all that does not need it goes on.
 * @throws TestnetError with everything that went wrong, TN2045 for each cluster that does not answer
 */
export async function judgedUp(
  context: CommandContext,
  found: StackKind,
  engine: Engine,
  options: BeforeUpOptions,
  signal: AbortSignal,
): Promise<{ result: UpResult; changes: ReadonlyMap<string, number> }> {
  const outages = await beforeUp(context, found, engine, options, signal);
  if (outages.length > 0) await goOnWithout(context, outages, options);
  const done = await withPolicies(context, signal, (underPolicies) =>
    engine.stack.up({
      ...underPolicies,
      // Who cannot be looked at would end the run before anything is done elsewhere.
      refresh: outages.length === 0,
      continueOnError: true,
      parallel: PARALLEL,
    }),
  );
  if (outages.length > 0) throw new TestnetError(outages.map(notLookedAt));
  return done;
}

async function goOnWithout(
  { out }: CommandContext,
  outages: readonly Problem[],
  { yes }: BeforeUpOptions,
): Promise<void> {
  for (const { at } of outages) {
    out.say(out.style("yellow", `  ! ${at ?? "a cluster"} does not answer: what is there stays as it is`));
  }
  await confirm("Not everything could be looked at. Go on with the rest?", yes === true);
}

/** The run wanted nothing of such a cluster, or it would have failed. */
function notLookedAt({ code, at }: Problem): Problem {
  const message = "it does not answer: nobody knows how its resources are; all others are as wanted";
  return { code, ...(at !== undefined && { at }), message };
}
