import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { TestnetError } from "../errors/problem";
import { type NamedTool, programsOf } from "./catalog";
import { buildDirectory, holdsAllPrograms, type ToolContext, type ToolProgress } from "./context";
import { type Go, goInstall } from "./go";

/**
 * Makes sure that a tool is in the cache, and builds it if it is not. Programs appear in the cache by one rename of
 * their directory, so nobody ever sees a half-built one. Only one process builds at a time, whatever the tool: each
 * build uses all cores and up to 2 GB of memory already.
 * @returns the directory of the programs, and whether it was this call that built them
 * @throws TestnetError TN4003 when the build fails; the signal's reason when aborted
 */
export async function ensureBuilt(
  tool: NamedTool,
  go: Go,
  context: ToolContext,
): Promise<{ directory: string; built: boolean }> {
  const directory = buildDirectory(tool, context);
  const release = await lockUnlessBuilt(tool, directory, context);
  if (release === undefined) return { directory, built: false };
  try {
    removeLeftovers(context);
    await build(tool, go, directory, context);
    return { directory, built: true };
  } finally {
    await release();
  }
}

/**
 * A lock whose owner has not touched it for this long belongs to a process that is gone. Short, because somebody may
 * wait for it after a SIGKILL, and because nothing breaks when a living but starved owner loses its lock.
 */
const STALE_MILLISECONDS = 12_000;

/** Takes the one lock of the cache. Returns undefined as soon as the tool is there, whoever built it. */
async function lockUnlessBuilt(
  tool: NamedTool,
  directory: string,
  context: ToolContext,
): Promise<(() => Promise<void>) | undefined> {
  // Loaded only when something is built: it hooks the process's signals, which nobody else should pay for.
  const { lock } = (await import("proper-lockfile")).default;
  makeDirectory(context.cacheDirectory, tool, context);
  let told = 0;
  for (;;) {
    context.signal?.throwIfAborted();
    if (holdsAllPrograms(directory, tool)) return undefined;
    try {
      const release = await lock(path.join(context.cacheDirectory, "build"), {
        realpath: false,
        stale: STALE_MILLISECONDS,
        update: 3000,
        // Happens when this machine slept or was starved. Two builds then run at once; the first to finish is used by both.
        onCompromised: () => undefined,
      });
      // It can have been finished between the look and the lock.
      const giveBack = (): Promise<void> => release().catch(() => undefined);
      if (!holdsAllPrograms(directory, tool)) return giveBack;
      await giveBack();
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw cacheNotUsable(error, tool, context);
    }
    if (Date.now() - told >= context.tickMilliseconds) {
      told = Date.now();
      const title = `${tool.name} ${tool.version}`;
      report(context, tool, "waiting", `waiting for ${title}: ${othersAtWork(title, context)}`);
    }
    await sleep(context.pollMilliseconds, undefined, { signal: context.signal }).catch(() => undefined);
  }
}

async function build(tool: NamedTool, go: Go, directory: string, context: ToolContext): Promise<void> {
  const title = `${tool.name} ${tool.version}`;
  const temporary = path.join(
    context.cacheDirectory,
    `.building-${tool.name}-${tool.version}-${process.pid}`,
  );
  const binDirectory = path.join(temporary, "bin");
  const workDirectory = path.join(temporary, "work");
  const lines: string[] = [];
  const started = Date.now();
  report(context, tool, "building", `building ${title}, ${estimate(tool)}, once`);
  const ticker = setInterval(() => {
    const doing = /^go: downloading (\S+)/.exec(lines.at(-1) ?? "")?.[1];
    const download = doing === undefined ? "" : `, downloading ${doing}`;
    report(
      context,
      tool,
      "building",
      `building ${title}: ${elapsed(started)} of ${estimate(tool)}${download}`,
    );
  }, context.tickMilliseconds);
  try {
    makeDirectory(binDirectory, tool, context);
    makeDirectory(workDirectory, tool, context);
    const onLine = (line: string): void => void lines.push(line);
    const outcome = await goInstall({ go, tool, binDirectory, workDirectory, onLine }, context);
    context.signal?.throwIfAborted();
    if (outcome !== undefined) throw buildFailed(tool, go, outcome, lines);
    if (!holdsAllPrograms(binDirectory, tool)) {
      const wanted = programsOf(tool).join(", ");
      throw buildFailed(tool, go, `not all of ${wanted} came out of it`, lines);
    }
    place(binDirectory, directory, tool);
  } finally {
    clearInterval(ticker);
    fs.rmSync(temporary, { recursive: true, force: true });
  }
  report(context, tool, "built", `built ${title} in ${elapsed(started)}`);
}

