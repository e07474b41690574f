import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Stack } from "@pulumi/pulumi/automation";
import { parse } from "yaml";
import { PARALLEL } from "../../../cli/environment/prepare";
import { projectFile } from "../../../cli/engine/workspace";
import { type CloudClient, type RunningClouds, startClouds } from "../../../simulator/cloud/client";
import type { StateResource } from "../../../simulator/rehearsal/critical-path";
import { leftInClouds } from "../../../simulator/rehearsal/emptiness";
import { openStack } from "../../../simulator/rehearsal/engine";
import { type PhaseReport, Phases } from "../../../simulator/rehearsal/phases";
import { resolveTools } from "../../../tools/resolve";
import { temporaryDirectory } from "../../support/temporary";

const ROOT = path.join(__dirname, "..", "..", "..");

/** A stack of the repository in simulated clouds with light clusters, run step by step. */
export class RehearsalWorld {
  readonly clouds: CloudClient;

  private constructor(
    private readonly running: RunningClouds,
    private readonly stack: Stack,
    private readonly phases: Phases,
    private readonly directory: { readonly path: string; dispose(): void },
  ) {
    this.clouds = running.client;
  }

  /**
   * @param change what differs in `testnet:environment` from the stack's file
   * @param quotas limits other than those of a new account
   */
  static async start(
    stack: string,
    change: object,
    quotas: Readonly<Record<string, number>> = { "*": 1_000_000 },
  ): Promise<RehearsalWorld> {
    const tools = await resolveTools(["pulumi", "helm"]);
    const directory = temporaryDirectory();
    const { config } = parse(fs.readFileSync(path.join(ROOT, `Pulumi.${stack}.yaml`), "utf8")) as {
      config: Record<string, object>;
    };
    const running = await startClouds({
      directory: directory.path,
      clusters: "light",
      scale: null,
      lingerMs: 20,
      quotas,
    });
    const opened = await openStack({
      stack,
      project: parse(projectFile()) as Record<string, unknown>,
      config: { ...config, "testnet:environment": { ...config["testnet:environment"], ...change } },
      program: async () => {
        const { program } = require("../../../stacks/program") as typeof import("../../../stacks/program");
        return { ...(await program({ home: directory.path, directory: ROOT })) };
      },
      directory: directory.path,
      programs: { pulumi: tools.pulumi.path, helm: tools.helm.path },
      charts: undefined,
    });
    const nothing = () => undefined;
    const phases = new Phases(PARALLEL, new AbortController().signal, nothing, nothing);
    return new RehearsalWorld(running, opened, phases, directory);
  }

  /** Environment variables with which another program's engine works in these clouds. */
  get env(): Record<string, string> {
    return this.stack.workspace.envVars;
  }

  /** Folder for files of a test. */
  path(...parts: string[]): string {
    return path.join(this.directory.path, ...parts);
  }

  preview(): Promise<PhaseReport> {
    return this.phases.run("preview", "changes", (options) => this.stack.preview(options));
  }

  /** Goes on with what does not need a resource that failed, so that a run meets many failures. */
  up(): Promise<PhaseReport> {
    return this.phases.run("up", "changes", (options) =>
      this.stack.up({ ...options, continueOnError: true }),
    );
  }

  refresh(): Promise<PhaseReport> {
    return this.phases.run("refresh", "nothing", (options) => this.stack.refresh(options));
  }

  destroy(): Promise<PhaseReport> {
    return this.phases.run("destroy", "changes", (options) => this.stack.destroy(options));
  }

  /** What is left anywhere. */
  async leftovers(): Promise<string[]> {
    const { deployment } = (await this.stack.exportStack()) as {
      deployment: { resources?: StateResource[] };
    };
    const state = (deployment.resources ?? []).filter(({ type }) => type !== "pulumi:pulumi:Stack");
    return leftInClouds(this.clouds, this.directory.path, state);
  }

  async until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await sleep(20);
  }

  /** Ends the engine without a word, as a power loss does. */
  killEngine(): void {
    const children = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(process.pid)], {
      encoding: "utf8",
    });
    const engine = children.split("\n").find((line) => /\bpulumi\b.*\bup\b/.test(line));
    if (engine === undefined) throw new Error(`no engine among ${children}`);
    process.kill(Number.parseInt(engine, 10), "SIGKILL");
  }

  /** What a person types after that: `pulumi cancel`. */
  cancelLock(): Promise<void> {
    return this.stack.cancel();
  }

  async close(): Promise<void> {
    await this.running.stop();
    this.directory.dispose();
  }
}
