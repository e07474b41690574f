import type { NetworkPlan } from "../../protocols/plan";
import { allTools, type ProgramName, programsOf } from "../../tools/catalog";
import { resolveTools } from "../../tools/resolve";
import type { CommandContext } from "../context";

/**
 * Finds the programs a plan runs, and builds those that are missing, before anything is started: the engine's own plugin
 * then finds them at once.
 */
export async function prepareTools(
  plan: NetworkPlan,
  context: CommandContext,
  signal: AbortSignal,
): Promise<void> {
  const names = [
    ...plan.daemons.map((daemon) => daemon.program),
    ...plan.genesis.runs.map((run) => run.program),
  ];
  const programs = ["pulumi", ...new Set(names)].map(catalogued);
  await resolveTools(programs, { signal, onProgress: ({ text }) => context.out.say(text) });
}

/** A plan names programs as text: protocols do not know where tools come from. */
function catalogued(name: string): ProgramName {
  const found = allTools()
    .flatMap(programsOf)
    .find((program) => program === name);
  if (found === undefined) throw new Error(`no tool of the catalog yields ${name}`);
  return found;
}
