import type { Observed } from "../../protocols/ethereum/observations";
import { type BestChain, type MinaChain, minaChainOf } from "../../protocols/mina/chain";
import { finalHeight, finalityMoves, type Frontier } from "../../protocols/mina/finality";
import { producersProduce } from "../../protocols/mina/producing";
import { type RequestOptions } from "../observe/http";
import { inParallel } from "../observe/parallel";
import type { ChainSight } from "./chain";
import { type ClusterCheck, judged, notAsked } from "./judge";
import { bestChain, GRAPHQL, type MinaLook, parentAt } from "./mina-answers";

/** Looked back so far where k is not known: that of mainnet. */
const USUAL_K = 290;

/** Who is asked for its whole chain, which keeps a daemon from all else for seconds: producers never, they would miss slots. */
const ASKED_FOR_CHAIN = ["node", "archive", "itn-node", "seed", "snark-coordinator"];

/** A daemon with a head. */
interface Head {
  readonly daemon: string;
  readonly height: number;
  readonly hash: string;
}

/** What the daemons of a Mina network tell beyond their newest blocks: who makes blocks, and what is final. */
export class MinaFrontiers {
  private readonly chain: MinaChain;
  /** By daemon, with what it was asked about. */
  private readonly readings = new Map<string, { readonly about: string; readonly frontier: Frontier }>();
  /** The height that each daemon held final first. */
  private readonly first = new Map<string, number>();
  private looks: readonly MinaLook[] = [];
  private longest: { readonly tip: string; readonly chain: Observed<BestChain> } | undefined;

  constructor(private readonly sight: ChainSight) {
    this.chain = minaChainOf(sight.plan);
  }

  /** Asks what is not known yet of the heads that were seen. Never throws. */
  async update(looks: readonly MinaLook[], signal?: AbortSignal): Promise<void> {
    this.looks = looks;
    const options: RequestOptions = signal === undefined ? {} : { signal };
    await Promise.all([this.readFrontiers(options), this.readChain(options)]);
  }

  checks(): readonly ClusterCheck[] {
    return [this.finality(), this.proposals()];
  }

  private async readFrontiers(options: RequestOptions): Promise<void> {
    const { k } = this.chain;
    const heads = this.looks.flatMap(headOf);
    if (k === undefined || heads.length === 0) return;
    const foremost = finalHeight(Math.max(...heads.map(({ height }) => height)), k);
    await inParallel(heads, async (head) => {
      const { daemon, height, hash } = head;
      const about = `${hash} ${foremost}`;
      const before = this.readings.get(daemon);
      if (before?.about === about && before.frontier.problem === null) return;
      const frontier = await this.frontierOf(head, foremost, k, options);
      this.readings.set(daemon, { about, frontier });
      const isFirst = frontier.problem === null && !this.first.has(daemon);
      if (isFirst) this.first.set(daemon, finalHeight(height, k));
    });
  }

  /** A daemon cannot be asked for its root, only for the blocks above it, which name the one below them. */
  private async frontierOf(
    { daemon, height }: Head,
    foremost: number,
    k: number,
    options: RequestOptions,
  ): Promise<Frontier> {
    const url = await this.urlOf(daemon);
    const told = { daemon, tip: height, late: false, hash: undefined, problem: null };
    if (url === undefined) return { ...told, problem: "it has no pod that can be asked" };
    const final = finalHeight(height, k);
    const none: Observed<string | undefined> = { ok: true, value: undefined };
    const [above, late] = await Promise.all([
      height > foremost ? parentAt(url, foremost + 1, options) : none,
      height - final >= k ? parentAt(url, final, options) : none,
    ]);
    if (!above.ok) return { ...told, problem: above.reason };
    if (!late.ok) return { ...told, problem: late.reason };
    if (height > foremost && above.value === undefined) {
      return { ...told, problem: `its chain has no block ${foremost + 1}, or has moved on` };
    }
    return { ...told, hash: above.value, late: late.value !== undefined };
  }

  /** The chain of one in step will do: all have the same, or `heads-agree` says otherwise. */
  private async readChain(options: RequestOptions): Promise<void> {
    const rank = ({ daemon }: Head) => ASKED_FOR_CHAIN.indexOf(this.daemonOf(daemon)?.role ?? "");
    const [head] = this.looks
      .filter(({ state }) => state.ok && state.value.sync === "SYNCED")
      .flatMap(headOf)
      .filter((candidate) => rank(candidate) >= 0)
      .sort((left, right) => rank(left) - rank(right));
    const url = head === undefined ? undefined : await this.urlOf(head.daemon);
    if (head === undefined || url === undefined) return;
    if (this.longest?.tip === head.hash && this.longest.chain.ok) return;
    const chain = await bestChain(url, (this.chain.k ?? USUAL_K) + 1, options);
    this.longest = { tip: head.hash, chain };
  }

  private finality(): ClusterCheck {
    const [name, title] = ["finality", "finality moves"];
    const { k } = this.chain;
    if (k === undefined) {
      return notAsked(name, title, "its genesis, which says what is final, is not of this plan");
    }
    const frontiers = this.looks.map((look): Frontier => {
      const { daemon, state } = look;
      const silent = { daemon, tip: undefined, late: false, hash: undefined };
      if (!state.ok) return { ...silent, problem: state.reason };
      const [head] = headOf(look);
      return (head && this.readings.get(daemon)?.frontier) ?? { ...silent, problem: null };
    });
    return judged(name, title, finalityMoves(frontiers, this.first, k));
  }

  private proposals(): ClusterCheck {
    const [name, title] = ["proposals", "every block producer makes blocks"];
    if (this.longest === undefined) return notAsked(name, title, "no daemon in step tells its chain");
    const { chain } = this.longest;
    if (!chain.ok) return notAsked(name, title, `no daemon tells its chain (${chain.reason})`);
    const producers = this.chain.producers.map((producer) => ({
      ...producer,
      publicKey: this.sight.publicKeys[`public-key ${producer.wallet}`],
    }));
    return judged(name, title, producersProduce(producers, chain.value));
  }

  private daemonOf(name: string) {
    return this.sight.plan.daemons.find((daemon) => daemon.name === name);
  }

  private async urlOf(name: string): Promise<string | undefined> {
    const daemon = this.daemonOf(name);
    return daemon === undefined ? undefined : this.sight.ways.urlOf(daemon, GRAPHQL);
  }
}

function headOf({ daemon, state }: MinaLook): Head[] {
  const tip = state.ok ? state.value.blocks.at(-1) : undefined;
  return tip === undefined ? [] : [{ daemon, ...tip }];
}
