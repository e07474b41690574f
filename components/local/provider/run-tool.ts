import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { TestnetError } from "../../../errors/problem";
import type { ToolRun } from "../../../protocols/plan";
import { Cancelled, type Operation } from "./handler";
import { asQuote } from "./log-tail";
import { cannotStart, programEnvironment, programOf, type ResolveProgram } from "./program";

/** How much of what a tool says is kept for an error. */
const LINES = 15;

/** Runs a prepared tool in a directory, with references of its arguments replaced. */
export type PreparedTool = (directory: string, resolve: (text: string) => string) => Promise<void>;

/** Finds or builds the tool now; what is returned runs it. */
export async function prepareTool(
  run: ToolRun,
  resolveProgram: ResolveProgram,
  operation: Operation,
): Promise<PreparedTool> {
  const program = await programOf(run.program, resolveProgram, operation);
  return async (directory, resolve) => {
    operation.log.status(`running ${run.program}`);
    const { failure, output } = await runToEnd(program, run.args.map(resolve), directory, operation.signal);
    const missing = run.produces.filter((file) => !fs.existsSync(path.join(directory, file)));
    const what = failure ?? (missing.length > 0 ? `did not write ${missing.join(", ")}` : undefined);
    if (what === undefined) return;
    const words = output.split("\n").filter((line) => line.trim() !== "");
    const end = words.length === 0 ? ", without a word" : `; its last words:${asQuote(words.slice(-LINES))}`;
    throw new TestnetError({ code: "TN3003", message: `${run.program} ${what}${end}` });
  };
}

interface Result {
  /** Absent when the tool ended well. */
  readonly failure: string | undefined;
  readonly output: string;
}

/** A tool stays in our process group: the engine ends it together with us. */
function runToEnd(
  program: string,
  args: readonly string[],
  cwd: string,
  signal: AbortSignal,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stdio = ["ignore", "pipe", "pipe"] as const;
    const tool = spawn(program, args, {
      cwd,
      env: programEnvironment(),
      stdio: [...stdio],
      signal,
      killSignal: "SIGKILL",
    });
    let output = "";
    const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-16_384));
    tool.stdout.on("data", keep);
    tool.stderr.on("data", keep);
    tool.once("error", (error) => {
      reject(
        signal.aborted
          ? new Cancelled(`${path.basename(program)} was cancelled`)
          : cannotStart(program, error),
      );
    });
    tool.once("close", (code, by) => {
      resolve({
        failure:
          code === 0 ? undefined : `ended ${by === null ? `with exit code ${code}` : `by signal ${by}`}`,
        output,
      });
    });
  });
}
