import { costLines, policyLines, problemLines } from "./findings";
import { changeRow, count, headline, leftOut, operationsTable, typesTable } from "./changes";
import { code } from "./foreign";
import { networkComment } from "./network";
import { Page } from "./page";
import { rehearsalComment } from "./rehearsal";
import { type CommentSubject, stackOf } from "./subject";
import type { PreviewRecord } from "../preview/record";

/** What GitHub takes is 65,536. */
export const LONGEST_COMMENT = 65_000;

/** From so many changes on they are counted by type, too. */
const MANY_CHANGES = 60;

export interface CommentOptions {
  /** Commit it was made of. */
  readonly commit?: string | undefined;
  /** Where the run's log and the full text are: an address of https. */
  readonly runUrl?: string | undefined;
}

/** A comment on a pull request. */
export interface Comment {
  readonly stack: string;
  /** First line of the body, by which the comment is found again. Tells one stack from another. */
  readonly marker: string;
  /** Markdown of at most {@link LONGEST_COMMENT} characters. */
  readonly body: string;
  /** Whether the body tells everything. */
  readonly complete: boolean;
  /** The same text without a limit. */
  readonly full: () => string;
}

/** Renders a record as a comment. Pure: the same record makes the same text. */
export function commentOf(subject: CommentSubject, options: CommentOptions = {}): Comment {
  const stack = stackOf(subject);
  const marker = markerOf(stack);
  const body = new Page(LONGEST_COMMENT);
  write(body, marker, subject, options);
  return {
    ...{ stack, marker, body: body.text, complete: body.complete },
    full: () => {
      const full = new Page(Number.MAX_SAFE_INTEGER);
      write(full, marker, subject, options);
      return full.text;
    },
  };
}

/** Hidden in the page. A stack's name is safe in it. */
export function markerOf(stack: string): string {
  return `<!-- testnet-preview ${encodeURIComponent(stack).replaceAll("-", "%2D")} -->`;
}

function write(page: Page, marker: string, subject: CommentSubject, options: CommentOptions): void {
  page.add(marker);
  switch (subject.kind) {
    case "preview":
      previewComment(page, subject.record);
      break;
    case "rehearsal":
      rehearsalComment(page, subject.report);
      break;
    case "network":
      networkComment(page, subject.verdict);
      break;
    case "refusal":
      page.add(`### ❌ ${code(subject.stack)}: no preview, the configuration is refused`, "");
      problemLines(page, subject.problems, 0.9);
  }
  const end = footer(options);
  if (end !== undefined) page.add("", end);
}

function previewComment(page: Page, record: PreviewRecord): void {
  const { changes, cost, policy, problems } = record;
  const lost = changes.filter(({ operation }) => operation === "replace" || operation === "delete");
  page.add(headline(record), "");
  if (lost.length > 0) {
    page.add(`**${count(lost.length, "resource")} would be replaced or deleted:**`, "");
    page.addRows(lost.map(changeRow), 0.3, leftOut);
    page.add("");
  }
  problemLines(page, problems, 0.3);
  page.add(...operationsTable(record), "");
  costLines(page, cost);
  policyLines(page, policy);
  if (changes.length >= MANY_CHANGES) typesTable(page, changes);
  if (changes.length > 0) {
    page.add("<details>", `<summary>All ${count(changes.length, "change")}</summary>`, "");
    // What is left but for the end of the page.
    page.addRows(changes.map(changeRow), 0.95, leftOut);
    page.add("", "</details>");
  }
}

function footer({ commit, runUrl }: CommentOptions): string | undefined {
  const parts = [
    ...(commit === undefined ? [] : [`of commit ${code(commit, 40)}`]),
    ...(runUrl !== undefined && /^https:\/\/[\w.:/-]{1,300}$/.test(runUrl)
      ? [`[log and full text](${runUrl})`]
      : []),
  ];
  return parts.length === 0 ? undefined : `<sub>${parts.join(" · ")}</sub>`;
}
