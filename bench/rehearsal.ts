import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RehearsalReport } from "../simulator/rehearsal/report";

/**
 * Measures a whole rehearsal: real time, memory, and how close `up` comes to its critical path. Prints JSON, asserts
 * nothing. The argument is the stack, `prod` when there is none. Memory needs /proc.
 */
const SAMPLE_MS = 2000;

async function main(stack: string): Promise<void> {
  const cli = path.join(__dirname, "..", "cli", "testnet.js");
  const child = spawn(process.execPath, [cli, "rehearse", stack, "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const ended = once(child, "close");
  let peak = 0;
  // Null while it runs.
  while (child.exitCode === null && child.signalCode === null) {
    peak = Math.max(peak, treeMemory(child.pid ?? 0));
    await Promise.race([ended, sleep(SAMPLE_MS)]);
  }
  await ended;
  const report = JSON.parse(Buffer.concat(chunks).toString("utf8")) as RehearsalReport;
  const { ok, seconds, phases, snapshot, time, leftovers } = report;
  const figures = {
    ok,
    seconds,
    phases: Object.fromEntries(phases.map((phase) => [phase.name, phase.seconds])),
    peakMiB: Math.round(peak / 2 ** 20),
    resources: snapshot?.resources,
    clusters: snapshot?.clusters.length,
    makespanToCriticalPath: time?.ratio,
    leftovers: leftovers.length,
  };
  process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`);
}

/** Memory of a process and all it started: what is shared is counted once (PSS). */
function treeMemory(root: number): number {
  const children = new Map<number, number[]>();
  for (const pid of fs.readdirSync("/proc").map(Number).filter(Number.isInteger)) {
    const parent = parentOf(pid);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree.reduce((sum, pid) => sum + proportionalBytes(pid), 0);
}

function parentOf(pid: number): number {
  const text = read(`/proc/${pid}/stat`);
  return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
}

function proportionalBytes(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
}

/** Nothing for a process that has ended. */
function read(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

void main(process.argv[2] ?? "prod");
