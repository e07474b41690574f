import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type NamedTool, programsOf } from "./catalog";

/** What is told while a tool is being made ready. Nothing is told about tools that are there. */
export interface ToolProgress {
  readonly tool: string;
  readonly version: string;
  /** `waiting`: another process builds. `building`: told again every few seconds. `built`: it is in place. */
  readonly phase: "waiting" | "building" | "built";
  /** One line for a person. */
  readonly text: string;
}

/** Options of everything that looks for tools. The defaults are right outside of tests. */
export interface ToolOptions {
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  /** @default TESTNET_TOOLS_CACHE, or `testnet/tools` in the user's cache directory */
  readonly cacheDirectory?: string;
  /** Holds a folder with go.mod and go.sum for each tool. @default tools/go */
  readonly modulesDirectory?: string;
  readonly onProgress?: (progress: ToolProgress) => void;
  /** Ends a build and leaves nothing of it behind; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds between two progress reports of one build. @default 5000 */
  readonly tickMilliseconds?: number;
  /** Milliseconds between two looks at another process's build. @default 300 */
  readonly pollMilliseconds?: number;
}

/** The options with every default filled in. */
export interface ToolContext {
  readonly env: NodeJS.ProcessEnv;
  readonly cacheDirectory: string;
  readonly modulesDirectory: string;
  readonly onProgress: (progress: ToolProgress) => void;
  readonly signal: AbortSignal | undefined;
  readonly tickMilliseconds: number;
  readonly pollMilliseconds: number;
}

/** Fills in the defaults. The only place of tools/ that reads the process's own environment. */
export function toolContext(options: ToolOptions): ToolContext {
  const env = options.env ?? process.env;
  return {
    env,
    cacheDirectory: options.cacheDirectory ?? userCacheDirectory(env),
    modulesDirectory: options.modulesDirectory ?? path.join(__dirname, "go"),
    onProgress: options.onProgress ?? (() => undefined),
    signal: options.signal,
    tickMilliseconds: options.tickMilliseconds ?? 5000,
    pollMilliseconds: options.pollMilliseconds ?? 300,
  };
}

/** Where built tools are kept, for all projects of one user. */
export function userCacheDirectory(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env["TESTNET_TOOLS_CACHE"]) return path.resolve(env["TESTNET_TOOLS_CACHE"]);
  const home = env["HOME"] ?? os.homedir();
  if (platform === "darwin") return path.join(home, "Library", "Caches", "testnet", "tools");
  const xdg = env["XDG_CACHE_HOME"];
  // The XDG specification says to ignore relative paths.
  const base = xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(home, ".cache");
  return path.join(base, "testnet", "tools");
}

/** The folder with go.mod and go.sum of a tool. */
export function moduleDirectory(tool: NamedTool, context: ToolContext): string {
  return path.join(context.modulesDirectory, tool.name);
}

/**
 * The directory of the cache that holds the programs of a tool, whether it exists or not. Its name changes with
 * everything that decides what comes out of the build, so an old build is never taken for a new one. The version of
 * Go is left out: learning it costs starting Go, which must not happen when everything is built.
 */
export function buildDirectory(tool: NamedTool, context: ToolContext): string {
  const source = moduleDirectory(tool, context);
  const files = fs
    .readdirSync(source)
    .filter((file) => file === "go.mod" || file === "go.sum" || file.endsWith(".go"))
    .sort();
  const hash = createHash("sha256");
  hash.update(JSON.stringify([tool.packages, tool.build, process.platform, process.arch]));
  for (const file of files) {
    const content = fs.readFileSync(path.join(source, file));
    hash.update(`\n${file} ${content.length}\n`).update(content);
  }
  return path.join(context.cacheDirectory, `${tool.name}-${tool.version}-${hash.digest("hex").slice(0, 16)}`);
}

/** Whether a directory holds every program of a tool. */
export function holdsAllPrograms(directory: string, tool: NamedTool): boolean {
  return programsOf(tool).every((program) => isExecutableFile(path.join(directory, program)));
}

/** Whether a path names a file that may be run by this user. */
export function isExecutableFile(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
