import type * as http from "node:http";

interface Secret {
  /** Body of the call that made it. */
  readonly made: unknown;
  /** Oldest first; undefined where destroyed. */
  readonly versions: (string | undefined)[];
}

type Answer = [status: number, body: unknown];

/** Secret Manager as far as its REST protocol goes for the calls we make. */
export class FakeGcp {
  readonly secrets = new Map<string, Secret>();
  private failures: Answer[] = [];

  constructor(private readonly options: { readonly pageSize?: number } = {}) {}

  failNext(status: number, word: string, message: string, times: number): void {
    this.failures = Array.from({ length: times }, () => this.error(status, word, message));
  }

  /** A secret with a value, or without one. */
  give(name: string, value?: string): void {
    this.secrets.set(name, { made: {}, versions: value === undefined ? [] : [value] });
  }

  readonly handle: http.RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "", "http://127.0.0.1");
      const text = Buffer.concat(chunks).toString();
      const body = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
      const known = request.headers.authorization === "Bearer token";
      const [status, answer] =
        this.failures.shift() ??
        (known
          ? this.answer(request.method ?? "", url, body)
          : this.error(401, "UNAUTHENTICATED", "no token"));
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(answer));
    });
  };

  private answer(method: string, url: URL, body: Record<string, unknown>): Answer {
    const rest = url.pathname.replace("/v1/projects/example/", "");
    if (rest === "secrets") return method === "POST" ? this.make(url, body) : this.list(url);
    const [, name = "", version, verb] =
      /^secrets\/([^/:]+)(?:\/versions(?:\/([^:]+))?)?(?::(\w+))?$/.exec(rest) ?? [];
    const secret = this.secrets.get(name);
    if (secret === undefined) return this.error(404, "NOT_FOUND", `Secret [${name}] not found`);
    if (method === "DELETE") {
      this.secrets.delete(name);
      return [200, {}];
    }
    if (verb === "addVersion") return this.add(name, secret, body);
    if (verb === "destroy") {
      secret.versions[Number(version) - 1] = undefined;
      return [200, {}];
    }
    if (verb === "access") return this.access(secret);
    const enabled = secret.versions.flatMap((value, index) => (value === undefined ? [] : [index + 1]));
    return [200, { versions: enabled.map((number) => ({ name: this.versionName(name, number) })) }];
  }

  private make(url: URL, body: Record<string, unknown>): Answer {
    const name = url.searchParams.get("secretId") ?? "";
    if (this.secrets.has(name)) return this.error(409, "ALREADY_EXISTS", `Secret [${name}] already exists.`);
    this.secrets.set(name, { made: body, versions: [] });
    return [200, { name: `projects/1/secrets/${name}` }];
  }

  private add(name: string, secret: Secret, body: Record<string, unknown>): Answer {
    const { data } = body["payload"] as { data: string };
    secret.versions.push(Buffer.from(data, "base64").toString());
    return [200, { name: this.versionName(name, secret.versions.length) }];
  }

  /** `latest` is the newest version, destroyed or not. */
  private access({ versions }: Secret): Answer {
    if (versions.length === 0) return this.error(404, "NOT_FOUND", "Secret Version [latest] not found.");
    const value = versions.at(-1);
    if (value === undefined) return this.error(400, "FAILED_PRECONDITION", "is in DESTROYED state.");
    return [200, { payload: { data: Buffer.from(value).toString("base64") } }];
  }

  private list(url: URL): Answer {
    const filter = (url.searchParams.get("filter") ?? "").replace(/^name:/, "");
    const found = [...this.secrets.keys()].filter((name) => name.includes(filter));
    const from = Number(url.searchParams.get("pageToken") ?? 0);
    const to = from + (this.options.pageSize ?? 1000);
    const secrets = found.slice(from, to).map((name) => ({ name: `projects/1/secrets/${name}` }));
    return [200, { secrets, ...(to < found.length && { nextPageToken: String(to) }) }];
  }

  private versionName(name: string, number: number): string {
    return `projects/1/secrets/${name}/versions/${number}`;
  }

  private error(status: number, word: string, message: string): Answer {
    return [status, { error: { code: status, message, status: word } }];
  }
}
