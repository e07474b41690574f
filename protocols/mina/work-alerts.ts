import type { AlertRule } from "../monitoring";
import { alertRule, range, seriesOf, sinceGenesis, standsStill } from "../monitoring-rules";
import { HEIGHT, type MinaWatch } from "./watch";

/** Alerts about what goes into blocks, and what keeps them: SNARK work, transactions, archives. */
export function workAlerts(watch: MinaWatch): AlertRule[] {
  return [
    ...snarkRules(watch),
    ...(watch.transactions ? transactionRules(watch) : []),
    ...archiveRules(watch),
  ];
}

function snarkRules({ network, slotSeconds }: MinaWatch): AlertRule[] {
  const series = seriesOf(network);
  const work = (metric: string) => series(`Coda_Snark_work_${metric}`);
  return [
    alertRule({
      alert: "MinaSnarkWorkStopped",
      severity: "critical",
      expr:
        `${standsStill(work("useful_snark_work_received_time_sec"), range(2 * slotSeconds))} ` +
        `and max by (network) (${work("pending_snark_work")}) > 0 and ${sinceGenesis(2 * slotSeconds)}`,
      minutes: 5,
      summary: "{{ $labels.network }} waits for SNARK work, and none comes",
      description:
        "Workers are down, do not reach their coordinator, or are too slow. Blocks soon carry nothing.",
    }),
    alertRule({
      alert: "MinaSnarkWorkFails",
      severity: "warning",
      expr: `sum by (network, daemon) (increase(${work("snark_work_failed_rpc")}[1h])) > 0`,
      minutes: 0,
      summary: "Workers of {{ $labels.daemon }} report failed work",
      description: "Read the log of a worker. A machine without AVX or BMI2 fails here first.",
    }),
  ];
}

function transactionRules({ network, slotSeconds }: MinaWatch): AlertRule[] {
  const series = seriesOf(network);
  const received = series("Coda_Transaction_pool_useful_transactions_received_time_sec");
  return [
    alertRule({
      alert: "MinaTransactionsStopped",
      severity: "critical",
      expr: `${standsStill(received, range(2 * slotSeconds))} and ${sinceGenesis(2 * slotSeconds)}`,
      minutes: 5,
      summary: "No transaction reaches {{ $labels.network }} any more",
      description: "The load is down or out of funds, or nobody takes its transactions.",
    }),
    alertRule({
      alert: "MinaBlocksEmpty",
      severity: "critical",
      expr: `max by (network) (${series("Coda_Transition_frontier_empty_blocks_at_best_tip")}) >= 5`,
      minutes: 5,
      summary: "The newest {{ $value }} blocks of {{ $labels.network }} carry no transaction",
      description: "There are none, or there is too little SNARK work for blocks to take them.",
    }),
  ];
}

function archiveRules({ network, slotSeconds }: MinaWatch): AlertRule[] {
  const series = seriesOf(network);
  const most = (metric: string) => `max by (network) (${series(`Coda_Archive_${metric}`)})`;
  const height = series("Coda_Archive_max_block_height");
  const within = range(20 * slotSeconds);
  const missing = (alert: string, severity: "critical" | "warning", metric: string, above: number) =>
    alertRule({
      alert,
      severity,
      expr: `${most(metric)} > ${above}`,
      minutes: 10,
      summary: `The archive of {{ $labels.network }} has {{ $value }} ${metric.replace("_", " ")}`,
      description:
        "Blocks did not reach it. Fill the gaps from another archive or from a daemon's precomputed blocks.",
    });
  return [
    missing("MinaArchiveUnparentedMany", "critical", "unparented_blocks", 30),
    missing("MinaArchiveUnparented", "warning", "unparented_blocks", 1),
    missing("MinaArchiveMissingMany", "critical", "missing_blocks", 30),
    missing("MinaArchiveMissing", "warning", "missing_blocks", 0),
    alertRule({
      alert: "MinaArchiveBehind",
      severity: "warning",
      expr:
        `${standsStill(height, within)} and ` +
        `max by (network) (${series(HEIGHT)}) > max by (network) (${series(HEIGHT)} offset ${within})`,
      minutes: 10,
      summary: "The archive of {{ $labels.network }} writes no block while the chain grows",
      description:
        "Its daemon does not reach it, or its database takes nothing. See both logs, and its disk.",
    }),
  ];
}
