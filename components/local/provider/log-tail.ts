import * as fs from "node:fs";

const LINES = 15;
const LONGEST_LINE = 300;
/** Enough for the lines wanted; a log may be gigabytes long. */
const BYTES = 64 * 1024;

/** Opens a log for a daemon that is about to start, and says so in it. */
export function openLog(file: string, started: string): number {
  const descriptor = fs.openSync(file, "a", 0o600);
  fs.writeSync(descriptor, `${MARK}${started} ---\n`);
  return descriptor;
}

/** Every start writes such a line: what stands above it is of an earlier process. */
const MARK = "--- testnet: ";

/** The last lines of a daemon's log since it was started, without colours. */
export function logTail(file: string): string[] {
  const lines = lastBytes(file)
    .replace(/\x1b\[[0-9;]*m/g, "")
    .split("\n")
    .map((line) => line.trimEnd());
  const start = lines.findLastIndex((line) => line.startsWith(MARK));
  return lines
    .slice(start + 1)
    .filter((line) => line !== "")
    .slice(-LINES)
    .map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line));
}

/** Lines as a paragraph below a sentence. */
export function asQuote(lines: readonly string[]): string {
  return lines.map((line) => `\n    | ${line}`).join("");
}

function lastBytes(file: string): string {
  let descriptor: number;
  try {
    descriptor = fs.openSync(file, "r");
  } catch {
    return "";
  }
  try {
    const { size } = fs.fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, BYTES));
    fs.readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString("utf8");
  } finally {
    fs.closeSync(descriptor);
  }
}
