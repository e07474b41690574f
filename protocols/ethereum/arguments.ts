import type { Problem } from "../../errors/problem";
import type { Program } from "./clients";

/** One argument: `["http.port", 8545]`, or `["http"]` for a switch. */
export type Argument = readonly [flag: string] | readonly [flag: string, value: string | number];

/**
 * Arguments as the client takes them, `--flag=value`, each checked against the flags its version knows.
 * An unknown one here is a mistake of ours, so it throws plainly.
 */
export function render(program: Program, args: readonly Argument[]): string[] {
  return args.map(([flag, value]) => {
    if (!program.flags.has(flag)) throw new Error(`${program.name} has no flag --${flag}`);
    return value === undefined ? `--${flag}` : `--${flag}=${value}`;
  });
}

/** What is wrong with the user's extra arguments for a program: repeated, or not known to its version (TN1009). */
export function extraArgProblems(
  program: Program,
  version: string,
  rendered: readonly string[],
  extra: readonly string[],
  at: string,
): Problem[] {
  const taken = new Set(rendered.map(flagOf));
  return extra.flatMap((argument, index): Problem[] => {
    const flag = flagOf(argument);
    const place = `${at}[${index}]`;
    if (taken.has(flag)) {
      return [
        {
          code: "TN1009",
          at: place,
          message: `--${flag} is rendered already, from the settings of the network`,
          given: argument,
          allowed: "flags that are not rendered; see `testnet plan`",
        },
      ];
    }
    if (!program.flags.has(flag)) {
      return [
        {
          code: "TN1009",
          at: place,
          message: `${program.name} ${version} has no flag --${flag}`,
          given: argument,
          allowed: `a flag of \`${program.name} --help\``,
          remedy: "Correct the flag or remove it.",
        },
      ];
    }
    return [];
  });
}

function flagOf(argument: string): string {
  return argument.replace(/^--/, "").split("=", 1)[0] ?? "";
}
