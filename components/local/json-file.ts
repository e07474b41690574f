import * as fs from "node:fs";
import * as path from "node:path";
import { TestnetError } from "../../errors/problem";

/** Small JSON files that are read by several programs while one of them writes. */

/** The content of a file; undefined when there is none. A damaged file is an error, never taken for a missing one. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller says what it wrote there
export function readJson<T>(file: string): T | undefined {
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch (error) {
    // A directory that is gone, or a file where a directory was expected, holds no record either.
    if (isCode(error, "ENOENT") || isCode(error, "ENOTDIR")) return undefined;
    throw unusable(file, error);
  }
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new TestnetError(
      {
        code: "TN4004",
        at: file,
        message: "the file is not JSON: it was changed by hand, or the disk is damaged",
        remedy: "Restore the file, or remove the network it belongs to with `testnet down`.",
      },
      { cause: error },
    );
  }
}

/** Writes a file for its owner only, as a whole: whoever reads, also after a crash, sees the old or the new content. */
export function writeJson(file: string, content: unknown): void {
  // The process id keeps two writers from sharing one temporary file.
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    fs.writeFileSync(temporary, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flush: true });
    fs.renameSync(temporary, file);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw unusable(file, error);
  }
}

/** TN4004 for a file or directory that the operating system refused. */
export function unusable(where: string, cause: unknown): TestnetError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TestnetError({ code: "TN4004", at: where, message: `cannot be used: ${reason}` }, { cause });
}

/** Whether an error of the operating system is of that kind, e.g. `ENOENT`. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}
