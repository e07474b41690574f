import { NetworkHome } from "../../components/local/home";
import { readNetworkRecord, writeNetworkRecord } from "../../components/local/network-records";
import { TestnetError } from "../../errors/problem";
import { loadStackConfig } from "../../stacks/config/file";
import { requireLocal } from "../../stacks/placement";
import type { CommandContext } from "../context";
import { interruptible } from "../engine/interrupt";
import { openEngine } from "../engine/run";
import { stopDaemons } from "../engine/stop";
import { confirm } from "../ui/confirm";
import { run as up, type UpOptions } from "./up";

export interface ResetOptions extends UpOptions {
  readonly yes?: boolean;
}

/** A fresh chain under the same names and ports: daemons stop, the era is raised, `up` makes new keys and genesis. */
export async function run(context: CommandContext, options: ResetOptions): Promise<number> {
  const { directory, home, stack, out } = context;
  requireLocal(loadStackConfig(directory, stack));
  const record = readNetworkRecord(home, stack);
  if (record === undefined) {
    throw new TestnetError({
      code: "TN2005",
      at: stack,
      message: `there is no network in ${new NetworkHome(home, stack).directory}`,
      remedy: `Bring it up with \`testnet up ${stack}\`: that starts a fresh chain.`,
    });
  }
  await confirm(`Drop the chain of era ${record.era} of ${stack}, with its keys?`, options.yes === true);
  await interruptible(`Interrupted. \`testnet reset ${stack}\` goes on.`, async (signal) => {
    await stopDaemons(context, await openEngine(context, signal), signal);
    // Once the era is raised, `up` cannot but start afresh, whatever happens to this process.
    writeNetworkRecord(home, stack, { ...record, era: record.era + 1 });
  });
  out.say(`Era ${record.era} is over, era ${record.era + 1} begins.`);
  return up(context, options);
}
