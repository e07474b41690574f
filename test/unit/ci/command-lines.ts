import type { Command } from "commander";
import { build } from "../../../cli/main";

/** A command line of `testnet`, as the CLI itself would read it. */
export interface CommandLine {
  /** Name of the command, e.g. `keys rotate`. */
  readonly command: string;
  /** What is wrong with it: nothing, where the CLI takes it. */
  readonly problems: readonly string[];
}

/** Reads a line with the CLI's own definitions, and runs nothing. Placeholders such as STACK are arguments as any other. */
export function readCommandLine(line: string): CommandLine {
  let found: Command = build();
  const names: string[] = [];
  let rest = found.parseOptions(wordsOf(line));
  if (rest.unknown.length > 0 && rest.operands.length === 0) {
    return { command: "", problems: [`no command in ${line}`] };
  }
  let words = [...rest.operands, ...rest.unknown];
  for (;;) {
    const next = found.commands.find((candidate) => candidate.name() === words[0]);
    if (next === undefined) break;
    found = next;
    names.push(next.name());
    rest = found.parseOptions(words.slice(1));
    words = [...rest.operands, ...rest.unknown];
  }
  if (names.length === 0) return { command: "", problems: [`no command is called ${words[0] ?? "nothing"}`] };
  return { command: names.join(" "), problems: problemsOf(found, rest) };
}

function problemsOf(
  command: Command,
  { operands, unknown }: { operands: string[]; unknown: string[] },
): string[] {
  const known = command.registeredArguments;
  const values = command.opts<Record<string, unknown>>();
  return [
    ...unknown.map((word) => `unknown option ${word}`),
    ...known
      .slice(operands.length)
      .flatMap((one) => (one.required ? [`argument ${one.name()} is missing`] : [])),
    ...(known.at(-1)?.variadic === true ? [] : operands.slice(known.length)).map(
      (word) => `argument ${word} is one too many`,
    ),
    ...command.options
      .filter((option) => option.mandatory && values[option.attributeName()] === undefined)
      .map((option) => `option ${option.flags} is missing`),
    ...(command.commands.length > 0 ? ["a command of it is missing"] : []),
  ];
}

/** Words as a shell would part them, as far as quotes go. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? "",
  );
}

/** The command lines of `testnet` in a text: a block of shell, or one line of Markdown code. Without what follows a pipe or `>`. */
export function commandLinesIn(text: string): string[] {
  return text
    .replaceAll("\\\n", " ")
    .replace(/<([a-z]+)>/g, "$1")
    .split("\n")
    .flatMap((line) => [...line.matchAll(COMMAND)].map(([, found = ""]) => found.trim()))
    .filter((line) => line !== "");
}

/** However it is called: by npx, by node, in an image. The name of a command, or an option, follows. Ends where a shell would begin something else. */
const COMMAND =
  /(?:^|[\s`(])(?:npx testnet|testnet|node cli\/testnet\.js|\.github\/scripts\/in-image\.sh)[ ](?=[a-z-])((?:"[^"]*"|'[^']*'|[^`|;&>#)"'])*)/g;
