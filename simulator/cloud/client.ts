import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import * as net from "node:net";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { Refused } from "../../plugin/provider";
import { socketOf } from "./socket";
import type { CloudAnswer, CloudMethod, CloudMethods, CloudOptions, WorkBegun, WorkEnded } from "./protocol";

type Asked<M extends CloudMethod> = CloudMethods[M]["params"] extends null
  ? [method: M]
  : [method: M, params: CloudMethods[M]["params"]];

/** Asks the daemon of the simulated clouds. */
export class CloudClient {
  constructor(private readonly socket: string) {}

  /** The daemon of a run, by its directory. */
  static of(directory: string): CloudClient {
    return new CloudClient(socketOf(directory));
  }

  async ask<M extends CloudMethod>(...asked: Asked<M>): Promise<CloudMethods[M]["result"]> {
    const conversation = await Conversation.open(this.socket);
    try {
      return await conversation.ask(...asked);
    } finally {
      conversation.close();
    }
  }

  /**
   * Tells of work that another plugin does. Simulated time stands still until the function returned is called, or this
   * process ends; that then takes the work's simulated seconds.
   * @throws Refused where a fault is armed for it
   */
  async work(begun: WorkBegun): Promise<(ended: Omit<WorkEnded, "number">) => Promise<void>> {
    const conversation = await Conversation.open(this.socket);
    const { number } = await conversation.ask("workBegins", begun);
    return async (ended) => {
      try {
        await conversation.ask("workEnds", { ...ended, number });
      } finally {
        conversation.close();
      }
    };
  }
}

/** A connection on which one thing after the other is asked. */
class Conversation {
  private constructor(
    private readonly socket: net.Socket,
    private readonly lines: AsyncIterator<string>,
  ) {}

  static async open(path: string): Promise<Conversation> {
    const socket = net.connect(path);
    try {
      await once(socket, "connect");
    } catch (cause) {
      throw new Error(`the simulated clouds do not answer at ${path}`, { cause });
    }
    return new Conversation(socket, createInterface(socket)[Symbol.asyncIterator]());
  }

  async ask<M extends CloudMethod>(...[method, params]: Asked<M>): Promise<CloudMethods[M]["result"]> {
    this.socket.write(`${JSON.stringify({ method, params: params ?? null })}\n`);
    const line = await this.lines.next();
    if (line.done === true) throw new Error("the simulated clouds ended");
    const answer = JSON.parse(line.value) as CloudAnswer;
    if ("refused" in answer) throw new Refused(answer.refused);
    if ("error" in answer) throw new Error(answer.error);
    return answer.result as CloudMethods[M]["result"];
  }

  close(): void {
    this.socket.destroy();
  }
}

/** The daemon as a child of this process. */
export interface RunningClouds {
  readonly client: CloudClient;
  readonly child: ChildProcess;
  /** Ends it and everything it started. */
  stop(): Promise<void>;
}

/** Starts the daemon of a run and waits until it answers. */
export async function startClouds(
  options: CloudOptions,
  env: NodeJS.ProcessEnv = process.env,
): Promise<RunningClouds> {
  const socket = socketOf(options.directory); // refuses a path that is too long, here rather than over there
  const main = path.join(__dirname, "main.ts");
  const child = spawn(
    process.execPath,
    ["--require", require.resolve("tsx/cjs"), main, JSON.stringify(options)],
    {
      env,
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const ended = once(child, "exit");
  const ready = once(createInterface(child.stdout), "line");
  await Promise.race([
    ready,
    ended.then(([code]) => Promise.reject(new Error(`the simulated clouds ended at once (${String(code)})`))),
  ]);
  return {
    client: new CloudClient(socket),
    child,
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
