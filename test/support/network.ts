import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { NetworkHome } from "../../components/local/home";
import type { ProcessRecord } from "../../components/local/process-record";
import { readProcessRecord, recordIsAlive, runningProcesses } from "../../components/local/processes";
import { temporaryDirectory } from "./temporary";

export const ROOT = path.resolve(__dirname, "../..");

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A stack of its own for a test: stack file, state, Pulumi home in a temporary directory; the CLI as a person runs it. */
export class TestNetwork {
  private readonly directory = temporaryDirectory();
  readonly home = path.join(this.directory.path, "home");
  readonly env: NodeJS.ProcessEnv;

  constructor(
    readonly stack: string,
    settings: string,
    env: NodeJS.ProcessEnv = {},
  ) {
    this.env = {
      ...withoutPulumi(process.env),
      TESTNET_HOME: this.home,
      PULUMI_HOME: this.path("pulumi-home"),
      ...env,
    };
    this.configure(settings);
  }

  path(...parts: string[]): string {
    return path.join(this.directory.path, ...parts);
  }

  /** Writes the stack file anew. */
  configure(settings: string): void {
    const text = `config:\n  testnet:environment: local\n  testnet:network:\n${settings.replace(/^/gm, "    ")}\n`;
    fs.writeFileSync(this.path(`Pulumi.${this.stack}.yaml`), text);
  }

  /** Runs `testnet COMMAND STACK …` to its end. */
  async run(command: string, ...args: string[]): Promise<Run> {
    return finish(this.start(command, ...args));
  }

  /** As `run`, with the JSON it printed. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows the shape
  async json<T>(command: string, ...args: string[]): Promise<Run & { data: T }> {
    const run = await this.run(command, "--json", ...args);
    return { ...run, data: JSON.parse(run.stdout || "null") as T };
  }

  /** Starts `testnet COMMAND STACK …` in a process group of its own. */
  start(command: string, ...args: string[]): ChildProcess {
    const argv = [path.join(ROOT, "cli/testnet.js"), "-C", this.directory.path, command, ...args, this.stack];
    return spawn(process.execPath, argv, {
      env: this.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
  }

  record(daemon: string): ProcessRecord | undefined {
    return readProcessRecord(new NetworkHome(this.home, this.stack).processRecord(daemon));
  }

  /** Process ids of the daemons that run by their records. */
  pids(): Record<string, number> {
    const { runDirectory } = new NetworkHome(this.home, this.stack);
    if (!fs.existsSync(runDirectory)) return {};
    const names = fs.readdirSync(runDirectory).flatMap((file) => /^([^.]+)\.json$/.exec(file)?.[1] ?? []);
    return Object.fromEntries(
      names.flatMap((name) => {
        const record = this.record(name);
        return record?.identity !== undefined && recordIsAlive(record) ? [[name, record.identity.pid]] : [];
      }),
    );
  }

  /** Every living process whose command line names this network's home, recorded or not. */
  processes(): number[] {
    return runningProcesses()
      .filter(({ argv }) => argv.some((argument) => argument.includes(`${this.home}${path.sep}networks`)))
      .map(({ pid }) => pid);
  }

  /** Removes whatever a failed test left: only processes that name this network's own home. */
  async dispose(): Promise<void> {
    await this.run("down", "--yes");
    for (const pid of this.processes()) process.kill(pid, "SIGKILL");
    this.directory.dispose();
  }
}

/** Waits for a process to end and collects what it wrote. */
export function finish(child: ChildProcess): Promise<Run> {
  const written = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk: Buffer) => (written.stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (written.stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, ...written }));
  });
}

/** Settings of whoever runs the tests must not reach them. */
function withoutPulumi(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("PULUMI_")));
}

/** Resolves once the condition holds; fails after `seconds`. */
export async function eventually(
  what: string,
  seconds: number,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
