import * as fs from "node:fs/promises";
import { isCode } from "../../components/local/json-file";
import { pause } from "./parallel";

const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;
const DEFAULT_POLL_MS = 200;

/**
 * Where the last lines of a file begin: read backwards from its end, so that it takes as long for a file of gigabytes as
 * for a small one. A last line without a newline counts.
 * @returns offset in bytes; 0 when there are fewer lines
 */
export async function startOfLastLines(
  file: Pick<fs.FileHandle, "read">,
  size: number,
  count: number,
): Promise<number> {
  if (count === 0) return size;
  const buffer = Buffer.alloc(CHUNK_BYTES);
  let missing = count;
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - CHUNK_BYTES);
    const { bytesRead } = await file.read(buffer, 0, end - start, start);
    // The newline at the very end ends the last line, it begins none.
    let from = end === size ? bytesRead - 2 : bytesRead - 1;
    for (; from >= 0; from -= 1) {
      from = buffer.lastIndexOf(NEWLINE, from);
      if (from < 0) break;
      missing -= 1;
      if (missing === 0) return start + from + 1;
    }
    end = start;
  }
  return 0;
}

/** Reads from an offset to what is the file's end then, piece by piece. */
export async function* readFrom(file: fs.FileHandle, offset: number): AsyncGenerator<Buffer> {
  for (let position = offset; ;) {
    const buffer = Buffer.alloc(CHUNK_BYTES);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** The last lines of a file as they are. @throws what the operating system says when it cannot be read */
export async function* tail(path: string, count: number): AsyncGenerator<Buffer> {
  const file = await fs.open(path);
  try {
    const { size } = await file.stat();
    yield* readFrom(file, await startOfLastLines(file, size, count));
  } finally {
    await file.close();
  }
}

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Between two looks at a file that has not grown. @default 200 */
  readonly pollMs?: number;
}

/**
 * The last lines of a file, then all that is written to it, until the signal. A file that is truncated is read from its
 * beginning again; one that is replaced is read to its end, then the new one from its beginning; one that is gone is
 * waited for. Polled: watchers of the operating system miss writes on some file systems.
 */
export async function* follow(path: string, count: number, options: FollowOptions): AsyncGenerator<Buffer> {
  const { signal, pollMs = DEFAULT_POLL_MS } = options;
  let file: fs.FileHandle | undefined = await fs.open(path);
  try {
    let position = await startOfLastLines(file, (await file.stat()).size, count);
    while (!signal.aborted) {
      // Looked at before reading: what the old file still got before it was replaced is read below.
      const replaced = await isReplaced(path, file);
      if ((await file.stat()).size < position) position = 0;
      for await (const piece of readFrom(file, position)) {
        position += piece.length;
        yield piece;
      }
      if (replaced) {
        await file.close();
        file = undefined;
        file = await openWhenThere(path, signal, pollMs);
        if (file === undefined) return;
        position = 0;
      } else {
        await pause(pollMs, signal);
      }
    }
  } finally {
    await file?.close();
  }
}

async function isReplaced(path: string, file: fs.FileHandle): Promise<boolean> {
  const [now, open] = await Promise.all([fs.stat(path).catch(() => undefined), file.stat()]);
  return now?.ino !== open.ino || now.dev !== open.dev;
}

async function openWhenThere(
  path: string,
  signal: AbortSignal,
  pollMs: number,
): Promise<fs.FileHandle | undefined> {
  while (!signal.aborted) {
    try {
      return await fs.open(path);
    } catch (error) {
      if (!isCode(error, "ENOENT")) throw error;
    }
    await pause(pollMs, signal);
  }
  return undefined;
}

/** Pieces as whole lines without their ends; the last one may lack its newline. */
export async function* linesOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  // Cut at the byte: a character may be divided between two pieces, a newline cannot.
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
      yield Buffer.concat([rest, piece.subarray(start, end)]).toString("utf8");
      rest = Buffer.alloc(0);
      start = end + 1;
    }
    rest = Buffer.concat([rest, piece.subarray(start)]);
  }
  if (rest.length > 0) yield rest.toString("utf8");
}
