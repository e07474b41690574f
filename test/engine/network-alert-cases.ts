import type { AlertCase, Series } from "./alert-cases";

/** Series of networks that make each alert fire, and those that come near and must not. A value a minute. */

type Labels = Readonly<Record<string, string>>;

const NETWORK = { network: "qa" };

function daemon(name: string, role = "node"): Labels {
  return {
    ...NETWORK,
    cluster: "use1",
    pool: "nodes",
    role,
    daemon: name,
    instance: `10.0.0.1:${name.length}`,
  };
}

const ONE = daemon("node-1");
const TWO = daemon("node-02");
const THREE = daemon("node-003");

function of(metric: string, labels: Labels, values: string): Series {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
  return { [`${metric}{${pairs.join(",")}}`]: values };
}

/** The same on several daemons. */
function on(daemons: readonly Labels[], metric: string, values: string): Series {
  return Object.assign({}, ...daemons.map((labels) => of(metric, labels, values))) as Series;
}

const frontier = (metric: string, values: string) => of(`Coda_Transition_frontier_${metric}`, ONE, values);
const TIP = "Coda_Transition_frontier_best_tip_slot_time_sec";
const HEIGHT = "Coda_Transition_frontier_max_blocklength_observed";
const UPTIME = "Coda_Runtime_process_uptime_ms_total";

const ALL = [ONE, TWO, THREE];
/** Runs for 40 minutes, ends, and runs again. */
const RESTART = "0+60000x40 0+60000x100";
/** Ends after exactly 168 hours. */
const PLANNED = "602400000+60000x40 0+60000x100";

/** Pods replaced by `up`: the same daemons at other addresses. */
function replaced(): Series {
  const before = on(ALL, UPTIME, "0+60000x40 _x100");
  const after = ALL.map((labels) =>
    of(UPTIME, { ...labels, instance: `new-${labels["daemon"]}` }, "_x40 0+60000x100"),
  );
  return Object.assign({}, before, ...after) as Series;
}

function rejected(metric: string, count: number): Series {
  return of(`Coda_Rejected_blocks_${metric}`, ONE, `0x5 ${count}x200`);
}

function rejection(metric: string, many: number, few: number, summary: string): AlertCase {
  return {
    since: 6,
    fires: rejected(metric, many),
    labels: NETWORK,
    summary,
    quiet: {
      fewer: rejected(metric, few),
      "those of a time before it was seen": of(`Coda_Rejected_blocks_${metric}`, ONE, `${many}x200`),
    },
  };
}

const seeds = (...values: string[]): Series =>
  Object.assign(
    {},
    ...values.map((value, index) => of("up", daemon(`seed-${index}`, "seed"), value)),
  ) as Series;

const snark = (received: string, pending: string): Series => ({
  ...of("Coda_Snark_work_useful_snark_work_received_time_sec", ONE, received),
  ...of("Coda_Snark_work_pending_snark_work", ONE, pending),
});

const ARCHIVE = daemon("archive-1-archive", "archive");
const archive = (metric: string, values: string) => of(`Coda_Archive_${metric}`, ARCHIVE, values);

