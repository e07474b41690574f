import * as http from "node:http";
import * as https from "node:https";
import { createInterface } from "node:readline";

/** How an API server is reached. */
export interface KubeEndpoint {
  readonly server: string;
  readonly caPem: string;
  readonly token: string;
}

/** An object of the API, as it is sent and received. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    [key: string]: unknown;
  };
  [key: string]: unknown;
}

/** An answer that says no, in the API server's own words. */
export class KubeError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly reason: string,
  ) {
    super(message);
    this.name = "KubeError";
  }
}

/** No answer at all: nobody listens there, or the connection broke. */
export class KubeUnreachable extends Error {
  constructor(method: string, url: URL, cause: Error) {
    super(`${method} "${url.href}": ${cause.message}`, { cause });
    this.name = "KubeUnreachable";
  }
}

export interface KubeRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
}

/** Only what is named changes. */
export const MERGE = "application/merge-patch+json";

/** Server-side apply, as JSON is YAML too. */
export const APPLY = "application/apply-patch+yaml";

const TIMEOUT_MS = 30_000;

/**
 * A client of one API server: a few lines over Node's own https. It talks to this machine only: a rehearsal must not reach a
 * real cluster, whatever a kubeconfig says.
 */
export class KubeClient {
  private readonly agent: http.Agent;
  private readonly base: URL;

  constructor(private readonly endpoint: KubeEndpoint) {
    this.base = requireLoopback(endpoint.server);
    this.agent =
      this.base.protocol === "https:"
        ? new https.Agent({ keepAlive: true, maxSockets: 32, ca: endpoint.caPem })
        : new http.Agent({ keepAlive: true, maxSockets: 32 });
  }

  /** @throws KubeError when the server says no, KubeUnreachable when it says nothing */
  request<T = KubeObject>(request: KubeRequest): Promise<T> {
    return this.exchange(request, true);
  }

  private exchange<T>(request: KubeRequest, mayRepeat: boolean): Promise<T> {
    const query = new URLSearchParams(request.query).toString();
    const url = new URL(this.base.href.replace(/\/$/, "") + request.path + (query && `?${query}`));
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const send = this.base.protocol === "https:" ? https.request : http.request;
    return new Promise((resolve, reject) => {
      const lost = (cause: Error) => reject(new KubeUnreachable(request.method, url, cause));
      const call = send(
        url,
        {
          method: request.method,
          agent: this.agent,
          timeout: TIMEOUT_MS,
          headers: {
            authorization: `Bearer ${this.endpoint.token}`,
            accept: "application/json",
            ...(body !== undefined && {
              "content-type": request.contentType ?? "application/json",
              "content-length": Buffer.byteLength(body),
            }),
          },
        },
        (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (chunk: string) => (text += chunk));
          response.on("end", () => {
            const status = response.statusCode ?? 0;
            if (status >= 200 && status < 300) resolve(parse(text) as T);
            else reject(refusal(status, text));
          });
          response.on("error", lost);
        },
      );
      call.on("timeout", () => call.destroy(new Error(`${url.host} did not answer in ${TIMEOUT_MS} ms`)));
      call.on("error", (cause: NodeJS.ErrnoException) => {
        // The server gave up an idle connection in the moment in which it was used again: it has not read the request.
        if (mayRepeat && call.reusedSocket && cause.code === "ECONNRESET") {
          resolve(this.exchange(request, false));
        } else lost(cause);
      });
      call.end(body);
    });
  }

  get<T = KubeObject>(path: string, query?: Readonly<Record<string, string>>): Promise<T> {
    return this.request<T>({ method: "GET", path, ...(query && { query }) });
  }

  /** What is there, or undefined. */
  async find<T = KubeObject>(path: string): Promise<T | undefined> {
    try {
      return await this.get<T>(path);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** The lines of an answer that does not end, such as a watch. @throws KubeError, and when the connection breaks */
  async *lines(
    path: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): AsyncGenerator<string> {
    const url = new URL(
      `${this.base.href.replace(/\/$/, "")}${path}?${new URLSearchParams(query).toString()}`,
    );
    const send = this.base.protocol === "https:" ? https.request : http.request;
    const headers = { authorization: `Bearer ${this.endpoint.token}`, accept: "application/json" };
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      send(url, { agent: this.agent, headers, signal }, resolve).on("error", reject).end();
    });
    if (response.statusCode !== 200) {
      response.resume();
      throw refusal(response.statusCode ?? 0, "");
    }
    yield* createInterface(response);
  }

  close(): void {
    this.agent.destroy();
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof KubeError && error.status === 404;
}

/**
 * The address of a server on this machine. Real API servers have no path; light clusters have one and speak plain HTTP,
 * whatever a cloud makes of their address.
 * @throws Error for any other server
 */
export function requireLoopback(server: string): URL {
  const url = new URL(server);
  if (url.pathname !== "/") url.protocol = "http:";
  if (url.hostname === "127.0.0.1" || url.hostname === "[::1]") return url;
  throw new Error(`a rehearsal talks to 127.0.0.1 only; the kubeconfig names ${url.host}`);
}

/** The health checks answer with a word that is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function refusal(status: number, text: string): KubeError {
  try {
    const answer = JSON.parse(text) as { message?: string; reason?: string };
    return new KubeError(status, answer.message ?? text, answer.reason ?? "");
  } catch {
    return new KubeError(status, text.trim() || `HTTP ${status}`, "");
  }
}
