import * as path from "node:path";
import { TestnetError } from "../errors/problem";
import { type NamedTool, overrideVariable, pinOf, type ProgramName, toolOf } from "./catalog";
import { ensureBuilt } from "./build";
import { buildDirectory, isExecutableFile, toolContext, type ToolContext, type ToolOptions } from "./context";
import { requireGo } from "./go";
import { type Candidate, candidatesInPath } from "./path-programs";

/** Where a program was found. */
export type ProgramSource = "override" | "path" | "cache" | "built";

/** A program that is ready to run. */
export interface ResolvedProgram {
  /** Absolute path. */
  readonly path: string;
  /** Undefined for an override: it is not run to learn its version, whoever names it vouches for it. */
  readonly version: string | undefined;
  readonly source: ProgramSource;
}

/** What was found without building anything. */
export interface LookUp {
  readonly tool: NamedTool;
  readonly found: ResolvedProgram | undefined;
  /** Programs of that name in PATH that do not fit. */
  readonly unfit: readonly Candidate[];
}

/**
 * Finds a program, and builds its tool when it is nowhere. In this order:
 * 1. the binary that TESTNET_TOOL_<PROGRAM> names
 * 2. the first one in PATH whose version fits (`fits` in the catalog)
 * 3. the cache
 * 4. a build into the cache, with progress
 *
 * When it is found, nothing is started, but for asking a program in PATH that was not asked before.
 * @throws TestnetError TN4001 (missing), TN4002 (Go too old), TN4003 (build failed); the signal's reason when aborted
 * @example const geth = await resolveProgram("geth", { onProgress: ({ text }) => console.error(text) });
 */
export async function resolveProgram(name: ProgramName, options: ToolOptions = {}): Promise<ResolvedProgram> {
  return (await resolveTools([name], options))[name];
}

/**
 * Finds several programs as {@link resolveProgram} does. What hinders building is told for all at once and first;
 * then the tools that are missing are built one after another, as one build uses all cores already.
 */
export async function resolveTools<P extends ProgramName>(
  names: readonly P[],
  options: ToolOptions = {},
): Promise<Record<P, ResolvedProgram>> {
  const context = toolContext(options);
  context.signal?.throwIfAborted();
  const resolved = new Map<P, ResolvedProgram>();
  const missing = new Map<string, { tool: NamedTool; programs: P[]; unfit: Candidate[] }>();
  for (const name of names) {
    const { found, tool, unfit } = await lookUp(name, context);
    if (found !== undefined) {
      resolved.set(name, found);
      continue;
    }
    const entry = missing.get(tool.name) ?? { tool, programs: [], unfit: [] };
    missing.set(tool.name, entry);
    entry.programs.push(name);
    entry.unfit.push(...unfit);
  }
  if (missing.size > 0) {
    const go = await requireGo([...missing.values()], context);
    for (const { tool, programs } of missing.values()) {
      const { directory, built } = await ensureBuilt(tool, go, context);
      const source = built ? "built" : "cache";
      for (const name of programs) {
        const { version } = pinOf(tool, name);
        resolved.set(name, { path: path.join(directory, name), version, source });
      }
    }
  }
  return Object.fromEntries(resolved) as Record<P, ResolvedProgram>;
}

/** Finds a program as {@link resolveProgram} does, but never builds: undefined when it would have to. */
export async function findProgram(
  name: ProgramName,
  options: ToolOptions = {},
): Promise<ResolvedProgram | undefined> {
  return (await lookUp(name, toolContext(options))).found;
}

/** The look-up behind the others, with what it passed over. */
export async function lookUp(name: ProgramName, context: ToolContext): Promise<LookUp> {
  const tool = toolOf(name);
  const override = overrideOf(name, context);
  if (override !== undefined) return { tool, found: override, unfit: [] };

  const candidates = await candidatesInPath(name, tool, context);
  const unfit = candidates.filter((candidate) => !candidate.fits);
  const fitting = candidates.find((candidate) => candidate.fits);
  if (fitting !== undefined) {
    return { tool, found: { path: fitting.path, version: fitting.version, source: "path" }, unfit };
  }
  const cached = path.join(buildDirectory(tool, context), name);
  if (!isExecutableFile(cached)) return { tool, found: undefined, unfit };
  return { tool, found: { path: cached, version: pinOf(tool, name).version, source: "cache" }, unfit };
}

function overrideOf(name: ProgramName, context: ToolContext): ResolvedProgram | undefined {
  const variable = overrideVariable(name);
  const given = context.env[variable];
  if (given === undefined || given === "") return undefined;
  const file = path.resolve(given);
  if (!isExecutableFile(file)) {
    throw new TestnetError({
      code: "TN4001",
      at: variable,
      message: `the file named for ${name} does not exist or may not be run`,
      given,
      remedy: `Name a program in ${variable}, or unset it to use ${name} ${pinOf(toolOf(name), name).version}.`,
    });
  }
  return { path: file, version: undefined, source: "override" };
}
