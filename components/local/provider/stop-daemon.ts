import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { TestnetError } from "../../../errors/problem";
import type { NetworkHome } from "../home";
import { readJson, writeJson } from "../json-file";
import type { ProcessIdentity } from "../process-record";
import { isAlive, readProcessRecord, recordIsAlive, writeProcessRecord } from "../processes";
import type { Operation } from "./handler";
import { findOrphans } from "./orphans";
import { remove } from "./places";

/** How often a process that shall end is looked at. */
const POLL_MS = 50;

/** How long a process may take to vanish after SIGKILL, which it cannot refuse. */
const KILL_SECONDS = 10;

/** What stopping a daemon takes. */
export interface Stoppable {
  readonly network: NetworkHome;
  readonly name: string;
  /** Name or path of its executable, used where no record tells. */
  readonly program: string;
  /** Data directories it may have run in. */
  readonly data: readonly string[];
  readonly graceSeconds: number;
}

/**
 * Stops the daemon's process, recorded or not, and records how it ended. A record of a process that had ended by itself
 * is left as it is: it tells of a crash.
 */
export async function stopDaemon(daemon: Stoppable, operation: Operation): Promise<void> {
  const file = daemon.network.processRecord(daemon.name);
  const record = readProcessRecord(file);
  let ending: Ending | undefined;
  if (record?.identity !== undefined && recordIsAlive(record)) {
    ending = await stopProcess(record.identity, daemon, operation);
  }
  const program = record?.program ?? daemon.program;
  for (const orphan of daemon.data.flatMap((directory) => findOrphans(program, directory))) {
    operation.log.info(
      `process ${orphan.pid} of ${daemon.name} was left by an interrupted run and is stopped`,
    );
    ending = await stopProcess(orphan, daemon, operation);
  }
  if (record !== undefined && ending !== undefined) writeProcessRecord(file, { ...record, state: ending });
  remove(startMark(daemon.network, daemon.name));
}

/** How a process ended: `stopped` after SIGTERM, `killed` when that was not enough. */
export type Ending = "stopped" | "killed";

/** SIGTERM, and SIGKILL after the grace time. Whatever else was given the pid meanwhile is left alone. */
export async function stopProcess(
  identity: ProcessIdentity,
  daemon: { readonly name: string; readonly graceSeconds: number },
  operation: Operation,
): Promise<Ending> {
  signalProcess(identity, "SIGTERM", daemon.name);
  if (await endsWithin(identity, daemon.graceSeconds, daemon.name, operation)) return "stopped";
  operation.log.warn(`${daemon.name} did not end within ${daemon.graceSeconds} s and is killed`);
  signalProcess(identity, "SIGKILL", daemon.name);
  if (await endsWithin(identity, KILL_SECONDS, daemon.name, operation)) return "killed";
  throw new TestnetError({
    code: "TN4008",
    message: `${daemon.name} (process ${identity.pid}) still runs ${KILL_SECONDS} s after it was killed`,
  });
}

function signalProcess(identity: ProcessIdentity, signal: "SIGTERM" | "SIGKILL", name: string): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ESRCH") return;
    throw new TestnetError({
      code: "TN4008",
      message: `${name} (process ${identity.pid}) cannot be sent ${signal}: ${message}`,
      remedy: "Run the command as the user who started the network.",
    });
  }
}

/** Not cut short by a cancellation: the signal is out, and how the process ends must be recorded. */
async function endsWithin(
  identity: ProcessIdentity,
  seconds: number,
  name: string,
  operation: Operation,
): Promise<boolean> {
  const started = Date.now();
  let tellAt = 2;
  while (isAlive(identity)) {
    const waited = Math.floor((Date.now() - started) / 1000);
    if (waited >= seconds) return false;
    if (waited >= tellAt) {
      operation.log.status(`waiting for ${name} to end (${waited} of ${seconds} s)`);
      tellAt = waited + 5;
    }
    await sleep(POLL_MS);
  }
  return true;
}

/**
 * A file that stands while a daemon is being started. The engine does not know of such a daemon yet: when this process is
 * killed meanwhile, a later `destroy` has no resource to delete for it.
 */
interface StartMark {
  readonly daemon: string;
  readonly era: number;
  readonly program: string;
  readonly data: string;
  readonly graceSeconds: number;
}

const MARK_SUFFIX = ".starting";

function startMark(network: NetworkHome, daemon: string): string {
  return path.join(network.runDirectory, `${daemon}${MARK_SUFFIX}`);
}

export function markStart(network: NetworkHome, mark: StartMark): void {
  writeJson(startMark(network, mark.daemon), mark);
}

export function unmarkStart(network: NetworkHome, daemon: string): void {
  remove(startMark(network, daemon));
}

/** Stops the daemons whose start was interrupted; `era` limits it to those of one chain. */
export async function stopInterruptedStarts(
  network: NetworkHome,
  operation: Operation,
  era?: number,
): Promise<void> {
  if (!fs.existsSync(network.runDirectory)) return;
  const files = fs.readdirSync(network.runDirectory).filter((file) => file.endsWith(MARK_SUFFIX));
  for (const file of files) {
    const mark = readJson<StartMark>(path.join(network.runDirectory, file));
    if (mark === undefined || (era !== undefined && mark.era !== era)) continue;
    await stopDaemon({ ...mark, name: mark.daemon, network, data: [mark.data] }, operation);
  }
}
