import * as path from "node:path";
import type { Operation, ResourceHandler } from "../../components/local/provider/handler";
import { handlers, type Dependencies } from "../../components/local/provider/handlers";
import { identify, isAlive, runningProcesses } from "../../components/local/processes";
import type {
  AfterStartArgs,
  GenesisArgs,
  HomeArgs,
  KeysArgs,
  ProcessArgs,
} from "../../components/local/resources";
import type { Daemon } from "../../protocols/plan";

/** Support of tests that run real processes of this machine, on loopback, in a directory of their own. */

/** A program that behaves as its arguments say; see its first lines. */
export const FAKE_DAEMON = path.join(__dirname, "fake-daemon");

/** Kills whatever runs with the directory on its command line, which only a test that made it can have started. */
export async function killAllOf(directory: string): Promise<void> {
  const killed = processesOf(directory)
    .map(({ pid }) => identify(pid))
    .filter((identity) => identity !== undefined);
  killed.filter(isAlive).forEach(({ pid }) => process.kill(pid, "SIGKILL"));
  await eventually("all have ended", () => !killed.some(isAlive));
}

/** Living processes with the directory on their command line. */
export function processesOf(directory: string): { pid: number; command: string }[] {
  return runningProcesses()
    .map(({ pid, argv }) => ({ pid, command: argv.join(" ") }))
    .filter(({ command }) => command.includes(directory));
}

/** Waits for something that happens soon. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`did not happen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** What a fake daemon tells about itself. */
export interface About {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export async function about(port: number): Promise<About> {
  return (await (await fetch(`http://127.0.0.1:${port}/about`)).json()) as About;
}

/** A daemon of a plan whose program is the fake one. */
export function fakeDaemon(name: string, port: number, extraArgs: readonly string[] = []): Daemon {
  return {
    name,
    node: "node-1",
    role: "execution",
    client: "fake",
    version: "1.0.0",
    program: FAKE_DAEMON,
    args: ["--port", String(port), "--data", "{{data}}", ...extraArgs],
    files: [],
    env: {},
    ports: [{ name: "rpc", number: port, transports: ["tcp"], exposure: "network" }],
    readiness: { kind: "http", port: "rpc", path: "/", statuses: [200], timeoutSeconds: 20 },
    stop: { graceSeconds: 5 },
    after: [],
  };
}

/** Lines the provider sent to the engine. */
export interface Logged {
  readonly kind: "info" | "warn" | "status";
  readonly message: string;
}

/** The handlers of the provider for one state directory, driven without an engine. */
export class TestProvider {
  readonly logged: Logged[] = [];
  private readonly handlers;

  constructor(
    readonly home: string,
    dependencies: Partial<Dependencies> = {},
  ) {
    this.handlers = handlers({ resolveProgram: (name) => Promise.resolve({ path: name }), ...dependencies });
  }

  operation(signal: AbortSignal = new AbortController().signal): Operation {
    const log = (kind: Logged["kind"]) => (message: string) => void this.logged.push({ kind, message });
    return {
      home: this.home,
      urn: "urn:pulumi:test::testnet::testnet-local:index:Test::test",
      signal,
      log: { info: log("info"), warn: log("warn"), status: log("status") },
    };
  }

  get homes() {
    return this.handler<HomeArgs, { directory: string }>("Home");
  }

  get keys() {
    return this.handler<KeysArgs, { publicKeys: Record<string, string> }>("Keys");
  }

  get genesis() {
    return this.handler<GenesisArgs, { genesisTime: number }>("Genesis");
  }

  get processes() {
    return this.handler<ProcessArgs, { pid: number; log: string }>("Process");
  }

  get afterStarts() {
    return this.handler<Omit<AfterStartArgs, "pids"> & { pids: Record<string, number> }, object>(
      "AfterStart",
    );
  }

  private handler<Inputs extends object, Computed extends object>(type: string) {
    return this.handlers[`testnet-local:index:${type}`] as ResourceHandler<Inputs, Computed>;
  }
}
