import * as fs from "node:fs";
import * as os from "node:os";
import { toolReport, type ToolRow } from "../../tools/report";
import type { CommandContext } from "../context";
import type { Check } from "../doctor/examine";
import { table } from "../ui/table";

export interface DoctorOptions {
  /** Stack to be deployed; undefined where none was named. */
  readonly stack?: string;
}

/**
 * Each tool: where it was found, its version, what is missing. With a stack also what deploying it takes: credentials, rights,
 * quotas, programs. Builds nothing and changes nothing.
 */
export async function run(context: CommandContext, options: DoctorOptions): Promise<number> {
  const { out } = context;
  // First: a mistake in the stack's file is told before anybody waits.
  const checks = options.stack === undefined ? undefined : await examineStack(context, options.stack);
  const rows = await toolReport();
  const problems = (checks ?? []).flatMap((check) => check.problems);
  const ok = missingTools(rows).length === 0 && problems.length === 0;
  const { checksText } = require("../doctor/text") as typeof import("../doctor/text");
  const words = [
    toolTable(rows),
    ...(checks === undefined || checks.length === 0 ? [] : [checksText(checks)]),
  ];
  out.result(words.join("\n\n"), {
    ok,
    tools: rows,
    ...(checks !== undefined && { stack: options.stack, checks, problems }),
  });
  return ok ? 0 : 1;
}

async function examineStack({ directory, out }: CommandContext, stack: string): Promise<readonly Check[]> {
  const { patientOf } = require("../doctor/accounts") as typeof import("../doctor/accounts");
  const patient = patientOf(directory, stack);
  if (patient === undefined) return [];
  const { examine } = require("../doctor/examine") as typeof import("../doctor/examine");
  const { interruptible } = require("../engine/interrupt") as typeof import("../engine/interrupt");
  const { executablesInPath } =
    require("../../tools/path-programs") as typeof import("../../tools/path-programs");
  out.say(`asking the clouds of ${stack} …`);
  return interruptible("Interrupted. Nothing was changed.", (signal) =>
    examine(patient, {
      machine: { env: process.env, home: os.homedir(), exists: fs.existsSync },
      find: (program) => executablesInPath(program, process.env)[0],
      quotas: async ({ environment }) => {
        if (environment === undefined) return undefined;
        const { quotaProblemsOf } = require("../doctor/quotas") as typeof import("../doctor/quotas");
        return quotaProblemsOf(environment, signal);
      },
    }),
  );
}

/** A tool that is not there is no fault while Go is: it is built when it is first needed. */
function missingTools(rows: readonly ToolRow[]): ToolRow[] {
  const canBuild = rows.some((row) => row.tool === "go" && row.found);
  return rows.filter((row) => !row.found && (row.tool === "node" || !canBuild));
}

function toolTable(rows: readonly ToolRow[]): string {
  const words = rows.map((row) => [
    row.found ? "✓" : "✗",
    row.program,
    row.version ?? "-",
    row.source ?? "-",
    [row.path, row.note].filter(Boolean).join("  "),
  ]);
  return table(["", "PROGRAM", "VERSION", "FROM", "WHERE"], words);
}
