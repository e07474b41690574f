import { TestnetError } from "../../errors/problem";

/** Thrown when the person pressed Ctrl-C. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** 0 ok, 1 failed, 2 usage or configuration, 130 interrupted. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return 130;
  return error instanceof TestnetError ? error.exitCode : 1;
}

/** Tells an error on stderr (and as data on stdout with `--json`). Only mistakes of ours come with a stack. */
export function reportError(error: unknown, json: boolean): void {
  if (error instanceof Interrupted) {
    process.stderr.write(`${error.message}\n`);
    return;
  }
  if (!(error instanceof TestnetError)) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.stderr.write("This is a mistake in testnet. Please report it with the lines above.\n");
    return;
  }
  process.stderr.write(`${error.message}\n`);
  if (!json) return;
  process.stdout.write(`${JSON.stringify({ ok: false, problems: error.problems }, undefined, 2)}\n`);
}
