import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import type { ProcessIdentity, ProcessRecord } from "./process-record";
import { readJson, writeJson } from "./json-file";

/**
 * Processes of this machine as the operating system tells of them: from /proc where there is one (Linux), from `ps`
 * elsewhere. Everything is synchronous on purpose: between "is it still the same process?" and the signal nothing else
 * of ours may run.
 */

const PROC = "/proc";

/** One process of the machine. */
export interface RunningProcess {
  readonly pid: number;
  /** The command line; one text per argument where the system tells them apart, else split at blanks. */
  readonly argv: readonly string[];
}

/**
 * The identity of a living process; undefined when there is none of that pid, or only its remains (a zombie has ended:
 * it holds no port and no file, it merely waits for its parent to ask).
 */
export function identify(pid: number): ProcessIdentity | undefined {
  const startTime = onLinux() ? startTimeFromProc(pid) : startTimeFromPs(pid);
  return startTime === undefined ? undefined : { pid, startTime, boot: bootOfMachine() };
}

/** Whether that very process lives, not another one that was given its pid later. */
export function isAlive(identity: ProcessIdentity): boolean {
  const now = identify(identity.pid);
  return now?.startTime === identity.startTime && now.boot === identity.boot;
}

/** Memory of a process in bytes; undefined when it is gone. */
export function residentBytes(pid: number): number | undefined {
  const kibibytes = onLinux()
    ? /^VmRSS:\s+(\d+) kB/m.exec(readProc(pid, "status") ?? "")?.[1]
    : ps(pid, "rss")?.trim();
  return kibibytes === undefined || kibibytes === "" ? undefined : Number(kibibytes) * 1024;
}

/** The record of a daemon's process; undefined when there is none. */
export function readProcessRecord(file: string): ProcessRecord | undefined {
  return readJson<ProcessRecord>(file);
}

/** Replaces the record as a whole: a reader, or a crash, never sees half of it. */
export function writeProcessRecord(file: string, record: ProcessRecord): void {
  writeJson(file, record);
}

/** Whether the process of a record runs. */
export function recordIsAlive(record: ProcessRecord | undefined): boolean {
  return record?.identity !== undefined && isAlive(record.identity);
}

/** Every process that may be looked at, this one not among them. */
export function runningProcesses(): RunningProcess[] {
  return onLinux() ? processesFromProc() : processesFromPs();
}

/** The command line of a process as a person would read it; undefined when it is gone. */
export function commandOf(pid: number): string | undefined {
  if (!onLinux()) return ps(pid, "command")?.trim();
  const argv = argvFromProc(pid);
  // Kernel threads and processes of others show no arguments, only a name.
  return argv === undefined || argv.length === 0 ? readProc(pid, "comm")?.trim() : argv.join(" ");
}

/** Whether a process leads a session of its own, as every daemon does that was started detached. */
export function leadsSession(pid: number): boolean {
  // Without /proc it cannot be told cheaply; callers have other signs.
  return onLinux() ? statFields(pid)?.[SESSION] === String(pid) : true;
}

/** Working directory of a process where the system tells. */
export function workingDirectoryOf(pid: number): string | undefined {
  if (!onLinux()) return undefined;
  try {
    return fs.readlinkSync(`${PROC}/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

/** Positions in the part of /proc/PID/stat that follows the command's name, which may itself hold blanks and brackets. */
const STATE = 0;
const SESSION = 3;
const THREADS = 17;
const START_TIME = 19;

function statFields(pid: number): string[] | undefined {
  const stat = readProc(pid, "stat");
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function startTimeFromProc(pid: number): string | undefined {
  const fields = statFields(pid);
  if (fields === undefined) return undefined;
  // The first thread of a process may have ended before the others: until the last has, its ports and files are held.
  const hasEnded = (fields[STATE] === "Z" || fields[STATE] === "X") && Number(fields[THREADS]) <= 1;
  return hasEnded ? undefined : fields[START_TIME];
}

function startTimeFromPs(pid: number): string | undefined {
  const line = ps(pid, "stat", "lstart")?.trim();
  if (line === undefined || line === "" || line.startsWith("Z")) return undefined;
  return line.slice(line.search(/\s/)).trim();
}

function processesFromProc(): RunningProcess[] {
  return fs
    .readdirSync(PROC)
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const argv = argvFromProc(Number(name));
      return argv === undefined || argv.length === 0 ? [] : [{ pid: Number(name), argv }];
    });
}

function processesFromPs(): RunningProcess[] {
  return run("ps", ["-axww", "-o", "pid=", "-o", "command="])
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map((match) => ({ pid: Number(match[1]), argv: (match[2] ?? "").split(" ") }))
    .filter(({ pid }) => pid !== process.pid);
}

function argvFromProc(pid: number): string[] | undefined {
  const line = readProc(pid, "cmdline");
  // Each argument ends with a NUL, so the last piece is empty; an empty argument in between is a real one.
  return line === undefined ? undefined : line.split("\0").slice(0, -1);
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return fs.readFileSync(`${PROC}/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}

function ps(pid: number, ...columns: readonly string[]): string | undefined {
  try {
    // One -o for each: a comma after `=` would be part of the heading.
    return run("ps", ["-ww", ...columns.flatMap((column) => ["-o", `${column}=`]), "-p", String(pid)]);
  } catch {
    return undefined; // exit status 1: no such process
  }
}

let boot: string | undefined;

function bootOfMachine(): string {
  boot ??= onLinux()
    ? fs.readFileSync(`${PROC}/sys/kernel/random/boot_id`, "utf8").trim()
    : run("sysctl", ["-n", "kern.bootsessionuuid"]).trim();
  return boot;
}

function run(command: string, args: readonly string[]): string {
  // The C locale: `lstart` is compared as text, and must not change with the caller's language.
  return execFileSync("env", ["LC_ALL=C", command, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

function onLinux(): boolean {
  return process.platform === "linux";
}