/** Moves finished programs into the cache in one step. */
function place(from: string, to: string, tool: NamedTool): void {
  try {
    fs.renameSync(from, to);
  } catch (error) {
    // Built by another one although we held the lock (this machine slept): theirs is as good as ours.
    if (holdsAllPrograms(to, tool)) return;
    // Somebody removed a program by hand; the rest is in the way.
    fs.rmSync(to, { recursive: true, force: true });
    if (fs.existsSync(to)) throw error;
    fs.renameSync(from, to);
  }
}

interface Leftover {
  readonly directory: string;
  /** What is or was being built, e.g. `geth 1.17.8`. */
  readonly what: string;
  readonly pid: number;
}

/** Directories of builds that run now, or were cut off by a power loss or SIGKILL. */
function unfinished(context: ToolContext): Leftover[] {
  return fs.readdirSync(context.cacheDirectory).flatMap((name) => {
    const match = /^\.building-([a-z-]+)-(.+)-(\d+)$/.exec(name);
    if (match === null) return [];
    const directory = path.join(context.cacheDirectory, name);
    return [{ directory, what: `${match[1]} ${match[2]}`, pid: Number(match[3]) }];
  });
}

/**
 * Call with the lock held: builds of other living processes are then only those that lost the lock while asleep, and
 * one under our own number is of a dead process that had it before us.
 */
function removeLeftovers(context: ToolContext): void {
  for (const { directory, pid } of unfinished(context)) {
    if (pid === process.pid || !isAlive(pid)) fs.rmSync(directory, { recursive: true, force: true });
  }
}

/** Who holds the lock and what for, e.g. `process 4711 builds it`. */
function othersAtWork(title: string, context: ToolContext): string {
  const texts = unfinished(context)
    .filter(({ pid }) => isAlive(pid))
    .map(({ what, pid }) => `process ${pid} builds ${what === title ? "it" : what}`);
  return texts.join(" and ") || "another process builds tools, or was cut off a moment ago";
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function report(context: ToolContext, tool: NamedTool, phase: ToolProgress["phase"], text: string): void {
  context.onProgress({ tool: tool.name, version: tool.version, phase, text });
}

/** How long a build takes, for a person. Rounded up: a promise that is kept. */
export function estimate(tool: NamedTool): string {
  const minutes = Math.ceil(tool.minutes);
  return `about ${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
}

function elapsed(started: number): string {
  const seconds = Math.round((Date.now() - started) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Lines of Go's words that an error shows. */
const TAIL_LINES = 15;

/** Known causes, by Go's words, and what helps against them. */
const REMEDIES: readonly [RegExp, string][] = [
  [
    /C compiler .*not found|cgo: C compiler/,
    "Install a C compiler (gcc or clang), then run the command again.",
  ],
  [/no space left on device/, "Free some disk space (a build needs about 3 GB), then run the command again."],
  [/signal: killed/, "Linking needs up to 2 GB of memory: free some, then run the command again."],
  [
    /dial tcp|no such host|i\/o timeout|TLS handshake/,
    "Check the network, or name a reachable module proxy in GOPROXY, then run the command again.",
  ],
];

function buildFailed(tool: NamedTool, go: Go, outcome: string, lines: readonly string[]): TestnetError {
  const words = lines.filter((line) => line.trim() !== "" && !line.startsWith("go: downloading "));
  const tail = words.slice(-TAIL_LINES).map((line) => `\n      ${line}`);
  const text = words.join("\n");
  const remedy = REMEDIES.find(([pattern]) => pattern.test(text))?.[1];
  return new TestnetError({
    code: "TN4003",
    message: `${tool.name} ${tool.version} could not be built by Go ${go.version} (${outcome})${tail.join("")}`,
    ...(remedy !== undefined && { remedy }),
  });
}

function cacheNotUsable(error: unknown, tool: NamedTool, context: ToolContext): TestnetError {
  return new TestnetError(
    {
      code: "TN4003",
      message: `${tool.name} ${tool.version} could not be built: its cache directory cannot be written (${(error as Error).message})`,
      given: context.cacheDirectory,
      remedy: "Make the directory writable, or name another one in TESTNET_TOOLS_CACHE.",
    },
    { cause: error },
  );
}

function makeDirectory(directory: string, tool: NamedTool, context: ToolContext): void {
  try {
    fs.mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw cacheNotUsable(error, tool, context);
  }
}
