import type { AlertRule } from "../monitoring";
import { alertRule, range, type SeriesNamer, seriesOf, sinceGenesis, standsStill } from "../monitoring-rules";
import { HEIGHT, type MinaWatch, TIP } from "./watch";

const SUB_WINDOWS = 11;

/** Densities that Mina's operators call critical and low, in a window of 77 slots. */
const DENSITY = { critical: 13 / 77, low: 35 / 77 } as const;

/** Alerts about the chain itself: whether it grows, how well, and which blocks are refused. */
export function chainAlerts(watch: MinaWatch): AlertRule[] {
  return [...chainRules(watch), ...qualityRules(watch), ...rejectionRules(seriesOf(watch.network))];
}

function chainRules({ network, slotSeconds }: MinaWatch): AlertRule[] {
  const series = seriesOf(network);
  const stands = (metric: string, slots: number) =>
    `${standsStill(series(metric), range(slots * slotSeconds))} and ${sinceGenesis(slots * slotSeconds)}`;
  return [
    alertRule({
      alert: "MinaChainStalled",
      severity: "critical",
      expr: stands(TIP, 15),
      minutes: 0,
      summary: "No daemon of {{ $labels.network }} has had a new best tip for 15 slots",
      description:
        "Nobody produces blocks, or nobody hears of them. See which producers run, and their peers.",
    }),
    alertRule({
      alert: "MinaBlocksFew",
      severity: "critical",
      expr: stands(HEIGHT, 10),
      minutes: 5,
      summary: "{{ $labels.network }} has made no block in ten slots",
      description: "Producers are down, cut off, or have too little stake to win slots.",
    }),
    alertRule({
      alert: "MinaForkLong",
      severity: "critical",
      expr: `max by (network) (${series("Coda_Transition_frontier_longest_fork")}) >= 16`,
      minutes: 0,
      summary: "{{ $labels.network }} has a fork of 16 blocks or more",
      description: "The network is parted, or one key is run twice. Compare the best tips of all daemons.",
    }),
    alertRule({
      alert: "MinaForkMedium",
      severity: "warning",
      expr: `max by (network) (${series("Coda_Transition_frontier_longest_fork")}) >= 8`,
      minutes: 0,
      summary: "{{ $labels.network }} has a fork of eight blocks or more",
      description: "Blocks reach some daemons late. Watch whether it grows.",
    }),
  ];
}

/** How good the chain is. A daemon that has no best tip yet shows 0, which is no measure of anything. */
function qualityRules({ network, slotsPerSubWindow }: MinaWatch): AlertRule[] {
  const series = seriesOf(network);
  const window = SUB_WINDOWS * slotsPerSubWindow;
  const lowest = (metric: string) => `min by (network) (${series(metric)} > 0)`;
  const density = (share: number) =>
    `${lowest("Coda_Transition_frontier_min_window_density")} <= ${Math.round(share * window)}`;
  return [
    alertRule({
      alert: "MinaWindowDensityCritical",
      severity: "critical",
      expr: density(DENSITY.critical),
      minutes: 10,
      summary: "The minimum window density of {{ $labels.network }} is {{ $value }}",
      description: "Most slots stay empty: a chain made in secret could win. Bring producers back.",
    }),
    alertRule({
      alert: "MinaWindowDensityLow",
      severity: "warning",
      expr: density(DENSITY.low),
      minutes: 10,
      summary: "The minimum window density of {{ $labels.network }} is {{ $value }}",
      description: "More slots stay empty than should. It rises again only after a window of full slots.",
    }),
    alertRule({
      alert: "MinaSlotsUnfilled",
      severity: "critical",
      expr: `${lowest("Coda_Transition_frontier_slot_fill_rate")} < 0.45`,
      minutes: 60,
      summary: "Only {{ $value | humanizePercentage }} of the slots of {{ $labels.network }} are filled",
      description: "Three quarters can be when all stake is online. See whose producers are missing.",
    }),
    alertRule({
      alert: "MinaNoCoinbase",
      severity: "critical",
      expr: `min by (network) (${series("Coda_Transition_frontier_best_tip_coinbase")}) < 1`,
      minutes: 10,
      summary: "Blocks of {{ $labels.network }} come without a coinbase",
      description: "Producers cannot pay for the SNARK work a coinbase needs: there is too little of it.",
    }),
  ];
}

/** Blocks that daemons refused in an hour, and from how many on it is critical. */
function rejectionRules(series: SeriesNamer): AlertRule[] {
  const rejected = (metric: string) =>
    `max by (network) (increase(${series(`Coda_Rejected_blocks_${metric}`)}[1h]))`;
  const pair = (
    alert: string,
    metric: string,
    many: number,
    what: string,
    description: string,
  ): AlertRule[] => [
    alertRule({
      alert: `${alert}Many`,
      severity: "critical",
      expr: `${rejected(metric)} > ${many}`,
      minutes: 0,
      summary: `A daemon of {{ $labels.network }} refused more than ${many} blocks in an hour: ${what}`,
      description,
    }),
    alertRule({
      alert,
      severity: "warning",
      expr: `${rejected(metric)} > 0`,
      minutes: 0,
      summary: `A daemon of {{ $labels.network }} refused a block: ${what}`,
      description,
    }),
  ];
  return [
    ...pair(
      "MinaBlocksDisconnected",
      "no_common_ancestor",
      3,
      "they share no ancestor",
      "A producer is on a chain of its own: cut off, or with another genesis.",
    ),
    ...pair(
      "MinaBlocksOld",
      "worse_than_root",
      5,
      "they are worse than the root",
      "A producer builds on a chain that others have left behind. See whether it is synchronized.",
    ),
    ...pair(
      "MinaProofsInvalid",
      "invalid_proof",
      3,
      "their proof is not valid",
      "Somebody runs another build, another genesis or broken hardware.",
    ),
  ];
}
