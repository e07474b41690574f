import { type Fault, faultsText, range } from "../finding";
import type {
  Baseline,
  ConsensusState,
  Evidence,
  LayerAgreement,
  NodeObservation,
  Observed,
} from "./observations";
import { groupsPropose } from "./proposing";

/** Names of the checks, in the order in which they are told. Programs may rely on them. */
export const CHECK_NAMES = [
  "daemons",
  "heads-advance",
  "heads-agree",
  "finality",
  "proposals",
  "peers",
  "transfer",
] as const;

export type CheckName = (typeof CHECK_NAMES)[number];

/** The verdict on one property of a network. */
export interface Check {
  readonly name: CheckName;
  /** What holds when the check is ok, as a sentence. */
  readonly title: string;
  readonly ok: boolean;
  /** What was seen. */
  readonly detail: string;
  /** Daemons that fail it; empty when it is ok. */
  readonly daemons: readonly string[];
}

type Verdict = Pick<Check, "ok" | "detail" | "daemons">;

/** How many blocks or slots the slowest node may be behind the quickest: imports take time on a small machine. */
const MAX_LAG = 4;

/** In a large network no client has all others as peers; three keep it connected when one or two are lost. */
const ENOUGH_PEERS = 3;

/** A chain with all its validators finalizes an epoch two epochs later; one more is patience. */
const FINALITY_LAG_EPOCHS = 3;

const CHECKS: Readonly<Record<CheckName, readonly [title: string, judge: (evidence: Evidence) => Verdict]>> =
  {
    daemons: ["every daemon runs", daemonsRun],
    "heads-advance": ["every node's head advances", headsAdvance],
    "heads-agree": ["all nodes agree on a recent block", headsAgree],
    finality: ["finality moves", finalityMoves],
    proposals: ["every validator group proposes", everyGroupProposes],
    peers: ["every client has its peers", clientsHavePeers],
    transfer: ["a transfer sent to one node is on another", transferArrives],
  };

/** The verdict of every check, in the order of CHECK_NAMES. Pure: the same evidence gives the same verdicts. */
export function judge(evidence: Evidence): Check[] {
  return CHECK_NAMES.map((name) => {
    const [title, verdict] = CHECKS[name];
    return { name, title, ...verdict(evidence) };
  });
}

/** Peers a client needs in a network of so many nodes: all others in a small one, a few in a large one, none alone. */
export function peersNeeded(nodes: number): number {
  return Math.min(nodes - 1, ENOUGH_PEERS);
}

function daemonsRun({ processes }: Evidence): Verdict {
  const dead = processes.filter((process) => !process.alive);
  return verdict(
    dead.map(({ daemon, problem }) => ({ daemon, text: problem ?? "does not run" })),
    `${processes.length} daemons`,
  );
}

function headsAdvance({ nodes, baselines, chain, now }: Evidence): Verdict {
  if (chain !== undefined && now < chain.genesisTime) {
    return waiting(`the first slot is in ${Math.ceil(chain.genesisTime - now)} s`, nodes);
  }
  const faults = nodes.flatMap((observation): Fault[] => {
    const { node, execution, consensus } = observation;
    const before: Baseline = baselines[node.name] ?? {};
    return [
      ...answered(node.execution, execution, ({ block }) =>
        stays(node.execution, "block", before.block, block),
      ),
      ...answered(node.consensus, consensus, ({ slot }) => stays(node.consensus, "slot", before.slot, slot)),
    ];
  });
  return verdict(faults, `now at ${heights(nodes)}`);
}

function stays(daemon: string, what: string, before: number | undefined, now: number): Fault[] {
  return before !== undefined && now > before ? [] : [{ daemon, text: `stays at ${what} ${now}` }];
}

function headsAgree({ nodes, executionAgreement, consensusAgreement }: Evidence): Verdict {
  const silent = silentClients(nodes);
  if (silent.length > 0) return verdict(silent, "");
  if (executionAgreement === undefined || consensusAgreement === undefined) {
    return waiting("not all nodes were asked yet", nodes);
  }
  const faults = [
    ...disagreements("block", executionAgreement),
    ...disagreements("slot", consensusAgreement),
  ];
  if (faults.length === 0 && executionAgreement.height === 0) {
    return waiting("no block after genesis yet", nodes);
  }
  return verdict(faults, `block ${told(executionAgreement)}, slot ${told(consensusAgreement)}`);
}

function disagreements(unit: string, { height, lowest, highest, hashes }: LayerAgreement): Fault[] {
  const block = unit === "block" ? `block ${height}` : `block of ${unit} ${height}`;
  const faults = hashes.flatMap(({ daemon, hash }): Fault[] =>
    hash.ok ? [] : [{ daemon, text: `has no ${block} (${hash.reason})` }],
  );
  const groups = new Map<string, string[]>();
  for (const { daemon, hash } of hashes) {
    if (hash.ok) groups.set(hash.value, [...(groups.get(hash.value) ?? []), daemon]);
  }
  // The smaller part is named as the one that strays; of two equal ones, the later.
  const [, ...strays] = [...groups].sort(([, left], [, right]) => right.length - left.length);
  for (const [hash, daemons] of strays) {
    faults.push(...daemons.map((daemon) => ({ daemon, text: `has another ${block}, ${short(hash)}` })));
  }
  if (faults.length === 0 && highest - height > MAX_LAG) {
    faults.push({ daemon: lowest, text: `is ${highest - height} ${unit}s behind the first` });
  }
  return faults;
}

