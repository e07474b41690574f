import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { Attendance } from "../attendance/attendance";
import { Refused } from "../../plugin/provider";
import { clouds } from "./clouds";
import { Clock } from "./clock";
import { Faults } from "./faults";
import { isAtWork } from "./is-at-work";
import { methods, type Caller } from "./methods";
import type { CloudAnswer, CloudOptions, CloudRequest } from "./protocol";
import { socketOf } from "./socket";
import { Store } from "./store";
import { World } from "./world";
import type { Clusters } from "../clusters/contract";

/**
 * The one process that holds the simulated clouds of a rehearsal. It outlives the engine's runs; plugins come and go.
 * Serves on a unix socket in the run's directory that only this user can open.
 */
export class CloudDaemon {
  private readonly connections = new Set<net.Socket>();

  private readonly attendance: Attendance;

  private constructor(
    private readonly world: World,
    private readonly server: net.Server,
  ) {
    this.attendance = new Attendance(world);
    server.on("connection", (socket) => this.converse(socket));
  }

  static async start(options: CloudOptions, clusters: Clusters): Promise<CloudDaemon> {
    fs.mkdirSync(options.directory, { recursive: true, mode: 0o700 });
    const store = new Store(path.join(options.directory, "clouds.jsonl"));
    const lastSeen = Math.max(0, ...store.operations().map(({ startedAt, endedAt }) => endedAt ?? startedAt));
    const clock = new Clock(
      {
        scale: options.scale ?? Infinity,
        lingerMs: options.lingerMs,
        // Whoever started this process drives the engine, or is its ancestor.
        isBusy: () => isAtWork(process.ppid, process.pid),
      },
      lastSeen,
    );
    const world = new World(clouds(), store, clock, new Faults(), clusters, options.quotas ?? {});
    const socket = socketOf(options.directory);
    fs.rmSync(socket, { force: true });
    const server = net.createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(socket, () => resolve());
    });
    fs.chmodSync(socket, 0o600);
    return new CloudDaemon(world, server);
  }

  async close(): Promise<void> {
    for (const socket of this.connections) socket.destroy();
    this.server.close();
    this.world.clock.stop();
    await this.attendance.stop();
    await this.world.clusters.close();
    this.world.store.close();
  }

  private converse(socket: net.Socket): void {
    this.connections.add(socket);
    const leaving: (() => void)[] = [];
    const caller: Caller = { onLeave: (work) => void leaving.push(work) };
    socket.on("error", () => undefined); // "close" follows
    socket.on("close", () => {
      this.connections.delete(socket);
      for (const work of leaving) work();
    });
    createInterface(socket).on("line", (line) => {
      void this.answer(line, caller).then((answer) => {
        if (!socket.destroyed) socket.write(`${JSON.stringify(answer)}\n`);
      });
    });
  }

  private async answer(line: string, caller: Caller): Promise<CloudAnswer> {
    try {
      const { method, params } = JSON.parse(line) as CloudRequest;
      const work = methods(this.world)[method] as (params: unknown, caller: Caller) => unknown;
      return { result: (await work(params, caller)) ?? null };
    } catch (error) {
      if (error instanceof Refused) return { refused: error.message };
      return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  }
}
