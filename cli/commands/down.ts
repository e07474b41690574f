import * as fs from "node:fs";
import { NetworkHome } from "../../components/local/home";
import { interruptible } from "../engine/interrupt";
import { openEngine, withProgress } from "../engine/run";
import { backendOf, stackExists } from "../engine/workspace";
import type { CommandContext } from "../context";
import { loadStackConfig } from "../../stacks/config/file";

export interface DownOptions {
  readonly keepData?: boolean;
}

/** Removes a network, or with --keep-data stops its daemons in order so that `up` resumes the chain. */
export async function run(context: CommandContext, options: DownOptions): Promise<number> {
  const { directory, home, stack, out } = context;
  loadStackConfig(directory, stack);
  if (stackExists(backendOf(home, process.env), stack) === false) {
    out.result(`${stack} is not up: nothing to do`, { ok: true, stack, removed: false });
    return 0;
  }
  return interruptible(`Interrupted. \`testnet down ${stack}\` goes on.`, async (signal) => {
    const { stack: engine } = await openEngine(context, signal);
    await withProgress(context, (onEvent) =>
      engine.destroy({
        onEvent,
        signal,
        refresh: true,
        suppressOutputs: true,
        suppressProgress: true,
        ...(options.keepData === true && { target: DAEMONS, targetDependents: true }),
      }),
    );
    const kept = new NetworkHome(home, stack).directory;
    if (options.keepData === true) {
      out.result(`${stack} is stopped. \`testnet up ${stack}\` resumes the chain kept in ${kept}`, {
        ok: true,
        stack,
        removed: false,
        kept,
      });
      return 0;
    }
    await engine.workspace.removeStack(stack);
    fs.rmSync(engine.workspace.workDir, { recursive: true, force: true });
    out.result(`${stack} is gone: no process, no port, no file of it is left`, {
      ok: true,
      stack,
      removed: true,
    });
    return 0;
  });
}

/** What runs, and nothing that is kept: homes, keys and genesis are other resources. */
const DAEMONS = ["urn:pulumi:**::**testnet-local:index:Process::**"];
