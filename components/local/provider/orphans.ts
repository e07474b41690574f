import * as path from "node:path";
import type { ProcessIdentity } from "../process-record";
import { identify, leadsSession, runningProcesses, workingDirectoryOf } from "../processes";

/**
 * Processes of a daemon that no record knows: this plugin was killed after it had started one and before it had written
 * down which. They are known by what all our daemons have: a session of their own, the daemon's program, and its data
 * directory on the command line or as working directory. A person's `tail` or `geth attach` there has not all three.
 */
export function findOrphans(program: string, data: string): ProcessIdentity[] {
  return runningProcesses()
    .filter(({ argv }) => runs(argv, program))
    .filter(({ argv, pid }) => mentions(argv.join(" "), data) || workingDirectoryOf(pid) === data)
    .filter(({ pid }) => leadsSession(pid))
    .map(({ pid }) => identify(pid))
    .filter((identity) => identity !== undefined);
}

/** Whether a command line is one of that program, perhaps a script's with its interpreter before it. */
function runs(argv: readonly string[], program: string): boolean {
  const name = path.basename(program);
  return argv.slice(0, 3).some((argument) => path.basename(argument) === name);
}

/** Whether a path, or one below it, stands in a command line: `/d/geth-1` does not stand in `/d/geth-10`. */
function mentions(command: string, directory: string): boolean {
  for (let at = command.indexOf(directory); at !== -1; at = command.indexOf(directory, at + 1)) {
    const next = command[at + directory.length];
    if (next === undefined || !/[\w.-]/.test(next)) return true;
  }
  return false;
}
