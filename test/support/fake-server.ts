import * as http from "node:http";
import type { AddressInfo } from "node:net";

/** What a fake server says to one request. */
export interface Reply {
  /** @default 200 */
  readonly status?: number;
  readonly body: string;
}

export type Answer = (path: string, body: string) => Reply | Promise<Reply>;

/** An HTTP server on loopback whose answers a test may change at any time. */
export class FakeServer {
  /** Requests so far, e.g. `GET /eth/v1/node/syncing` or `POST eth_blockNumber`. */
  readonly requests: string[] = [];
  port = 0;

  private constructor(
    private readonly server: http.Server,
    public answer: Answer,
  ) {}

  static async start(answer: Answer): Promise<FakeServer> {
    const server = http.createServer();
    const fake = new FakeServer(server, answer);
    server.on("request", (request, response) => void fake.serve(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    fake.port = (server.address() as AddressInfo).port;
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Takes requests and never answers, as a daemon that hangs. */
  hang(): void {
    this.answer = () => new Promise(() => undefined);
  }

  /** Frees the port, as a daemon that ends. */
  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    let body = "";
    for await (const piece of request) body += String(piece);
    const path = request.url ?? "/";
    const method = body === "" ? path : (JSON.parse(body) as { method: string }).method;
    this.requests.push(`${request.method} ${method}`);
    const reply = await this.answer(path, body);
    response.writeHead(reply.status ?? 200, { "content-type": "application/json" }).end(reply.body);
  }
}

/** Answers JSON-RPC: a method that has no entry is unknown, one that throws is an error of the node. */
export function jsonRpc(methods: Readonly<Record<string, (...params: string[]) => unknown>>): Answer {
  return async (_path, body) => {
    const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: string[] };
    const call = methods[method];
    const said = (content: object) => ({ body: JSON.stringify({ jsonrpc: "2.0", id, ...content }) });
    if (call === undefined) {
      const message = `the method ${method} does not exist/is not available`;
      return said({ error: { code: -32601, message } });
    }
    try {
      return said({ result: await call(...params) });
    } catch (error) {
      return said({ error: { code: -32000, message: (error as Error).message } });
    }
  };
}

/** Answers a Beacon API: undefined is a 404 with the words of Prysm. */
export function beaconApi(data: (path: string) => unknown): Answer {
  return (path) => {
    const found = data(path);
    if (found !== undefined) return { body: JSON.stringify({ data: found }) };
    const message = "Could not find requested block: signed beacon block can't be nil";
    return { status: 404, body: JSON.stringify({ message, code: 404 }) };
  };
}
