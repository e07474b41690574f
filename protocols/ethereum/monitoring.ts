import type { AlertRule, NetworkMonitoring } from "../monitoring";
import {
  aheadOfFirst,
  alertRule,
  fewPeers,
  range,
  type SeriesNamer,
  seriesOf,
  sinceGenesis,
  standsStill,
  unwatchedRules,
} from "../monitoring-rules";
import type { Daemon } from "../plan";
import { ethereumDashboard } from "./dashboard";

/**
 * How an Ethereum network is watched. Names of metrics are those that geth 1.17.8 and Prysm 6.0.4 serve; of other clients
 * only whether they answer is asked, by the cluster's TargetDown and by EthereumPairDown.
 */
export interface EthereumWatch {
  readonly network: string;
  readonly daemons: readonly Daemon[];
  readonly secondsPerSlot: number;
  readonly slotsPerEpoch: number;
  /** Whether the chain is not ours: then it began long ago, and it does not depend on our validators. */
  readonly publicNetwork: boolean;
}

/** Epochs from a slot to its finality, and one more to spare. */
const EPOCHS_TO_FINALITY = 4;

/** geth holds 4096 slots of executable transactions and 1024 of others; above that it throws them away. */
const TRANSACTION_POOL_SLOTS = 5120;

/** Calls by which a consensus client leads its geth, one in each slot at least; they have a version in their name. */
const ENGINE_CALLS =
  '{network="NETWORK",__name__=~"rpc_duration_engine_forkchoiceUpdatedV[0-9]+_success_count"}';

/** Alerts and the dashboard of a network. Pure. */
export function ethereumMonitoring(watch: EthereumWatch): NetworkMonitoring {
  const { network, daemons, slotsPerEpoch } = watch;
  return {
    rules: [
      ...chainRules(watch),
      ...peerRules(watch),
      ...syncRules(watch),
      ...validatorRules(watch),
      ...exporterRules(seriesOf(network)),
      ...unwatchedRules(network, daemons),
    ],
    dashboards: [ethereumDashboard(network, slotsPerEpoch)],
  };
}

function chainRules({ network, secondsPerSlot, slotsPerEpoch, publicNetwork }: EthereumWatch): AlertRule[] {
  const series = seriesOf(network);
  const stall = 8 * secondsPerSlot;
  const started = (seconds: number) => (publicNetwork ? "" : ` and ${sinceGenesis(seconds)}`);
  const epochs = `max by (network) (${series("beacon_clock_time_slot")}) / ${slotsPerEpoch} - max by (network) (${series("beacon_finalized_epoch")})`;
  return [
    alertRule({
      alert: "EthereumChainStalled",
      severity: "critical",
      expr: `${standsStill(series("beacon_head_slot"), range(stall))}${started(stall)}`,
      minutes: 2,
      summary: "No client of {{ $labels.network }} has a new block",
      description: "Nobody proposes, or nobody hears of it. See which validators and consensus clients run.",
    }),
    alertRule({
      alert: "EthereumNotFinal",
      severity: "critical",
      expr: `${epochs} > ${EPOCHS_TO_FINALITY}${started(EPOCHS_TO_FINALITY * slotsPerEpoch * secondsPerSlot)}`,
      minutes: 5,
      summary: "{{ $labels.network }} has not finalized for more than four epochs",
      description: "Less than two thirds of the stake vote for one chain. See whose votes are missing.",
    }),
    alertRule({
      alert: "EthereumReorgs",
      severity: "warning",
      expr: `increase(${series("chain_reorg_drop")}[30m]) > 6`,
      minutes: 0,
      summary: "{{ $labels.daemon }} has thrown away more than six blocks in 30 minutes",
      description:
        "Blocks come late or the network is parted. Compare the heads and the clocks of its peers.",
    }),
    alertRule({
      alert: "EthereumTransactionsPileUp",
      severity: "warning",
      expr: `${series("txpool_pending")} + ${series("txpool_queued")} > ${TRANSACTION_POOL_SLOTS}`,
      minutes: 10,
      summary: "The transaction pool of {{ $labels.daemon }} is full",
      description:
        "More comes in than blocks can hold: new transactions are refused. Raise the gas limit or send less.",
    }),
  ];
}

