import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/** A program to start. */
export interface Launch {
  /** For its log and for messages, e.g. `aws-us-east-1-use1-kube-apiserver`. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A running child. */
export interface Running {
  readonly name: string;
  readonly pid: number;
  readonly log: string;
  /** Set when it ended, e.g. `exit status 1`. */
  readonly ended: () => string | undefined;
  /** Ends it at once and waits until it is gone. SIGTERM would make an API server hang while its etcd goes. */
  kill(): Promise<void>;
}

/**
 * The processes behind the simulated clusters. They are out of reach of a Ctrl-C on the terminal, because `destroy` needs
 * them to its end; a watcher ends them when this process is killed.
 */
export class Processes {
  private readonly running = new Set<Running>();
  private readonly watcher: ChildProcess;

  constructor(private readonly directory: string) {
    fs.mkdirSync(directory, { recursive: true });
    this.watcher = spawn("/bin/sh", [path.join(__dirname, "watcher.sh")], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
    // A watcher that was killed by hand cannot be told anything more.
    this.watcher.stdin?.on("error", () => undefined);
    this.watcher.unref();
  }

  /** Starts a program, its output in a log file. */
  start({ name, program, args, env }: Launch): Promise<Running> {
    const log = path.join(this.directory, `${name}.log`);
    const output = fs.openSync(log, "a");
    const child = spawn(program, [...args], {
      stdio: ["ignore", output, output],
      detached: true,
      env: { PATH: process.env["PATH"], HOME: this.directory, ...env },
    });
    fs.closeSync(output);
    let ended: string | undefined;
    const gone = new Promise<void>((resolve) => {
      child.once("exit", (code, signal) => {
        ended = signal === null ? `exit status ${code}` : `ended by ${signal}`;
        this.tellWatcher(`-${child.pid}`);
        resolve();
      });
    });
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("spawn", () => {
        const pid = child.pid ?? 0;
        this.tellWatcher(`+${pid}`);
        fs.appendFileSync(path.join(this.directory, LIST), `${JSON.stringify({ name, pid })}\n`);
        const running: Running = {
          name,
          pid,
          log,
          ended: () => ended,
          kill: async () => {
            if (ended === undefined) child.kill("SIGKILL");
            await gone;
            this.running.delete(running);
          },
        };
        this.running.add(running);
        resolve(running);
      });
    });
  }

  /** Ends all of them, and the watcher. */
  async close(): Promise<void> {
    await Promise.all([...this.running].map((one) => one.kill()));
    this.watcher.stdin?.end();
  }

  private tellWatcher(line: string): void {
    if (this.watcher.stdin?.writable) this.watcher.stdin.write(`${line}\n`);
  }
}

const LIST = "processes.jsonl";

/** Every process that was ever started with its logs in a directory, for the proof that none is left. */
export function startedProcesses(directory: string): { name: string; pid: number }[] {
  const file = path.join(directory, LIST);
  if (!fs.existsSync(file)) return [];
  const lines = fs.readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as { name: string; pid: number });
}

/** The end of a log, for an error. */
export function logTail(file: string, lines = 12): string {
  try {
    return fs.readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  } catch {
    return "";
  }
}
