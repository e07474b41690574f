import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { type Problem, TestnetError } from "../../errors/problem";
import type { CommandContext } from "../context";
import { backendOf } from "../engine/workspace";
import { inParallel } from "../observe/parallel";
import { EngineReader } from "./engine-reader";
import { FileReader } from "./file-reader";
import type { BackendReader } from "./reader";
import type { StackState } from "./state";

/** What a backend holds. */
export interface BackendListing {
  readonly states: readonly StackState[];
  /** Stacks that cannot be read, TN2035 each. */
  readonly problems: readonly Problem[];
}

/** The reader for the backend in use: files are read directly, others by the engine. */
export function backendReader(context: CommandContext, signal: AbortSignal): BackendReader {
  const backend = backendOf(context.home, process.env);
  const directory = backend.directory ?? directoryOf(backendUrl(process.env));
  if (directory !== undefined) return new FileReader(directory);
  return new EngineReader(context, signal);
}

/** All stacks, however many of them cannot be read. @throws TestnetError TN2004 where not even their names are told */
export async function readBackend(
  reader: BackendReader,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (read: number, all: number) => void } = {},
): Promise<BackendListing> {
  const names = await reader.names();
  const problems: Problem[] = [];
  let read = 0;
  const states = await inParallel(
    names,
    async (stack) => {
      options.signal?.throwIfAborted();
      const state = await reader.read(stack).catch((error: unknown) => {
        options.signal?.throwIfAborted();
        problems.push(unreadable(stack, error));
        return undefined;
      });
      read += 1;
      options.onProgress?.(read, names.length);
      return state;
    },
    reader.atOnce,
  );
  return { states: states.filter((state) => state !== undefined), problems };
}

function unreadable(stack: string, error: unknown): Problem {
  if (error instanceof TestnetError && error.problems[0] !== undefined) return error.problems[0];
  const words = error instanceof Error ? error.message : String(error);
  return { code: "TN2035", at: stack, message: words.replace(/\s+/g, " ").slice(0, 300) };
}

/** The backend that the user chose: by variable, else with `pulumi login`. */
function backendUrl(env: NodeJS.ProcessEnv): string | undefined {
  if (env["PULUMI_BACKEND_URL"] !== undefined) return env["PULUMI_BACKEND_URL"];
  const file = path.join(env["PULUMI_HOME"] ?? path.join(os.homedir(), ".pulumi"), "credentials.json");
  try {
    return (JSON.parse(fs.readFileSync(file, "utf8")) as { current?: string }).current;
  } catch {
    return undefined;
  }
}

/** The folder of a backend of files; undefined for another one. */
function directoryOf(url: string | undefined): string | undefined {
  if (url?.startsWith("file://") !== true) return undefined;
  const rest = url.slice("file://".length).split("?")[0] ?? "";
  if (rest.startsWith("~")) return path.join(os.homedir(), rest.slice(1));
  return rest.startsWith("/") ? fileURLToPath(`file://${rest}`) : path.resolve(rest);
}
