import * as fs from "node:fs";
import * as path from "node:path";
import { startClouds, type CloudClient, type RunningClouds } from "../cloud/client";
import type { ClusterPrograms } from "../clusters/programs";
import { CHARTS_FILE } from "../kubernetes/releases";
import { type StateResource, type TimeReport, timeReport } from "./critical-path";
import { leftInClouds, livingProcesses, processesOf } from "./emptiness";
import { type EngineJob, openStack, writeConfig } from "./engine";
import { type PhaseProgress, type PhaseReport, Phases } from "./phases";
import type { ChartReport, RehearsalReport } from "./report";
import type { RunDirectory } from "./run-directory";
import { type Snapshot, takeSnapshot } from "./snapshot";
import { withoutProtection } from "./unprotect";

/** What to rehearse, and how. */
export interface Rehearsal extends Omit<EngineJob, "directory" | "programs"> {
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
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PhaseProgress) => void;
  readonly onPhase: (report: PhaseReport) => void;
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
 * Runs the whole life of a stack: preview, up, up again, refresh, destroy, and the proof that nothing is left. What goes
 * wrong on the way is in the report.
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
    seconds: (Date.now() - started) / 1000,
    phases: found.phases,
    ...(found.snapshot && { snapshot: found.snapshot }),
    ...(found.time && { time: found.time }),
    charts: found.charts,
    leftovers,
  };
}

interface Found {
  readonly phases: readonly PhaseReport[];
  readonly snapshot: Snapshot | undefined;
  readonly time: TimeReport | undefined;
  readonly charts: readonly ChartReport[];
  readonly leftovers: readonly string[];
}

async function runPhases(rehearsal: Rehearsal, { client }: RunningClouds): Promise<Found> {
  const { directory, programs, signal, fail } = rehearsal;
  const job: EngineJob = { ...rehearsal, directory: directory.path, programs };
  const stack = await openStack(job);
  const phases = new Phases(stack, rehearsal.parallel, signal, rehearsal.onProgress, rehearsal.onPhase);
  let snapshot: Snapshot | undefined;
  let time: TimeReport | undefined;

  const preview = await phases.run("preview", "changes", (options) => stack.preview(options));
  if (preview.ok) {
    const up = await firstUp(phases, client, fail);
    const state = await resourcesOf(phases);
    const inClusters = state.filter(({ type }) => type.startsWith("kubernetes:")).length;
    snapshot = await takeSnapshot(client, inClusters);
    if (up) {
      time = timeReport(state, await client.ask("operations"));
      await phases.run("up again", "nothing", (options) => stack.up(options));
      await phases.run("refresh", "nothing", (options) => stack.refresh(options));
      await rehearsal.whileUp?.({ directory: directory.path, clouds: client, snapshot });
    }
    await removeAll(phases, job, state);
  }
  const leftovers = await leftInClouds(client, directory.path, await resourcesOf(phases));
  return { phases: phases.reports, snapshot, time, charts: chartsOf(directory.path), leftovers };
}

/** `up`, and with a fault to come a second one that must mend what the first one left. */
async function firstUp(phases: Phases, clouds: CloudClient, fail: number | undefined): Promise<boolean> {
  if (fail !== undefined) {
    await clouds.ask("arm", { faults: [{ operation: "create", nth: fail }] });
    await phases.run(`up, create ${fail} fails`, "failure", (options) => phases.stack.up(options));
    await clouds.ask("arm", { faults: [] });
  }
  const name = fail === undefined ? "up" : "up once more";
  return (await phases.run(name, "changes", (options) => phases.stack.up(options))).ok;
}

/** What a person does to remove a stack: guards off first, where it has any. */
async function removeAll(phases: Phases, job: EngineJob, state: readonly StateResource[]): Promise<void> {
  const { stack } = phases;
  if (state.some(({ protect }) => protect === true)) {
    writeConfig(job, withoutProtection(job.config));
    await phases.run("up, protect: false", "changes", (options) => stack.up(options));
  }
  await phases.run("destroy", "changes", (options) => stack.destroy(options));
}

async function resourcesOf({ stack }: Phases): Promise<StateResource[]> {
  const { deployment } = (await stack.exportStack()) as { deployment: { resources?: StateResource[] } };
  return (deployment.resources ?? []).filter(({ type }) => type !== "pulumi:pulumi:Stack");
}

function chartsOf(directory: string): ChartReport[] {
  const file = path.join(directory, CHARTS_FILE);
  if (!fs.existsSync(file)) return [];
  const lines = new Set(fs.readFileSync(file, "utf8").split("\n").filter(Boolean));
  return [...lines].map((line) => JSON.parse(line) as ChartReport);
}
