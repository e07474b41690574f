import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { stringify } from "yaml";
import { automationApi } from "../../tools/automation";
import { CHARTS_FILE } from "../kubernetes/releases";
import { KUBERNETES_PLUGIN } from "../kubernetes/launcher";
import { KUBERNETES_SETTINGS, type KubernetesSettings } from "../kubernetes/settings";
import { writePulumiHome } from "../plugins";
import { writeShims } from "./shims";

/** What the engine is to run. */
export interface EngineJob {
  readonly stack: string;
  /** Contents of the project file, with absolute paths. */
  readonly project: Readonly<Record<string, unknown>>;
  /** The `config` of the stack file. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly program: PulumiFn;
  /** Of the run. */
  readonly directory: string;
  /** Paths of programs by name. */
  readonly programs: { readonly pulumi: string; readonly helm: string };
  /** Folder of real charts. */
  readonly charts: string | undefined;
}

/** Where local charts are. */
const PROJECT_ROOT = path.join(__dirname, "..", "..");

/** Protects the secrets of all stacks of a run, which may read each other's outputs. Never written down. */
export function newPassphrase(): string {
  return randomBytes(16).toString("hex");
}

/**
 * The real engine in a world of its own: plugins that are the simulated clouds, a backend that is thrown away, programs for
 * tokens that answer for simulated clusters. Nothing of the user's Pulumi is read or written. Stacks of one directory see each
 * other when they are given the same passphrase.
 */
export async function openStack(job: EngineJob, passphrase = newPassphrase()): Promise<Stack> {
  const { directory, stack } = job;
  const folder = (name: string) => path.join(directory, name);
  for (const name of ["state", "work", "bin"]) fs.mkdirSync(folder(name), { recursive: true });
  writeShims(folder("bin"), directory);
  writePulumiHome(folder("home"), directory, [KUBERNETES_PLUGIN]);
  // The Automation API wants a directory with bin/pulumi.
  const engine = path.join(folder("bin"), "pulumi");
  if (!fs.existsSync(engine)) fs.symlinkSync(job.programs.pulumi, engine);
  fs.writeFileSync(path.join(folder("work"), "Pulumi.yaml"), stringify(job.project));
  writeConfig(job, job.config);
  fs.appendFileSync(folder(CHARTS_FILE), "");

  const automation = automationApi();
  const pulumiCommand = await automation.PulumiCommand.get({ root: directory, skipVersionCheck: true });
  const workspace = await automation.LocalWorkspace.create({
    workDir: folder("work"),
    program: job.program,
    pulumiCommand,
    envVars: environment(job, passphrase),
    secretsProvider: "passphrase",
  });
  return automation.Stack.create(stack, workspace);
}

/** The engine takes a moment without quotes for a time, and hands it to the program in other words. */
const QUOTED = { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" } as const;

/** Writes the stack file anew; what the engine added to it (its salt) stays. */
export function writeConfig(
  { directory, stack }: EngineJob,
  config: Readonly<Record<string, unknown>>,
): void {
  const file = path.join(directory, "work", `Pulumi.${stack}.yaml`);
  const salt = fs.existsSync(file)
    ? /^encryptionsalt: .*$/m.exec(fs.readFileSync(file, "utf8"))?.[0]
    : undefined;
  fs.writeFileSync(file, `${salt === undefined ? "" : `${salt}\n`}${stringify({ config }, QUOTED)}`);
}

function environment({ directory, programs, charts }: EngineJob, passphrase: string): Record<string, string> {
  const settings: KubernetesSettings = {
    directory,
    helm: programs.helm,
    simulatedTime: true,
    root: PROJECT_ROOT,
    ...(charts !== undefined && { charts }),
  };
  return {
    PATH: [path.join(directory, "bin"), process.env["PATH"] ?? ""].join(path.delimiter),
    PULUMI_HOME: path.join(directory, "home"),
    PULUMI_BACKEND_URL: `file://${path.join(directory, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_CONFIRMATIONS: "true",
    PULUMI_SUPPRESS_NEO_LINK: "true",
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
    TESTNET_HOME: path.join(directory, "testnet"),
    [KUBERNETES_SETTINGS]: JSON.stringify(settings),
  };
}
