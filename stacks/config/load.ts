import { TestnetError } from "../../errors/problem";
import { problemsOf } from "./problems";
import { type StackConfig, stackConfig } from "./schema";

/** The two keys as they stand in a stack file, or as the engine hands them to the program. */
export interface RawStackConfig {
  readonly environment?: unknown;
  readonly network?: unknown;
}

/**
 * Checks a stack's configuration and fills in the defaults. Pure.
 * @throws TestnetError with every problem at once (TN1003 to TN1006).
 */
export function parseStackConfig(raw: RawStackConfig): StackConfig {
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined));
  const result = stackConfig.safeParse(given, { reportInput: true });
  if (!result.success) throw new TestnetError(problemsOf(result.error));
  return result.data;
}
