import { leftOut } from "./changes";
import { code } from "./foreign";
import type { Page } from "./page";
import type { CommentedRehearsal } from "./subject";

/** What a repository without credentials of the clouds is told: everything was made and removed in simulated ones. */
export function rehearsalComment(page: Page, { ok, stack, phases, leftovers }: CommentedRehearsal): void {
  page.add(
    `### ${ok ? "✅" : "❌"} ${code(stack)}: rehearsal ${ok ? "passed" : "failed"}`,
    "",
    "No credentials here, so this is no comparison with what runs: everything was made in simulated clouds on real API servers, and removed again.",
    "",
    "| phase | | changes | seconds |",
    "| :--- | :--- | :--- | ---: |",
  );
  page.addRows(
    phases.map(({ name, ok: went, seconds, changes }) => {
      const words = Object.entries(changes).map(([operation, many]) => `${many} ${operation}`);
      return `| ${code(name, 60)} | ${went ? "✅" : "❌"} | ${code(words.join(", ") || "none")} | ${seconds.toFixed(1)} |`;
    }),
    0.3,
    (left) => `| and ${left} more | | | |`,
  );
  const problems = phases.flatMap(({ name, problems: found }) =>
    found.map((problem) => `- ${code(name, 60)}: ${code(problem)}`),
  );
  page.add("");
  page.addRows(problems, 0.7, leftOut);
  page.addRows(
    leftovers.map((what) => `- left behind: ${code(what)}`),
    0.7,
    leftOut,
  );
}
