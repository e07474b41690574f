import { TestnetError } from "../../errors/problem";
import { pathText, problemsOf } from "./problems";
import { schemaFor, type StackConfig } from "./schema";

/** Our keys as they stand in a stack file, or as the engine hands them to the program. */
export interface RawStackConfig {
  readonly environment?: unknown;
  readonly network?: unknown;
  readonly created?: unknown;
  readonly owner?: unknown;
  readonly paused?: unknown;
  readonly protect?: unknown;
}

/**
 * Checks a stack's configuration and fills in the defaults. Pure.
 * @throws TestnetError with every problem at once (TN1003 to TN1006).
 */
export function parseStackConfig(raw: RawStackConfig): StackConfig {
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined));
  const result = schemaFor(given["environment"]).safeParse(given, { reportInput: true });
  const problems = result.success ? [] : problemsOf(result.error);
  // An environment may stand alone; a stack that stands on one is there for its network.
  if (standsOnOne(given["environment"]) && given["network"] === undefined) {
    problems.push({
      code: "TN1004",
      at: pathText(["network"]),
      message: "the key is missing",
      allowed: "a mapping of keys",
    });
  }
  if (!result.success || problems.length > 0) throw new TestnetError(problems);
  return result.data;
}

function standsOnOne(environment: unknown): boolean {
  if (typeof environment === "string") return true;
  return typeof environment === "object" && environment !== null && "kubeconfig" in environment;
}
