import * as fs from "node:fs";
import * as path from "node:path";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { parse } from "yaml";
import { runProgram } from "../../../cli/engine/run";
import { projectFile } from "../../../cli/engine/workspace";
import { networkRehearsal } from "../../../cli/rehearsal/network";
import { rehearsalConfig } from "../../../cli/rehearsal/stack-config";
import { type RunningClouds, startClouds } from "../../../simulator/cloud/client";
import { type EngineJob, newPassphrase, openStack } from "../../../simulator/rehearsal/engine";
import { loadStackConfig } from "../../../stacks/config/file";
import { kindOf } from "../../../stacks/kind";
import { resolveTools } from "../../../tools/resolve";
import { errorsByUrn } from "../../support/engine-errors";
import { temporaryDirectory } from "../../support/temporary";

const ROOT = path.join(__dirname, "..", "..", "..");
const PARALLEL = 64;

/** A network of the repository on its environment, which is up, in simulated clouds with light clusters; its keys are made. */
export class NetworkWorld {
  /** Everything the engine told of the network's stack. */
  readonly events: EngineEvent[] = [];

  private constructor(
    readonly running: RunningClouds,
    readonly stack: Stack,
    private readonly ground: Stack,
    readonly directory: string,
    private readonly clearUp: () => Promise<unknown>,
    private readonly dispose: () => void,
  ) {}

  static async start(name: string): Promise<NetworkWorld> {
    const tools = await resolveTools(["pulumi", "helm"]);
    const temporary = temporaryDirectory();
    const directory = temporary.path;
    const found = kindOf(loadStackConfig(ROOT, name));
    if (found.kind !== "cluster network") throw new Error(`${name} is no network of clusters`);
    const { ground, prepare, clearUp } = networkRehearsal({ directory: ROOT, stack: name }, found, directory);
    const running = await startClouds({
      directory,
      clusters: "light",
      scale: null,
      lingerMs: 5,
      quotas: { "*": 1e6 },
    });
    const job = (stack: string, config: EngineJob["config"]): EngineJob => ({
      stack,
      config,
      project: parse(projectFile()) as Record<string, unknown>,
      program: () => runProgram({ home: path.join(directory, "none"), directory }),
      directory,
      programs: { pulumi: tools.pulumi.path, helm: tools.helm.path },
      charts: undefined,
    });
    const passphrase = newPassphrase();
    const environment = await openStack(job(ground.stack, unguarded(ground.config)), passphrase);
    await environment.up({ parallel: PARALLEL });
    await prepare(running.client, { outputs: {} });
    const stack = await openStack(job(name, rehearsalConfig(ROOT, name)), passphrase);
    const clear = () => clearUp(running.client);
    return new NetworkWorld(running, stack, environment, directory, clear, () => temporary.dispose());
  }

  /** Brings the network up as far as it gets; what does not depend on a failure goes on. Tells whether all of it came. */
  async up(): Promise<boolean> {
    try {
      const onEvent = (event: EngineEvent) => void this.events.push(event);
      await this.stack.up({ parallel: PARALLEL, continueOnError: true, onEvent });
      return true;
    } catch {
      return false;
    }
  }

  /** What went wrong, by URN. */
  get errors(): ReadonlyMap<string, string> {
    return errorsByUrn(this.events);
  }

  /** URNs of the network's resources that exist. */
  async made(): Promise<string[]> {
    const { deployment } = (await this.stack.exportStack()) as {
      deployment: { resources?: { urn: string }[] };
    };
    return (deployment.resources ?? []).map(({ urn }) => urn);
  }

  /** Every file of the run with its text: state, journals, logs, what stands in the clusters. */
  files(): { readonly name: string; readonly text: string }[] {
    const names = fs.readdirSync(this.directory, { recursive: true, withFileTypes: true });
    return names
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((name) => ({ name, text: fs.readFileSync(name, "latin1") }));
  }

  /** Removes network, keys and environment, and tells what is left in the clouds. */
  async end(): Promise<readonly unknown[]> {
    await this.stack.destroy({ parallel: PARALLEL });
    await this.clearUp();
    await this.ground.destroy({ parallel: PARALLEL });
    return this.running.client.ask("resources");
  }

  async close(): Promise<void> {
    await this.running.stop();
    this.dispose();
  }
}

/** A guarded environment is not destroyed in one step; that is another test's affair. */
function unguarded(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const environment = config["testnet:environment"] as Record<string, unknown>;
  return { ...config, "testnet:environment": { ...environment, protect: false } };
}
