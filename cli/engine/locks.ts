import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { identify } from "../../components/local/processes";

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
