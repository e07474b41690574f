import type { DashboardPlan, Graph } from "../monitoring";
import { chosenSeriesOf, graph, podGraphs, type SeriesNamer } from "../monitoring-rules";

/** The dashboard of an Ethereum network. Pure. */
export function ethereumDashboard(network: string, slotsPerEpoch: number): DashboardPlan {
  const series = chosenSeriesOf(network);
  return {
    uid: network,
    title: `Ethereum: ${network}`,
    graphs: [...chainGraphs(series, slotsPerEpoch), ...clientGraphs(series), ...podGraphs(network)],
  };
}

function chainGraphs(series: SeriesNamer, slotsPerEpoch: number): Graph[] {
  return [
    graph("Head of consensus clients, slot", series("beacon_head_slot")),
    graph("Head of execution clients, block", series("chain_head_block")),
    graph("Slots behind the clock", `${series("beacon_clock_time_slot")} - ${series("beacon_head_slot")}`),
    graph(
      "Epochs since the last final one",
      `max by (network) (${series("beacon_clock_time_slot")}) / ${slotsPerEpoch} - max by (network) (${series("beacon_finalized_epoch")})`,
      "{{network}}",
    ),
    graph(
      "Stake that votes",
      `max by (network) (${series("beacon_prev_epoch_target_gwei")}) / max by (network) (${series("beacon_prev_epoch_active_gwei")})`,
      "{{network}}",
      "percentunit",
    ),
    graph("Blocks thrown away in 30 minutes", `increase(${series("chain_reorg_drop")}[30m])`),
  ];
}

function clientGraphs(series: SeriesNamer): Graph[] {
  return [
    graph("Peers of execution clients", series("p2p_peers")),
    graph("Peers of consensus clients", series("p2p_peer_count", 'state="Connected"')),
    graph(
      "Peers of execution clients, by client",
      `count by (daemon, client) (${series("testnet_execution_peer")})`,
      "{{daemon}} {{client}}",
    ),
    graph("Transactions waiting", `${series("txpool_pending")} + ${series("txpool_queued")}`),
    graph("Database of execution clients", series("eth_db_chaindata_disk_size"), "{{daemon}}", "bytes"),
    graph(
      "Database of consensus clients",
      series("bcnode_disk_beaconchain_bytes_total"),
      "{{daemon}}",
      "bytes",
    ),
    graph(
      "Time a new payload takes",
      `rate(${series("new_payload_v1_latency_milliseconds_sum")}[$__rate_interval]) / rate(${series("new_payload_v1_latency_milliseconds_count")}[$__rate_interval])`,
      "{{daemon}}",
      "ms",
    ),
    graph(
      "Errors in logs of Prysm",
      `sum by (daemon, prefix) (increase(${series("log_entries_total", 'level="error"')}[5m])) > 0`,
      "{{daemon}} {{prefix}}",
    ),
  ];
}
