import { TestnetError } from "../errors/problem";
import { allTools, type NamedTool, pinOf, type ProgramName, programsOf } from "./catalog";
import { estimate } from "./build";
import { toolContext, type ToolContext, type ToolOptions } from "./context";
import { goInPath, goLine } from "./go";
import { executablesInPath, satisfies, versionOf } from "./path-programs";
import { lookUp, type ProgramSource } from "./resolve";

/** One program that the project needs, as `testnet doctor` shows it. */
export interface ToolRow {
  /** `go`, `node`, or a tool of the catalog. */
  readonly tool: string;
  readonly program: string;
  /** Whether it is there and fits. A tool that is not found is built on first use, when Go is found. */
  readonly found: boolean;
  readonly path: string | undefined;
  readonly version: string | undefined;
  readonly source: ProgramSource | undefined;
  /** The versions that fit, as a semver range. */
  readonly needed: string;
  /** What to know or to do, empty when all is well. */
  readonly note: string;
}

/** Node.js that can load ES modules with require(). */
const NODE_RANGE = ">=20.19.0 <21 || >=22.12.0";

/** What is there of all that the project runs. Builds nothing, and throws for nothing that it can show in a row. */
export async function toolReport(options: ToolOptions = {}): Promise<ToolRow[]> {
  const context = toolContext(options);
  const go = await goRow(context);
  const rows = [await nodeRow(), go];
  for (const tool of allTools()) {
    for (const program of programsOf(tool)) rows.push(await programRow(program, tool, go.found, context));
  }
  return rows;
}

async function nodeRow(): Promise<ToolRow> {
  const version = process.versions.node;
  const found = await satisfies(version, NODE_RANGE);
  const note = found ? "" : "install Node.js 20.19 or newer, 22 or 24";
  const row = { tool: "node", program: "node", path: process.execPath, version, needed: NODE_RANGE };
  return { ...row, found, source: "path", note };
}

async function goRow(context: ToolContext): Promise<ToolRow> {
  const lines = allTools().map((tool) => `>=${goLine(tool, context)}`);
  // Go must satisfy all of them; one range is what a person wants to read.
  const needed = [...new Set(lines)].join(" ");
  const candidates = await goInPath(context);
  const fits = await Promise.all(candidates.map((go) => satisfies(go.version, needed)));
  const fitting = candidates.find((_, index) => fits[index]);
  const shown = fitting ?? candidates[0];
  const why = shown === undefined ? "" : "too old: ";
  return {
    tool: "go",
    program: "go",
    found: fitting !== undefined,
    path: shown?.path,
    version: shown?.version,
    source: shown && "path",
    needed,
    note: fitting !== undefined ? "" : `${why}needed only to build what is missing below; https://go.dev/dl`,
  };
}

async function programRow(
  program: ProgramName,
  tool: NamedTool,
  hasGo: boolean,
  context: ToolContext,
): Promise<ToolRow> {
  const pin = pinOf(tool, program);
  const base = { tool: tool.name, program, needed: pin.fits };
  try {
    const { found, unfit } = await lookUp(program, context);
    const passedOver = unfit.map((one) => `${one.path} is ${one.version ?? "of unknown version"}`);
    if (found === undefined) {
      const note = [...passedOver, howToGet(tool, hasGo, context)].join("; ");
      return { ...base, found: false, path: undefined, version: undefined, source: undefined, note };
    }
    if (found.source !== "override") return { ...base, ...found, found: true, note: passedOver.join("; ") };
    const version = await versionOf(found.path, program, tool, context);
    const fits = version !== undefined && (await satisfies(version, pin.fits));
    const warning = `own build${fits ? "" : `, not checked against ${pin.version}`}`;
    return { ...base, ...found, version, found: true, note: warning };
  } catch (error) {
    if (!(error instanceof TestnetError)) throw error;
    const note = error.problems.map(({ at, message }) => (at === undefined ? message : `${at}: ${message}`));
    return {
      ...base,
      found: false,
      path: undefined,
      version: undefined,
      source: undefined,
      note: note.join("; "),
    };
  }
}

function howToGet(tool: NamedTool, hasGo: boolean, context: ToolContext): string {
  if (!hasGo) return `install Go ${goLine(tool, context)} or newer, or put ${tool.name} ${tool.fits} in PATH`;
  const compilers = ["gcc", "clang"].flatMap((name) => executablesInPath(name, context.env));
  const canCompileC = compilers.length > 0 || context.env["CC"] !== undefined;
  if (tool.build.cgo && !canCompileC) return "install a C compiler (gcc or clang)";
  return `built on first use, ${estimate(tool)}`;
}
