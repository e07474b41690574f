import * as fs from "node:fs";
import * as path from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { startClouds, type CloudClient, type RunningClouds } from "../cloud/client";
import type { ClusterPrograms } from "../clusters/programs";
import { CHARTS_FILE } from "../kubernetes/releases";
import { type StateResource, type TimeReport, timeReport } from "./critical-path";
import { leftInClouds, livingProcesses, processesOf } from "./emptiness";
import { type EngineJob, newPassphrase, openStack, writeConfig } from "./engine";
import { type PhaseProgress, type PhaseReport, Phases, type RunOptions } from "./phases";
import type { ChartReport, RehearsalReport } from "./report";
import type { RunDirectory } from "./run-directory";
import { type Snapshot, takeSnapshot } from "./snapshot";
import { withoutProtection } from "./unprotect";

/** What to rehearse, and how. */
export interface Rehearsal extends Omit<EngineJob, "directory" | "programs"> {
  /** The stack that this one stands on: it comes first and goes last, in the same clouds and the same backend. */
  readonly ground?: Ground;
  /** Called when the ground is up, before the stack's preview: keys are written there. Returns what it did, e.g. `keys: 12`. */
  readonly prepare?: (clouds: CloudClient, ground: GroundUp) => Promise<PhaseReport["changes"]>;
  /** The opposite, called when the stack is gone: what `prepare` made counts as left behind otherwise. */
  readonly clearUp?: (clouds: CloudClient) => Promise<PhaseReport["changes"]>;
  readonly directory: RunDirectory;
  readonly programs: EngineJob["programs"] & Partial<ClusterPrograms>;
  readonly clusters: "real" | "light";
  /** Limits of the accounts, by quota id, where they are other than those of a new account. */
  readonly quotas: Readonly<Record<string, number>>;
  /** Number of the create that fails, to see that a second `up` converges. */
  readonly fail: number | undefined;
  /** Called while everything is up; `destroy` waits for its end. */
  readonly whileUp?: (up: WhileUp) => Promise<void>;
  /** How many resources the engine works on at once: what a real `up` is given. */
  readonly parallel: number;
  /** What the engine asks whether a stack keeps to the rules, at its preview and its first `up`. Default: nothing. */
  readonly policies?: Policies;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PhaseProgress) => void;
  readonly onPhase: (report: PhaseReport) => void;
}

/** Options of the engine. */
export interface Policies {
  /** Folders of policy packs. */
  readonly policyPacks: string[];
  /** Files with settings of their rules, in the same order. */
  readonly policyPackConfigs?: string[];
}

export interface Ground {
  readonly stack: string;
  /** The `config` of its stack file. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** A ground that is up. */
export interface GroundUp {
  /** Of its stack, secrets included. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What there is to look at between `up` and `destroy`. */
export interface WhileUp {
  readonly directory: string;
  readonly clouds: CloudClient;
  readonly snapshot: Snapshot;
}

/**
 * Real milliseconds that the engine may be silent before simulated time moves on: long enough for a plugin to start on a
 * busy machine.
 */
const LINGER_MS = 150;

/**
 * Runs the whole life of a stack: preview, up, up again, refresh, destroy, and the proof that nothing is left; that of its
 * ground around it, where it has one. What goes wrong on the way is in the report.
 * @throws the signal's reason when interrupted, and what is a fault of ours; nothing is left then, either
 */
export async function rehearse(rehearsal: Rehearsal): Promise<RehearsalReport> {
  const started = Date.now();
  const { directory, stack } = rehearsal;
  const clouds = await startClouds(
    {
      directory: directory.path,
      clusters: rehearsal.clusters,
      scale: null,
      lingerMs: LINGER_MS,
      quotas: rehearsal.quotas,
    },
    { ...process.env, TESTNET_CLUSTER_PROGRAMS: JSON.stringify(rehearsal.programs) },
  );
  let found: Found;
  let processes: { name: string; pid: number }[];
  try {
    found = await runPhases(rehearsal, clouds);
  } finally {
    processes = processesOf(directory.path);
    await clouds.stop();
    directory.remove();
  }
  const files = fs.existsSync(directory.path) ? [`directory ${directory.path}`] : [];
  const leftovers = [...found.leftovers, ...livingProcesses(processes), ...files];
  return {
    ok: found.phases.every(({ ok }) => ok) && leftovers.length === 0,
    stack,
    ...(rehearsal.ground && { ground: rehearsal.ground.stack }),
    seconds: (Date.now() - started) / 1000,
    phases: found.phases,
    ...(found.advice.length > 0 && { advice: found.advice }),
    ...(found.snapshot && { snapshot: found.snapshot }),
    ...(found.time && { time: found.time }),
    charts: found.charts,
    leftovers,
  };
}

interface Found {
  readonly phases: readonly PhaseReport[];
  readonly advice: readonly string[];
  readonly snapshot: Snapshot | undefined;
  readonly time: TimeReport | undefined;
  readonly charts: readonly ChartReport[];
  readonly leftovers: readonly string[];
}

async function runPhases(rehearsal: Rehearsal, { client }: RunningClouds): Promise<Found> {
  const { directory, signal, ground, prepare, clearUp } = rehearsal;
  const phases = new Phases(rehearsal.parallel, signal, rehearsal.onProgress, rehearsal.onPhase);
  const passphrase = newPassphrase();
  const open = async (what: Ground): Promise<Opened> => {
    const job: EngineJob = { ...rehearsal, ...what, directory: directory.path };
    return { job, stack: await openStack(job, passphrase) };
  };
  const below = ground && (await open(ground));
  const own = await open(rehearsal);
  const life = new Life(rehearsal, client, phases, own, below);

  let isReady = below === undefined || (await life.groundUp(below));
  if (isReady && prepare !== undefined) {
    const outputs = below === undefined ? {} : await outputsOf(below);
    isReady = (await phases.step("keys", () => prepare(client, { outputs }))).ok;
  }
  if (isReady) await life.run();
  if (clearUp !== undefined) await phases.step("keys deleted", () => clearUp(client));
  if (below !== undefined) await life.removeGround(below);
  const state = [...(await resourcesOf(own.stack)), ...(below ? await resourcesOf(below.stack) : [])];
  const leftovers = await leftInClouds(client, directory.path, state);
  const { snapshot, time } = life;
  return {
    phases: phases.reports,
    advice: phases.advice,
    snapshot,
    time,
    charts: chartsOf(directory.path),
    leftovers,
  };
}

/** A stack in the hands of the engine. */
interface Opened {
  readonly job: EngineJob;
  readonly stack: Stack;
}

/** The phases of a stack's life, and of its ground's, and what they bring to light. */
class Life {
  snapshot: Snapshot | undefined;
  time: TimeReport | undefined;

