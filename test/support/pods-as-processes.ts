import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";
import type { ChainFile } from "../../components/local/resources";
import { type Bundle, BINARY } from "../../keys/bundle";
import type { Daemon, NetworkPlan } from "../../protocols/plan";
import { type Reference, resolve } from "../../protocols/references";
import { resolveProgram } from "../../tools/resolve";
import type { ProgramName } from "../../tools/catalog";
import { freePorts } from "./local";

/**
 * The daemons of a plan of clusters as processes of this machine: with exactly the plan's arguments but for paths, addresses
 * and the numbers of ports that each pod has for itself.
 */
export class PodsAsProcesses {
  private readonly children: ChildProcess[] = [];

  private constructor(
    private readonly directory: string,
    private readonly plan: NetworkPlan,
    private readonly publicKeys: Readonly<Record<string, string>>,
    private readonly bundles: ReadonlyMap<string, Bundle>,
    private readonly genesisTime: number,
    /** By daemon and number of the plan: the number here. */
    private readonly ports: ReadonlyMap<string, ReadonlyMap<number, number>>,
  ) {}

  static async prepare(
    directory: string,
    plan: NetworkPlan,
    keys: { publicKeys: Readonly<Record<string, string>>; bundles: ReadonlyMap<string, Bundle> },
    chain: { genesisTime: number; files: Readonly<Record<string, ChainFile>> },
  ): Promise<PodsAsProcesses> {
    const ports = new Map<string, ReadonlyMap<number, number>>();
    for (const { name, ports: own } of plan.daemons) {
      const numbers = [...new Set(own.map(({ number }) => number))];
      const from = await freePorts(numbers.length);
      ports.set(name, new Map(numbers.map((number, index) => [number, from + index])));
    }
    for (const [file, { gzip }] of Object.entries(chain.files)) {
      write(path.join(directory, "shared", file), gunzipSync(Buffer.from(gzip, "base64")));
    }
    const { publicKeys, bundles } = keys;
    return new PodsAsProcesses(directory, plan, publicKeys, bundles, chain.genesisTime, ports);
  }

  /** Starts a daemon with the private files of its pod and no others. */
  async start(name: string): Promise<void> {
    const daemon = this.daemon(name);
    const { files = {} } = this.bundles.get(daemon.workload?.pod ?? "") ?? {};
    for (const [file, content] of Object.entries(files)) {
      const bytes = content.startsWith(BINARY)
        ? Buffer.from(content.slice(BINARY.length), "base64")
        : Buffer.from(content);
      write(path.join(this.directory, "keys", name, file), bytes);
    }
    const data = path.join(this.directory, "data", name);
    fs.mkdirSync(data, { recursive: true, mode: 0o700 });
    const program = await resolveProgram(daemon.program as ProgramName);
    const log = fs.openSync(this.logOf(name), "w");
    const child = spawn(program.path, this.argumentsOf(daemon), { stdio: ["ignore", log, log], cwd: data });
    fs.closeSync(log);
    this.children.push(child);
    child.once("exit", (code) => fs.appendFileSync(this.logOf(name), `\nended with ${code}\n`));
  }

  /** Address of a port of a daemon. */
  url(name: string, port: string): string {
    const number = this.daemon(name).ports.find((candidate) => candidate.name === port)?.number;
    return `http://127.0.0.1:${this.portOf(name, number ?? 0)}`;
  }

  log(name: string): string {
    return fs.readFileSync(this.logOf(name), "utf8");
  }

  async stop(): Promise<void> {
    const running = this.children.filter((child) => child.exitCode === null && child.signalCode === null);
    const ended = running.map((child) => once(child, "exit"));
    running.forEach((child) => child.kill("SIGKILL"));
    await Promise.all(ended);
  }

  /** Numbers of ports stand at the end of arguments, multiaddrs and enodes. */
  private argumentsOf(daemon: Daemon): string[] {
    const own = (text: string) =>
      text.replace(/=(\d+)$/, (whole, number: string) =>
        this.ports.get(daemon.name)?.has(Number(number)) === true
          ? `=${this.portOf(daemon.name, Number(number))}`
          : whole,
      );
    return daemon.args.map((argument) =>
      this.inNames(own(this.resolved(argument, daemon.name)).replaceAll("0.0.0.0", "127.0.0.1")),
    );
  }

  /** `NAME.NETWORK.svc.cluster.local:PORT`, and ports of seeds in multiaddrs. */
  private inNames(text: string): string {
    const { network } = this.plan;
    return text
      .replace(
        new RegExp(`([a-z0-9-]+)\\.${network}\\.svc\\.cluster\\.local:(\\d+)`, "g"),
        (_, name, number) => `127.0.0.1:${this.portOf(name as string, Number(number))}`,
      )
      .replace(/\/(tcp|udp)\/(\d+)\/p2p\//g, (_, transport, number) => {
        return `/${transport as string}/${this.peerPort(Number(number))}/p2p/`;
      })
      .replace(
        /(enode:[^@]+@[^:]+):(\d+)/g,
        (_, id, number) => `${id as string}:${this.peerPort(Number(number))}`,
      );
  }

  private resolved(text: string, daemon: string): string {
    const lookup = (reference: Reference): string => {
      switch (reference.kind) {
        case "data":
          return path.join(this.directory, "data", daemon);
        case "shared":
          return path.join(this.directory, "shared");
        case "secret":
          return path.join(this.directory, "keys", daemon, reference.name);
        case "external-ip":
        case "seed-ip":
          return "127.0.0.1";
        case "genesis-time":
          return String(this.genesisTime);
        default: {
          const key = "name" in reference ? `${reference.kind} ${reference.name}` : reference.kind;
          const value = this.publicKeys[key];
          if (value === undefined) throw new Error(`no public part ${key}`);
          return this.resolved(value, daemon);
        }
      }
    };
    return resolve(text, lookup);
  }

  /** Ports that peers reach are of one daemon only. */
  private peerPort(number: number): number {
    const owner = this.plan.daemons.find(({ ports }) => ports.some((port) => port.number === number));
    return this.portOf(owner?.name ?? "", number);
  }

  private portOf(name: string, number: number): number {
    const here = this.ports.get(name)?.get(number);
    if (here === undefined) throw new Error(`${name} has no port ${number}`);
    return here;
  }

  private daemon(name: string): Daemon {
    const daemon = this.plan.daemons.find((candidate) => candidate.name === name);
    if (daemon === undefined) throw new Error(`no daemon ${name}`);
    return daemon;
  }

  private logOf(name: string): string {
    return path.join(this.directory, `${name}.log`);
  }
}

function write(file: string, content: Buffer): void {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  fs.writeFileSync(file, content, { mode: 0o600 });
}
