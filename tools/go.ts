import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { type Problem, TestnetError } from "../errors/problem";
import { type NamedTool, overrideVariable, programsOf } from "./catalog";
import { moduleDirectory, type ToolContext } from "./context";
import { type Candidate, executablesInPath, run, satisfies } from "./path-programs";

/** A Go compiler found in PATH. */
export interface Go {
  readonly path: string;
  /** As semver writes it, e.g. `1.26.8`. */
  readonly version: string;
}

/** A tool that must be built, and what was found in PATH instead. */
export interface MissingTool {
  readonly tool: NamedTool;
  readonly unfit: readonly Candidate[];
}

/** Every Go in PATH that tells its version: some systems have an old one in front of a newer one. */
export async function goInPath(context: ToolContext): Promise<Go[]> {
  const found: Go[] = [];
  for (const file of executablesInPath("go", context.env)) {
    // Without GOTOOLCHAIN=local Go may answer for, or download, another version than the one installed.
    const output = await run(file, ["version"], { ...context.env, GOTOOLCHAIN: "local" }, context.signal);
    const match = /^go version .*?\bgo(\d+)\.(\d+)(?:\.(\d+))?/.exec(output ?? "");
    if (match !== null) found.push({ path: file, version: `${match[1]}.${match[2]}.${match[3] ?? "0"}` });
  }
  return found;
}

/** The lowest version of Go that a tool's go.mod accepts, e.g. `1.26`. */
export function goLine(tool: NamedTool, context: ToolContext): string {
  const text = fs.readFileSync(path.join(moduleDirectory(tool, context), "go.mod"), "utf8");
  return /^go\s+(\d+\.\d+(?:\.\d+)?)/m.exec(text)?.[1] ?? "1.21";
}

/**
 * The Go to build these tools with. All that stands in the way is told at once, before anything is built.
 * @throws TestnetError TN4001 without Go, TN4002 when it is too old
 */
export async function requireGo(missing: readonly MissingTool[], context: ToolContext): Promise<Go> {
  const found = await goInPath(context);
  for (const go of found) {
    const fits = await Promise.all(
      missing.map(({ tool }) => satisfies(go.version, `>=${goLine(tool, context)}`)),
    );
    if (fits.every(Boolean)) return go;
  }
  const first = found[0];
  throw new TestnetError(
    missing.map((one) => (first === undefined ? goMissing(one, context) : goTooOld(one, first, context))),
  );
}

function goMissing({ tool, unfit }: MissingTool, context: ToolContext): Problem {
  const programs = programsOf(tool);
  const elsewhere = unfit.map(
    (one) => `; ${one.path} is ${one.version ?? "of unknown version"} and does not fit`,
  );
  const variables = programs.map(overrideVariable).join(", ");
  return {
    code: "TN4001",
    message: `${tool.name} ${tool.version} (${programs.join(", ")}) is neither in PATH nor built yet, and there is no Go to build it with${elsewhere.join("")}`,
    remedy: `Install Go ${goLine(tool, context)} or newer (https://go.dev/dl), or put ${tool.name} ${tool.fits} in PATH, or name a binary in ${variables}. Then run the command again.`,
  };
}

function goTooOld({ tool }: MissingTool, go: Go, context: ToolContext): Problem {
  return {
    code: "TN4002",
    message: `Go in ${go.path} is too old to build ${tool.name} ${tool.version}`,
    given: go.version,
    allowed: `${goLine(tool, context)} or newer`,
  };
}

/** One run of `go install`. */
export interface GoInstall {
  readonly go: Go;
  readonly tool: NamedTool;
  /** Receives the programs. */
  readonly binDirectory: string;
  /** Receives what Go writes in between, so that nothing stays behind in the system's directory when it is killed. */
  readonly workDirectory: string;
  /** Called with each line Go prints. */
  readonly onLine: (line: string) => void;
}

/** How `go install` ended: undefined for well, else its reason as text, e.g. `exit status 1`. */
export type GoOutcome = string | undefined;

/** The environment of `go install`: the user's own (proxies, checksum database), but for what decides the result. */
function goEnvironment(job: GoInstall, context: ToolContext): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...context.env,
    GOBIN: job.binDirectory,
    GOTMPDIR: job.workDirectory,
    GOTOOLCHAIN: "local",
    GOWORK: "off",
    GO111MODULE: "on",
    CGO_ENABLED: job.tool.build.cgo ? "1" : "0",
  };
  // We build for this machine, and Go refuses GOBIN together with another target.
  delete env["GOOS"];
  delete env["GOARCH"];
  return env;
}

/** The arguments of `go` that build a tool. */
export function goArguments(tool: NamedTool): string[] {
  const { tags, ldflags } = tool.build;
  return [
    "install",
    // Never let a build change go.mod or go.sum: what is not pinned is an error.
    "-mod=readonly",
    "-trimpath",
    "-buildvcs=false",
    ...(tags.length > 0 ? ["-tags", tags.join(",")] : []),
    "-ldflags",
    ["-s", "-w", ...ldflags].join(" "),
    ...tool.packages,
  ];
}

/** Milliseconds that Go and its compilers have to end after SIGTERM. */
const GRACE_MILLISECONDS = 3000;

/** Runs `go install` and waits for its end; when the signal is aborted, for the end of all its processes. */
export function goInstall(job: GoInstall, context: ToolContext): Promise<GoOutcome> {
  return new Promise((resolve) => {
    const child = spawn(job.go.path, goArguments(job.tool), {
      cwd: moduleDirectory(job.tool, context),
      env: goEnvironment(job, context),
      stdio: ["ignore", "pipe", "pipe"],
      // A process group of its own, so that the compilers Go starts can be ended with it.
      detached: true,
    });
    const kill = (signal: NodeJS.Signals): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal);
      } catch {
        // The group is gone already.
      }
    };
    let killTimer: NodeJS.Timeout | undefined;
    const abort = (): void => {
      kill("SIGTERM");
      killTimer = setTimeout(() => kill("SIGKILL"), GRACE_MILLISECONDS);
    };
    const lastResort = (): void => kill("SIGKILL");
    const finish = (outcome: GoOutcome): void => {
      clearTimeout(killTimer);
      context.signal?.removeEventListener("abort", abort);
      process.removeListener("exit", lastResort);
      resolve(outcome);
    };
    forEachLine(child.stdout, job.onLine);
    forEachLine(child.stderr, job.onLine);
    process.once("exit", lastResort);
    context.signal?.addEventListener("abort", abort, { once: true });
    if (context.signal?.aborted) abort();
    child.once("error", (error) => finish(error.message));
    child.once("close", (code, signal) => {
      if (code === 0) finish(undefined);
      else finish(code === null ? `ended by ${signal}` : `exit status ${code}`);
    });
  });
}

function forEachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(onLine);
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}
