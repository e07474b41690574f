import type { ClusterNetworkStack } from "../../stacks/kind";
import { clusterStatus } from "../clusters/status";
import { readClusters, sightOf } from "../clusters/look";
import { podLog } from "../clusters/logs";
import { type ClusterNetworkView, openClusterNetwork } from "../clusters/network";
import { type ClusterReading, readEvents } from "../clusters/reading";
import { verifyClusters } from "../clusters/verify";
import type { CommandContext } from "../context";
import { inParallel } from "../observe/parallel";
import type { Bundle } from "./bundle";

export interface GatherOptions {
  /** Of every log, from its end. */
  readonly lines: number;
  readonly signal: AbortSignal;
  readonly onProgress: (what: string) => void;
}

/** A log of a megabyte tells what there is to tell. */
const LOG_BYTES = 1024 * 1024;
const LOGS_AT_ONCE = 8;

/** Gathers what there is of a network in clusters. @throws TestnetError TN2005 where it is not up */
export async function gatherClusters(
  context: CommandContext,
  network: ClusterNetworkStack,
  bundle: Bundle,
  options: GatherOptions,
): Promise<void> {
  const { signal, onProgress } = options;
  onProgress("outputs of the stack");
  const view = await openClusterNetwork(context, network, signal);
  bundle.hide(view.doors.flatMap((door) => door.secrets));
  bundle.json("outputs.json", view.told);
  onProgress("clusters");
  const readings = await readClusters(view);
  bundle.json("clusters.json", readings);
  await gatherChain(context, view, readings, bundle, options);
  onProgress("checks");
  const look = { timeoutSeconds: 0, signal };
  await bundle.gather("verify.json", () => verifyClusters(context, view, look));
  onProgress("events");
  await inParallel(view.doors, (door) =>
    bundle.gather(`events/${door.name}.json`, () => readEvents(door, view.plan.network)),
  );
  await inParallel(view.doors, (door) =>
    bundle.gather(`versions/${door.name}.json`, () => door.version.getCode()),
  );
  onProgress("logs");
  await gatherLogs(view, readings, bundle, options);
}

async function gatherChain(
  context: CommandContext,
  view: ClusterNetworkView,
  readings: readonly ClusterReading[],
  bundle: Bundle,
  { signal, onProgress }: GatherOptions,
): Promise<void> {
  onProgress("heads and peers");
  const sight = sightOf(context, view, readings);
  try {
    const { watch, why } = sight;
    const heads = watch === undefined ? [] : await watch.look(signal);
    bundle.json("status.json", clusterStatus(view, readings, { heads, why }));
    await bundle.gather("peers.json", () =>
      watch === undefined ? Promise.resolve({ notAsked: why }) : watch.peers(signal),
    );
  } finally {
    await sight.close();
  }
}

async function gatherLogs(
  { doors, plan }: ClusterNetworkView,
  readings: readonly ClusterReading[],
  bundle: Bundle,
  { lines, signal }: GatherOptions,
): Promise<void> {
  const places = readings.flatMap(({ cluster, pods }) => {
    const door = doors.find(({ name }) => name === cluster);
    if (door === undefined) return [];
    return pods
      .filter(({ simulated, node }) => !simulated && node !== undefined)
      .flatMap((pod) => Object.keys(pod.images).map((container) => ({ door, pod, container })));
  });
  const read = async (place: (typeof places)[number]): Promise<string> => {
    const pieces: Buffer[] = [];
    const options = { lines, signal, limitBytes: LOG_BYTES };
    for await (const piece of podLog({ ...place, network: plan.network }, options)) pieces.push(piece);
    return Buffer.concat(pieces).toString("utf8");
  };
  await inParallel(
    places,
    (place) =>
      bundle.gather(`logs/${place.door.name}/${place.pod.name}/${place.container}.log`, () => read(place)),
    LOGS_AT_ONCE,
  );
}
