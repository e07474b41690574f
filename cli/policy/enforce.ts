import { type Problem, TestnetError } from "../../errors/problem";
import type { CommandContext } from "../context";
import { resourceName } from "../engine/failures";
import { type OperationOptions, withProgress } from "../engine/run";
import type { PolicyViolation, PreviewPolicy } from "../preview/record";
import { type PolicyOptions, policyOptions } from "./pack";
import { PolicyWatch } from "./violations";

/** What an operation of the engine is handed to run under the policies. */
export type UnderPolicies = PolicyOptions & OperationOptions;

/**
 * One operation of the engine that the policies may stop, shown as it goes. What they only advise is told at its end.
 * @throws TestnetError TN2030 with every broken rule and resource, TN2031, TN2032 and those of {@link withProgress}
 */
export async function withPolicies<T>(
  context: CommandContext,
  signal: AbortSignal,
  operation: (options: UnderPolicies) => Promise<T>,
): Promise<{ result: T; changes: ReadonlyMap<string, number> }> {
  const policies = policyOptions(context.directory);
  const watch = new PolicyWatch();
  try {
    const done = await withProgress(context, signal, (options) =>
      operation({
        ...options,
        ...policies,
        onEvent: (event) => {
          watch.onEvent(event);
          options.onEvent(event);
        },
      }),
    );
    tellAdvice(context, watch.result());
    return done;
  } catch (error) {
    throw policyError(error, watch.result());
  }
}

/** A failure of the engine, told as what the policies made of it where it is theirs. */
export function policyError(error: unknown, policy: PreviewPolicy): unknown {
  const broken = policyProblems(policy);
  if (broken.length > 0) return new TestnetError([...broken, ...othersIn(error)], { cause: error });
  const own = packFailure(error);
  return own === undefined ? error : new TestnetError(own, { cause: error });
}

/** Broken rules that must not be broken, as problems for a person. */
export function policyProblems({ violations }: PreviewPolicy): Problem[] {
  return violations.filter(({ level }) => level === "mandatory").map(problemOf);
}

function problemOf({ policy, urn, message }: PolicyViolation): Problem {
  return {
    code: "TN2030",
    ...(urn !== undefined && { at: resourceName(urn) }),
    message: `${policy}: ${message}`,
    remedy: `Change the setting or the code that the resource comes from. The rule: docs/policies.md#${policy}`,
  };
}

/** What failed beside the policies. That the whole run failed for them is no other failure. */
function othersIn(error: unknown): Problem[] {
  if (!(error instanceof TestnetError)) return [];
  return error.problems.filter(
    ({ code, at, message }) => code !== "TN2001" || (at !== undefined && !/policy/i.test(message)),
  );
}

/** The pack itself does not start. */
function packFailure(error: unknown): Problem | undefined {
  const words = [error, error instanceof Error ? error.cause : undefined].map(String).join("\n");
  const start = /policy pack "[^"]*" failed to start: ([^\n]*)/.exec(words);
  return start === null
    ? undefined
    : { code: "TN2031", at: "policy", message: start[1] ?? "it says nothing" };
}

/** One line a rule: a rule that advises may do so of every resource of a kind. */
export function tellAdvice({ out }: CommandContext, { violations }: PreviewPolicy): void {
  const advice = violations.filter(({ level }) => level === "advisory");
  for (const rule of new Set(advice.map(({ policy }) => policy))) {
    const [first, ...others] = advice.filter(({ policy }) => policy === rule);
    const where = first?.urn === undefined ? "" : `${resourceName(first.urn)}: `;
    const more = others.length > 0 ? ` (and ${others.length} more)` : "";
    out.say(`  ${out.style("yellow", "!")} ${rule}: ${where}${first?.message ?? ""}${more}`);
  }
}
