import * as fs from "node:fs";
import { TestnetError } from "../../errors/problem";
import { commentOf } from "../comment/render";
import { subjectOf } from "../comment/subject";
import type { CommandContext } from "../context";

export interface CommentCommandOptions {
  /** File that `preview --json` or `rehearse --json` wrote. */
  readonly record: string;
  /** File for the text without a limit. */
  readonly full?: string;
  /** The stack, where one was named. */
  readonly stack?: string;
  readonly commit?: string;
  readonly runUrl?: string;
}

/** Renders a record as the comment of a pull request. Posts nothing. */
export function run({ out }: CommandContext, options: CommentCommandOptions): Promise<number> {
  const { record, full, stack, commit, runUrl } = options;
  const comment = commentOf(subjectOf(read(record), record, stack), { commit, runUrl });
  if (full !== undefined) write(full, comment.full());
  const { marker, body, complete } = comment;
  out.result(body.trimEnd(), { ok: true, stack: comment.stack, marker, body, complete });
  return Promise.resolve(0);
}

function read(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    throw new TestnetError({ code: "TN2050", at: file, message: wordsOf(error) }, { cause: error });
  }
}

function write(file: string, text: string): void {
  try {
    fs.writeFileSync(file, text);
  } catch (error) {
    throw new TestnetError(
      {
        code: "TN1014",
        at: "--full",
        message: wordsOf(error),
        given: file,
        allowed: "a file that can be written",
      },
      { cause: error },
    );
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
