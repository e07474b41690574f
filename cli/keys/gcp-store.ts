import { setTimeout as sleep } from "node:timers/promises";
import { type KeyStore, type StoreOwner, alreadyExists, refused } from "./store";

export interface GcpSecrets {
  readonly project: string;
  /** The one region the secrets are kept in. */
  readonly region: string;
  /** Another address than the cloud's, for tests. */
  readonly endpoint?: string;
  /** A fresh access token; default: that of the application default credentials. */
  readonly token?: () => Promise<string>;
  /** Milliseconds to wait before a call that was throttled is made again, growing. Default 500. */
  readonly pauseMs?: number;
}

const ENDPOINT = "https://secretmanager.googleapis.com";
const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
const ATTEMPTS = 6;
/** How often one looks whether the maker of a secret gives it a value. */
const LOOKS = 4;
/** Too many requests, and hiccups of the service. */
const TRY_AGAIN = new Set([429, 500, 503]);

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Secret Manager of one project. Names of all regions share it, so a secret is made in the region of its pod. */
export class GcpStore implements KeyStore {
  readonly place: string;
  private readonly prefix: string;

  constructor(
    private readonly secrets: GcpSecrets,
    private readonly owner: StoreOwner,
  ) {
    this.place = `Secret Manager of ${secrets.project}`;
    this.prefix = gcpSecretName(owner.network, "");
  }

  async has(name: string): Promise<boolean> {
    return (await this.list()).includes(name);
  }

  async list(): Promise<string[]> {
    const names: string[] = [];
    let pageToken = "";
    do {
      const query = new URLSearchParams({ filter: `name:${this.prefix}`, pageSize: "1000", pageToken });
      const { body } = await this.ask(
        this.owner.network,
        "list its secrets",
        "GET",
        `secrets?${query.toString()}`,
      );
      for (const { name } of (body["secrets"] ?? []) as { name: string }[]) {
        const id = name.slice(name.lastIndexOf("/") + 1);
        // The filter matches anywhere in the name.
        if (id.startsWith(this.prefix)) names.push(id.slice(this.prefix.length));
      }
      pageToken = textOf(body["nextPageToken"]);
    } while (pageToken !== "");
    return names.sort();
  }

  async read(name: string): Promise<string | undefined> {
    const path = `secrets/${this.id(name)}/versions/latest:access`;
    const { status, body } = await this.ask(name, "read this secret", "GET", path, undefined, [404]);
    if (status === 404) return undefined;
    const { data } = body["payload"] as { data: string };
    return Buffer.from(data, "base64").toString("utf8");
  }

  /**
   * Whoever makes the secret gives it its value. One that stays without is what an interruption left behind: it is taken up.
   */
  async put(name: string, value: string): Promise<void> {
    const secret = {
      replication: { userManaged: { replicas: [{ location: this.secrets.region }] } },
      labels: this.labels(name),
    };
    const path = `secrets?secretId=${this.id(name)}`;
    const { status } = await this.ask(name, "make this secret", "POST", path, secret, [409]);
    for (let look = 1; status === 409 && look <= LOOKS; look++) {
      if ((await this.versions(name)).length > 0) throw alreadyExists(this.place, name);
      await sleep(this.pauseMs);
    }
    await this.add(name, value);
  }

  /** Versions before are destroyed: a key that was replaced must not be read any more. */
  async replace(name: string, value: string): Promise<void> {
    const newest = await this.add(name, value);
    for (const version of await this.versions(name)) {
      if (version !== newest) await this.destroy(name, version);
    }
  }

  async delete(name: string): Promise<void> {
    await this.ask(name, "delete this secret", "DELETE", `secrets/${this.id(name)}`, undefined, [404]);
  }

  private async add(name: string, value: string): Promise<number> {
    const payload = { payload: { data: Buffer.from(value).toString("base64") } };
    const { body } = await this.ask(
      name,
      "write this secret",
      "POST",
      `secrets/${this.id(name)}:addVersion`,
      payload,
    );
    return versionOf(textOf(body["name"]));
  }

  private async versions(name: string): Promise<number[]> {
    const path = `secrets/${this.id(name)}/versions?${new URLSearchParams({ filter: "state:ENABLED", pageSize: "1000" }).toString()}`;
    const { body } = await this.ask(name, "list the versions of this secret", "GET", path);
    return ((body["versions"] ?? []) as { name: string }[]).map((version) => versionOf(version.name));
  }

  private async destroy(name: string, version: number): Promise<void> {
    await this.ask(
      name,
      "destroy an old version of this secret",
      "POST",
      `secrets/${this.id(name)}/versions/${version}:destroy`,
      {},
    );
  }

  private get pauseMs(): number {
    return this.secrets.pauseMs ?? 500;
  }

  private id(name: string): string {
    return `${this.prefix}${name}`;
  }

  private labels(name: string): Record<string, string> {
    const { network, stack } = this.owner;
    return { "testnet-network": network, "testnet-daemon": name, "testnet-stack": stack.toLowerCase() };
  }

  /** One call, made again where the service asks for it. Statuses of `fine` are answers, not errors. */
  private async ask(
    name: string,
    action: string,
    method: string,
    path: string,
    content?: unknown,
    fine: readonly number[] = [],
  ): Promise<Answer> {
    const url = `${this.secrets.endpoint ?? ENDPOINT}/v1/projects/${this.secrets.project}/${path}`;
    let answer: Answer;
    try {
      answer = await this.patiently(url, method, content);
    } catch (error) {
      throw refused({ place: this.place, name, action, words: wordsOf(error) });
    }
    if (answer.status < 300 || fine.includes(answer.status)) return answer;
    const { message = "", status = "" } = (answer.body["error"] ?? {}) as {
      message?: string;
      status?: string;
    };
    const denied = answer.status === 403;
    const words = `${status === "" ? answer.status : status}: ${message}`;
    throw refused({
      ...{ place: this.place, name, action, words },
      ...(denied && { right: "roles/secretmanager.admin" }),
    });
  }

  private async patiently(url: string, method: string, content: unknown): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.once(url, method, content);
      if (!TRY_AGAIN.has(answer.status) || attempt === ATTEMPTS) return answer;
      await sleep(this.pauseMs * 2 ** (attempt - 1));
    }
  }

  private async once(url: string, method: string, content: unknown): Promise<Answer> {
    const token = await (this.secrets.token ?? defaultToken)();
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(content !== undefined && { body: JSON.stringify(content) }),
    });
    const body = (await response.json().catch(() => ({}))) as Answer["body"];
    return { status: response.status, body };
  }
}

/** Name of a pod's secret. The grants of components/gcp/daemon-secrets.ts name it, too. */
export function gcpSecretName(network: string, pod: string): string {
  return `testnet_${network}_${pod}`;
}

async function defaultToken(): Promise<string> {
  const { GoogleAuth } = await import("google-auth-library");
  const token = await new GoogleAuth({ scopes: SCOPE }).getAccessToken();
  if (typeof token !== "string") throw new Error("the application default credentials give no access token");
  return token;
}

function versionOf(name: string): number {
  return Number(name.slice(name.lastIndexOf("/") + 1));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** What `fetch` says of a failure is in its cause. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
