import type { DashboardPlan, Graph } from "../monitoring";
import { aheadOfFirst, chosenSeriesOf, graph, podGraphs } from "../monitoring-rules";
import { TIP, UPTIME } from "./watch";

/** The dashboard of a Mina network. Pure. */
export function minaDashboard(network: string): DashboardPlan {
  return {
    uid: network,
    title: `Mina: ${network}`,
    graphs: [...chainGraphs(network), ...workGraphs(network), ...podGraphs(network)],
  };
}

function chainGraphs(network: string): Graph[] {
  const series = chosenSeriesOf(network);
  const frontier = (metric: string) => series(`Coda_Transition_frontier_${metric}`);
  return [
    graph("Block height", frontier("best_tip_block_height")),
    graph("Seconds behind the foremost daemon", `-(${aheadOfFirst(series(TIP))})`, "{{daemon}}", "s"),
    graph("Peers", series("Coda_Network_peers")),
    graph("Slots filled", frontier("slot_fill_rate"), "{{daemon}}", "percentunit"),
    graph("Minimum window density", frontier("min_window_density")),
    graph("Longest fork", frontier("longest_fork")),
    graph("Empty blocks at the best tip", frontier("empty_blocks_at_best_tip")),
    graph(
      "Blocks produced in an hour",
      `sum by (daemon) (increase(${series("Coda_Block_producer_blocks_produced")}[1h])) > 0`,
    ),
    graph(
      "Slots won in an hour",
      `sum by (daemon) (increase(${series("Coda_Block_producer_slots_won")}[1h])) > 0`,
    ),
    graph("Gossip of blocks, as the daemon averages it", series("Coda_Block_latency_gossip_time")),
    graph(
      "Blocks refused in an hour",
      `sum by (network) (increase(${series("Coda_Rejected_blocks_no_common_ancestor")}[1h])) + sum by (network) (increase(${series("Coda_Rejected_blocks_worse_than_root")}[1h])) + sum by (network) (increase(${series("Coda_Rejected_blocks_invalid_proof")}[1h]))`,
      "{{network}}",
    ),
    graph("Uptime", `${series(UPTIME)} / 1000`, "{{daemon}}", "s"),
  ];
}

function workGraphs(network: string): Graph[] {
  const series = chosenSeriesOf(network);
  const work = (metric: string) => series(`Coda_Snark_work_${metric}`);
  return [
    graph("SNARK work pending", work("pending_snark_work")),
    graph("SNARK pool", work("snark_pool_size")),
    graph(
      "SNARK work given out in an hour",
      `sum by (daemon) (increase(${work("snark_work_assigned_rpc")}[1h])) > 0`,
    ),
    graph(
      "SNARK work that ran out of time in an hour",
      `sum by (daemon) (increase(${work("snark_work_timed_out_rpc")}[1h])) > 0`,
    ),
    graph("SNARK fees of a block", series("Coda_Scan_state_snark_fees_per_block")),
    graph("Transactions in the pool", series("Coda_Transaction_pool_size")),
    graph("Archive: newest block", series("Coda_Archive_max_block_height")),
    graph("Archive: missing blocks", series("Coda_Archive_missing_blocks")),
    graph("Live memory, words", series("Coda_Runtime_ocaml_gc_live_words")),
  ];
}