function told({ height, hashes }: LayerAgreement): string {
  const hash = hashes.find((answer) => answer.hash.ok)?.hash;
  return `${height} ${hash?.ok === true ? short(hash.value) : ""}`.trim();
}

function finalityMoves({ nodes, baselines, chain, now, timeoutSeconds }: Evidence): Verdict {
  const epochSeconds = chain === undefined ? 0 : chain.secondsPerSlot * chain.slotsPerEpoch;
  // Where an epoch takes longer than we may wait, that finality keeps pace with the head has to do.
  const paceWillDo = epochSeconds * 1.5 > timeoutSeconds;
  // The first two epochs cannot be justified; epoch 2 is final with the end of the fourth.
  const due = chain === undefined ? 0 : chain.genesisTime + 4 * epochSeconds;
  const faults = nodes.flatMap(({ node, consensus }): Fault[] =>
    answered(node.consensus, consensus, ({ slot, finalizedEpoch }) => {
      const before = baselines[node.name]?.finalizedEpoch ?? finalizedEpoch;
      const lag = chain === undefined ? Infinity : Math.floor(slot / chain.slotsPerEpoch) - finalizedEpoch;
      const moved = finalizedEpoch > before || (paceWillDo && lag <= FINALITY_LAG_EPOCHS);
      if (finalizedEpoch > 0 && moved) return [];
      const hint = finalizedEpoch === 0 && now < due ? `, expected in about ${Math.ceil(due - now)} s` : "";
      const text = `finalized epoch ${finalizedEpoch}, waiting for ${before + 1} or later${hint}`;
      return [{ daemon: node.consensus, text }];
    }),
  );
  return verdict(
    faults,
    `finalized epoch ${range(consensusStates(nodes).map((state) => state.finalizedEpoch))}`,
  );
}

/** Whoever waits here sees a group that had no turn yet as one that does not propose, until it does. */
function everyGroupProposes({ nodes, proposals }: Evidence): Verdict {
  const { faults, undecided, seen } = groupsPropose(
    nodes.map(({ node }) => node),
    proposals,
  );
  return verdict([...faults, ...undecided], seen);
}

function clientsHavePeers({ nodes }: Evidence): Verdict {
  const needed = peersNeeded(nodes.length);
  const lacks = (daemon: string, { peers }: { readonly peers: number }): Fault[] =>
    peers >= needed ? [] : [{ daemon, text: `has ${peers} of ${needed} peers` }];
  const faults = nodes.flatMap(({ node, execution, consensus }) => [
    ...answered(node.execution, execution, (state) => lacks(node.execution, state)),
    ...answered(node.consensus, consensus, (state) => lacks(node.consensus, state)),
  ]);
  return verdict(faults, needed === 0 ? "one node needs none" : `${needed} or more each`);
}

function transferArrives({ nodes, transfer }: Evidence): Verdict {
  const executionOf = (name: string) => nodes.find(({ node }) => node.name === name)?.node.execution ?? name;
  switch (transfer.state) {
    case "waiting":
    case "impossible":
      return { ok: false, detail: `not sent: ${transfer.reason}`, daemons: [] };
    case "sent": {
      const detail = `${short(transfer.hash)} sent to ${transfer.from}, no receipt on ${transfer.to}: ${transfer.reason}`;
      return { ok: false, detail, daemons: [executionOf(transfer.to)] };
    }
    case "received": {
      const where = `${short(transfer.hash)} sent to ${transfer.from}, in block ${transfer.block} of ${transfer.to}`;
      return transfer.succeeded
        ? { ok: true, detail: where, daemons: [] }
        : { ok: false, detail: `${where}, but it failed there`, daemons: [executionOf(transfer.to)] };
    }
  }
}

/** Faults of a client's answer, or the one that there is none. */
function answered<T>(daemon: string, observed: Observed<T>, faults: (value: T) => Fault[]): Fault[] {
  return observed.ok ? faults(observed.value) : [{ daemon, text: `does not answer (${observed.reason})` }];
}

function silentClients(nodes: readonly NodeObservation[]): Fault[] {
  return nodes.flatMap(({ node, execution, consensus }) => [
    ...answered(node.execution, execution, () => []),
    ...answered(node.consensus, consensus, () => []),
  ]);
}

/** @param detail what is told when there is no fault */
function verdict(faults: readonly Fault[], detail: string): Verdict {
  if (faults.length === 0) return { ok: true, detail, daemons: [] };
  const daemons = [...new Set(faults.map((fault) => fault.daemon))];
  return { ok: false, detail: faultsText(faults), daemons };
}

/** Nobody is at fault yet, so everybody is. */
function waiting(detail: string, nodes: readonly NodeObservation[]): Verdict {
  return { ok: false, detail, daemons: nodes.flatMap(({ node }) => [node.execution, node.consensus]) };
}

function consensusStates(nodes: readonly NodeObservation[]): ConsensusState[] {
  return nodes.flatMap(({ consensus }) => (consensus.ok ? [consensus.value] : []));
}

function heights(nodes: readonly NodeObservation[]): string {
  const blocks = nodes.flatMap(({ execution }) => (execution.ok ? [execution.value.block] : []));
  return `block ${range(blocks)}, slot ${range(consensusStates(nodes).map((state) => state.slot))}`;
}

/** A hash as people compare it. */
export function short(hash: string): string {
  return hash.slice(0, 10);
}
