import type { ClusterNetworkStack } from "../../stacks/kind";
import type { CommandContext } from "../context";
import { untilInterrupted } from "../observe/interrupt";
import { LiveText } from "../observe/live";
import { pause } from "../observe/parallel";
import { LongOutput } from "../observe/write";
import { readClusters, sightOf } from "./look";
import { type ClusterNetworkView, openClusterNetwork } from "./network";
import { type ClusterStatus, clusterStatus } from "./status";
import { clusterStatusText, summary } from "./status-text";

/**
 * Shows the status of a network in clusters, once or until Ctrl-C. 1 when a pod is not ready, or a cluster silent.
 * @param intervalSeconds between two looks; undefined for one look
 */
export function showClusterStatus(
  context: CommandContext,
  network: ClusterNetworkStack,
  intervalSeconds: number | undefined,
): Promise<number> {
  return untilInterrupted(async (signal) => {
    const { out } = context;
    const view = await openClusterNetwork(context, network, signal);
    if (intervalSeconds !== undefined) {
      await watch(context, looks(context, view, intervalSeconds, signal));
      return 0;
    }
    const status = await statusOfClusters(context, view, signal);
    out.result(clusterStatusText(status), status);
    return status.ok ? 0 : 1;
  });
}

/** One look at all clusters, and at the chain where daemons can be asked. */
export async function statusOfClusters(
  context: Pick<CommandContext, "directory">,
  view: ClusterNetworkView,
  signal?: AbortSignal,
): Promise<ClusterStatus> {
  const readings = await readClusters(view);
  const sight = sightOf(context, view, readings);
  try {
    const heads = (await sight.watch?.look(signal)) ?? [];
    return clusterStatus(view, readings, { heads, why: sight.why });
  } finally {
    await sight.close();
  }
}

async function* looks(
  context: CommandContext,
  view: ClusterNetworkView,
  intervalSeconds: number,
  signal: AbortSignal,
): AsyncGenerator<ClusterStatus> {
  for (;;) {
    const status = await statusOfClusters(context, view, signal);
    if (signal.aborted) return;
    yield status;
    await pause(intervalSeconds * 1000, signal);
  }
}

async function watch({ out }: CommandContext, all: AsyncIterable<ClusterStatus>): Promise<void> {
  if (out.json || !process.stdout.isTTY || !out.live) return new LongOutput().write(lines(all, out.json));
  const live = new LiveText(process.stdout);
  for await (const status of all) live.draw(clusterStatusText(status));
}

/** Where nothing can be drawn over: a line for each look; with --json one document each. */
async function* lines(all: AsyncIterable<ClusterStatus>, json: boolean): AsyncGenerator<string> {
  for await (const status of all) {
    yield json ? `${JSON.stringify(status)}\n` : `${new Date().toISOString()} ${summary(status)}\n`;
  }
}
