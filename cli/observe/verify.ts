import { NetworkHome } from "../../components/local/home";
import type {
  Baseline,
  ChainFacts,
  Evidence,
  NodeObservation,
  Transfer,
} from "../../protocols/ethereum/observations";
import { type Report, reportOf } from "../../protocols/ethereum/report";
import type { NetworkPlan } from "../../protocols/plan";
import { Interrupted } from "../ui/errors";
import { agreements } from "./agreement";
import { chainFacts } from "./consensus";
import type { RequestOptions } from "./http";
import { type NodeEndpoints, nodesOfPlan, observeNodes, valueOf } from "./nodes";
import { pause } from "./parallel";
import { observeProcesses, requireUp, toObservation } from "./processes";
import { ProposalLog } from "./proposals";
import { loadSigner, TransferProbe } from "./transfer";

export interface VerifyOptions {
  /** State directory of local networks. */
  readonly home: string;
  /**
   * How long the checks may take to come true.
   * @default 120, or where that is longer until six epochs after genesis: a chain of long epochs takes its time
   */
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
  /** Told after every look, with the verdict as it would be now. */
  readonly onProgress?: (report: Report) => void;
  /** Between two looks. @default 500 */
  readonly pauseMs?: number;
}

const DEFAULT_TIMEOUT_SECONDS = 120;
const DEFAULT_PAUSE_MS = 500;

/** A young chain is final at the end of its fourth epoch; two more are patience. */
const EPOCHS_TO_FINALITY = 6;

/** Slots that a network with a dead daemon is watched, so that the report tells what that did to the rest. */
const SLOTS_AFTER_A_DEATH = 2;

/**
 * Judges a network of this machine: looks again and again until every check is ok or the time is over, and returns the
 * last verdict. Ends early when nothing can come true any more: a daemon is dead, or the transfer cannot be signed.
 * @throws TestnetError TN2005 when the network is not up
 * @throws Interrupted when the signal comes
 */
export async function verifyNetwork(plan: NetworkPlan, options: VerifyOptions): Promise<Report> {
  const home = new NetworkHome(options.home, plan.network);
  requireUp(plan.network, observeProcesses(plan, home));
  const { signal, onProgress, pauseMs = DEFAULT_PAUSE_MS } = options;
  const watch = new Watch(plan, home, options);
  for (;;) {
    const evidence = await watch.look();
    if (signal?.aborted === true) throw interruption(signal);
    const report = reportOf(plan, evidence, watch.seconds);
    onProgress?.(report);
    if (report.ok || watch.seconds >= watch.deadline(report) || isHopeless(report, evidence)) return report;
    await pause(pauseMs, signal);
  }
}

function interruption(signal: AbortSignal): Interrupted {
  return signal.reason instanceof Interrupted ? signal.reason : new Interrupted("Interrupted.");
}

/** Whether only the transfer is awaited, and it will never be sent. */
function isHopeless({ checks }: Report, { transfer }: Evidence): boolean {
  return transfer.state === "impossible" && checks.every((check) => check.ok || check.name === "transfer");
}

/** All that is remembered from one look to the next. */
class Watch {
  private readonly started = performance.now();
  private readonly nodes: readonly NodeEndpoints[];
  private readonly proposals: ProposalLog;
  private readonly transfer: TransferProbe;
  private readonly baselines: Record<string, Baseline> = {};
  private readonly options: RequestOptions;
  private chain: ChainFacts | undefined;
  private firstDeath: number | undefined;

  constructor(
    private readonly plan: NetworkPlan,
    private readonly home: NetworkHome,
    private readonly wanted: VerifyOptions,
  ) {
    this.options = { signal: wanted.signal };
    this.nodes = nodesOfPlan(plan);
    this.proposals = new ProposalLog(this.nodes.map(({ node }) => node));
    // Deriving the key takes a moment, in which the first look is under way.
    this.transfer = new TransferProbe(this.nodes, loadSigner(plan, home.era(plan.era)));
  }

  /** Seconds since the watch began. */
  get seconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  /** Second of the watch at which waiting ends. */
  deadline({ checks }: Report): number {
    if (checks.some((check) => check.name === "daemons" && !check.ok)) this.firstDeath ??= this.seconds;
    const grace = SLOTS_AFTER_A_DEATH * this.plan.blockSeconds;
    return Math.min(this.timeoutSeconds(), (this.firstDeath ?? Infinity) + grace);
  }

  async look(): Promise<Evidence> {
    const processes = observeProcesses(this.plan, this.home).map(toObservation);
    const nodes = await observeNodes(this.nodes, this.options);
    this.remember(nodes);
    const [agreed, transfer] = await this.follow(nodes);
    return {
      processes,
      nodes,
      baselines: this.baselines,
      chain: this.chain,
      executionAgreement: agreed.execution,
      consensusAgreement: agreed.consensus,
      proposals: this.proposals.result(),
      transfer,
      now: Date.now() / 1000,
      timeoutSeconds: this.timeoutSeconds(),
    };
  }

  /** What can be asked only when the heads are known. */
  private async follow(
    nodes: readonly NodeObservation[],
  ): Promise<[Awaited<ReturnType<typeof agreements>>, Transfer]> {
    const [agreed, transfer] = await Promise.all([
      agreements(this.nodes, nodes, this.options),
      this.transfer.step(nodes, this.options),
      this.readProposals(nodes),
    ]);
    return [agreed, transfer];
  }

  /** From one client that is up to date: all have the same chain, or `heads-agree` says otherwise. */
  private async readProposals(nodes: readonly NodeObservation[]): Promise<void> {
    for (const [index, { consensus }] of nodes.entries()) {
      const url = this.nodes[index]?.consensusUrl;
      if (url === undefined || !consensus.ok || consensus.value.syncing === true) continue;
      this.chain ??= valueOf(await chainFacts(url, this.options));
      if (this.chain === undefined) continue;
      await this.proposals.update(url, consensus.value.slot, this.chain, this.options);
      return;
    }
  }

  private remember(nodes: readonly NodeObservation[]): void {
    for (const { node, execution, consensus } of nodes) {
      const before = this.baselines[node.name];
      const head = valueOf(consensus);
      this.baselines[node.name] = {
        block: before?.block ?? valueOf(execution)?.block,
        slot: before?.slot ?? head?.slot,
        finalizedEpoch: before?.finalizedEpoch ?? head?.finalizedEpoch,
      };
    }
  }

  private timeoutSeconds(): number {
    const { timeoutSeconds } = this.wanted;
    if (timeoutSeconds !== undefined) return timeoutSeconds;
    if (this.chain === undefined) return DEFAULT_TIMEOUT_SECONDS;
    const { genesisTime, secondsPerSlot, slotsPerEpoch } = this.chain;
    const epoch = secondsPerSlot * slotsPerEpoch;
    const began = Date.now() / 1000 - this.seconds;
    // An old chain has only to show that finality moves once more.
    const needed = Math.max(genesisTime + EPOCHS_TO_FINALITY * epoch - began, 2 * epoch);
    return Math.max(DEFAULT_TIMEOUT_SECONDS, needed);
  }
}
