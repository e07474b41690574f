import { NetworkHome } from "../../components/local/home";
import { readNetworkRecord, writeNetworkRecord } from "../../components/local/network-records";
import { TestnetError } from "../../errors/problem";
import { loadStackConfig } from "../../stacks/config/file";
import { kindOf } from "../../stacks/kind";
import { requireLocal } from "../../stacks/placement";
import type { CommandContext } from "../context";
import { interruptible } from "../engine/interrupt";
import { withEngine } from "../engine/run";
import { stopDaemons } from "../engine/stop";
import type { ResetNetworkOptions } from "../pause/reset";
import { confirm } from "../ui/confirm";
import { run as up, type UpOptions } from "./up";

export type ResetOptions = UpOptions & ResetNetworkOptions;

/** A fresh chain under the same names and ports. */
export async function run(context: CommandContext, options: ResetOptions): Promise<number> {
  const config = loadStackConfig(context.directory, context.stack);
  const found = kindOf(config);
  if (found.kind === "cluster network") {
    const { resetNetwork } = require("../pause/reset") as typeof import("../pause/reset");
    return resetNetwork(context, found, options);
  }
  requireLocal(config);
  refuseForClusters(options);
  return resetLocal(context, options);
}

/** @throws TestnetError TN1014 for options that mean nothing on this machine, where an era takes its data with it */
function refuseForClusters({ oldVolumes, keepVolumes }: ResetOptions): void {
  const given = [oldVolumes && "--old-volumes", keepVolumes && "--keep-volumes"].filter(Boolean);
  if (given.length === 0) return;
  throw new TestnetError({
    code: "TN1014",
    at: given.join(", "),
    message: "the option is for networks in clusters",
  });
}

/** Daemons stop, the era is raised, `up` makes new keys and genesis. */
async function resetLocal(context: CommandContext, options: ResetOptions): Promise<number> {
  const { home, stack, out } = context;
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
    await withEngine(context, signal, (engine) => stopDaemons(context, engine, signal));
    // A run that was waited for may have raised it, too.
    const current = readNetworkRecord(home, stack) ?? record;
    // Once the era is raised, `up` cannot but start afresh, whatever happens to this process.
    writeNetworkRecord(home, stack, { ...current, era: current.era + 1 });
    out.say(`Era ${current.era} is over, era ${current.era + 1} begins.`);
  });
  return up(context, options);
}
