import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { type NamedTool, pinOf, type ProgramName, type VersionSource } from "./catalog";
import { isExecutableFile, type ToolContext } from "./context";

/** A program of the right name found in PATH. */
export interface Candidate {
  readonly path: string;
  /** Undefined where the program does not tell, or is another one of that name. */
  readonly version: string | undefined;
  readonly fits: boolean;
}

/** A program that does not answer by then is not ours. Generous, because a busy machine is slow. */
const ASK_TIMEOUT_MILLISECONDS = 10_000;

/** Answers are asked anew after this time: a version manager's shim answers differently without changing itself. */
const ANSWER_AGE_MILLISECONDS = 24 * 60 * 60 * 1000;

/** Every file of that name in the directories of PATH which may be run, in order, each file once. */
export function executablesInPath(name: string, env: NodeJS.ProcessEnv): string[] {
  const seen = new Set<string>();
  const found: string[] = [];
  for (const directory of (env["PATH"] ?? "").split(path.delimiter)) {
    // Empty and relative entries depend on where the user stands; a program must not be picked up that way.
    if (!path.isAbsolute(directory)) continue;
    const file = path.join(directory, name);
    if (!isExecutableFile(file)) continue;
    const real = fs.realpathSync(file);
    if (seen.has(real)) continue;
    seen.add(real);
    found.push(file);
  }
  return found;
}

/** The programs in PATH that could be the one wanted, up to and including the first that fits. */
export async function candidatesInPath(
  program: ProgramName,
  tool: NamedTool,
  context: ToolContext,
): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const file of executablesInPath(program, context.env)) {
    const version = await versionOf(file, program, tool, context);
    const fits = version !== undefined && (await satisfies(version, pinOf(tool, program).fits));
    candidates.push({ path: file, version, fits });
    if (fits) break;
  }
  return candidates;
}

/** Asks a program for its version, at most once a day for one file, over all processes of this user. */
export async function versionOf(
  file: string,
  program: ProgramName,
  tool: NamedTool,
  context: ToolContext,
): Promise<string | undefined> {
  const source = tool.programs[program];
  if (source === undefined) return undefined;
  if (!("beside" in source)) return askOnce(file, source, context);
  const neighbour = path.join(path.dirname(fs.realpathSync(file)), source.beside);
  const answering = tool.programs[source.beside];
  if (answering === undefined || "beside" in answering || !isExecutableFile(neighbour)) return undefined;
  return askOnce(neighbour, answering, context);
}

/** Whether a version lies in a range. semver is loaded only here: it takes longer than all the rest. */
export async function satisfies(version: string, range: string): Promise<boolean> {
  const semver = (await import("semver")).default;
  return semver.satisfies(version, range);
}

/** Key: file, size, time of change and arguments. Value: the answer, null for none that we understand. */
type Answers = Record<string, { readonly version: string | null; readonly asked: number }>;

async function askOnce(
  file: string,
  source: Exclude<VersionSource, { beside: string }>,
  context: ToolContext,
): Promise<string | undefined> {
  const stat = fs.statSync(file);
  const key = [file, stat.size, stat.mtimeMs, ...source.args].join(" ");
  const known = readAnswers(context)[key];
  if (known !== undefined) return known.version ?? undefined;

  const output = await run(file, source.args, { ...context.env, ...source.env }, context.signal);
  if (output === undefined) return undefined;
  const version = source.pattern.exec(output)?.[1] ?? null;
  writeAnswer(key, version, context);
  return version ?? undefined;
}

/** What a program prints, on either stream. Undefined when it did not end in time: that may be the machine's fault. */
export function run(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const options = { env, timeout: ASK_TIMEOUT_MILLISECONDS, killSignal: "SIGKILL" as const };
    const child = execFile(file, args, { ...options, ...(signal && { signal }) }, (error, stdout, stderr) => {
      if (signal?.aborted) reject(signal.reason as Error);
      else resolve(error?.killed ? undefined : `${stdout}\n${stderr}`);
    });
    child.stdin?.end();
  });
}

function answersFile(context: ToolContext): string {
  return path.join(context.cacheDirectory, "path-versions.json");
}

/** Answers that are still young enough. A file that cannot be read is as good as none. */
function readAnswers(context: ToolContext): Answers {
  try {
    const answers = JSON.parse(fs.readFileSync(answersFile(context), "utf8")) as Answers;
    const oldest = Date.now() - ANSWER_AGE_MILLISECONDS;
    return Object.fromEntries(Object.entries(answers).filter(([, answer]) => answer.asked > oldest));
  } catch {
    return {};
  }
}

/**
 * Two processes at once may lose one answer, which costs asking once more; a file is never half-written. A cache that
 * cannot be written (read-only image, full disk) only costs time.
 */
function writeAnswer(key: string, version: string | null, context: ToolContext): void {
  const file = answersFile(context);
  const temporary = `${file}.${process.pid}`;
  try {
    fs.mkdirSync(context.cacheDirectory, { recursive: true });
    const answers: Answers = { ...readAnswers(context), [key]: { version, asked: Date.now() } };
    fs.writeFileSync(temporary, JSON.stringify(answers, undefined, 1));
    fs.renameSync(temporary, file);
  } catch {
    fs.rm(temporary, () => undefined);
  }
}
