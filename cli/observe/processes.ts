import * as fs from "node:fs";
import type { NetworkHome } from "../../components/local/home";
import { readProcessRecord, recordIsAlive, residentBytes } from "../../components/local/processes";
import { TestnetError } from "../../errors/problem";
import type { ProcessObservation } from "../../protocols/ethereum/observations";
import type { NetworkPlan } from "../../protocols/plan";

/** How the process of a daemon stands. */
export interface DaemonProcess {
  readonly daemon: string;
  /**
   * - `running`: it lives
   * - `starting`: about to be started by an `up` that runs now
   * - `ended`: it was running, and ended by itself or was killed by somebody
   * - `stopped`, `killed`: ended by us, in order or after its grace time
   * - `missing`: never started
   */
  readonly state: "running" | "starting" | "ended" | "stopped" | "killed" | "missing";
  /** Of the process that lives, or lived last. */
  readonly pid: number | undefined;
  /** Resident memory; undefined unless it lives. */
  readonly memoryBytes: number | undefined;
  /** ISO 8601. */
  readonly startedAt: string | undefined;
  /** Absolute path. */
  readonly log: string;
}

/** Reads the records of all daemons of a plan and looks at their processes. */
export function observeProcesses(plan: NetworkPlan, home: NetworkHome): DaemonProcess[] {
  return plan.daemons.map(({ name }): DaemonProcess => {
    const record = readProcessRecord(home.processRecord(name));
    const pid = record?.identity?.pid;
    const alive = recordIsAlive(record);
    return {
      daemon: name,
      state: alive ? "running" : stateOf(record?.state),
      pid,
      memoryBytes: alive && pid !== undefined ? residentBytes(pid) : undefined,
      startedAt: record?.startedAt,
      log: record?.log ?? home.log(name),
    };
  });
}

function stateOf(
  recorded: "starting" | "running" | "stopped" | "killed" | undefined,
): DaemonProcess["state"] {
  if (recorded === undefined) return "missing";
  return recorded === "running" ? "ended" : recorded;
}

const PROBLEMS: Readonly<Record<Exclude<DaemonProcess["state"], "running">, string>> = {
  starting: "is still being started",
  ended: "has ended by itself, or was killed",
  stopped: "was stopped",
  killed: "did not stop in time and was killed",
  missing: "was never started",
};

/** The same for the checks. */
export function toObservation({ daemon, state }: DaemonProcess): ProcessObservation {
  return state === "running" ? { daemon, alive: true } : { daemon, alive: false, problem: PROBLEMS[state] };
}

/** @throws TestnetError TN2005 when no daemon of the network is meant to run. */
export function requireUp(network: string, processes: readonly DaemonProcess[]): void {
  requireStarted(network, processes);
  if (processes.some(({ state }) => state === "running" || state === "ended" || state === "starting")) return;
  throw notUp(network, "the network is stopped", "Resume it");
}

/** @throws TestnetError TN2005 when there is no trace of a daemon of the network. */
export function requireStarted(network: string, processes: readonly DaemonProcess[]): void {
  if (processes.some(({ state, log }) => state !== "missing" || fs.existsSync(log))) return;
  throw notUp(network, "the network is not up", "Bring it up");
}

/** @throws TestnetError TN2005 when the daemon has no log. */
export function requireLog(network: string, process: DaemonProcess): DaemonProcess {
  if (fs.existsSync(process.log)) return process;
  throw notUp(network, `${process.daemon} was never started, it has no log`, "Bring it up");
}

function notUp(network: string, message: string, remedy: string): TestnetError {
  return new TestnetError({
    code: "TN2005",
    at: network,
    message,
    remedy: `${remedy} with \`testnet up ${network}\`.`,
  });
}
