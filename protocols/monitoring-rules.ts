import type { AlertRule, Graph } from "./monitoring";
import type { Daemon } from "./plan";
import { ref } from "./references";

/** What the alert rules and dashboards of all protocols are made with. Pure. */

/** An alert before it has its page: what it asks, for how long, and what it says. */
export interface AlertText {
  readonly alert: string;
  readonly severity: AlertRule["labels"]["severity"];
  /** PromQL; every series of the answer is one alert. */
  readonly expr: string;
  /** Minutes that it must hold. */
  readonly minutes: number;
  /** One line, may name labels as `{{ $labels.daemon }}`. */
  readonly summary: string;
  /** What it means and the first thing to do. */
  readonly description: string;
}

/** The rule of an alert. Its section in docs/runbooks.md has its name. */
export function alertRule({ alert, severity, expr, minutes, summary, description }: AlertText): AlertRule {
  return {
    alert,
    expr,
    for: `${minutes}m`,
    labels: { severity },
    annotations: { summary, description, runbook: `docs/runbooks.md#${alert.toLowerCase()}` },
  };
}

/** Names series of one network: `series("peers")` is `peers{network="qa"}`. */
export type SeriesNamer = (metric: string, ...matchers: readonly string[]) => string;

export function seriesOf(network: string): SeriesNamer {
  return (metric, ...matchers) => `${metric}{${[`network="${network}"`, ...matchers].join(",")}}`;
}

/** As {@link seriesOf}, of the clusters chosen on a dashboard. */
export function chosenSeriesOf(network: string): SeriesNamer {
  const all = seriesOf(network);
  return (metric, ...matchers) => all(metric, 'cluster=~"$cluster"', ...matchers);
}

/**
 * A range for PromQL. Samples come every 30 s: below five minutes a range would now and then hold too few of them to tell
 * standing still from not being seen.
 */
export function range(seconds: number): string {
  return `${Math.max(Math.ceil(seconds), 300)}s`;
}

/** Holds from so many seconds after the chain's first slot: a chain that has not begun is not late. */
export function sinceGenesis(seconds: number): string {
  return `on () vector(time()) > ${ref.genesisTime} + ${Math.max(Math.ceil(seconds), 300)}`;
}

/** A gauge that only rises has not risen in the range, on no daemon of the network. A restarted daemon is no rise. */
export function standsStill(series: string, within: string): string {
  return `max by (network) (${series}) <= max by (network) (${series} offset ${within})`;
}

/** What each daemon is ahead of the network's foremost one: 0 or less. */
export function aheadOfFirst(series: string): string {
  return `${series} - on (network) group_left () max by (network) (${series})`;
}

/**
 * How many peers are too few for networks of this size: three of many, all of a small one, and undefined where there is
 * nobody to be a peer.
 */
export function fewPeers(participants: number): number | undefined {
  return participants > 1 ? Math.min(3, participants - 1) : undefined;
}

/** For each cluster with daemons that serve metrics: none of them is known to Prometheus. */
export function unwatchedRules(network: string, daemons: readonly Daemon[]): AlertRule[] {
  const clusters = new Set(
    daemons.flatMap(({ workload }) =>
      workload?.metricsPath === undefined || workload.replicas === 0 ? [] : [workload.cluster],
    ),
  );
  const absent = [...clusters].map((cluster) => `absent(${seriesOf(network)("up", `cluster="${cluster}"`)})`);
  if (absent.length === 0) return [];
  return [
    alertRule({
      alert: "NetworkUnwatched",
      severity: "critical",
      expr: absent.join(" or "),
      minutes: 10,
      summary: "Nothing is known of {{ $labels.network }} in {{ $labels.cluster }}",
      description:
        "Its pods are gone, or Prometheus there does not find them or cannot send what it sees. No other alert can speak.",
    }),
  ];
}

/** What pods of the network take of their machines, whatever runs in them. */
export function podGraphs(network: string): Graph[] {
  const pods = `namespace="${network}",cluster=~"$cluster"`;
  return [
    {
      title: "CPU of daemons, the 20 busiest",
      unit: "cores",
      expr: `topk(20, sum by (cluster, pod) (rate(container_cpu_usage_seconds_total{container!="",${pods}}[$__rate_interval])))`,
      legend: "{{cluster}} {{pod}}",
    },
    {
      title: "Memory of daemons, the 20 largest",
      unit: "bytes",
      expr: `topk(20, sum by (cluster, pod) (container_memory_working_set_bytes{container!="",${pods}}))`,
      legend: "{{cluster}} {{pod}}",
    },
    {
      title: "Volumes used",
      unit: "percentunit",
      expr: `1 - kubelet_volume_stats_available_bytes{${pods}} / kubelet_volume_stats_capacity_bytes{${pods}}`,
      legend: "{{cluster}} {{persistentvolumeclaim}}",
    },
    {
      title: "Daemons that answer Prometheus",
      unit: "short",
      expr: `sum by (cluster, role) (${chosenSeriesOf(network)("up")})`,
      legend: "{{cluster}} {{role}}",
    },
  ];
}

/** One panel of a dashboard; a line for each daemon unless told otherwise. */
export function graph(title: string, expr: string, legend = "{{daemon}}", unit = "short"): Graph {
  return { title, unit, expr, legend };
}