  constructor(
    private readonly rehearsal: Rehearsal,
    private readonly clouds: CloudClient,
    private readonly phases: Phases,
    private readonly own: Opened,
    private readonly ground: Opened | undefined,
  ) {}

  async groundUp({ job, stack }: Opened): Promise<boolean> {
    const { policies } = this.rehearsal;
    const up = (options: RunOptions) => stack.up({ ...options, ...policies });
    return (await this.phases.run(`up of ${job.stack}`, "changes", up)).ok;
  }

  async run(): Promise<void> {
    const { clouds, phases, rehearsal } = this;
    const { stack } = this.own;
    const preview = await phases.run("preview", "changes", (options) =>
      stack.preview({ ...options, ...rehearsal.policies }),
    );
    if (!preview.ok) return;
    const before = (await clouds.ask("operations")).length;
    const isUp = await this.firstUp();
    const state = await resourcesOf(stack);
    this.snapshot = await takeSnapshot(clouds, await this.inClusters(state));
    if (isUp) {
      // On a standing ground what made the ground does not count.
      this.time = timeReport(state, (await clouds.ask("operations")).slice(before));
      await phases.run("up again", "nothing", (options) => stack.up(options));
      await phases.run("refresh", "nothing", (options) => stack.refresh(options));
      const { directory } = rehearsal;
      await rehearsal.whileUp?.({ directory: directory.path, clouds, snapshot: this.snapshot });
    }
    await this.remove(this.own, "");
  }

  removeGround(ground: Opened): Promise<void> {
    return this.remove(ground, ` of ${ground.job.stack}`);
  }

  /** `up`, and with a fault to come a second one that must mend what the first one left. */
  private async firstUp(): Promise<boolean> {
    const { clouds, phases } = this;
    const { fail, policies } = this.rehearsal;
    const { stack } = this.own;
    if (fail !== undefined) {
      await clouds.ask("arm", { faults: [{ operation: "create", nth: fail }] });
      await phases.run(`up, create ${fail} fails`, "failure", (options) => stack.up(options));
      await clouds.ask("arm", { faults: [] });
    }
    const name = fail === undefined ? "up" : "up once more";
    return (await phases.run(name, "changes", (options) => stack.up({ ...options, ...policies }))).ok;
  }

  /** What a person does to remove a stack: guards off first, where it has any. */
  private async remove({ job, stack }: Opened, of: string): Promise<void> {
    const { phases } = this;
    const state = await resourcesOf(stack);
    if (state.some(({ protect }) => protect === true)) {
      writeConfig(job, withoutProtection(job.config));
      await phases.run(`up${of}, protect: false`, "changes", (options) => stack.up(options));
    }
    await phases.run(`destroy${of}`, "changes", (options) => stack.destroy(options));
  }

  /** How many resources of all stacks are in clusters. */
  private async inClusters(own: readonly StateResource[]): Promise<number> {
    const below = this.ground === undefined ? [] : await resourcesOf(this.ground.stack);
    return [...own, ...below].filter(({ type }) => type.startsWith("kubernetes:")).length;
  }
}

async function outputsOf({ stack }: Opened): Promise<Record<string, unknown>> {
  const outputs = await stack.outputs();
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value as unknown]));
}

async function resourcesOf(stack: Stack): Promise<StateResource[]> {
  const { deployment } = (await stack.exportStack()) as { deployment: { resources?: StateResource[] } };
  return (deployment.resources ?? []).filter(({ type }) => type !== "pulumi:pulumi:Stack");
}

function chartsOf(directory: string): ChartReport[] {
  const file = path.join(directory, CHARTS_FILE);
  if (!fs.existsSync(file)) return [];
  const lines = new Set(fs.readFileSync(file, "utf8").split("\n").filter(Boolean));
  return [...lines].map((line) => JSON.parse(line) as ChartReport);
}
