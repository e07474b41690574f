import type { NetworkMonitoring } from "./monitoring";
import type { Daemon, Image, PlannedFile, Port, Resources } from "./plan/daemon";
import type { KeyRequest } from "./plan/key-requests";

/**
 * The plan: the full list of what one network is, before anything exists. Every target (processes on this machine,
 * Kubernetes) renders it; every command reads it. Pure data: it can be printed, compared and stored as JSON, and it
 * never holds a private key. Strings may hold references (see references.ts) to what is known only at run time.
 */
export * from "./plan/daemon";
export type * from "./plan/key-requests";
export type * from "./plan/placement";

/** A tool run that turns shared files into other shared files. */
export interface ToolRun {
  readonly program: string;
  readonly args: readonly string[];
  /** Files it must leave behind, relative to the shared directory. */
  readonly produces: readonly string[];
}

/** How the chain's first state is made: files written, then tools run in the shared directory, once an era. */
export interface Genesis {
  /** The same for all daemons, relative to the network's shared directory. */
  readonly files: readonly PlannedFile[];
  readonly runs: readonly ToolRun[];
  /** Seconds from the moment genesis is made to the chain's first slot; `{{genesis-time}}` is that slot in Unix seconds. */
  readonly delaySeconds: number;
  /** Unix seconds of the first slot where the settings fix it; `delaySeconds` then counts for nothing. */
  readonly startsAt?: number;
  /** Files of `files` and `produces` that whoever joins needs. Default: all. */
  readonly published?: readonly string[];
}

/** An execution client whose head is above what its consensus client knows is set back to it. */
export interface AlignExecutionHeads {
  readonly kind: "align-execution-heads";
  readonly pairs: readonly { readonly execution: string; readonly consensus: string }[];
}

/**
 * Consensus clients that were away learn of the blocks that the others have made meanwhile. Where none of the validators'
 * clients runs, and the chain stands, blocks are made in their place until all have the same head.
 */
export interface AwaitCommonHead {
  readonly kind: "await-common-head";
  readonly consensus: readonly string[];
  readonly validators: readonly string[];
}

/** What must be done after daemons (re)started and before those may start that no action is about. */
export type AfterStart = AlignExecutionHeads | AwaitCommonHead;

export type Protocol = "ethereum" | "mina";

/** A daemon others find first. Everything about it comes from here: record, address, port, entry of the peer list. */
export interface Seed {
  /** Its pod. */
  readonly daemon: string;
  readonly cluster: string;
  /** Name of its DNS A record below the network's domain, e.g. `seed-1`. */
  readonly label: string;
  /** The ports of the daemon with the exposure `peers`. */
  readonly ports: readonly Port[];
}

/** How users of the world find a service: by its port with the exposure `world`. */
export interface PublicDoor {
  /** What it speaks there, e.g. `JSON-RPC`. */
  readonly title: string;
  /** Name of its DNS A record below the network's domain, e.g. `rpc`. */
  readonly label: string;
  /** Path of its URL, e.g. `/graphql`. */
  readonly path: string;
}

/** What stands beside the daemons, reaching them as any client does: a faucet, an explorer, … */
export interface Service {
  /** DNS label, unique among daemons and services. */
  readonly name: string;
  readonly cluster: string;
  readonly image: Image;
  /** May hold references. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly files: readonly PlannedFile[];
  readonly ports: readonly Port[];
  readonly replicas: number;
  readonly resources: Resources;
  /** GiB of its volume; 0 for none. */
  readonly storageGiB: number;
  readonly metricsPath: string | undefined;
  /** Left out where it is reached inside its cluster only. */
  readonly door?: PublicDoor;
}

/** What a network has in clusters beyond its daemons. */
export interface ClusterPlan {
  /** The range of ports that peers reach, the same in every cluster. */
  readonly peerPorts: { readonly from: number; readonly to: number };
  readonly seeds: readonly Seed[];
  /** The published peer list, one entry a line; may hold references. */
  readonly peerList: readonly string[];
  readonly services: readonly Service[];
  readonly monitoring: NetworkMonitoring;
  /** How an outsider joins. */
  readonly join: JoinGuide;
}

/** What an outsider runs: the files of the join bundle lie in the working directory. */
export interface JoinGuide {
  /** e.g. `docker run … mina daemon --peer-list-file peers.txt …`; may hold references. */
  readonly command: readonly string[];
  /** Further words, one paragraph each. */
  readonly notes: readonly string[];
}

/** The full list of what one network is. */
export interface NetworkPlan {
  readonly protocol: Protocol;
  /** The stack's name. */
  readonly network: string;
  /** Number of the chain since the network exists, from 1. */
  readonly era: number;
  readonly daemons: readonly Daemon[];
  readonly keys: readonly KeyRequest[];
  readonly genesis: Genesis;
  /** Done one after the other. */
  readonly afterStart: readonly AfterStart[];
  /**
   * Daemons that hold the chain. At least one of them must be running, or have stopped in order, for the chain to go on;
   * a crash of all of them loses it.
   */
  readonly chainKeepers: readonly string[];
  /** What a person or a program connects to, most wanted first. */
  readonly endpoints: readonly Endpoint[];
  /** Seconds of the shortest time in which the chain moves: how long a check of progress must wait. */
  readonly blockSeconds: number;
  /** What it has in clusters; undefined on this machine. */
  readonly clusters?: ClusterPlan;
}

/** An address of the network worth telling. */
export interface Endpoint {
  /** The daemon, or the service, behind it. */
  readonly daemon: string;
  /** What it is, e.g. `JSON-RPC`. */
  readonly title: string;
  readonly url: string;
}