function peerRules({ network, daemons, publicNetwork }: EthereumWatch): AlertRule[] {
  const series = seriesOf(network);
  const participants = publicNetwork ? 100 : daemons.filter(({ role }) => role === "execution").length;
  const least = fewPeers(participants);
  const pair = `label_replace(${series("up", 'role=~"execution|consensus"')} == 0, "node", "$1", "daemon", "(.+)-[^-]+")`;
  const few = (layer: string, peers: string, last: string) =>
    alertRule({
      alert: `Ethereum${layer}PeersFew`,
      severity: "warning",
      expr: `${peers} < ${least}`,
      minutes: 10,
      summary: "{{ $labels.daemon }} has {{ $value }} peers",
      description: `Below ${least} it soon hears of blocks late or not at all. ${last}`,
    });
  return [
    alertRule({
      alert: "EthereumPairDown",
      severity: "critical",
      expr: `count by (network, cluster, node) (${pair})`,
      minutes: 5,
      summary: "An execution or consensus client of {{ $labels.node }} does not answer",
      description:
        "Neither of a pair can follow the chain without the other, and its validators do not vote.",
    }),
    ...(least === undefined
      ? []
      : [
          few("Execution", series("p2p_peers"), "See whether its port is reached by TCP and UDP."),
          few(
            "Consensus",
            series("p2p_peer_count", 'state="Connected"'),
            "See whether its ports are reached, and what its log says of its peers.",
          ),
        ]),
  ];
}

function syncRules({ network, publicNetwork }: EthereumWatch): AlertRule[] {
  const series = seriesOf(network);
  // The first synchronisation with a public chain takes its hours.
  const minutes = publicNetwork ? 60 : 10;
  return [
    alertRule({
      alert: "EthereumConsensusBehind",
      severity: "critical",
      expr: publicNetwork
        ? // A Prysm that is stuck has a clock that stands, too.
          `${series("beacon_clock_time_slot")} - ${series("beacon_head_slot")} >= 8 or ${series("beacon_head_slot")} <= ${series("beacon_head_slot")} offset 5m`
        : `${aheadOfFirst(series("beacon_head_slot"))} <= -8`,
      minutes,
      summary: "{{ $labels.daemon }} is eight slots behind or more",
      description: "It is synchronizing, or stuck. Its validators' votes are worthless until it is done.",
    }),
    alertRule({
      alert: "EthereumExecutionBehind",
      severity: "critical",
      expr: `${aheadOfFirst(series("chain_head_block"))} <= -8`,
      minutes,
      summary: "{{ $labels.daemon }} is eight blocks behind or more",
      description:
        "It is synchronizing, or stuck. See its log, and whether its consensus client talks to it.",
    }),
    alertRule({
      alert: "EthereumEngineUnreachable",
      severity: "critical",
      // Prysm goes on to say that it is connected when it is not, so the execution client is asked who calls it.
      expr: `${series("p2p_peers")} unless on (network, daemon) (sum by (network, daemon) (increase(${ENGINE_CALLS.replace("NETWORK", network)}[5m])) > 0)`,
      minutes: 5,
      summary: "{{ $labels.daemon }} is not called by its consensus client",
      description: "The consensus client is down, or the two hold different secrets for the engine API.",
    }),
  ];
}

function validatorRules({
  network,
  secondsPerSlot,
  slotsPerEpoch,
  publicNetwork,
}: EthereumWatch): AlertRule[] {
  const series = seriesOf(network);
  const epoch = secondsPerSlot * slotsPerEpoch;
  const attested = `max by (network, daemon) (${series("validator_last_attested_slot")})`;
  const votes = `max by (network) (${series("beacon_prev_epoch_target_gwei")}) / max by (network) (${series("beacon_prev_epoch_active_gwei")})`;
  const within = range(3 * epoch);
  return [
    alertRule({
      alert: "EthereumValidatorSilent",
      severity: "critical",
      expr: `${attested} <= max by (network, daemon) (${series("validator_last_attested_slot")} offset ${within})`,
      minutes: 5,
      summary: "No validator of {{ $labels.daemon }} votes any more",
      description: "Its beacon node is down or behind, or its keys are held elsewhere. See its log.",
    }),
    ...(publicNetwork
      ? []
      : [
          alertRule({
            alert: "EthereumParticipationLow",
            severity: "warning",
            expr: `${votes} < 0.9`,
            minutes: Math.max(5, Math.ceil((2 * epoch) / 60)),
            summary: "Less than nine tenths of the stake of {{ $labels.network }} vote",
            description:
              "Below two thirds the chain is final no more. See which validator clients are silent.",
          }),
        ]),
  ];
}

function exporterRules(series: SeriesNamer): AlertRule[] {
  return [
    alertRule({
      alert: "EthereumPeersUnknown",
      severity: "warning",
      expr: `${series("testnet_execution_up")} == 0`,
      minutes: 10,
      summary: "{{ $labels.daemon }} does not tell its peers",
      description:
        "Its RPC port does not answer the exporter of peers, or does not serve the method for them.",
    }),
  ];
}
