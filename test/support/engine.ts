import * as fs from "node:fs";
import * as path from "node:path";
import type { EngineEvent, PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { automationApi } from "../../tools/automation";
import { resolveProgram } from "../../tools/resolve";
import { errorsIn } from "./engine-errors";
import { PLUGIN_DIRECTORY } from "./plugin";
import { temporaryDirectory } from "./temporary";

/** The real Pulumi engine with our provider plugin, apart from everything of the user: own home, backend and passphrase. */
export class TestEngine {
  /** Everything that happened in the last run. */
  readonly events: EngineEvent[] = [];

  private constructor(
    /** Removed by `dispose`. */
    readonly directory: string,
    readonly stack: Stack,
    private readonly program: { run: PulumiFn },
    readonly dispose: () => void,
  ) {}

  /** A new stack named `net`. */
  static async start(): Promise<TestEngine> {
    const temporary = temporaryDirectory();
    const directory = temporary.path;
    for (const folder of ["home", "state", "work", "bin"]) fs.mkdirSync(path.join(directory, folder));
    const pulumi = await resolveProgram("pulumi");
    // The Automation API wants a directory with bin/pulumi.
    fs.symlinkSync(pulumi.path, path.join(directory, "bin", "pulumi"));
    fs.writeFileSync(
      path.join(directory, "work", "Pulumi.yaml"),
      JSON.stringify({
        name: "testnet",
        runtime: "nodejs",
        plugins: { providers: [{ name: "testnet-local", path: PLUGIN_DIRECTORY }] },
      }),
    );
    const automation = automationApi();
    const { PulumiCommand } = automation;
    const pulumiCommand = await PulumiCommand.get({ root: directory, skipVersionCheck: true });
    const program = { run: () => Promise.resolve() };
    const stack = await automation.LocalWorkspace.createStack(
      { stackName: "net", projectName: "testnet", program: () => program.run() },
      {
        workDir: path.join(directory, "work"),
        pulumiCommand,
        envVars: isolated(directory),
      },
    );
    return new TestEngine(directory, stack, program, () => temporary.dispose());
  }

  /** What the next runs deploy. */
  deploys(program: PulumiFn): void {
    this.program.run = program;
  }

  /** Keeps the events of a run; an option of every operation. */
  get watched(): { onEvent: (event: EngineEvent) => void } {
    this.events.length = 0;
    return { onEvent: (event) => void this.events.push(event) };
  }

  /** Errors of the last run as a person reads them, without colours. */
  get errors(): string {
    return errorsIn(this.events);
  }

  /** Logical names of the resources in the state. */
  async resources(): Promise<string[]> {
    const { deployment } = (await this.stack.exportStack()) as {
      deployment: { resources?: { urn: string }[] };
    };
    return (deployment.resources ?? []).map((resource) => resource.urn.split("::").at(-1) ?? "");
  }

  /** Everything the backend has written. */
  stateFiles(): string {
    const state = path.join(this.directory, "state");
    const files = fs
      .readdirSync(state, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile());
    return files.map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), "utf8")).join("\n");
  }
}

/** The environment of an engine that sees nothing of the user. */
export function isolated(directory: string): Record<string, string> {
  return {
    PULUMI_HOME: path.join(directory, "home"),
    PULUMI_BACKEND_URL: `file://${path.join(directory, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_CONFIRMATIONS: "true",
    PULUMI_SUPPRESS_NEO_LINK: "true",
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
  };
}
