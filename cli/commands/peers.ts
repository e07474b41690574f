import { clusterNetworkOf } from "../clusters/network";
import type { CommandContext } from "../context";
import { openNetwork } from "../observe/network";
import { paint } from "../observe/paint";
import { type PeersReport, peersOf } from "../observe/peers";
import { observeProcesses, requireUp } from "../observe/processes";
import { table } from "../ui/table";

/** The connected peers of every daemon that is asked for them. 1 when one does not answer. */
export async function run(context: CommandContext): Promise<number> {
  const clusters = clusterNetworkOf(context);
  if (clusters !== undefined) {
    const { showClusterPeers } = require("../clusters/show-peers") as typeof import("../clusters/show-peers");
    return showClusterPeers(context, clusters);
  }
  const { plan, home } = openNetwork(context);
  requireUp(plan.network, observeProcesses(plan, home));
  const report = await peersOf(plan, home.era(plan.era));
  context.out.result(words(report), report);
  return report.ok ? 0 : 1;
}

function words({ nodes }: PeersReport): string {
  const rows = nodes.flatMap(({ node, daemon, peers }) =>
    peers.map((peer) => [
      node,
      daemon,
      peer.id.slice(0, 16),
      peer.daemon ?? "-",
      peer.client,
      peer.address,
      peer.direction,
      peer.protocols.join(" "),
    ]),
  );
  const head = ["NODE", "DAEMON", "PEER ID", "PEER", "CLIENT", "ADDRESS", "DIRECTION", "PROTOCOLS"];
  const silent = nodes.flatMap(({ daemon, problem }) =>
    problem === null ? [] : [paint("red", `${daemon} does not answer: ${problem}`)],
  );
  return [rows.length === 0 ? "no execution client has a peer" : table(head, rows), ...silent].join("\n");
}
