import type { CommandContext } from "../context";
import { pause } from "../observe/parallel";
import { Interrupted } from "../ui/errors";
import { type DaemonHead, unasked } from "./chain";
import { judgeEntrances } from "./entrances";
import { type ClusterCheck, judgeClusters } from "./judge";
import { readClusters, type Sight, sightOf } from "./look";
import type { ClusterNetworkView } from "./network";

/** The verdict on a network in clusters, as `verify --json` prints it. */
export interface ClusterReport {
  /** Whether no check failed. One that was not asked or not judged has not passed either: see `notAsked`, `notJudged`. */
  readonly ok: boolean;
  readonly network: string;
  readonly protocol: string;
  readonly target: "kubernetes";
  readonly era: number;
  readonly paused: boolean;
  readonly seconds: number;
  readonly checks: readonly ClusterCheck[];
  /** Names of the checks that nobody could be asked about. */
  readonly notAsked: readonly string[];
  /** Names of the checks that were asked, and can be told neither right nor wrong yet. */
  readonly notJudged: readonly string[];
  readonly heads: readonly DaemonHead[];
}

export interface VerifyClustersOptions {
  /**
   * How long the checks may take to come true.
   * @default 120, or four times the chain's shortest step where that is longer
   */
  readonly timeoutSeconds?: number | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: (report: ClusterReport) => void;
  /** Between two looks. @default 2000 */
  readonly pauseMs?: number;
}

const DEFAULT_TIMEOUT_SECONDS = 120;
const DEFAULT_PAUSE_MS = 2000;

/** A chain needs so many of its steps to show that it moves. */
const STEPS = 4;

/**
 * Judges a network in clusters: looks again and again until no check fails or the time is over, and returns the last
 * verdict. Where machines are simulated the chain's checks are `not asked`, never passed.
 * @throws Interrupted when the signal comes
 */
export async function verifyClusters(
  context: Pick<CommandContext, "directory">,
  view: ClusterNetworkView,
  options: VerifyClustersOptions = {},
): Promise<ClusterReport> {
  const { plan } = view;
  const { signal, onProgress, pauseMs = DEFAULT_PAUSE_MS } = options;
  const started = performance.now();
  const chain = new ChainLooks(context, view);
  try {
    for (;;) {
      const seconds = Math.round((performance.now() - started) / 100) / 10;
      const report = await look(view, chain, seconds, signal);
      if (signal?.aborted === true) {
        throw signal.reason instanceof Interrupted ? signal.reason : new Interrupted("Interrupted.");
      }
      onProgress?.(report);
      const longest = options.timeoutSeconds ?? patience(report, plan.blockSeconds);
      if (report.ok || seconds >= longest) return report;
      await pause(pauseMs, signal);
    }
  } finally {
    await chain.close();
  }
}

/** A chain is given time for some steps; where nobody is asked about it, only pods are waited for. */
function patience({ notAsked, checks }: ClusterReport, blockSeconds: number): number {
  const isChainAsked =
    checks.some(({ name }) => name === "heads-advance") && !notAsked.includes("heads-advance");
  return isChainAsked ? Math.max(DEFAULT_TIMEOUT_SECONDS, STEPS * blockSeconds) : DEFAULT_TIMEOUT_SECONDS;
}

async function look(
  view: ClusterNetworkView,
  chain: ChainLooks,
  seconds: number,
  signal: AbortSignal | undefined,
): Promise<ClusterReport> {
  const { plan, told } = view;
  const readings = await readClusters(view);
  const { checks: chainChecks, heads } = await chain.look(readings, signal);
  const entrances = await judgeEntrances(told, readings);
  const checks = [...judgeClusters(plan, told, readings), ...entrances, ...chainChecks];
  return {
    ok: checks.every(({ state }) => state !== "failed"),
    ...{ network: plan.network, protocol: plan.protocol, target: "kubernetes", era: told.era },
    paused: told.paused,
    seconds,
    checks,
    notAsked: namesOf(checks, "not asked"),
    notJudged: namesOf(checks, "not judged"),
    heads,
  };
}

function namesOf(checks: readonly ClusterCheck[], state: ClusterCheck["state"]): string[] {
  return checks.filter((check) => check.state === state).map(({ name }) => name);
}

/** Looks at the chain through one set of ways, made anew when pods have changed places. */
class ChainLooks {
  private sight: Sight | undefined;
  private places = "";

  constructor(
    private readonly context: Pick<CommandContext, "directory">,
    private readonly view: ClusterNetworkView,
  ) {}

  async look(
    readings: Parameters<typeof sightOf>[2],
    signal: AbortSignal | undefined,
  ): Promise<{ checks: readonly ClusterCheck[]; heads: readonly DaemonHead[] }> {
    const places = JSON.stringify(
      readings.map(({ pods }) => pods.map(({ name, node, since }) => [name, node, since])),
    );
    if (this.sight === undefined || places !== this.places) {
      await this.close();
      this.sight = sightOf(this.context, this.view, readings);
      this.places = places;
    }
    const { watch, why } = this.sight;
    if (watch === undefined) return { checks: unasked(why), heads: [] };
    const heads = await watch.look(signal);
    return { checks: await watch.checks(signal), heads };
  }

  async close(): Promise<void> {
    await this.sight?.close();
    this.sight = undefined;
  }
}

/** One line for each check: a mark, what should hold, what was seen. */
export function clusterReportText(
  { checks }: ClusterReport,
  paint: (mark: string, state: ClusterCheck["state"]) => string,
): string {
  const marks = { ok: "✓", failed: "✗", "not asked": "–", "not judged": "?" } as const;
  return checks
    .map(({ state, title, detail }) => `  ${paint(marks[state], state)} ${title}: ${detail}`)
    .join("\n");
}
