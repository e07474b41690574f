import { spawn, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { TestnetError } from "../../../errors/problem";
import type { Daemon, PlannedFile } from "../../../protocols/plan";
import type { NetworkHome } from "../home";
import type { ProcessIdentity, ProcessRecord } from "../process-record";
import { identify, isAlive, readProcessRecord, recordIsAlive, writeProcessRecord } from "../processes";
import { areEqual } from "../../../plugin/difference";
import { Cancelled, type Operation } from "./handler";
import { asQuote, logTail, openLog } from "./log-tail";
import { fileWithin, makeDirectories, remove, writePlanned } from "./places";
import { portProblems } from "./port-problems";
import { cannotStart } from "./program";
import { waitUntilReady, type Unready } from "./readiness";
import { markStart, stopDaemon, stopProcess, unmarkStart } from "./stop-daemon";

/** Everything a start needs, references resolved. */
export interface Launch {
  readonly network: NetworkHome;
  readonly era: number;
  readonly daemon: Daemon;
  /** Path of the executable. */
  readonly program: string;
  readonly args: readonly string[];
  /** Written into its data directory before it starts. */
  readonly files: readonly PlannedFile[];
  readonly env: Readonly<Record<string, string>>;
  /** Its data and working directory. */
  readonly data: string;
}

/** A process of a daemon, and how it ended if it is a child of ours that has. */
interface Started {
  readonly identity: ProcessIdentity;
  exit?: { readonly code: number | null; readonly signal: NodeJS.Signals | null };
  readonly isChild: boolean;
  /** The record as it was before this start. */
  readonly before: ProcessRecord | undefined;
}

/**
 * Brings a daemon to the point where it answers, and returns its process. One that runs already, with the same program
 * and arguments, is taken over; any other is stopped first. When it does not become ready, or waiting is cancelled, it is
 * stopped again, so that what failed leaves nothing behind.
 */
export async function startDaemon(launch: Launch, operation: Operation): Promise<ProcessIdentity> {
  const started = (await takeOver(launch, operation)) ?? (await startProcess(launch, operation));
  let unready: Unready | undefined;
  try {
    unready = await waitUntilReady(launch.daemon, () => isAlive(started.identity), operation);
  } catch (error) {
    await takeBack(launch, started, operation);
    throw error;
  }
  if (unready !== undefined) {
    const problem = await describe(launch, started, unready);
    await takeBack(launch, started, operation);
    throw problem;
  }
  unmarkStart(launch.network, launch.daemon.name);
  return started.identity;
}

/** The daemon's process, when it runs as it shall. Whatever else of it runs is stopped. */
async function takeOver(launch: Launch, operation: Operation): Promise<Started | undefined> {
  const { network, daemon } = launch;
  const record = readProcessRecord(network.processRecord(daemon.name));
  const isSame =
    record?.era === launch.era &&
    record.program === launch.program &&
    areEqual(record.args, launch.args) &&
    filesStand(launch);
  if (isSame && record.identity !== undefined && recordIsAlive(record)) {
    return { identity: record.identity, isChild: false, before: record };
  }
  const data = [launch.data, ...(record === undefined ? [] : [network.era(record.era).data(daemon.name)])];
  await stopDaemon(
    {
      network,
      name: daemon.name,
      program: launch.program,
      data: [...new Set(data)],
      graceSeconds: daemon.stop.graceSeconds,
    },
    operation,
  );
  const wanted = daemon.ports.flatMap(({ number, transports }) =>
    transports.map((transport) => ({ daemon: daemon.name, number, transport })),
  );
  const problems = await portProblems(wanted, () => false);
  if (problems.length > 0) throw new TestnetError(problems);
  return undefined;
}

/** Whether the daemon's own files are as they shall be. */
function filesStand({ data, files }: Launch): boolean {
  return files.every((file) => readText(fileWithin(data, file.path)) === file.content);
}

function readText(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * Spawns the process. It is written down before it exists and again when it does, so that a crash of ours at any moment
 * leaves either a record or a process that can be found by what stands in the record.
 */
async function startProcess(launch: Launch, { signal }: Operation): Promise<Started> {
  const { network, daemon, era, program, args, data } = launch;
  if (signal.aborted) throw new Cancelled(`${daemon.name} was cancelled before it was started`);
  const file = network.processRecord(daemon.name);
  const before = readProcessRecord(file);
  const log = network.log(daemon.name);
  if (daemon.afterCrash === "refetch" && before?.era === era && before.state !== "stopped") remove(data);
  makeDirectories(network.runDirectory, network.logDirectory, data);
  markStart(network, { daemon: daemon.name, era, program, data, graceSeconds: daemon.stop.graceSeconds });
  const startedAt = new Date().toISOString();
  const record = { daemon: daemon.name, era, program, args, log, startedAt };
  let child: ChildProcess | undefined;
  try {
    writeProcessRecord(file, { ...record, state: "starting" });
    for (const planned of launch.files) writePlanned(data, planned);
    child = spawnDetached(launch, log, startedAt);
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (identity !== undefined) writeProcessRecord(file, { ...record, state: "running", identity });
    await spawned(child, program);
    const started: Started = {
      // One that has ended already has no identity any more; the pid is enough to say so.
      identity: identity ?? { pid: child.pid ?? 0, startTime: "ended", boot: "" },
      isChild: true,
      before,
    };
    child.once("exit", (code, signal) => (started.exit = { code, signal }));
    return started;
  } catch (error) {
    // Not written down, a process must not live on. It is still our child, so the pid is its.
    child?.kill("SIGKILL");
    restore(launch, before);
    throw error;
  }
}

/** In a session of its own: it outlives this process and the terminal, and nothing sent to our group reaches it. */
function spawnDetached(launch: Launch, log: string, startedAt: string): ChildProcess {
  const { daemon, program, args, env, data } = launch;
  const output = openLog(log, `${daemon.name} (${daemon.client} ${daemon.version}) starts at ${startedAt}`);
  try {
    const stdio = ["ignore", output, output] as const;
    const child = spawn(program, args, { cwd: data, env, detached: true, stdio: [...stdio] });
    child.unref();
    return child;
  } catch (error) {
    throw cannotStart(program, error);
  } finally {
    fs.closeSync(output);
  }
}

function spawned(child: ChildProcess, program: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error) => reject(cannotStart(program, error)));
  });
}

