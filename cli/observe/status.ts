import type { NetworkHome } from "../../components/local/home";
import type { NodeObservation, Observed } from "../../protocols/ethereum/observations";
import type { Daemon, NetworkPlan } from "../../protocols/plan";
import type { RequestOptions } from "./http";
import { endpointOf, nodesOfPlan, observeNodes } from "./nodes";
import { type DaemonProcess, observeProcesses, requireStarted } from "./processes";

/** What runs of a network and how its chain stands, as `status --json` prints it. What is unknown is null. */
export interface StatusReport {
  readonly network: string;
  readonly protocol: string;
  readonly era: number;
  /** Whether every daemon runs. */
  readonly ok: boolean;
  readonly summary: StatusSummary;
  /** In the order of the plan. */
  readonly daemons: readonly DaemonStatus[];
}

export interface StatusSummary {
  readonly daemons: number;
  readonly running: number;
  /** Highest block and slot of all. */
  readonly block: number | null;
  readonly slot: number | null;
  /** Lowest of all. */
  readonly finalizedEpoch: number | null;
  /** Resident memory of all, bytes. */
  readonly memoryBytes: number;
}

export interface DaemonStatus {
  readonly daemon: string;
  readonly node: string;
  readonly role: string;
  readonly client: string;
  readonly version: string;
  readonly state: DaemonProcess["state"];
  readonly alive: boolean;
  /** Of the process that runs, or ran last. */
  readonly pid: number | null;
  /** ISO 8601. */
  readonly startedAt: string | null;
  /** Block number of an execution client, slot of a consensus client. */
  readonly height: number | null;
  /** Hash of that block, or root of that slot's. */
  readonly head: string | null;
  readonly finalizedEpoch: number | null;
  readonly peers: number | null;
  readonly memoryBytes: number | null;
  /** Where it is asked: JSON-RPC, Beacon API, metrics. */
  readonly endpoint: string;
  /** Absolute path. */
  readonly log: string;
  /** Why it told nothing, though it runs. */
  readonly problem: string | null;
}

/** Chain data of one daemon. */
type ChainView = Pick<DaemonStatus, "height" | "head" | "finalizedEpoch" | "peers" | "problem">;

const NOTHING: ChainView = { height: null, head: null, finalizedEpoch: null, peers: null, problem: null };

/**
 * One look at everything. A daemon that does not answer is told, and no error.
 * @throws TestnetError TN2005 when the network was never brought up
 */
export async function statusOf(
  plan: NetworkPlan,
  home: NetworkHome,
  options?: RequestOptions,
): Promise<StatusReport> {
  const processes = observeProcesses(plan, home);
  requireStarted(plan.network, processes);
  const nodes = nodesOfPlan(plan);
  // Nodes that do not run are not waited for.
  const running = new Set(processes.filter(({ state }) => state === "running").map(({ daemon }) => daemon));
  const asked = nodes.filter(({ node }) => running.has(node.execution) || running.has(node.consensus));
  const observations = await observeNodes(asked, options);
  const views = chainViews(observations);
  const daemons = plan.daemons.map((daemon, index): DaemonStatus => {
    const process = processes[index] as DaemonProcess;
    return statusOfDaemon(daemon, process, views.get(daemon.name) ?? NOTHING);
  });
  const { network, protocol, era } = plan;
  const ok = daemons.every((daemon) => daemon.alive);
  return { network, protocol, era, ok, summary: summaryOf(daemons), daemons };
}

function statusOfDaemon(daemon: Daemon, process: DaemonProcess, view: ChainView): DaemonStatus {
  const { name, node, role, client, version } = daemon;
  const alive = process.state === "running";
  return {
    daemon: name,
    node,
    role,
    client,
    version,
    state: process.state,
    alive,
    pid: process.pid ?? null,
    startedAt: process.startedAt ?? null,
    // What answers on the port of a dead daemon is somebody else.
    ...(alive ? view : NOTHING),
    memoryBytes: process.memoryBytes ?? null,
    endpoint: endpointOf(daemon),
    log: process.log,
  };
}

function chainViews(observations: readonly NodeObservation[]): Map<string, ChainView> {
  const views = new Map<string, ChainView>();
  for (const { node, execution, consensus } of observations) {
    views.set(
      node.execution,
      view(execution, ({ block, hash, peers }) => ({ ...NOTHING, height: block, head: hash, peers })),
    );
    views.set(
      node.consensus,
      view(consensus, ({ slot, root, finalizedEpoch, peers }) => ({
        ...NOTHING,
        height: slot,
        head: root,
        finalizedEpoch,
        peers,
      })),
    );
  }
  return views;
}

function view<T>(observed: Observed<T>, of: (value: T) => ChainView): ChainView {
  return observed.ok ? of(observed.value) : { ...NOTHING, problem: observed.reason };
}

function summaryOf(daemons: readonly DaemonStatus[]): StatusSummary {
  const heights = (role: string) =>
    numbers(
      daemons.filter((daemon) => daemon.role === role),
      "height",
    );
  const epochs = numbers(daemons, "finalizedEpoch");
  return {
    daemons: daemons.length,
    running: daemons.filter((daemon) => daemon.alive).length,
    block: extreme(Math.max, heights("execution")),
    slot: extreme(Math.max, heights("consensus")),
    finalizedEpoch: extreme(Math.min, epochs),
    memoryBytes: numbers(daemons, "memoryBytes").reduce((sum, bytes) => sum + bytes, 0),
  };
}

function numbers(
  daemons: readonly DaemonStatus[],
  key: "height" | "finalizedEpoch" | "memoryBytes",
): number[] {
  return daemons.map((daemon) => daemon[key]).filter((value) => value !== null);
}

function extreme(choose: (...values: number[]) => number, values: readonly number[]): number | null {
  return values.length === 0 ? null : choose(...values);
}
