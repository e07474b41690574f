import type {
  ConsensusState,
  Evidence,
  ExecutionState,
  LayerAgreement,
  NodeObservation,
} from "../../protocols/ethereum/observations";

/** Evidence for tests of the verdicts: a healthy network of three nodes, and ways to spoil it. */

/** 32 bytes of one hex digit. */
export const hash = (digit: string) => `0x${digit.repeat(64)}`;

/** The answer of a daemon that is not there. */
export const SILENT = { ok: false, reason: "connection refused" } as const;

/** A healthy node of that number, but for the changes. */
export function node(number: number, execution: object = {}, consensus: object = {}): NodeObservation {
  const name = `node-${number}`;
  return {
    node: {
      name,
      execution: `${name}-geth`,
      consensus: `${name}-prysm`,
      validators: { daemon: `${name}-validator`, from: (number - 1) * 16, count: 16 },
    },
    execution: {
      ok: true,
      value: { block: 20, hash: hash("a"), peers: 2, ...execution } satisfies ExecutionState,
    },
    consensus: {
      ok: true,
      value: {
        ...{ slot: 24, root: hash("b"), justifiedEpoch: 5, finalizedEpoch: 4, peers: 2, syncing: false },
        ...consensus,
      } satisfies ConsensusState,
    },
  };
}

/** All daemons have the same at that height. */
export function agreement(height: number, ...daemons: readonly string[]): LayerAgreement {
  const hashes = daemons.map((daemon) => ({ daemon, hash: { ok: true, value: hash("c") } as const }));
  return { height, lowest: daemons[0] ?? "", highest: height, hashes };
}

/** Everything is as it should be in a network of three nodes. */
export const HEALTHY: Evidence = {
  processes: ["geth", "prysm", "validator"].map((name) => ({ daemon: `node-1-${name}`, alive: true })),
  nodes: [node(1), node(2), node(3)],
  baselines: Object.fromEntries(
    [1, 2, 3].map((number) => [`node-${number}`, { block: 19, slot: 23, finalizedEpoch: 3 }]),
  ),
  chain: { secondsPerSlot: 2, slotsPerEpoch: 4, genesisTime: 1000 },
  executionAgreement: agreement(20, "node-1-geth", "node-2-geth", "node-3-geth"),
  consensusAgreement: agreement(24, "node-1-prysm", "node-2-prysm", "node-3-prysm"),
  proposals: { blocks: 20, byNode: { "node-1": 7, "node-2": 6, "node-3": 7 } },
  transfer: {
    ...{ state: "received", hash: hash("d"), from: "node-1", to: "node-3", block: 19, succeeded: true },
  },
  now: 1050,
  timeoutSeconds: 120,
};

export const healthyBut = (change: Partial<Evidence>): Evidence => ({ ...HEALTHY, ...change });