/** Slots of 180 s, genesis at minute 0, stop time 168 hours, five daemons with peers. */
export const MINA_CASES: Readonly<Record<string, AlertCase>> = {
  MinaChainStalled: {
    since: 46,
    // One that fell back does not make the chain move.
    fires: { ...of(TIP, ONE, "5000x200"), ...of(TIP, TWO, "4000x50 4000+1x150") },
    labels: NETWORK,
    summary: "No daemon of qa has had a new best tip for 15 slots",
    quiet: {
      "a block every half hour": of(TIP, ONE, "0x30 1800x30 3600x30 5400x30 7200x30 9000x30"),
      "one daemon that moves": { ...of(TIP, ONE, "0x200"), ...of(TIP, TWO, "0+60x200") },
      "a young network": of(TIP, ONE, "_x60 0+60x200"),
    },
  },
  MinaBlocksFew: {
    since: 31,
    fires: of(HEIGHT, ONE, "7x200"),
    labels: NETWORK,
    summary: "qa has made no block in ten slots",
    quiet: { "a block every 20 minutes": of(HEIGHT, ONE, "1x20 2x20 3x20 4x20 5x20 6x20 7x20") },
  },
  MinaForkLong: {
    since: 0,
    fires: frontier("longest_fork", "16x200"),
    labels: NETWORK,
    summary: "qa has a fork of 16 blocks or more",
    quiet: { "15 blocks": frontier("longest_fork", "15x200") },
  },
  MinaForkMedium: {
    since: 0,
    fires: frontier("longest_fork", "8x200"),
    labels: NETWORK,
    summary: "qa has a fork of eight blocks or more",
    quiet: { "seven blocks": frontier("longest_fork", "7x200") },
  },
  MinaWindowDensityCritical: {
    since: 0,
    fires: frontier("min_window_density", "13x200"),
    labels: NETWORK,
    summary: "The minimum window density of qa is 13",
    quiet: {
      "14": frontier("min_window_density", "14x200"),
      "a daemon without a best tip": frontier("min_window_density", "0x200"),
      "nine minutes": frontier("min_window_density", "13x8 40x200"),
    },
  },
  MinaWindowDensityLow: {
    since: 0,
    fires: frontier("min_window_density", "35x200"),
    labels: NETWORK,
    summary: "The minimum window density of qa is 35",
    quiet: { "36": frontier("min_window_density", "36x200") },
  },
  MinaSlotsUnfilled: {
    since: 0,
    fires: frontier("slot_fill_rate", "0.44x200"),
    labels: NETWORK,
    summary: "Only 44% of the slots of qa are filled",
    quiet: {
      "46 %": frontier("slot_fill_rate", "0.46x200"),
      "a daemon without a best tip": frontier("slot_fill_rate", "0x200"),
    },
  },
  MinaNoCoinbase: {
    since: 0,
    fires: frontier("best_tip_coinbase", "0x200"),
    labels: NETWORK,
    summary: "Blocks of qa come without a coinbase",
    quiet: { "one such block": frontier("best_tip_coinbase", "1x5 0x4 1x200") },
  },
  MinaBlocksDisconnectedMany: rejection(
    "no_common_ancestor",
    4,
    2,
    "A daemon of qa refused more than 3 blocks in an hour: they share no ancestor",
  ),
  MinaBlocksDisconnected: rejection(
    "no_common_ancestor",
    1,
    0,
    "A daemon of qa refused a block: they share no ancestor",
  ),
  MinaBlocksOldMany: rejection(
    "worse_than_root",
    6,
    4,
    "A daemon of qa refused more than 5 blocks in an hour: they are worse than the root",
  ),
  MinaBlocksOld: rejection(
    "worse_than_root",
    1,
    0,
    "A daemon of qa refused a block: they are worse than the root",
  ),
  MinaProofsInvalidMany: rejection(
    "invalid_proof",
    4,
    2,
    "A daemon of qa refused more than 3 blocks in an hour: their proof is not valid",
  ),
  MinaProofsInvalid: rejection(
    "invalid_proof",
    1,
    0,
    "A daemon of qa refused a block: their proof is not valid",
  ),
  MinaDaemonsRestarted: {
    since: 41,
    fires: on(ALL, UPTIME, RESTART),
    labels: NETWORK,
    summary: "3 daemons of qa ended unplanned in ten minutes",
    quiet: {
      "two daemons": on([ONE, TWO], UPTIME, RESTART),
      "T11: daemons that reached their stop time": on(ALL, UPTIME, PLANNED),
      "pods that `up` replaced": replaced(),
      "a network that was just made": on(ALL, UPTIME, "_x40 0+60000x100"),
    },
  },
  MinaDaemonRestarted: {
    since: 41,
    fires: on([ONE], UPTIME, RESTART),
    labels: ONE,
    summary: "node-1 ended unplanned and was started again",
    quiet: {
      "T11: a daemon that reached its stop time": on([ONE], UPTIME, PLANNED),
      "pods that `up` replaced": replaced(),
    },
  },
  MinaSeedsDown: {
    since: 0,
    fires: seeds("0x200", "0x200"),
    labels: NETWORK,
    summary: "No seed of qa answers",
    quiet: {
      "one of two": seeds("1x200", "0x200"),
      "T11: a seed that starts anew": seeds("1x5 0x3 1x200"),
      "other daemons": of("up", ONE, "0x200"),
    },
  },
  MinaSeedsDegraded: {
    since: 0,
    fires: seeds("1x200", "0x200"),
    labels: NETWORK,
    summary: "Half of the seeds of qa do not answer",
    quiet: { "two of three": seeds("1x200", "0x200", "1x200") },
  },
  MinaPeersFew: {
    since: 0,
    fires: { ...of("Coda_Network_peers", ONE, "1x200"), ...of("Coda_Network_peers", TWO, "3x200") },
    labels: NETWORK,
    summary: "Daemons of qa have 2 peers on average",
    quiet: {
      "three on average": {
        ...of("Coda_Network_peers", ONE, "1x200"),
        ...of("Coda_Network_peers", TWO, "5x200"),
      },
    },
  },
  MinaDaemonAlone: {
    since: 0,
    fires: { ...of("Coda_Network_peers", ONE, "0x200"), ...of("Coda_Network_peers", TWO, "9x200") },
    labels: ONE,
    summary: "node-1 has no peer",
    quiet: {
      "one peer": of("Coda_Network_peers", ONE, "1x200"),
      "a start": of("Coda_Network_peers", ONE, "0x5 4x200"),
    },
  },
  MinaDaemonsBehind: {
    since: 0,
    fires: { ...of(TIP, ONE, "10000+60x200"), ...of(TIP, TWO, "8000+60x200") },
    labels: NETWORK,
    summary: "50% of the daemons of qa are behind",
    quiet: {
      "one of three": { ...on([ONE, TWO], TIP, "10000+60x200"), ...of(TIP, THREE, "8000+60x200") },
      "all stand": on(ALL, TIP, "10000x200"),
    },
  },
  MinaDaemonBehind: {
    since: 0,
    fires: { ...of(TIP, ONE, "10000+60x200"), ...of(TIP, TWO, "8560+60x200") },
    labels: TWO,
    summary: "node-02 is eight slots behind or more",
    quiet: {
      "seven slots": { ...of(TIP, ONE, "10000+60x200"), ...of(TIP, TWO, "8740+60x200") },
      "a restart that catches up": { ...of(TIP, ONE, "10000+60x200"), ...of(TIP, TWO, "0x8 10480+60x200") },
    },
  },
  MinaDaemonNeverSynced: {
    since: 99,
    fires: { ...of(TIP, ONE, "10000+60x200"), ...of(TIP, TWO, "0x200") },
    labels: TWO,
    summary: "node-02 has been behind for most of 40 slots",
    quiet: {
      "an hour of catching up": { ...of(TIP, ONE, "10000+60x200"), ...of(TIP, TWO, "0x60 13660+60x200") },
    },
  },
  MinaSnarkWorkStopped: {
    since: 7,
    fires: snark("1000x200", "5x200"),
    labels: NETWORK,
    summary: "qa waits for SNARK work, and none comes",
    quiet: {
      "nothing is waited for": snark("1000x200", "0x200"),
      "work comes": snark("0+30x200", "5x200"),
    },
  },
  MinaSnarkWorkFails: {
    since: 6,
    fires: of("Coda_Snark_work_snark_work_failed_rpc", ONE, "0x5 1x200"),
    labels: { ...NETWORK, daemon: "node-1" },
    summary: "Workers of node-1 report failed work",
    quiet: { none: of("Coda_Snark_work_snark_work_failed_rpc", ONE, "3x200") },
  },
  MinaTransactionsStopped: {
    since: 7,
    fires: of("Coda_Transaction_pool_useful_transactions_received_time_sec", ONE, "50x200"),
    labels: NETWORK,
    summary: "No transaction reaches qa any more",
    quiet: {
      "they come": of("Coda_Transaction_pool_useful_transactions_received_time_sec", ONE, "0+20x200"),
    },
  },
  MinaBlocksEmpty: {
    since: 0,
    fires: frontier("empty_blocks_at_best_tip", "5x200"),
    labels: NETWORK,
    summary: "The newest 5 blocks of qa carry no transaction",
    quiet: { four: frontier("empty_blocks_at_best_tip", "4x200") },
  },
  MinaArchiveUnparentedMany: {
    since: 0,
    fires: archive("unparented_blocks", "31x200"),
    labels: NETWORK,
    summary: "The archive of qa has 31 unparented blocks",
    quiet: { "30": archive("unparented_blocks", "30x200") },
  },
  MinaArchiveUnparented: {
    since: 0,
    fires: archive("unparented_blocks", "2x200"),
    labels: NETWORK,
    summary: "The archive of qa has 2 unparented blocks",
    quiet: { "one, the first block has none": archive("unparented_blocks", "1x200") },
  },
  MinaArchiveMissingMany: {
    since: 0,
    fires: archive("missing_blocks", "31x200"),
    labels: NETWORK,
    summary: "The archive of qa has 31 missing blocks",
    quiet: { "30": archive("missing_blocks", "30x200") },
  },
  MinaArchiveMissing: {
    since: 0,
    fires: archive("missing_blocks", "1x200"),
    labels: NETWORK,
    summary: "The archive of qa has 1 missing blocks",
    quiet: { none: archive("missing_blocks", "0x200") },
  },
  MinaArchiveBehind: {
    since: 60,
    fires: { ...archive("max_block_height", "50x200"), ...of(HEIGHT, ONE, "50+1x200") },
    labels: NETWORK,
    summary: "The archive of qa writes no block while the chain grows",
    quiet: {
      "both grow": { ...archive("max_block_height", "50+1x200"), ...of(HEIGHT, ONE, "50+1x200") },
      "the chain stands": { ...archive("max_block_height", "50x200"), ...of(HEIGHT, ONE, "50x200") },
    },
  },
  NetworkUnwatched: {
    since: 0,
    fires: of("up", { ...ONE, cluster: "euw4" }, "0x200"),
    labels: { ...NETWORK, cluster: "use1" },
    summary: "Nothing is known of qa in use1",
    quiet: {
      "both clusters, be the daemons down": {
        ...of("up", ONE, "0x200"),
        ...of("up", { ...ONE, cluster: "euw4" }, "0x200"),
      },
    },
  },
};

