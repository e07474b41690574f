import type { ClusterNetworkStack } from "../../stacks/kind";
import { openClusterNetwork } from "../clusters/network";
import type { VolumeReading } from "../clusters/reading";
import { findUnusedVolumes, removeVolumes } from "../clusters/volumes";
import type { CommandContext } from "../context";
import { interruptible } from "../engine/interrupt";
import { awaitFree } from "../engine/run";
import { upNetwork } from "../network/up";
import type { BeforeUpOptions } from "../preview/before-up";
import { confirm } from "../ui/confirm";
import { table } from "../ui/table";
import { confirmLoss, type ConfirmOptions, isProtected } from "./protection";
import { changeSetting } from "./setting";

export interface ResetNetworkOptions extends BeforeUpOptions, ConfirmOptions {
  /** Starts no fresh chain: only removes volumes that no daemon uses. */
  readonly oldVolumes?: boolean;
  /** Leaves the volumes of the chain that ends. */
  readonly keepVolumes?: boolean;
}

/** What became of the chain that ended. */
interface Cleaned {
  readonly removed: readonly VolumeReading[];
  readonly kept: readonly VolumeReading[];
}

/**
 * A fresh chain for a network in clusters, under the same names, addresses, ports and keys: the era is raised in the stack
 * file, `up` makes chain files and volumes of it, and those of the old one go after they were shown and agreed to.
 * A reset that was cut short goes on: an era that is not up yet is not raised again.
 */
export async function resetNetwork(
  context: CommandContext,
  network: ClusterNetworkStack,
  options: ResetNetworkOptions,
): Promise<number> {
  const { directory, stack, out } = context;
  const guarded = isProtected(directory, network);
  if (options.oldVolumes === true) {
    await confirmLoss(context, `Remove volumes of ${stack} that no daemon uses?`, guarded, options);
    return tell(context, network.network.era, await clean(context, network, options));
  }
  await awaitFree(context); // what it tells next may be the other run's
  const { told } = await openClusterNetwork(context, network);
  await confirmLoss(context, `Drop the chain of era ${told.era} of ${stack}?`, guarded, options);
  const fresh =
    network.network.era > told.era
      ? network
      : changeSetting(directory, stack, { path: ["testnet:network", "era"], value: told.era + 1 });
  out.say(`Era ${told.era} is over, era ${fresh.network.era} begins.`);
  const status = await upNetwork(context, fresh, { ...options, yes: true }, () => undefined);
  if (status !== 0) return status;
  return tell(context, fresh.network.era, await clean(context, fresh, options));
}

/** Shows the volumes that no daemon uses, and removes them when that is agreed to. */
async function clean(
  context: CommandContext,
  network: ClusterNetworkStack,
  { yes = false, keepVolumes = false }: ResetNetworkOptions,
): Promise<Cleaned> {
  const { stack, out } = context;
  return interruptible(`Interrupted. \`testnet reset ${stack} --old-volumes\` goes on.`, async (signal) => {
    const view = await openClusterNetwork(context, network, signal);
    const volumes = await findUnusedVolumes(view);
    if (volumes.length === 0) return { removed: [], kept: [] };
    out.say(`\nVolumes that no daemon of era ${view.told.era} uses:`);
    const rows = volumes.map(({ cluster, name, era, size }) => [cluster, name, String(era), size]);
    out.say(out.style("red", table(["CLUSTER", "VOLUME", "ERA", "SIZE"], rows)));
    // A script that did not say yes has not agreed to lose a chain.
    const isAsked = process.stdin.isTTY && process.stderr.isTTY;
    if (keepVolumes || (!yes && !isAsked)) return { removed: [], kept: volumes };
    await confirm(`Remove ${volumes.length} volumes with everything in them?`, yes);
    await removeVolumes(view, volumes, signal);
    return { removed: volumes, kept: [] };
  });
}

function tell({ stack, out }: CommandContext, era: number, { removed, kept }: Cleaned): number {
  const names = (volumes: readonly VolumeReading[]) =>
    volumes.map(({ cluster, name, size }) => ({ cluster, name, size }));
  const words = [
    `${stack} runs era ${era}. ${removed.length} old volumes were removed.`,
    ...(kept.length === 0
      ? []
      : [`${kept.length} are kept: \`testnet reset ${stack} --old-volumes --yes\` removes them.`]),
  ];
  out.result(words.join("\n"), {
    ok: true,
    stack,
    era,
    removedVolumes: names(removed),
    keptVolumes: names(kept),
  });
  return 0;
}
