/**
 * What was seen of a running Ethereum network, as plain data: the checks judge it, `status` shows it. A daemon that does
 * not answer is an observation like any other.
 */

/** What a daemon answered, or in a few words why there is no answer. */
export type Observed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** The daemons of one node, and its validator keys. */
export interface ObservedNode {
  /** e.g. `node-1`. */
  readonly name: string;
  /** Name of its execution client's daemon. */
  readonly execution: string;
  /** Name of its consensus client's daemon. */
  readonly consensus: string;
  /** Its validator client's daemon and keys; absent where it has none. */
  readonly validators?: ValidatorGroup;
}

/** The validator keys of one node. */
export interface ValidatorGroup {
  readonly daemon: string;
  /** Index of the first validator in the beacon state. */
  readonly from: number;
  readonly count: number;
}

/** The execution client's view. */
export interface ExecutionState {
  /** Number of its newest block. */
  readonly block: number;
  /** Hash of that block, 0x hex. */
  readonly hash: string;
  readonly peers: number;
}

/** The consensus client's view. */
export interface ConsensusState {
  /** Slot of its head. */
  readonly slot: number;
  /** Root of its head, 0x hex. */
  readonly root: string;
  readonly justifiedEpoch: number;
  readonly finalizedEpoch: number;
  /** Connected peers. */
  readonly peers: number;
  /** Whether it is still fetching what others have; undefined where it does not tell. */
  readonly syncing: boolean | undefined;
}

/** One look at a node. */
export interface NodeObservation {
  readonly node: ObservedNode;
  readonly execution: Observed<ExecutionState>;
  readonly consensus: Observed<ConsensusState>;
}

/** Constants of the chain, as its clients tell them. */
export interface ChainFacts {
  readonly secondsPerSlot: number;
  readonly slotsPerEpoch: number;
  /** Unix seconds of slot 0. */
  readonly genesisTime: number;
}

/** Whether a daemon's process is there. */
export interface ProcessObservation {
  readonly daemon: string;
  readonly alive: boolean;
  /** Where it is not alive: what is known of its end. */
  readonly problem?: string;
}

/** What every client of one layer has at one height, asked at the lowest head of all. */
export interface LayerAgreement {
  /** Block number, or slot. */
  readonly height: number;
  /** The daemon whose head that is. */
  readonly lowest: string;
  /** The highest head of all at that moment. */
  readonly highest: number;
  /** By daemon: the hash or root it has at the height. */
  readonly hashes: readonly { readonly daemon: string; readonly hash: Observed<string> }[];
}

/** Where a node stood when it was first heard; undefined for what has not answered yet. */
export interface Baseline {
  readonly block?: number;
  readonly slot?: number;
  readonly finalizedEpoch?: number;
}

/** Who proposed the newest blocks. */
export interface Proposals {
  /** Blocks looked at. */
  readonly blocks: number;
  /** How many of them each node's validators proposed, by node. */
  readonly byNode: Readonly<Record<string, number>>;
}

/** How far the transfer has come. */
export type Transfer =
  /** Not sent yet; `reason` may pass. */
  | { readonly state: "waiting"; readonly reason: string }
  /** Cannot be sent, now or later. */
  | { readonly state: "impossible"; readonly reason: string }
  /** Taken by a node; `reason` tells what the other one answered last. */
  | {
      readonly state: "sent";
      readonly hash: string;
      readonly from: string;
      readonly to: string;
      readonly reason: string;
    }
  /** Its receipt was read. */
  | {
      readonly state: "received";
      readonly hash: string;
      readonly from: string;
      readonly to: string;
      readonly block: number;
      readonly succeeded: boolean;
    };

/** All that a verdict needs. */
export interface Evidence {
  readonly processes: readonly ProcessObservation[];
  /** The latest look, in the order of the plan. */
  readonly nodes: readonly NodeObservation[];
  /** By node. */
  readonly baselines: Readonly<Record<string, Baseline>>;
  /** Undefined until a consensus client has told. */
  readonly chain: ChainFacts | undefined;
  /** Undefined until every client of the layer has answered in one look. */
  readonly executionAgreement: LayerAgreement | undefined;
  readonly consensusAgreement: LayerAgreement | undefined;
  readonly proposals: Proposals;
  readonly transfer: Transfer;
  /** Unix seconds of the look. */
  readonly now: number;
  /** How long checks may take to come true. */
  readonly timeoutSeconds: number;
}
