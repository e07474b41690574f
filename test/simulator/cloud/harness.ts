import * as fs from "node:fs";
import * as path from "node:path";
import type { EngineEvent, PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { startClouds, type RunningClouds } from "../../../simulator/cloud/client";
import type { CloudOptions } from "../../../simulator/cloud/protocol";
import { writePulumiHome } from "../../../simulator/plugins";
import { automationApi } from "../../../tools/automation";
import { resolveProgram } from "../../../tools/resolve";
import { isolated } from "../../support/engine";
import { errorsIn } from "../../support/engine-errors";
import { temporaryDirectory } from "../../support/temporary";

/** The real Pulumi engine with the simulated clouds behind it, apart from everything of the user. */
export class Rehearsal {
  /** Everything that happened in the last run. */
  readonly events: EngineEvent[] = [];

  private constructor(
    readonly directory: string,
    readonly clouds: RunningClouds,
    readonly stack: Stack,
    private readonly program: { run: PulumiFn },
    private readonly remove: () => void,
  ) {}

  static async start(options: Partial<CloudOptions> = {}): Promise<Rehearsal> {
    const temporary = temporaryDirectory();
    const directory = temporary.path;
    for (const folder of ["state", "work", "bin"]) fs.mkdirSync(path.join(directory, folder));
    const clouds = await startClouds({ directory, clusters: "light", scale: null, lingerMs: 5, ...options });
    writePulumiHome(path.join(directory, "home"), directory);
    const pulumi = await resolveProgram("pulumi");
    fs.symlinkSync(pulumi.path, path.join(directory, "bin", "pulumi"));
    fs.writeFileSync(
      path.join(directory, "work", "Pulumi.yaml"),
      JSON.stringify({ name: "testnet", runtime: "nodejs" }),
    );
    const automation = automationApi();
    const pulumiCommand = await automation.PulumiCommand.get({ root: directory, skipVersionCheck: true });
    const program = { run: () => Promise.resolve() };
    const stack = await automation.LocalWorkspace.createStack(
      { stackName: "dev", projectName: "testnet", program: () => program.run() },
      { workDir: path.join(directory, "work"), pulumiCommand, envVars: isolated(directory) },
    );
    return new Rehearsal(directory, clouds, stack, program, () => temporary.dispose());
  }

  /** What the next runs deploy. */
  deploys(program: () => unknown): this {
    this.program.run = () => Promise.resolve(program()).then(() => ({}));
    return this;
  }

  /** Keeps the events of a run; an option of every operation. */
  get watched(): { onEvent: (event: EngineEvent) => void } {
    this.events.length = 0;
    return { onEvent: (event) => void this.events.push(event) };
  }

  /** How many resources of which kind of change a run had. */
  async changes(operation: "preview" | "up" | "refresh" | "destroy"): Promise<Record<string, number>> {
    const { watched } = this;
    const counts = await (async () => {
      if (operation === "preview") return (await this.stack.preview(watched)).changeSummary;
      return (await this.stack[operation](watched)).summary.resourceChanges;
    })();
    return { ...counts };
  }

  /** Runs something that shall fail, and returns what a person reads. */
  async failure(operation: "preview" | "up" | "refresh" | "destroy"): Promise<string> {
    try {
      await this.stack[operation](this.watched);
    } catch {
      return this.errors;
    }
    throw new Error(`${operation} did not fail`);
  }

  /** Outputs in the engine's state, by URN. */
  async outputs(): Promise<Map<string, Record<string, unknown>>> {
    const { deployment } = (await this.stack.exportStack()) as {
      deployment: { resources?: { urn: string; outputs?: Record<string, unknown> }[] };
    };
    return new Map((deployment.resources ?? []).map(({ urn, outputs = {} }) => [urn, outputs]));
  }

  get errors(): string {
    return errorsIn(this.events);
  }

  async dispose(): Promise<void> {
    await this.clouds.stop();
    this.remove();
  }
}
