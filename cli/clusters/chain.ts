import type { NetworkPlan } from "../../protocols/plan";
import type { DaemonWays } from "./forward";
import { type ClusterCheck, notAsked } from "./judge";
import type { PodReading } from "./reading";

/** Where a daemon stands in its chain. What is unknown is null, so that every field is there. */
export interface DaemonHead {
  readonly daemon: string;
  readonly height: number | null;
  /** Hash of the block at that height. */
  readonly hash: string | null;
  /** Highest final block, or epoch; null where the protocol has none that moves quickly. */
  readonly final: number | null;
  readonly peers: number | null;
  /** In the daemon's words, e.g. `SYNCED`. */
  readonly state: string | null;
  /** Why it told nothing; null when it answered. */
  readonly problem: string | null;
}

/** One connected peer of a daemon. */
export interface DaemonPeer {
  readonly id: string;
  /** Name of the peer's daemon; null when it is none of this network. */
  readonly daemon: string | null;
  readonly address: string;
}

export interface DaemonPeers {
  readonly daemon: string;
  readonly problem: string | null;
  /** Sorted by id. */
  readonly peers: readonly DaemonPeer[];
}

/** How the daemons of a protocol are asked: the one interface behind `verify`, `status`, `peers` and `diagnose`. */
export interface ChainWatch {
  /** Asks all daemons once. Never throws. */
  look(signal?: AbortSignal): Promise<readonly DaemonHead[]>;
  /** The checks as all looks so far make them; asks for what only they need. Never throws. */
  checks(signal?: AbortSignal): Promise<readonly ClusterCheck[]>;
  /** Asks all daemons for their peers. Never throws. */
  peers(signal?: AbortSignal): Promise<readonly DaemonPeers[]>;
}

/** What a watch is made of. */
export interface ChainSight {
  readonly plan: NetworkPlan;
  readonly ways: Pick<DaemonWays, "urlOf">;
  /** Public parts of keys, e.g. `peer-id seed-1`; empty where there is no keyring here. */
  readonly publicKeys: Readonly<Record<string, string>>;
  /** Unix seconds. */
  readonly genesisTime: number;
}

/** Checks of a chain by name, with what holds when they are ok. */
export const CHAIN_CHECKS = [
  ["heads-advance", "every daemon's head advances"],
  ["heads-agree", "all daemons agree on a recent block"],
  ["finality", "finality moves"],
  ["proposals", "every producer of blocks makes some"],
  ["peers", "every daemon has peers"],
] as const;

/** Why nobody can be asked; undefined where somebody can. */
export function whyNotAsked(pods: readonly PodReading[], paused: boolean): string | undefined {
  if (paused) return "the network is paused";
  if (pods.length === 0) return "no pod is there";
  return pods.every(({ simulated }) => simulated) ? "the machines are simulated" : undefined;
}

/** The checks of a chain that nobody was asked about. */
export function unasked(why: string): ClusterCheck[] {
  return CHAIN_CHECKS.map(([name, title]) => notAsked(name, title, why));
}
