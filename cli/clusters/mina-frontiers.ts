import type { Observed } from "../../protocols/ethereum/observations";
import { type BestChain, type ChainBlock, type MinaChain, minaChainOf } from "../../protocols/mina/chain";
import { finalityMoves, type Frontier } from "../../protocols/mina/finality";
import { producersProduce } from "../../protocols/mina/producing";
import { inParallel } from "../observe/parallel";
import type { ChainSight } from "./chain";
import { type ClusterCheck, judged, notAsked } from "./judge";
import { bestChain, GRAPHQL, type MinaLook } from "./mina-answers";

/** Looked back so far where k is not known: that of mainnet. */
const USUAL_K = 290;

/** A frontier as it was read when the daemon had that tip. */
interface Reading {
  readonly tip: string;
  readonly chain: Observed<BestChain>;
}

/** What the daemons of a Mina network hold of the chain, from the newest final block on: who makes blocks, and what is final. */
export class MinaFrontiers {
  private readonly chain: MinaChain;
  private readonly readings = new Map<string, Reading>();
  /** The first final block that each daemon told. */
  private readonly first = new Map<string, ChainBlock>();
  private looks: readonly MinaLook[] = [];

  constructor(private readonly sight: ChainSight) {
    this.chain = minaChainOf(sight.plan);
  }

  /** Reads the frontiers of the daemons whose tip has moved: the answers are long, and make work. Never throws. */
  async update(looks: readonly MinaLook[], signal?: AbortSignal): Promise<void> {
    this.looks = looks;
    // Two more than k: a daemon that holds its root for too long shows it.
    const length = (this.chain.k ?? USUAL_K) + 2;
    await inParallel(looks, async (look) => {
      const { daemon } = look;
      const tip = tipOf(look);
      const before = this.readings.get(daemon);
      if (tip === undefined || (before?.chain.ok === true && before.tip === tip)) return;
      const url = await this.urlOf(daemon);
      if (url === undefined) return;
      const chain = await bestChain(url, length, signal === undefined ? {} : { signal });
      this.readings.set(daemon, { tip, chain });
      const [root] = chain.ok ? chain.value.blocks : [];
      if (root !== undefined && !this.first.has(daemon)) this.first.set(daemon, root);
    });
  }

  checks(): readonly ClusterCheck[] {
    return [this.finality(), this.proposals()];
  }

  private finality(): ClusterCheck {
    const [name, title] = ["finality", "finality moves"];
    const { k } = this.chain;
    if (k === undefined) {
      return notAsked(name, title, "its genesis, which says what is final, is not of this plan");
    }
    return judged(
      name,
      title,
      finalityMoves(
        this.looks.map((look) => this.frontierOf(look)),
        this.first,
        k,
      ),
    );
  }

  private proposals(): ClusterCheck {
    const [name, title] = ["proposals", "every block producer makes blocks"];
    const chain = this.longest();
    if (chain === undefined) return notAsked(name, title, "no daemon in step tells its chain");
    const producers = this.chain.producers.map((producer) => ({
      ...producer,
      publicKey: this.sight.publicKeys[`public-key ${producer.wallet}`],
    }));
    return judged(name, title, producersProduce(producers, chain));
  }

  private frontierOf(look: MinaLook): Frontier {
    const { daemon, state } = look;
    if (!state.ok) return { daemon, blocks: [], problem: state.reason };
    const chain = tipOf(look) === undefined ? undefined : this.readings.get(daemon)?.chain;
    if (chain?.ok === false) return { daemon, blocks: [], problem: chain.reason };
    return { daemon, blocks: chain?.value.blocks ?? [], problem: null };
  }

  /** One of those in step will do: all have the same chain, or `heads-agree` says otherwise. */
  private longest(): BestChain | undefined {
    const chains = this.looks.flatMap(({ daemon, state }) => {
      const chain = this.readings.get(daemon)?.chain;
      return state.ok && state.value.sync === "SYNCED" && chain?.ok === true ? [chain.value] : [];
    });
    const heights = chains.map(({ blocks }) => blocks.at(-1)?.height ?? 0);
    return chains[heights.indexOf(Math.max(...heights))];
  }

  private async urlOf(name: string): Promise<string | undefined> {
    const daemon = this.sight.plan.daemons.find((candidate) => candidate.name === name);
    return daemon === undefined ? undefined : this.sight.ways.urlOf(daemon, GRAPHQL);
  }
}

function tipOf({ state }: MinaLook): string | undefined {
  return state.ok ? state.value.blocks.at(-1)?.hash : undefined;
}
