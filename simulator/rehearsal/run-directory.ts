import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** Sockets lie in it, and a socket's path is short: 103 bytes with what stands below the directory. */
const LONGEST = 75;

/** The folder of one rehearsal: everything it writes is in it, and it is removed at the end. */
export interface RunDirectory {
  readonly path: string;
  remove(): void;
}

/** Makes the folder of a rehearsal, and removes those that killed ones left behind. */
export function makeRunDirectory(home: string, stack: string): RunDirectory {
  const name = `${stack}-${process.pid}`;
  const wanted = path.join(home, "rehearsals", name);
  const directory = Buffer.byteLength(wanted) <= LONGEST ? wanted : shortDirectory();
  removeDead(path.dirname(wanted));
  fs.rmSync(directory, { recursive: true, force: true });
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  return {
    path: directory,
    remove: () => {
      fs.rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
      removeIfEmpty(path.dirname(wanted));
    },
  };
}

function shortDirectory(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), "testnet-rehearsal-"));
}

function removeDead(parent: string): void {
  if (!fs.existsSync(parent)) return;
  for (const name of fs.readdirSync(parent)) {
    const pid = Number(/-(\d+)$/.exec(name)?.[1]);
    if (!isAlive(pid)) fs.rmSync(path.join(parent, name), { recursive: true, force: true });
  }
}

function removeIfEmpty(directory: string): void {
  try {
    fs.rmdirSync(directory);
  } catch {
    // Another rehearsal runs, or it never was there.
  }
}

/** Whether a process of that id runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
