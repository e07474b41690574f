import { TestnetError } from "../../errors/problem";
import type { ClusterNetworkStack } from "../../stacks/kind";
import type { CommandContext } from "../context";
import { untilInterrupted } from "../observe/interrupt";
import { paint } from "../observe/paint";
import { table } from "../ui/table";
import type { DaemonPeers } from "./chain";
import { readClusters, sightOf } from "./look";
import { openClusterNetwork } from "./network";

/** Shows the connected peers of a network's daemons. 1 when one does not answer. */
export function showClusterPeers(context: CommandContext, network: ClusterNetworkStack): Promise<number> {
  return untilInterrupted(async (signal) => {
    const { out, stack } = context;
    const view = await openClusterNetwork(context, network, signal);
    const sight = sightOf(context, view, await readClusters(view));
    const { watch, why } = sight;
    if (watch === undefined) throw new TestnetError({ code: "TN3012", at: stack, message: why });
    try {
      const daemons = await watch.peers(signal);
      const ok = daemons.every(({ problem }) => problem === null);
      out.result(words(daemons), {
        network: stack,
        protocol: view.plan.protocol,
        era: view.told.era,
        ok,
        daemons,
      });
      return ok ? 0 : 1;
    } finally {
      await sight.close();
    }
  });
}

function words(daemons: readonly DaemonPeers[]): string {
  const rows = daemons.flatMap(({ daemon, peers }) =>
    peers.map((peer) => [daemon, peer.id.slice(0, 16), peer.daemon ?? "-", peer.address]),
  );
  const silent = daemons.flatMap(({ daemon, problem }) =>
    problem === null ? [] : [paint("red", `${daemon} does not answer: ${problem}`)],
  );
  return [
    rows.length === 0 ? "no daemon has a peer" : table(["DAEMON", "PEER ID", "PEER", "ADDRESS"], rows),
    ...silent,
  ].join("\n");
}
