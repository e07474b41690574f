import { toolReport } from "../../tools/report";
import type { CommandContext } from "../context";
import { table } from "../ui/table";

/** Each tool: where it was found, its version, what is missing. Builds nothing. */
export async function run({ out }: CommandContext): Promise<number> {
  const rows = await toolReport();
  // A tool that is not there is no fault while Go is: it is built when it is first needed.
  const canBuild = rows.some((row) => row.tool === "go" && row.found);
  const missing = rows.filter((row) => !row.found && (row.tool === "node" || !canBuild));
  const words = rows.map((row) => [
    row.found ? "✓" : "✗",
    row.program,
    row.version ?? "-",
    row.source ?? "-",
    [row.path, row.note].filter(Boolean).join("  "),
  ]);
  out.result(table(["", "PROGRAM", "VERSION", "FROM", "WHERE"], words), {
    ok: missing.length === 0,
    tools: rows,
  });
  return missing.length === 0 ? 0 : 1;
}
