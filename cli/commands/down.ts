import * as fs from "node:fs";
import { NetworkHome } from "../../components/local/home";
import { loadStackConfig, requireStackName, stackFile, stacksIn } from "../../stacks/config/file";
import { kindOf, type StackKind } from "../../stacks/kind";
import { PARALLEL } from "../environment/prepare";
import { interruptible } from "../engine/interrupt";
import { removeEmptyStack } from "../engine/remove";
import { withEngine, withProgress } from "../engine/run";
import { stopDaemons } from "../engine/stop";
import { backendOf, stackExists } from "../engine/workspace";
import type { CommandContext } from "../context";
import { confirmLoss, type ConfirmOptions, isStackProtected } from "../pause/protection";
import { TestnetError } from "../../errors/problem";

export interface DownOptions extends ConfirmOptions {
  readonly keepData?: boolean;
}

/**
 * Removes a network or an environment, or with --keep-data stops its daemons in order so that `up` resumes the chain. Needs no valid
 * configuration: what was made from a file can be removed after the file was broken or deleted.
 */
export async function run(context: CommandContext, options: DownOptions): Promise<number> {
  const { directory, home, stack, out } = context;
  requireStackName(stack);
  if (stackExists(backendOf(home, process.env), stack) === false) return nothingToDo(context);
  const keep = options.keepData === true;
  if (keep) refuseInClusters(context);
  else {
    const question = `Remove ${stack} with everything in it?`;
    await confirmLoss(context, question, isStackProtected(directory, stack), options);
  }

  return interruptible(`Interrupted. \`testnet down ${stack}\` goes on.`, async (signal) => {
    if (keep) {
      await withEngine(context, signal, (engine) => stopDaemons(context, engine, signal));
      const kept = new NetworkHome(home, stack).directory;
      const words = `${stack} is stopped. \`testnet up ${stack}\` resumes the chain kept in ${kept}`;
      out.result(words, { ok: true, stack, removed: false, kept });
      return 0;
    }
    const emptied = await withEngine(context, signal, async (engine) => {
      await withProgress(context, signal, (options) =>
        engine.stack.destroy({ ...options, refresh: true, parallel: PARALLEL }),
      );
      return engine;
    });
    await removeEmptyStack(emptied); // not to be done anew: what another run makes meanwhile is not what was to go
    out.result(`${stack} is gone: nothing of it is left`, {
      ok: true,
      stack,
      removed: true,
    });
    return 0;
  });
}

/** @throws TestnetError TN1014 where pods would go on and only be forgotten */
function refuseInClusters({ directory, stack }: CommandContext): void {
  if (kindInFile(directory, stack) !== "cluster network") return;
  throw new TestnetError({
    code: "TN1014",
    at: "--keep-data",
    message: "the option is for networks of this machine",
    given: stack,
    remedy: `\`testnet pause ${stack}\` stops the daemons of a network in clusters and keeps everything else.`,
  });
}

/** Undefined where the file is broken or gone: it must not keep a stack from being stopped. */
function kindInFile(directory: string, stack: string): StackKind["kind"] | undefined {
  try {
    return kindOf(loadStackConfig(directory, stack)).kind;
  } catch (error) {
    if (error instanceof TestnetError) return undefined;
    throw error;
  }
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
