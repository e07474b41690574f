import type { Problem } from "../errors/problem";

/** A program, and the flags that one version of it knows. */
export interface Program {
  /** Name of the executable, with its subcommand where it has one, e.g. `mina daemon`. */
  readonly name: string;
  /** Flags without dashes. */
  readonly flags: ReadonlySet<string>;
  /** Flags that may stand more than once. */
  readonly repeatable?: ReadonlySet<string>;
}

/** One argument: `["http.port", 8545]`, or `["http"]` for a switch. */
export type Argument = readonly [flag: string] | readonly [flag: string, value: string | number];

/** How a program takes a flag's value: `--flag=value` as one argument, or `--flag` and `value` as two. */
export type ArgumentStyle = "joined" | "separate";

/**
 * Arguments as the program takes them, never through a shell. Each is checked against the flags its version knows; an
 * unknown one, or one given twice, is a mistake of ours here, so it throws plainly.
 */
export function renderArguments(program: Program, args: readonly Argument[], style: ArgumentStyle): string[] {
  const seen = new Set<string>();
  return args.flatMap(([flag, value]) => {
    if (!program.flags.has(flag)) throw new Error(`${program.name} has no flag --${flag}`);
    if (seen.has(flag) && program.repeatable?.has(flag) !== true) {
      throw new Error(`${program.name} is given --${flag} twice`);
    }
    seen.add(flag);
    if (value === undefined) return [`--${flag}`];
    return style === "joined" ? [`--${flag}=${value}`] : [`--${flag}`, String(value)];
  });
}

/** The user's extra arguments, `--flag` or `--flag=value`, in the style of the program. */
export function extraArguments(extra: readonly string[], style: ArgumentStyle): string[] {
  if (style === "joined") return [...extra];
  return extra.flatMap((argument) => {
    const end = argument.indexOf("=");
    return end < 0 ? [argument] : [argument.slice(0, end), argument.slice(end + 1)];
  });
}

/** What is wrong with the user's extra arguments: repeated, or not known to the program's version (TN1009). */
export function extraArgumentProblems(
  program: Program,
  version: string,
  rendered: readonly Argument[],
  extra: readonly string[],
  at: string,
): Problem[] {
  const taken = new Set(rendered.map(([flag]) => flag));
  const before = new Set<string>();
  return extra.flatMap((argument, index): Problem[] => {
    const flag = flagOf(argument);
    const again = before.has(flag) && program.repeatable?.has(flag) !== true;
    before.add(flag);
    const words = taken.has(flag)
      ? repeated(flag)
      : program.flags.has(flag)
        ? again && twice(flag)
        : unknown(flag, program, version);
    return words ? [{ code: "TN1009", at: `${at}[${index}]`, given: argument, ...words }] : [];
  });
}

type Words = Pick<Problem, "message" | "allowed" | "remedy">;

function repeated(flag: string): Words {
  return {
    message: `--${flag} is rendered already, from the settings of the network`,
    allowed: "flags that are not rendered; see `testnet plan`",
  };
}

function unknown(flag: string, { name }: Program, version: string): Words {
  return {
    message: `${name} ${version} has no flag --${flag}`,
    allowed: `a flag of \`${name} --help\``,
    remedy: "Correct the flag or remove it.",
  };
}

function twice(flag: string): Words {
  return { message: `--${flag} stands twice`, allowed: "each flag once", remedy: "Remove one of them." };
}

function flagOf(argument: string): string {
  return argument.replace(/^--/, "").split("=", 1)[0] ?? "";
}
