import { ERROR_CODES, type ErrorCode } from "./codes";

/** One thing that is wrong, told so that a person can mend it without reading our code. */
export interface Problem {
  readonly code: ErrorCode;
  /** Where: the user's own key or file, e.g. `testnet:network.nodes[0].count`. */
  readonly at?: string;
  /** What is wrong, in one sentence without a full stop at its end. */
  readonly message: string;
  /** The value found. Never a secret. */
  readonly given?: unknown;
  /** What would be accepted. */
  readonly allowed?: string;
  /** What to do, a command where there is one. Defaults to the remedy of the code. */
  readonly remedy?: string;
}

/**
 * The one error class of this project: a list of problems, each with a code of docs/errors.md.
 * Shown without a stack, because the person at the keyboard can act on it.
 */
export class TestnetError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: Problem | readonly Problem[], options?: ErrorOptions) {
    const list: readonly Problem[] = "code" in problems ? [problems] : problems;
    super(formatProblems(list), options);
    this.name = "TestnetError";
    this.problems = list;
  }

  /** 2 where the input or configuration is at fault, 1 where nothing is wrong with the input. */
  get exitCode(): 1 | 2 {
    return this.problems.every((problem) => ERROR_CODES[problem.code].exit === 1) ? 1 : 2;
  }
}

/** All problems as plain text: where, what, given, allowed, remedy, page. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map(formatProblem).join("\n");
}

function formatProblem(problem: Problem): string {
  const where = problem.at === undefined ? "" : `${problem.at}: `;
  const lines = [`${problem.code} ${where}${problem.message}`];
  if (problem.given !== undefined) lines.push(`    given:   ${show(problem.given)}`);
  if (problem.allowed !== undefined) lines.push(`    allowed: ${problem.allowed}`);
  lines.push(`    to do:   ${problem.remedy ?? ERROR_CODES[problem.code].remedy}`);
  lines.push(`    more:    docs/errors.md#${problem.code.toLowerCase()}`);
  return lines.join("\n");
}

const PROBLEM =
  /^(TN\d{4}) (?:(.+?): )?(.+)(?:\n {4}given: {3}(.+))?(?:\n {4}allowed: (.+))?\n {4}to do: {3}(.+)\n {4}more: .+$/gm;

/** The problems again from {@link formatProblems}: for who gets a program's error through the engine, as text. */
export function problemsIn(text: string): Problem[] {
  return [...text.matchAll(PROBLEM)].flatMap(([, code = "", at, message = "", given, allowed, remedy]) => {
    if (!isErrorCode(code)) return [];
    return [
      {
        ...{ code, message },
        ...(at !== undefined && { at }),
        ...(given !== undefined && { given: valueOf(given) }),
        ...(allowed !== undefined && { allowed }),
        ...(remedy !== undefined && { remedy }),
      },
    ];
  });
}

function isErrorCode(code: string): code is ErrorCode {
  return code in ERROR_CODES;
}

/** What {@link show} wrote; a value it cut is no JSON any more. */
function valueOf(shown: string): unknown {
  try {
    return JSON.parse(shown);
  } catch {
    return shown;
  }
}

/** A value as the user would write it, cut where it would flood the screen. */
export function show(value: unknown): string {
  // `undefined` and functions have no JSON.
  const text = (JSON.stringify(value) as string | undefined) ?? String(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
