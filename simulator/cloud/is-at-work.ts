import * as fs from "node:fs";

/**
 * Whether any process below `root` wants to compute just now, or waits for the disk: the engine, the program, a plugin
 * that starts. The subtree of `except` is left out. On a busy machine this is the only way to tell an engine that has
 * nothing to do from one that does not get its turn. Without /proc (macOS) the answer is always no.
 */
export function isAtWork(root: number, except: number): boolean {
  const children = new Map<number, number[]>();
  for (const pid of processes()) {
    const parent = parentOf(pid);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const wanted = [root];
  for (const pid of wanted) {
    if (threadsAtWork(pid)) return true;
    wanted.push(...(children.get(pid) ?? []).filter((child) => child !== except));
  }
  return false;
}

function processes(): number[] {
  try {
    return fs.readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function parentOf(pid: number): number | undefined {
  const fields = statOf(`/proc/${pid}/stat`);
  return fields === undefined ? undefined : Number(fields[1]);
}

function threadsAtWork(pid: number): boolean {
  try {
    const threads = fs.readdirSync(`/proc/${pid}/task`);
    // R: runs, or waits for its turn. D: waits for the disk.
    return threads.some((thread) => /[RD]/.test(statOf(`/proc/${pid}/task/${thread}/stat`)?.[0] ?? ""));
  } catch {
    return false; // It ended meanwhile.
  }
}

/** State, parent, … of a process: what stands behind its name, which may hold anything. */
function statOf(file: string): string[] | undefined {
  try {
    const text = fs.readFileSync(file, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
