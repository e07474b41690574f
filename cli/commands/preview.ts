import { loadStackConfig } from "../../stacks/config/file";
import { kindOf } from "../../stacks/kind";
import { planLocal } from "../../stacks/placement";
import { prepareNetwork } from "../network/prepare";
import { PARALLEL, prepareEnvironment } from "../environment/prepare";
import { interruptible } from "../engine/interrupt";
import { openEngine, withProgress } from "../engine/run";
import type { CommandContext } from "../context";

/** Shows what `up` would change; changes nothing. */
export async function run(context: CommandContext): Promise<number> {
  const { directory, home, stack, out } = context;
  const found = kindOf(loadStackConfig(directory, stack));
  switch (found.kind) {
    case "environment":
      await prepareEnvironment(stack, found.environment);
      break;
    case "local network":
      planLocal(home, stack, found.network);
      break;
    case "cluster network":
      prepareNetwork(context, found);
  }
  return interruptible("Interrupted. Nothing was changed.", async (signal) => {
    const { stack: engine } = await openEngine(context, signal);
    const { result } = await withProgress(context, (onEvent) =>
      engine.preview({
        onEvent,
        signal,
        refresh: true,
        ...(found.kind !== "local network" && { parallel: PARALLEL }),
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
