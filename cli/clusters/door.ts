import type { CoreV1Api, KubeConfig, VersionApi } from "@kubernetes/client-node";
import * as fs from "node:fs";
import { TestnetError } from "../../errors/problem";

/** How long an API server may take for one answer. */
const TIMEOUT_MS = 20_000;

/** The way into one cluster. */
export class ClusterDoor {
  private made: { readonly core: CoreV1Api; readonly version: VersionApi } | undefined;

  constructor(
    /** Name in the environment, as the plan's workloads give it. */
    readonly name: string,
    readonly config: KubeConfig,
  ) {}

  get core(): CoreV1Api {
    return this.clients.core;
  }

  get version(): VersionApi {
    return this.clients.version;
  }

  private get clients() {
    const kubernetes = clientLibrary();
    this.made ??= {
      core: this.config.makeApiClient(kubernetes.CoreV1Api),
      version: this.config.makeApiClient(kubernetes.VersionApi),
    };
    return this.made;
  }

  /** Tokens and keys of the way in: what must not be written anywhere. */
  get secrets(): string[] {
    return this.config.users.flatMap(({ token, password, keyData }) =>
      [token, password, keyData].filter((text) => typeof text === "string" && text.length > 0),
    ) as string[];
  }

  /**
   * Asks the API server.
   * @throws TestnetError TN3010 where it does not answer, or refuses
   */
  async ask<T>(question: (core: CoreV1Api) => Promise<T>): Promise<T> {
    try {
      return await withTimeout(question(this.core));
    } catch (error) {
      throw unreachable(this.name, error);
    }
  }
}

/** Takes a third of a second to load: only what reads clusters waits for it. */
export function clientLibrary(): typeof import("@kubernetes/client-node") {
  return require("@kubernetes/client-node") as typeof import("@kubernetes/client-node");
}

/** The way in by the text of a kubeconfig; its current context. */
export function doorOfText(name: string, kubeconfig: string): ClusterDoor {
  const config = new (clientLibrary().KubeConfig)();
  config.loadFromString(kubeconfig);
  return new ClusterDoor(name, withExecInfo(config));
}

/** The way in by a file. @throws TestnetError TN3010 where it cannot be read or lacks the context */
export function doorOfFile(name: string, file: string, context: string): ClusterDoor {
  const config = new (clientLibrary().KubeConfig)();
  try {
    config.loadFromString(fs.readFileSync(file, "utf8"));
  } catch (error) {
    throw unreachable(name, error);
  }
  if (config.getContextObject(context) === null) {
    throw new TestnetError({
      code: "TN3010",
      at: name,
      message: `${file} has no context of that name`,
      given: context,
      allowed: config.contexts.map((one) => one.name).join(", "),
    });
  }
  config.setCurrentContext(context);
  return new ClusterDoor(name, withExecInfo(config));
}

/** Programs for tokens are told by kubectl which version of answer is wanted; this library leaves that out. */
function withExecInfo(config: KubeConfig): KubeConfig {
  for (const user of config.users) {
    const exec = user.exec as
      { apiVersion?: string; env?: { name: string; value: string }[] | null } | undefined;
    if (exec === undefined) continue;
    const info = { kind: "ExecCredential", apiVersion: exec.apiVersion, spec: { interactive: false } };
    exec.env = [...(exec.env ?? []), { name: "KUBERNETES_EXEC_INFO", value: JSON.stringify(info) }];
  }
  return config;
}

function unreachable(cluster: string, cause: unknown): TestnetError {
  if (cause instanceof TestnetError) return cause;
  return new TestnetError({ code: "TN3010", at: cluster, message: reasonOf(cause) }, { cause });
}

/** In one line what an API server, or the way to it, answered. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, body } = error as { code?: unknown; body?: unknown };
  const told = typeof body === "string" ? messageIn(body) : undefined;
  const text = told ?? causeOf(error).message;
  return `${typeof code === "number" ? `HTTP ${code}: ` : ""}${text}`.replace(/\s+/g, " ").slice(0, 300);
}

function causeOf(error: Error): Error {
  return error.cause instanceof Error ? causeOf(error.cause) : error;
}

function messageIn(body: string): string | undefined {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    return typeof message === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}

async function withTimeout<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
