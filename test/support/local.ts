import * as fs from "node:fs";
import * as path from "node:path";
import { NetworkHome } from "../../components/local/home";
import type { ProcessRecord } from "../../components/local/process-record";
import type { Operation, ResourceHandler } from "../../components/local/provider/handler";
import { busyPorts } from "../../components/local/ports";
import { handlers, type Dependencies } from "../../components/local/provider/handlers";
import { identify, isAlive, readProcessRecord, runningProcesses } from "../../components/local/processes";
import type {
  AfterStartArgs,
  GenesisArgs,
  HomeArgs,
  KeysArgs,
  ProcessArgs,
} from "../../components/local/resources";
import type { Daemon } from "../../protocols/plan";
import { temporaryDirectory } from "./temporary";

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
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`did not happen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Ports of tests: below those of outgoing connections of other systems than Linux, above those of local networks. */
const TEST_PORTS = { from: 46_000, to: 47_000 };

/** The next port to try; begins anywhere, as other tests may run at the same time. */
let nextPort = TEST_PORTS.from + Math.floor(Math.random() * 900);

/** The first of so many ports in a row that nobody holds. */
export async function freePorts(count: number): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    if (nextPort + count > TEST_PORTS.to) nextPort = TEST_PORTS.from;
    const first = nextPort;
    nextPort += count;
    const ports = Array.from({ length: count }, (_, index) => first + index);
    const both = ports.flatMap((number) => [
      { number, transport: "tcp" as const },
      { number, transport: "udp" as const },
    ]);
    if ((await busyPorts(both)).length === 0) return first;
  }
  throw new Error(`no ${count} ports in a row are free between ${TEST_PORTS.from} and ${TEST_PORTS.to}`);
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
    readiness: { kind: "http", port: "rpc", path: "/", statuses: [200], timeoutSeconds: 60 },
    afterCrash: "keep",
    stop: { graceSeconds: 5 },
    after: [],
    restartsWith: [],
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

/** One network in a home of its own, whose daemons are started without an engine. */
export class TestNetwork {
  readonly directory: string;
  readonly provider: TestProvider;
  readonly home: NetworkHome;
  private readonly temporary = temporaryDirectory();

  constructor() {
    this.directory = this.temporary.path;
    this.provider = new TestProvider(this.directory);
    this.home = new NetworkHome(this.directory, "net");
  }

  inputs(daemon: Daemon, era = 1): ProcessArgs {
    return { network: "net", era, daemon };
  }

  create(daemon: Daemon, signal?: AbortSignal) {
    return this.provider.processes.create(this.inputs(daemon), this.provider.operation(signal));
  }

  async read(daemon: Daemon) {
    return this.provider.processes.read(this.inputs(daemon), this.provider.operation());
  }

  async update(from: ProcessArgs, to: ProcessArgs, outputs: { pid: number; log: string }) {
    const change = { id: "net/d", old: from, inputs: to, outputs };
    return this.provider.processes.update(change, this.provider.operation());
  }

  async delete(daemon: Daemon): Promise<void> {
    await this.provider.processes.delete(this.inputs(daemon), this.provider.operation());
  }

  /** Record of the daemon `d`. */
  get record(): ProcessRecord {
    return readProcessRecord(this.home.processRecord("d"))!;
  }

  /** Ids of the processes that run. */
  get running(): number[] {
    return processesOf(this.directory).map(({ pid }) => pid);
  }

  /** Process ids of all starts of the daemon `d`, as it wrote them into its data directory. */
  starts(era = 1): string[] {
    return fs
      .readFileSync(path.join(this.home.era(era).data("d"), "starts"), "utf8")
      .trim()
      .split("\n");
  }

  async dispose(): Promise<void> {
    await killAllOf(this.directory);
    this.temporary.dispose();
  }
}
