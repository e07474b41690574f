import type { Daemon } from "../plan";

/**
 * How a Mina network is watched: the conditions Mina's own operators use, scaled by the length of a slot. Left out is what
 * only their watchdog serves (crashed pods, silent logs, prover errors, the block bucket); seeds are asked by whether they
 * answer Prometheus.
 *
 * Gauges named `*_time_sec` count from a moment compiled into the daemon (1 January 2021 in the sources read), which another
 * build may move. So a best tip's age is never computed from them: only whether they rise, and who is behind whom.
 */
export interface MinaWatch {
  readonly network: string;
  readonly daemons: readonly Daemon[];
  readonly slotSeconds: number;
  /** Slots of a sub-window of the consensus; a window has 11 of them. 7 on mainnet. */
  readonly slotsPerSubWindow: number;
  /** Whether somebody sends transactions all the time, so that their absence means something. */
  readonly transactions: boolean;
}

/** Slot time of a daemon's best tip, in seconds since a moment compiled into the daemon. */
export const TIP = "Coda_Transition_frontier_best_tip_slot_time_sec";

/** Length of the longest chain a daemon has seen. */
export const HEIGHT = "Coda_Transition_frontier_max_blocklength_observed";

export const UPTIME = "Coda_Runtime_process_uptime_ms_total";
