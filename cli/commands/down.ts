import * as fs from "node:fs";
import { NetworkHome } from "../../components/local/home";
import { requireStackName, stackFile, stacksIn } from "../../stacks/config/file";
import { PARALLEL } from "../environment/prepare";
import { interruptible } from "../engine/interrupt";
import { openEngine, withProgress } from "../engine/run";
import { stopDaemons } from "../engine/stop";
import { backendOf, stackExists } from "../engine/workspace";
import type { CommandContext } from "../context";
import { confirm } from "../ui/confirm";
import { TestnetError } from "../../errors/problem";

export interface DownOptions {
  readonly keepData?: boolean;
  readonly yes?: boolean;
}

/**
 * Removes a network or an environment, or with --keep-data stops its daemons in order so that `up` resumes the chain. Needs no valid
 * configuration: what was made from a file can be removed after the file was broken or deleted.
 */
export async function run(context: CommandContext, options: DownOptions): Promise<number> {
  const { home, stack, out } = context;
  requireStackName(stack);
  if (stackExists(backendOf(home, process.env), stack) === false) return nothingToDo(context);
  const keep = options.keepData === true;
  if (!keep) await confirm(`Remove ${stack} with everything in it?`, options.yes === true);

  return interruptible(`Interrupted. \`testnet down ${stack}\` goes on.`, async (signal) => {
    const engine = await openEngine(context, signal);
    if (keep) {
      await stopDaemons(context, engine, signal);
      const kept = new NetworkHome(home, stack).directory;
      const words = `${stack} is stopped. \`testnet up ${stack}\` resumes the chain kept in ${kept}`;
      out.result(words, { ok: true, stack, removed: false, kept });
      return 0;
    }
    await withProgress(context, (onEvent) =>
      engine.stack.destroy({
        onEvent,
        signal,
        refresh: true,
        parallel: PARALLEL,
        suppressOutputs: true,
        suppressProgress: true,
      }),
    );
    await engine.stack.workspace.removeStack(stack);
    fs.rmSync(engine.stack.workspace.workDir, { recursive: true, force: true });
    out.result(`${stack} is gone: nothing of it is left`, {
      ok: true,
      stack,
      removed: true,
    });
    return 0;
  });
}

/** There is no such stack in the backend: fine if there could be one, a mistake if nothing has that name. */
function nothingToDo({ directory, stack, out }: CommandContext): number {
  if (!fs.existsSync(stackFile(directory, stack))) {
    throw new TestnetError({
      code: "TN1001",
      message: `there is neither a stack nor a Pulumi.${stack}.yaml of this name`,
      given: stack,
      allowed: stacksIn(directory).join(", ") || "(no stack file yet)",
    });
  }
  out.result(`${stack} is not up: nothing to do`, { ok: true, stack, removed: false });
  return 0;
}
