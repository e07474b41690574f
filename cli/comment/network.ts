import { leftOut } from "./changes";
import { problemLines } from "./findings";
import { code } from "./foreign";
import type { Page } from "./page";
import type { CommentedNetwork } from "./subject";

/** A network that came up for a pull request: where it is, and what `verify` says of it. */
export function networkComment(page: Page, verdict: CommentedNetwork): void {
  const { stack, ok, endpoints, checks, problems } = verdict;
  const held = checks.filter((check) => check.ok).length;
  const words = checks.length === 0 ? "not verified" : `${held} of ${checks.length} checks hold`;
  page.add(`### ${ok ? "✅" : "❌"} ${code(stack)}: ${words}`, "");
  problemLines(page, problems, 0.3);
  if (endpoints.length > 0) page.add("| name | address |", "| :--- | :--- |");
  page.addRows(
    endpoints.map(({ title, url }) => `| ${code(title)} | ${code(url)} |`),
    0.4,
    (left) => `| and ${left} more | |`,
  );
  page.add("");
  page.addRows(
    checks.map(({ ok: holds, title, detail }) => `- ${holds ? "✅" : "❌"} ${code(title)}: ${code(detail)}`),
    0.9,
    leftOut,
  );
}
