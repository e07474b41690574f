import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { projectFile } from "../../../cli/engine/workspace";
import { networkRehearsal } from "../../../cli/rehearsal/network";
import { type CloudClient, type RunningClouds, startClouds } from "../../../simulator/cloud/client";
import { CLUSTER_PROGRAMS } from "../../../simulator/clusters/programs";
import { KubeClient } from "../../../simulator/kube/client";
import { openStack } from "../../../simulator/rehearsal/engine";
import { loadStackConfig } from "../../../stacks/config/file";
import { kindOf } from "../../../stacks/kind";
import { resolveTools } from "../../../tools/resolve";
import type { Run } from "../../support/network";
import { temporaryDirectory } from "../../support/temporary";
import { typed, typedEnvironment } from "./typed";

/** Simulated clouds with a real API server for each cluster, and a folder of stack files at which commands are typed. */
export class CommandWorld {
  readonly clouds: CloudClient;
  private readonly open: KubeClient[] = [];

  private constructor(
    private readonly running: RunningClouds,
    private readonly directory: { readonly path: string; dispose(): void },
    /** What a command sees beside what this process does. */
    readonly env: Readonly<Record<string, string>>,
  ) {
    this.clouds = running.client;
  }

  static async start(): Promise<CommandWorld> {
    const directory = temporaryDirectory();
    const tools = await resolveTools(["pulumi", "helm", ...CLUSTER_PROGRAMS]);
    const programs = Object.fromEntries(Object.entries(tools).map(([name, tool]) => [name, tool.path]));
    const running = await startClouds(
      { directory: directory.path, clusters: "real", scale: null, lingerMs: 20, quotas: { "*": 1e6 } },
      { ...process.env, TESTNET_CLUSTER_PROGRAMS: JSON.stringify(programs) },
    );
    const { workspace } = await openStack({
      stack: "unused",
      project: parse(projectFile()) as Record<string, unknown>,
      config: {},
      program: () => Promise.resolve({}),
      directory: directory.path,
      programs: { pulumi: tools.pulumi.path, helm: tools.helm.path },
      charts: undefined,
    });
    fs.mkdirSync(path.join(directory.path, "cli-state"));
    return new CommandWorld(running, directory, typedEnvironment(directory.path, workspace.envVars));
  }

  /** In the folder of the stack files. */
  path(...parts: string[]): string {
    return path.join(this.directory.path, ...parts);
  }

  testnet(...args: string[]): Promise<Run> {
    return typed(this.directory.path, this.env, args);
  }

  /** What a command prints as JSON, which ends with the status expected. */
  async told<T>(expected: number, ...args: string[]): Promise<T> {
    const { status, stdout, stderr } = await this.testnet(...args, "--json");
    assert.equal(status, expected, `${args.join(" ")}: ${stderr}\n${stdout}`);
    return JSON.parse(stdout) as T;
  }

  /** Makes a network's keys. They go to the simulated secret managers, which only a rehearsal knows. */
  async makeKeys(stack: string): Promise<void> {
    const directory = this.directory.path;
    const found = kindOf(loadStackConfig(directory, stack));
    assert.equal(found.kind, "cluster network");
    const { prepare } = networkRehearsal({ directory, stack }, found, directory);
    await prepare(this.clouds, { outputs: {} });
  }

  /** The API server of the first cluster. */
  async cluster(): Promise<KubeClient> {
    const [report] = await this.clouds.ask("clusters");
    assert.ok(report);
    const { endpoint, caPem, token } = report.access;
    const client = new KubeClient({ server: endpoint, caPem, token });
    this.open.push(client);
    return client;
  }

  async close(): Promise<void> {
    this.open.forEach((client) => client.close());
    await this.running.stop();
    this.directory.dispose();
  }
}
