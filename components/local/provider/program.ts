import * as fs from "node:fs";
import { TestnetError } from "../../../errors/problem";
import type { Operation } from "./handler";

/** Finds, or builds, the executable of that name. */
export type ResolveProgram = (
  name: string,
  options: {
    readonly onProgress?: (progress: { readonly text: string }) => void;
    readonly signal?: AbortSignal;
  },
) => Promise<{ readonly path: string }>;

/** The path of an executable that exists. What takes long, such as building it, is told to the engine. */
export async function programOf(
  name: string,
  resolveProgram: ResolveProgram,
  operation: Operation,
): Promise<string> {
  const { path } = await resolveProgram(name, {
    onProgress: ({ text }) => operation.log.status(text),
    signal: operation.signal,
  });
  try {
    fs.accessSync(path, fs.constants.X_OK);
  } catch (error) {
    throw cannotStart(path, error);
  }
  return path;
}

/** TN4007 for a program that the operating system did not start. */
export function cannotStart(program: string, cause: unknown): TestnetError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TestnetError(
    { code: "TN4007", at: program, message: `cannot be started: ${reason}` },
    { cause },
  );
}

/** Variables that programs need to work at all; nothing else of the caller's environment decides how a network runs. */
const PASSED = ["PATH", "HOME", "TMPDIR", "LANG", "TZ"];

/** Variables of this prefix move the clock of programs, for rehearsing long pauses. */
const CLOCK_PREFIX = "TESTNET_CLOCK_";

/** The environment of daemons and tools. */
export function programEnvironment(own: Readonly<Record<string, string>> = {}): Record<string, string> {
  const passed = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (PASSED.includes(entry[0]) || entry[0].startsWith(CLOCK_PREFIX)),
  );
  return { ...Object.fromEntries(passed), ...own };
}
