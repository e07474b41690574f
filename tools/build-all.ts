/**
 * `npm run tools [-- PROGRAM …]`: makes every tool, or those of the programs named, ready before it is needed, e.g.
 * in an image or a CI cache. Progress goes to stderr, one line per program to stdout. Exit status 0, 1 failed,
 * 2 unknown program, 130 (143, 129) interrupted.
 */
import { constants } from "node:os";
import { TestnetError } from "../errors/problem";
import { allTools, type ProgramName, programsOf } from "./catalog";
import { resolveTools } from "./resolve";

async function main(args: readonly string[]): Promise<number> {
  const known = allTools().flatMap(programsOf);
  const unknown = args.filter((arg) => !known.includes(arg as ProgramName));
  if (unknown.length > 0) {
    throw new TestnetError({
      code: "TN1014",
      message: `unknown program ${unknown.join(", ")}`,
      allowed: known.join(", "),
    });
  }
  const abort = new AbortController();
  // Not `once`: proper-lockfile (signal-exit) kills the process when it finds itself the only listener left.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => abort.abort(signal));
  }
  try {
    const names = args.length > 0 ? (args as ProgramName[]) : known;
    const onProgress = ({ text }: { text: string }): void => console.error(text);
    const resolved = await resolveTools(names, { signal: abort.signal, onProgress });
    for (const name of names) {
      const { path, version, source } = resolved[name];
      console.log(`${name.padEnd(25)}${(version ?? "").padEnd(10)}${source.padEnd(10)}${path}`);
    }
    return 0;
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    console.error("interrupted; nothing half-built is left behind");
    return 128 + constants.signals[abort.signal.reason as NodeJS.Signals];
  }
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    console.error(error instanceof TestnetError ? error.message : error);
    process.exitCode = error instanceof TestnetError ? error.exitCode : 1;
  },
);
