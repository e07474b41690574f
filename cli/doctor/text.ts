import { formatProblems } from "../../errors/problem";
import { table } from "../ui/table";
import type { Check } from "./examine";

/** The checks as a table, and below it what is wrong. */
export function checksText(checks: readonly Check[]): string {
  const rows = checks.map(({ of, at, ok, detail }) => [mark(ok), of, at, detail]);
  const problems = checks.flatMap((check) => check.problems);
  return [
    table(["", "CHECK", "OF", "FOUND"], rows),
    ...(problems.length > 0 ? [formatProblems(problems)] : []),
  ].join("\n\n");
}

function mark(ok: boolean | undefined): string {
  return ok === undefined ? "?" : ok ? "✓" : "✗";
}
