import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { resolveProgram } from "../../tools/resolve";
import type { CommandContext } from "../context";
import { FailureLog } from "../engine/failures";
import { backendOf, engineEnvironment, projectFile } from "../engine/workspace";

const LONGEST_ANSWER = 256 * 1024 * 1024;

/** Asks the engine's program about stacks of our project, without a program of ours behind it: quick. */
export class EngineCommand {
  private started: Promise<{ readonly program: string; readonly folder: string }> | undefined;

  constructor(
    private readonly context: CommandContext,
    private readonly signal: AbortSignal,
  ) {}

  /** What it writes. @throws Error with its words */
  async ask(...args: string[]): Promise<string> {
    this.started ??= this.start();
    const { program, folder } = await this.started;
    const { signal, context } = this;
    const env = { ...process.env, ...engineEnvironment(context, backendOf(context.home, process.env)) };
    return new Promise((resolve, reject) => {
      const options = { cwd: folder, env, signal, maxBuffer: LONGEST_ANSWER };
      execFile(program, [...args, "--non-interactive"], options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(stderr.trim() || error.message, { cause: error }));
      });
    });
  }

  /** Writes a tag of a stack in the backend. @throws TestnetError TN2001 to TN2004 */
  async tag(stack: string, name: string, value: string): Promise<void> {
    try {
      await this.ask("stack", "tag", "set", name, value, "--stack", stack);
    } catch (error) {
      this.signal.throwIfAborted();
      throw new FailureLog().toError(error);
    }
  }

  /** A folder with our project file, which the engine takes the project's name from. */
  private async start() {
    const { path: program } = await resolveProgram("pulumi", {
      signal: this.signal,
      onProgress: ({ text }) => this.context.out.say(text),
    });
    const folder = path.join(this.context.home, "pulumi", ".backend");
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    fs.writeFileSync(path.join(folder, "Pulumi.yaml"), projectFile());
    return { program, folder };
  }
}
