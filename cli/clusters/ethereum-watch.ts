import { judge } from "../../protocols/ethereum/checks";
import type { Baseline, ChainFacts, Evidence, NodeObservation } from "../../protocols/ethereum/observations";
import { groupsPropose } from "../../protocols/ethereum/proposing";
import type { Daemon } from "../../protocols/plan";
import { agreements } from "../observe/agreement";
import { chainFacts } from "../observe/consensus";
import { connectedPeers, ownId, publicKeyOf } from "../observe/execution";
import type { RequestOptions } from "../observe/http";
import { type NodeEndpoints, nodesOfPlan, observeNodes, valueOf } from "../observe/nodes";
import { inParallel } from "../observe/parallel";
import { sortPeers } from "../observe/peers";
import { ProposalLog } from "../observe/proposals";
import type { ChainSight, ChainWatch, DaemonHead, DaemonPeers } from "./chain";
import { type ClusterCheck, judged, notAsked } from "./judge";

/** Checks of a network of this machine that have no meaning in clusters: processes, and a transfer that needs a funded key. */
const LEFT_OUT: ReadonlySet<string> = new Set(["daemons", "transfer"]);

/** Asks the clients of an Ethereum network: the same questions, and the same judge, as for a network of this machine. */
export class EthereumWatch implements ChainWatch {
  private readonly started = Date.now();
  private readonly baselines: Record<string, Baseline> = {};
  private readonly proposals: ProposalLog;
  private endpoints: readonly NodeEndpoints[] | undefined;
  private chain: ChainFacts | undefined;
  private evidence: Evidence | undefined;

  constructor(private readonly sight: ChainSight) {
    this.proposals = new ProposalLog(nodesOfPlan(sight.plan).map(({ node }) => node));
  }

  async look(signal?: AbortSignal): Promise<readonly DaemonHead[]> {
    const options: RequestOptions = signal === undefined ? {} : { signal };
    const endpoints = await this.open();
    const nodes = await observeNodes(endpoints, options);
    this.remember(nodes);
    const [agreed] = await Promise.all([
      agreements(endpoints, nodes, options),
      this.readProposals(endpoints, nodes, options),
    ]);
    this.evidence = {
      ...{ processes: [], nodes, baselines: this.baselines, chain: this.chain },
      executionAgreement: agreed.execution,
      consensusAgreement: agreed.consensus,
      proposals: this.proposals.result(),
      transfer: { state: "impossible", reason: "no key of a funded account is here" },
      now: Date.now() / 1000,
      timeoutSeconds: (Date.now() - this.started) / 1000,
    };
    return nodes.flatMap(headsOf);
  }

  checks(): Promise<readonly ClusterCheck[]> {
    const { evidence } = this;
    if (evidence === undefined) return Promise.resolve([]);
    const checks = judge(evidence)
      .filter(({ name }) => !LEFT_OUT.has(name))
      .map(({ ok, ...check }): ClusterCheck =>
        check.name === "proposals"
          ? judgeProposals(check.title, evidence)
          : { ...check, state: ok ? "ok" : "failed" },
      );
    return Promise.resolve(checks);
  }

  async peers(signal?: AbortSignal): Promise<readonly DaemonPeers[]> {
    const options: RequestOptions = signal === undefined ? {} : { signal };
    const answers = await inParallel(await this.open(), async ({ node, executionUrl }) => {
      const [peers, id] = await Promise.all([
        connectedPeers(executionUrl, options),
        ownId(executionUrl, options),
      ]);
      return { daemon: node.execution, peers, id: valueOf(id) };
    });
    const names = new Map([
      ...enodes(this.sight.publicKeys),
      ...answers.flatMap(({ daemon, id }) => (id === undefined ? [] : [[id, daemon] as const])),
    ]);
    return answers.map(({ daemon, peers }) => {
      if (!peers.ok) return { daemon, problem: peers.reason, peers: [] };
      const list = peers.value.map(({ id, publicKey, address }) => ({
        ...{ id, address },
        daemon: names.get(publicKey ?? "") ?? names.get(id) ?? null,
      }));
      return { daemon, problem: null, peers: sortPeers(list) };
    });
  }

  /** Addresses of this machine that lead to the clients. One without a pod gets one that nobody answers at. */
  private async open(): Promise<readonly NodeEndpoints[]> {
    const { plan, ways } = this.sight;
    const byName = new Map(plan.daemons.map((daemon) => [daemon.name, daemon]));
    const urlOf = async (name: string, port: string) => {
      const daemon: Daemon | undefined = byName.get(name);
      return (daemon === undefined ? undefined : await ways.urlOf(daemon, port)) ?? NOBODY;
    };
    this.endpoints ??= await inParallel(nodesOfPlan(plan), async ({ node }) => ({
      node,
      executionUrl: await urlOf(node.execution, "rpc"),
      consensusUrl: await urlOf(node.consensus, "api"),
    }));
    return this.endpoints;
  }

  /** From one client that is up to date: all have the same chain, or `heads-agree` says otherwise. */
  private async readProposals(
    endpoints: readonly NodeEndpoints[],
    nodes: readonly NodeObservation[],
    options: RequestOptions,
  ): Promise<void> {
    for (const [index, { consensus }] of nodes.entries()) {
      const url = endpoints[index]?.consensusUrl;
      if (url === undefined || !consensus.ok || consensus.value.syncing === true) continue;
      this.chain ??= valueOf(await chainFacts(url, options));
      if (this.chain === undefined) continue;
      await this.proposals.update(url, consensus.value.slot, this.chain, options);
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
}

/** Unlike on this machine nobody waits here until a group has had its turn: what may still be chance is told as that. */
function judgeProposals(title: string, { nodes, proposals }: Evidence): ClusterCheck {
  const observed = nodes.map(({ node }) => node);
  if (observed.every(({ validators }) => validators === undefined)) {
    return notAsked("proposals", title, "none of its nodes has validators");
  }
  return judged("proposals", title, groupsPropose(observed, proposals));
}

/** A port that nothing listens on. */
const NOBODY = "http://127.0.0.1:1";

function headsOf({ node, execution, consensus }: NodeObservation): DaemonHead[] {
  const block = valueOf(execution);
  const head = valueOf(consensus);
  return [
    {
      daemon: node.execution,
      height: block?.block ?? null,
      hash: block?.hash ?? null,
      final: null,
      peers: block?.peers ?? null,
      state: null,
      problem: execution.ok ? null : execution.reason,
    },
    {
      daemon: node.consensus,
      height: head?.slot ?? null,
      hash: head?.root ?? null,
      final: head?.finalizedEpoch ?? null,
      peers: head?.peers ?? null,
      state: head?.syncing === true ? "syncing" : null,
      problem: consensus.ok ? null : consensus.reason,
    },
  ];
}

/** Public keys by daemon, from `enode NAME` of the keyring. */
function enodes(publicKeys: Readonly<Record<string, string>>): (readonly [string, string])[] {
  const kind = "enode ";
  return Object.entries(publicKeys).flatMap(([reference, enode]) => {
    const key = reference.startsWith(kind) ? publicKeyOf(enode) : undefined;
    return key === undefined ? [] : [[key, reference.slice(kind.length)] as const];
  });
}
