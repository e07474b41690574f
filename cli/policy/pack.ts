import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { type Problem, TestnetError } from "../../errors/problem";
import { RULE_NAMES } from "../../policy/names";
import { PROGRAM_DIRECTORY } from "../context";

/** Options of the engine that make it ask the policies. */
export interface PolicyOptions {
  readonly policyPacks: string[];
  readonly policyPackConfigs?: string[];
}

/** Settings of the rules, beside the stack files: under version control, so a change of level is seen by others. */
const SETTINGS = "policy.json";

/** Where the pack of this project is. */
export const POLICY_PACK = path.join(PROGRAM_DIRECTORY, "policy");

const level = z.enum(["mandatory", "advisory", "disabled"]);

/** By rule: its level, or its level and settings of its own. */
const settingsFile = z.partialRecord(
  z.enum(RULE_NAMES),
  z.union([level, z.looseObject({ enforcementLevel: level.optional() })]),
);

/**
 * Makes `preview` and `up` of the engine ask the policies of this project.
 * @param directory of the stack files
 * @throws TestnetError TN2032 where the settings of the rules are not valid
 */
export function policyOptions(directory: string): PolicyOptions {
  const file = path.join(directory, SETTINGS);
  const options = { policyPacks: [POLICY_PACK] };
  if (!fs.existsSync(file)) return options;
  const problems = problemsOf(fs.readFileSync(file, "utf8"));
  if (problems.length > 0) throw new TestnetError(problems);
  return { ...options, policyPackConfigs: [file] };
}

/** What is wrong with the settings. Pure. */
export function problemsOf(settings: string): Problem[] {
  const wrong = (at: readonly PropertyKey[], message: string): Problem => ({
    code: "TN2032",
    at: [SETTINGS, ...at.map(String)].join("."),
    message,
    allowed: `a level (${level.options.join(", ")}) by the name of a rule: ${RULE_NAMES.join(", ")}`,
  });
  try {
    const { error } = settingsFile.safeParse(JSON.parse(settings));
    return (error?.issues ?? []).map(({ path: at, message }) => wrong(at, message));
  } catch (error) {
    return [wrong([], error instanceof Error ? error.message : String(error))];
  }
}
