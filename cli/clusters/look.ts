import { keyringFile, readKeyring } from "../../keys/keyring";
import type { CommandContext } from "../context";
import { inParallel } from "../observe/parallel";
import { type ChainWatch, whyNotAsked } from "./chain";
import { chainWatch } from "./chain-watch";
import { DaemonWays } from "./forward";
import type { ClusterNetworkView } from "./network";
import { type ClusterReading, readCluster } from "./reading";

/** Reads all clusters of a network at the same time. */
export function readClusters({ plan, doors }: ClusterNetworkView): Promise<ClusterReading[]> {
  return inParallel(doors, (door) => readCluster(door, plan.network));
}

/** The daemons of a network that can be asked, or why nobody can. */
export type Sight =
  | { readonly watch: ChainWatch; readonly why: undefined; close(): Promise<void> }
  | { readonly watch: undefined; readonly why: string; close(): Promise<void> };

/** Public parts of keys; without a keyring here peers go without names. */
function publicKeys(directory: string, network: string): Readonly<Record<string, string>> {
  try {
    return readKeyring(keyringFile(directory, network))?.keys ?? {};
  } catch {
    return {};
  }
}

/** What daemons are asked through. To be closed. */
export function sightOf(
  { directory }: Pick<CommandContext, "directory">,
  { plan, told, doors }: ClusterNetworkView,
  readings: readonly ClusterReading[],
): Sight {
  const pods = readings.flatMap((reading) => reading.pods);
  const why = whyNotAsked(pods, told.paused);
  if (why !== undefined) return { watch: undefined, why, close: () => Promise.resolve() };
  const ways = new DaemonWays(plan.network, doors, pods);
  const { genesisTime } = told;
  const watch = chainWatch({ plan, ways, publicKeys: publicKeys(directory, plan.network), genesisTime });
  return { watch, why: undefined, close: () => ways.close() };
}
