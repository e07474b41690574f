import type { AlertRule, NetworkMonitoring } from "../monitoring";
import {
  aheadOfFirst,
  alertRule,
  fewPeers,
  range,
  type SeriesNamer,
  seriesOf,
  unwatchedRules,
} from "../monitoring-rules";
import type { Daemon } from "../plan";
import { chainAlerts } from "./chain-alerts";
import { minaDashboard } from "./dashboard";
import { type MinaWatch, TIP, UPTIME } from "./watch";
import { workAlerts } from "./work-alerts";

/** Milliseconds that a restart at its stop time may seem early: the range looked at ends ten minutes before now. */
const STOP_MARGIN_MS = 20 * 60_000;

/** Alerts and the dashboard of a network. Pure. */
export function minaMonitoring(watch: MinaWatch): NetworkMonitoring {
  const { network, daemons } = watch;
  return {
    rules: [
      ...chainAlerts(watch),
      ...daemonRules(watch),
      ...syncRules(watch),
      ...workAlerts(watch),
      ...unwatchedRules(network, daemons),
    ],
    dashboards: [minaDashboard(network)],
  };
}

/**
 * Restarts, peers, seeds. A restart is counted when the same pod had run before, for less than its stop time: pods that
 * `up` replaced, and daemons that stopped themselves when their time had come, are planned.
 */
function daemonRules({ network, daemons }: MinaWatch): AlertRule[] {
  const series = seriesOf(network);
  const restarted = (withinMs: number) =>
    `${series(UPTIME)} < ${withinMs} and on (network, daemon, instance) max_over_time(${series(UPTIME)}[20m] offset 10m) < ${stopTimeMs(daemons) - STOP_MARGIN_MS}`;
  const seeds = series("up", 'role="seed"');
  const least = fewPeers(
    daemons.filter(({ ports }) => ports.some(({ exposure }) => exposure === "peers")).length,
  );
  return [
    alertRule({
      alert: "MinaDaemonsRestarted",
      severity: "critical",
      expr: `count by (network) (${restarted(600_000)}) > 2`,
      minutes: 0,
      summary: "{{ $value }} daemons of {{ $labels.network }} ended unplanned in ten minutes",
      description:
        "Something hits them all: a block, a peer, their memory or their machines. Read their last lines.",
    }),
    alertRule({
      alert: "MinaDaemonRestarted",
      severity: "warning",
      expr: restarted(360_000),
      minutes: 0,
      summary: "{{ $labels.daemon }} ended unplanned and was started again",
      description: "Read the last lines of what it wrote before it ended.",
    }),
    alertRule({
      alert: "MinaSeedsDown",
      severity: "critical",
      expr: `sum by (network) (${seeds}) == 0`,
      minutes: 5,
      summary: "No seed of {{ $labels.network }} answers",
      description: "Nobody new can join, and who restarts finds nobody. Bring one seed back first.",
    }),
    alertRule({
      alert: "MinaSeedsDegraded",
      severity: "warning",
      expr: `avg by (network) (${seeds}) <= 0.5`,
      minutes: 5,
      summary: "Half of the seeds of {{ $labels.network }} do not answer",
      description: "The network goes on with the others. See why these are down.",
    }),
    ...(least === undefined ? [] : peerRules(series, least)),
  ];
}

function peerRules(series: SeriesNamer, least: number): AlertRule[] {
  return [
    alertRule({
      alert: "MinaPeersFew",
      severity: "critical",
      expr: `avg by (network) (${series("Coda_Network_peers")}) < ${least}`,
      minutes: 10,
      summary: "Daemons of {{ $labels.network }} have {{ $value }} peers on average",
      description: "Seeds are not reached, or ports are closed. Try the seeds' names and ports from outside.",
    }),
    alertRule({
      alert: "MinaDaemonAlone",
      severity: "warning",
      expr: `${series("Coda_Network_peers")} == 0`,
      minutes: 10,
      summary: "{{ $labels.daemon }} has no peer",
      description: "See which address it tells others, and whether its port is open there.",
    }),
  ];
}

/** Who follows the chain. Compared with the foremost daemon, so a chain that stands leaves these silent. */
function syncRules({ network, slotSeconds }: MinaWatch): AlertRule[] {
  const series = seriesOf(network);
  const ahead = aheadOfFirst(series(TIP));
  const behind = `${ahead} <= ${-8 * slotSeconds}`;
  const seconds = 40 * slotSeconds;
  // A look a minute, and five of six find it behind: a daemon that has just begun has not been looked at so often.
  const most = Math.ceil((Math.max(seconds, 300) / 60) * (5 / 6));
  return [
    alertRule({
      alert: "MinaDaemonsBehind",
      severity: "critical",
      expr: `count by (network) (${behind}) / count by (network) (${series(TIP)}) > 0.4`,
      minutes: 10,
      summary: "{{ $value | humanizePercentage }} of the daemons of {{ $labels.network }} are behind",
      description:
        "They are eight slots or more behind the foremost one: the network is parted or overloaded.",
    }),
    alertRule({
      alert: "MinaDaemonBehind",
      severity: "warning",
      expr: behind,
      minutes: 10,
      summary: "{{ $labels.daemon }} is eight slots behind or more",
      description: "It bootstraps, catches up, or hears of no blocks. See its log and its peers.",
    }),
    alertRule({
      alert: "MinaDaemonNeverSynced",
      severity: "critical",
      expr: `sum_over_time((${ahead} <= bool ${-8 * slotSeconds})[${range(seconds)}:1m]) >= ${most}`,
      minutes: 10,
      summary: "{{ $labels.daemon }} has been behind for most of 40 slots",
      description:
        "It is stuck in bootstrap or catch-up. Restart it; if that does not help, drop its volume.",
    }),
  ];
}

/**
 * Uptime from which on the first of the daemons stops by itself, in milliseconds. 168 hours are what the daemon takes
 * where it is told nothing.
 */
function stopTimeMs(daemons: readonly Daemon[]): number {
  const hours = daemons.flatMap(({ args }) =>
    args.flatMap((argument, index) => {
      const [flag, value = args[index + 1]] = argument.split("=");
      return flag === "--stop-time" ? [Number(value)] : [];
    }),
  );
  return hours.reduce((least, one) => Math.min(least, one), hours.length === 0 ? 168 : Infinity) * 3_600_000;
}
