import type { NetworkPlan } from "../plan";
import { type Check, judge } from "./checks";
import type { Evidence, Observed } from "./observations";

/** The verdict on a network, as `verify --json` prints it. What is unknown is null, so that every field is there. */
export interface Report {
  /** Whether every check is ok. */
  readonly ok: boolean;
  readonly network: string;
  readonly protocol: string;
  readonly era: number;
  /** How long the checks took to come true, or were waited for. */
  readonly seconds: number;
  readonly checks: readonly Check[];
  /** Where each node stood at the end, in the order of the plan. */
  readonly heads: readonly NodeHead[];
}

export interface NodeHead {
  readonly node: string;
  /** Number and hash of the execution client's newest block. */
  readonly block: number | null;
  readonly blockHash: string | null;
  readonly executionPeers: number | null;
  /** Slot and root of the consensus client's head. */
  readonly slot: number | null;
  readonly root: string | null;
  readonly justifiedEpoch: number | null;
  readonly finalizedEpoch: number | null;
  readonly consensusPeers: number | null;
}

/** The report on a network from what was seen of it in so many seconds. */
export function reportOf(
  { network, protocol, era }: Pick<NetworkPlan, "network" | "protocol" | "era">,
  evidence: Evidence,
  seconds: number,
): Report {
  const checks = judge(evidence);
  const ok = checks.every((check) => check.ok);
  const rounded = Math.round(seconds * 10) / 10;
  return { ok, network, protocol, era, seconds: rounded, checks, heads: headsOf(evidence) };
}

function headsOf({ nodes }: Evidence): NodeHead[] {
  return nodes.map(({ node, execution, consensus }) => {
    const block = known(execution);
    const head = known(consensus);
    return {
      node: node.name,
      block: block?.block ?? null,
      blockHash: block?.hash ?? null,
      executionPeers: block?.peers ?? null,
      slot: head?.slot ?? null,
      root: head?.root ?? null,
      justifiedEpoch: head?.justifiedEpoch ?? null,
      finalizedEpoch: head?.finalizedEpoch ?? null,
      consensusPeers: head?.peers ?? null,
    };
  });
}

function known<T>(observed: Observed<T>): T | undefined {
  return observed.ok ? observed.value : undefined;
}