const GETH = daemon("node-1-geth", "execution");
const GETH_2 = daemon("node-02-geth", "execution");
const PRYSM = daemon("node-1-prysm", "consensus");
const PRYSM_2 = daemon("node-02-prysm", "consensus");
const VALIDATOR = daemon("node-1-validator", "validator");

const finality = (clock: string, finalized: string): Series => ({
  ...of("beacon_clock_time_slot", PRYSM, clock),
  ...of("beacon_finalized_epoch", PRYSM, finalized),
});

const votes = (target: string): Series => ({
  ...of("beacon_prev_epoch_target_gwei", PRYSM, target),
  ...of("beacon_prev_epoch_active_gwei", PRYSM, "1000x200"),
});

const pool = (pending: string, queued: string): Series => ({
  ...of("txpool_pending", GETH, pending),
  ...of("txpool_queued", GETH, queued),
});

const engineCalls = (version: string, values: string) =>
  of(`rpc_duration_engine_forkchoiceUpdated${version}_success_count`, GETH, values);
const connected = (values: string) => of("p2p_peer_count", { ...PRYSM, state: "Connected" }, values);
const attested = (values: string) =>
  of("validator_last_attested_slot", { ...VALIDATOR, pubkey: "0xab" }, values);

/** Slots of 12 s, epochs of 32, genesis at minute 0, five nodes. */
export const ETHEREUM_CASES: Readonly<Record<string, AlertCase>> = {
  EthereumChainStalled: {
    since: 6,
    fires: { ...of("beacon_head_slot", PRYSM, "40x200"), ...of("beacon_head_slot", PRYSM_2, "30x200") },
    labels: NETWORK,
    summary: "No client of qa has a new block",
    quiet: {
      "a block in two minutes": of("beacon_head_slot", PRYSM, "0+1x200"),
      "one client that stands": {
        ...of("beacon_head_slot", PRYSM, "0x200"),
        ...of("beacon_head_slot", PRYSM_2, "0+5x200"),
      },
    },
  },
  EthereumNotFinal: {
    since: 26,
    fires: finality("0+5x200", "0x200"),
    labels: NETWORK,
    summary: "qa has not finalized for more than four epochs",
    quiet: {
      "three epochs": finality("1000x200", "28x200"),
      "four epochs and no more": finality("0+5x25 125x200", "0x200"),
    },
  },
  EthereumReorgs: {
    since: 6,
    fires: of("chain_reorg_drop", GETH, "0x5 10x200"),
    labels: GETH,
    summary: "node-1-geth has thrown away more than six blocks in 30 minutes",
    quiet: { "four blocks": of("chain_reorg_drop", GETH, "0x5 4x200") },
  },
  EthereumTransactionsPileUp: {
    since: 0,
    fires: pool("5000x200", "121x200"),
    labels: GETH,
    summary: "The transaction pool of node-1-geth is full",
    quiet: { "as many as it holds": pool("4096x200", "1024x200"), "a burst": pool("9000x5 0x200", "0x200") },
  },
  EthereumPairDown: {
    since: 0,
    fires: { ...of("up", GETH, "0x200"), ...of("up", PRYSM, "1x200"), ...of("up", VALIDATOR, "1x200") },
    labels: { ...NETWORK, cluster: "use1", node: "node-1" },
    summary: "An execution or consensus client of node-1 does not answer",
    quiet: {
      "both up, the validator client down": {
        ...of("up", GETH, "1x200"),
        ...of("up", PRYSM, "1x200"),
        ...of("up", VALIDATOR, "0x200"),
      },
      "a restart": { ...of("up", GETH, "1x2 0x3 1x200"), ...of("up", PRYSM, "1x200") },
    },
  },
  EthereumExecutionPeersFew: {
    since: 0,
    fires: of("p2p_peers", GETH, "2x200"),
    labels: GETH,
    summary: "node-1-geth has 2 peers",
    quiet: { three: of("p2p_peers", GETH, "3x200"), "a start": of("p2p_peers", GETH, "0x5 4x200") },
  },
  EthereumConsensusPeersFew: {
    since: 0,
    fires: connected("2x200"),
    labels: { ...PRYSM, state: "Connected" },
    summary: "node-1-prysm has 2 peers",
    quiet: {
      three: connected("3x200"),
      "none that is bad": {
        ...connected("4x200"),
        ...of("p2p_peer_count", { ...PRYSM, state: "Bad" }, "0x200"),
      },
    },
  },
  EthereumConsensusBehind: {
    since: 0,
    fires: { ...of("beacon_head_slot", PRYSM, "100+5x200"), ...of("beacon_head_slot", PRYSM_2, "92+5x200") },
    labels: PRYSM_2,
    summary: "node-02-prysm is eight slots behind or more",
    quiet: {
      "seven slots": {
        ...of("beacon_head_slot", PRYSM, "100+5x200"),
        ...of("beacon_head_slot", PRYSM_2, "93+5x200"),
      },
      "all stand": {
        ...of("beacon_head_slot", PRYSM, "100x200"),
        ...of("beacon_head_slot", PRYSM_2, "100x200"),
      },
    },
  },
  EthereumExecutionBehind: {
    since: 0,
    fires: { ...of("chain_head_block", GETH, "100+5x200"), ...of("chain_head_block", GETH_2, "50+5x200") },
    labels: GETH_2,
    summary: "node-02-geth is eight blocks behind or more",
    quiet: {
      "seven blocks": {
        ...of("chain_head_block", GETH, "100+5x200"),
        ...of("chain_head_block", GETH_2, "93+5x200"),
      },
    },
  },
  EthereumEngineUnreachable: {
    since: 5,
    fires: { ...of("p2p_peers", GETH, "3x200"), ...engineCalls("V3", "0+5x1 5x200") },
    labels: GETH,
    summary: "node-1-geth is not called by its consensus client",
    quiet: {
      "calls of another version": { ...of("p2p_peers", GETH, "3x200"), ...engineCalls("V4", "0+5x200") },
      "a client of another make": of("up", GETH, "1x200"),
    },
  },
  EthereumValidatorSilent: {
    since: 20,
    fires: attested("500x200"),
    labels: { ...NETWORK, daemon: "node-1-validator" },
    summary: "No validator of node-1-validator votes any more",
    quiet: {
      "a vote each epoch": attested("0+5x200"),
      "one of two keys": {
        ...attested("500x200"),
        ...of("validator_last_attested_slot", { ...VALIDATOR, pubkey: "0xcd" }, "400+5x200"),
      },
    },
  },
  EthereumParticipationLow: {
    since: 0,
    fires: votes("890x200"),
    labels: NETWORK,
    summary: "Less than nine tenths of the stake of qa vote",
    quiet: { "91 %": votes("910x200"), "an epoch": votes("1000x5 500x6 1000x200") },
  },
  EthereumPeersUnknown: {
    since: 0,
    fires: of("testnet_execution_up", GETH, "0x200"),
    labels: GETH,
    summary: "node-1-geth does not tell its peers",
    quiet: { "it tells": of("testnet_execution_up", GETH, "1x200") },
  },
  NetworkUnwatched: MINA_CASES["NetworkUnwatched"]!,
};