/** Stops what did not become ready. */
async function takeBack(launch: Launch, started: Started, operation: Operation): Promise<void> {
  const { network, daemon } = launch;
  const file = network.processRecord(daemon.name);
  if (isAlive(started.identity)) {
    const stopped = { name: daemon.name, graceSeconds: daemon.stop.graceSeconds };
    const ending = await stopProcess(started.identity, stopped, operation);
    const record = readProcessRecord(file);
    if (record !== undefined) writeProcessRecord(file, { ...record, state: ending });
    unmarkStart(network, daemon.name);
  } else if (started.exit !== undefined && started.exit.code !== null) {
    // It refused to run, over a wrong flag perhaps: how its chain ended before is still what counts.
    restore(launch, started.before);
  } else {
    unmarkStart(network, daemon.name);
  }
}

function restore(launch: Launch, before: ProcessRecord | undefined): void {
  const { network, daemon } = launch;
  const file = network.processRecord(daemon.name);
  if (before === undefined) remove(file);
  else writeProcessRecord(file, before);
  unmarkStart(network, daemon.name);
}

/** TN3002 with the end of the log. */
async function describe(launch: Launch, started: Started, unready: Unready): Promise<TestnetError> {
  const { daemon, network } = launch;
  const log = network.log(daemon.name);
  const lines = logTail(log);
  const what =
    unready.kind === "timeout"
      ? `${daemon.name} did not answer within ${unready.seconds} s and is stopped`
      : `${daemon.name} ended before it was ready${await howItEnded(started)}`;
  const end =
    lines.length === 0 ? `; its log ${log} is empty` : `; the end of its log ${log}:${asQuote(lines)}`;
  return new TestnetError({ code: "TN3002", message: what + end });
}

async function howItEnded(started: Started): Promise<string> {
  // That it is gone shows a moment before we are told how.
  for (let tries = 0; started.isChild && started.exit === undefined && tries < 20; tries++) await sleep(10);
  if (started.exit === undefined) return "";
  const { code, signal } = started.exit;
  return code === null ? `, by signal ${signal}` : `, with exit code ${code}`;
}
