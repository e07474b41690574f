import type { ClusterNetworkStack } from "../../stacks/kind";
import type { CommandContext } from "../context";
import { untilInterrupted } from "../observe/interrupt";
import { linesOf } from "../observe/log-file";
import { LongOutput } from "../observe/write";
import { logPlace, podLog } from "./logs";
import { openClusterNetwork } from "./network";

export interface ShowLogOptions {
  readonly daemon: string;
  readonly lines: number;
  readonly follow?: boolean;
}

/** The end of the log of a daemon in a cluster, and with `follow` what comes, until Ctrl-C. */
export function showPodLog(
  context: CommandContext,
  network: ClusterNetworkStack,
  { daemon, lines, follow = false }: ShowLogOptions,
): Promise<number> {
  return untilInterrupted(async (signal) => {
    const { out } = context;
    const place = await logPlace(await openClusterNetwork(context, network, signal), daemon);
    const pieces = podLog(place, { lines, follow, signal });
    if (!out.json) {
      await new LongOutput().write(pieces);
      return 0;
    }
    if (follow) {
      await new LongOutput().write(documents(daemon, pieces));
      return 0;
    }
    const found: string[] = [];
    for await (const line of linesOf(pieces)) found.push(line);
    out.result("", { daemon, cluster: place.door.name, pod: place.pod.name, lines: found });
    return 0;
  });
}

/** One document a line: a list that has no end could not be read. */
async function* documents(daemon: string, pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  for await (const line of linesOf(pieces)) yield `${JSON.stringify({ daemon, line })}\n`;
}
