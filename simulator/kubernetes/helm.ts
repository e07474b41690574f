import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Refused } from "../../plugin/provider";
import { kubeconfigOf } from "../clusters/kubeconfig";
import type { KubeEndpoint } from "../kube/client";
import type { KubernetesSettings } from "./settings";

/** Where a release stands. */
export interface ReleaseId {
  readonly name: string;
  readonly namespace: string;
}

/** What Helm knows of a release. */
export interface ReleaseState {
  readonly revision: number;
  /** `deployed`, `failed`, `pending-install`, … */
  readonly status: string;
  readonly manifest: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const LONGEST_OUTPUT = 64 * 1024 * 1024;

/** Real Helm, with a home, a cache and a kubeconfig of its own: nothing of the user is read or written. */
export class Helm {
  private readonly home: string;
  private readonly kubeconfig: string;

  constructor(
    private readonly settings: KubernetesSettings,
    endpoint: KubeEndpoint,
  ) {
    this.home = path.join(settings.directory, "helm", randomUUID());
    this.kubeconfig = path.join(this.home, "kubeconfig");
    fs.mkdirSync(this.home, { recursive: true, mode: 0o700 });
    const { server, caPem, token } = endpoint;
    fs.writeFileSync(
      this.kubeconfig,
      kubeconfigOf([{ id: "rehearsal", access: { endpoint: server, caPem, token } }]),
      { mode: 0o600 },
    );
  }

  /**
   * @returns what it printed
   * @throws Refused with Helm's words
   */
  run(args: readonly string[], signal?: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { env: this.environment(), maxBuffer: LONGEST_OUTPUT, ...(signal && { signal }) };
      execFile(this.settings.helm, [...args], options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Refused(stderr.replace(/^(WARNING|level=).*$/gm, "").trim() || error.message));
      });
    });
  }

  /** Undefined when there is no such release. */
  async state({ name, namespace }: ReleaseId): Promise<ReleaseState | undefined> {
    try {
      const text = await this.run(["status", name, "--namespace", namespace, "--output", "json"]);
      const { version, info, manifest, config } = JSON.parse(text) as {
        version: number;
        info: { status: string };
        manifest: string;
        config?: Record<string, unknown>;
      };
      return { revision: version, status: info.status, manifest, values: config ?? {} };
    } catch (error) {
      if (error instanceof Refused && error.message.includes("release: not found")) return undefined;
      throw error;
    }
  }

  /** Hands values over in a file that is there for no longer than it is needed. */
  async withValues<T>(values: unknown, work: (file: string) => Promise<T>): Promise<T> {
    const file = path.join(this.home, `values-${randomUUID()}.json`);
    fs.writeFileSync(file, JSON.stringify(values ?? {}), { mode: 0o600 });
    try {
      return await work(file);
    } finally {
      fs.rmSync(file, { force: true });
    }
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env["PATH"],
      HOME: this.home,
      KUBECONFIG: this.kubeconfig,
      HELM_CACHE_HOME: path.join(this.home, "cache"),
      HELM_CONFIG_HOME: path.join(this.home, "config"),
      HELM_DATA_HOME: path.join(this.home, "data"),
      HELM_BURST_LIMIT: "500",
      HELM_QPS: "500",
    };
  }
}
