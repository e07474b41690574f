import type { Protocol } from "../../protocols/plan";

/**
 * GB a month that one daemon sends to its peers: assumptions, not measurements. Gossip grows with blocks, transactions and
 * peers, so a busy network sends more. What leaves the cloud is {@link leavingShare} of it.
 */
const SENT_GB: Readonly<Record<Protocol, Readonly<Record<string, number>> & { readonly other: number }>> = {
  // About a quarter of a megabit a second; seeds also answer everybody who joins.
  mina: { seed: 160, other: 80 },
  ethereum: { consensus: 100, execution: 50, other: 5 },
};

/** Roles that speak to daemons of their own network only, inside the cluster. */
const INSIDE = new Set(["snark-worker", "validator", "archive-program", "archive-database"]);

/** Peers of others join: even of a network in one cluster some of the traffic leaves it. */
const LEAST_LEAVING = 0.1;

/** GB a month that a daemon sends out of its cluster. Pure. */
export function trafficGb(protocol: Protocol, role: string, leaving: number): number {
  if (INSIDE.has(role)) return 0;
  return (SENT_GB[protocol][role] ?? SENT_GB[protocol].other) * leaving;
}

/** How much of what a cluster's daemons send goes to daemons elsewhere, who are peers like all others. */
export function leavingShare(here: number, all: number): number {
  return Math.max(LEAST_LEAVING, all === 0 ? 0 : 1 - here / all);
}
