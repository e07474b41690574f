import { leftOut } from "./changes";
import { problemLines } from "./findings";
import { code } from "./foreign";
import type { Page } from "./page";
import type { CommentedNetwork } from "./subject";

/** What neither holds nor fails says so in its detail. */
const MARKS = { ok: "✅", failed: "❌", "not asked": "➖", "not judged": "➖" } as const;

/** A network that came up for a pull request: where it is, and what `verify` says of it. */
export function networkComment(page: Page, verdict: CommentedNetwork): void {
  const { stack, ok, endpoints, checks, problems } = verdict;
  page.add(`### ${ok ? "✅" : "❌"} ${code(stack)}: ${words(checks)}`, "");
  problemLines(page, problems, 0.3);
  if (endpoints.length > 0) page.add("| name | address |", "| :--- | :--- |");
  page.addRows(
    endpoints.map(({ title, url }) => `| ${code(title)} | ${code(url)} |`),
    0.4,
    (left) => `| and ${left} more | |`,
  );
  page.add("");
  page.addRows(
    checks.map(({ state, title, detail }) => `- ${MARKS[state]} ${code(title)}: ${code(detail)}`),
    0.9,
    leftOut,
  );
}

function words(checks: CommentedNetwork["checks"]): string {
  if (checks.length === 0) return "not verified";
  const count = (wanted: string) => checks.filter(({ state }) => state === wanted).length;
  const open = (["not asked", "not judged"] as const).flatMap((state) =>
    count(state) === 0 ? [] : [`${count(state)} ${state}`],
  );
  return [`${count("ok")} of ${checks.length} checks hold`, ...open].join(", ");
}
