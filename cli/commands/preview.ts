import { loadStackConfig } from "../../stacks/config/file";
import { planLocal, requireLocal } from "../../stacks/placement";
import { environmentOf, PARALLEL, prepareEnvironment } from "../environment/prepare";
import { interruptible } from "../engine/interrupt";
import { openEngine, withProgress } from "../engine/run";
import type { CommandContext } from "../context";

/** Shows what `up` would change; changes nothing. */
export async function run(context: CommandContext): Promise<number> {
  const { directory, home, stack, out } = context;
  const config = loadStackConfig(directory, stack);
  const environment = environmentOf(config);
  if (environment === undefined) {
    requireLocal(config);
    planLocal(home, stack, config.network);
  } else await prepareEnvironment(stack, environment);
  return interruptible("Interrupted. Nothing was changed.", async (signal) => {
    const { stack: engine } = await openEngine(context, signal);
    const { result } = await withProgress(context, (onEvent) =>
      engine.preview({
        onEvent,
        signal,
        refresh: true,
        ...(environment !== undefined && { parallel: PARALLEL }),
        suppressOutputs: true,
        suppressProgress: true,
      }),
    );
    const changes = Object.entries(result.changeSummary).filter(([op, count]) => op !== "same" && count > 0);
    const words = changes.map(([op, count]) => `${count} to ${op}`).join(", ");
    out.result(words === "" ? `${stack}: nothing to change` : `${stack}: ${words}`, {
      ok: true,
      stack,
      changes: result.changeSummary,
    });
    return 0;
  });
}
