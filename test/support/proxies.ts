import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";

const SERVICES = path.resolve(__dirname, "../../services");

/** A program of services/ that listens on 127.0.0.1, run as its container would be. */
export class RunningProxy {
  private constructor(
    readonly child: ChildProcess,
    readonly address: string,
  ) {}

  static async start(
    script: string,
    upstreams: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<RunningProxy> {
    const child = spawn(process.execPath, [path.join(SERVICES, script)], {
      env: { PROXY_PORT: "0", PROXY_UPSTREAMS: JSON.stringify(upstreams), ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
    const { port } = JSON.parse(line.toString()) as { port: number };
    return new RunningProxy(child, `http://127.0.0.1:${port}`);
  }

  post(body: string, path = "/"): Promise<Response> {
    return fetch(`${this.address}${path}`, { method: "POST", body });
  }

  async ask(request: unknown, path = "/"): Promise<unknown> {
    return (await this.post(JSON.stringify(request), path)).json();
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }
}

/** A daemon that remembers what it was asked, and answers as it is told to. */
export class AskedDaemon {
  readonly asked: unknown[] = [];
  private readonly server: http.Server;

  constructor(answer: (request: unknown, response: http.ServerResponse) => void) {
    this.server = http.createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        const body: unknown = JSON.parse(Buffer.concat(pieces).toString());
        this.asked.push(body);
        answer(body, response);
      });
    });
  }

  async listen(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** Nobody listens there. */
export const NOBODY = "http://127.0.0.1:1";
