import { main } from "../../cli/main";

/** What a run of the CLI in this process wrote and returned. */
export interface CliResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the CLI's own main in this process: quick enough for a table of cases. */
export async function runMain(...argv: string[]): Promise<CliResult> {
  const written = { stdout: "", stderr: "" };
  const restore = (["stdout", "stderr"] as const).map((name) => {
    const original = process[name].write.bind(process[name]);
    process[name].write = (chunk: string | Uint8Array) => {
      written[name] += String(chunk);
      return true;
    };
    return () => {
      process[name].write = original;
    };
  });
  const exitCode = process.exitCode;
  process.exitCode = undefined;
  try {
    return { status: await main(argv), ...written };
  } finally {
    process.exitCode = exitCode;
    restore.forEach((undo) => undo());
  }
}
