import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { identify } from "../../components/local/processes";
import type { Problem } from "../../errors/problem";

/** A lock file of Pulumi's own backend in a directory. */
interface Lock {
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  readonly timestamp: string;
}

/**
 * Removes locks of a stack whose process on this machine is gone: a killed run cannot unlock, and nobody else will.
 * Locks of living processes, and of other machines, stay.
 * @param directory of the backend
 */
export function breakDeadLocks(directory: string, project: string, stack: string): void {
  const folder = path.join(directory, ".pulumi", "locks", "organization", project, stack);
  if (!fs.existsSync(folder)) return;
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name);
    const lock = readLock(file);
    if (lock?.hostname !== os.hostname() || identify(lock.pid) !== undefined) continue;
    fs.rmSync(file, { force: true });
  }
}

function readLock(file: string): Lock | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as Lock;
  } catch {
    return undefined; // the run that held it has just ended
  }
}

/** Who holds a stack, as a backend's message tells. */
export interface LockHolder {
  readonly who: string;
  /** ISO 8601; undefined where nobody says. */
  readonly since: string | undefined;
}

/** A line for each lock: `FILE: created by USER@HOST (pid 12) at TIME`. So backends of files, S3, GCS and Azure say it. */
const HELD = /created by (\S+) \(pid (\d+)\) at (\S+)/g;

/** What Pulumi Cloud says instead, sometimes with who it is. */
const CONFLICT = /conflict: another update is currently in progress|\[409\] conflict/i;

/** How far apart the files of a lock and the stack's name are. */
const LOCK_FILE = /\.pulumi\/locks\/(?:[^\s/]+\/)*([^\s/]+)\/[^\s/]+\.json/;

/** The lock that a message of the engine speaks of; undefined where it speaks of none. Pure. */
export function lockProblem(text: string, now = new Date()): Problem | undefined {
  const isHeld = /the stack is currently locked by/i.test(text);
  if (!isHeld && !CONFLICT.test(text)) return undefined;
  const holders = holdersIn(text);
  const stack = LOCK_FILE.exec(text)?.[1];
  const all = holders.map(
    ({ who, since }) => `${who}${since === undefined ? "" : ` since ${since}${ageOf(since, now)}`}`,
  );
  const words = [...new Set(all)]; // the engine says it on both of its outputs
  const name = stack ?? "STACK";
  return {
    code: "TN2003",
    ...(stack !== undefined && { at: stack }),
    message: words.length === 0 ? "another run is changing the stack" : `held by ${words.join(", and by ")}`,
    remedy:
      'Wait for that run to end, then run the same command again; with `--wait-for-lock "30 minutes"` it waits by itself. ' +
      "Only if that run is gone for good (killed, its machine lost): " +
      `\`eval "$(npx testnet env ${name})"\`, then \`pulumi cancel --stack ${name}\` breaks the lock.`,
  };
}

function holdersIn(text: string): LockHolder[] {
  return [...text.matchAll(HELD)].map(([, who = "", pid = "", since = ""]) => ({
    who: `${who} (process ${pid})`,
    since: Number.isNaN(Date.parse(since)) ? undefined : since,
  }));
}

/** A clock that is wrong makes no age that is none. */
function ageOf(since: string, now: Date): string {
  const minutes = Math.floor((now.getTime() - Date.parse(since)) / 60_000);
  if (minutes < 1) return "";
  return minutes < 120 ? `, ${minutes} minutes ago` : `, ${Math.floor(minutes / 60)} hours ago`;
}
