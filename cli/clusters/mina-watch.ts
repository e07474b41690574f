import type { Observed } from "../../protocols/ethereum/observations";
import { range } from "../../protocols/finding";
import type { Daemon } from "../../protocols/plan";
import { inParallel } from "../observe/parallel";
import { sortPeers } from "../observe/peers";
import type { ChainSight, ChainWatch, DaemonHead, DaemonPeers } from "./chain";
import { checked, type ClusterCheck, type Fault } from "./judge";
import { CHAIN_LENGTH, GRAPHQL, type MinaLook, minaState, type MinaState } from "./mina-answers";
import { MinaFrontiers } from "./mina-frontiers";

/** Asks the daemons of a Mina network by GraphQL. */
export class MinaWatch implements ChainWatch {
  private readonly daemons: readonly Daemon[];
  private readonly first = new Map<string, number>();
  private readonly frontiers: MinaFrontiers;
  private last: readonly MinaLook[] = [];

  constructor(private readonly sight: ChainSight) {
    this.frontiers = new MinaFrontiers(sight);
    this.daemons = sight.plan.daemons.filter(({ ports }) => ports.some(({ name }) => name === GRAPHQL));
  }

  async look(signal?: AbortSignal): Promise<readonly DaemonHead[]> {
    this.last = await inParallel(this.daemons, (daemon) => this.ask(daemon, signal));
    for (const { daemon, state } of this.last) {
      const height = heightOf(state);
      if (height !== null && !this.first.has(daemon)) this.first.set(daemon, height);
    }
    return this.last.map(headOf);
  }

  async checks(signal?: AbortSignal): Promise<readonly ClusterCheck[]> {
    await this.frontiers.update(this.last, signal);
    const frontiers = this.frontiers.checks();
    return judgeMina(this.last, this.first, frontiers, this.sight.genesisTime, Date.now() / 1000);
  }

  async peers(signal?: AbortSignal): Promise<readonly DaemonPeers[]> {
    const names = namesOfPeers(this.sight.publicKeys);
    const looks = await inParallel(this.daemons, (daemon) => this.ask(daemon, signal));
    return looks.map(({ daemon, state }) => {
      if (!state.ok) return { daemon, problem: state.reason, peers: [] };
      const peers = state.value.peers.map(({ id, host, port }) => ({
        id,
        daemon: names.get(id) ?? null,
        address: port === undefined ? host : `${host}:${port}`,
      }));
      return { daemon, problem: null, peers: sortPeers(peers) };
    });
  }

  private async ask(daemon: Daemon, signal: AbortSignal | undefined): Promise<MinaLook> {
    const url = await this.sight.ways.urlOf(daemon, GRAPHQL);
    const state: Observed<MinaState> =
      url === undefined
        ? { ok: false, reason: "it has no pod that can be asked" }
        : await minaState(url, signal === undefined ? {} : { signal });
    return { daemon: daemon.name, state };
  }
}

/** How far a daemon may be behind the highest: blocks travel round the world, and forks are a block or two. */
const MAX_LAG = 3;

/**
 * What was seen of a Mina network, judged. Pure.
 * @param first height of each daemon when it was first heard
 * @param frontiers what the whole of its chain says
 */
export function judgeMina(
  looks: readonly MinaLook[],
  first: ReadonlyMap<string, number>,
  frontiers: readonly ClusterCheck[],
  genesisTime: number,
  now: number,
): ClusterCheck[] {
  const young = genesisTime > now ? `; the chain begins in ${Math.ceil(genesisTime - now)} s` : "";
  return [headsAdvance(looks, first, young), headsAgree(looks), ...frontiers, havePeers(looks)];
}

function headsAdvance(
  looks: readonly MinaLook[],
  first: ReadonlyMap<string, number>,
  young: string,
): ClusterCheck {
  const faults = looks.flatMap(({ daemon, state }): Fault[] => {
    if (!state.ok) return [{ daemon, text: `does not answer: ${state.reason}` }];
    if (state.value.sync !== "SYNCED") return [{ daemon, text: `is ${state.value.sync}${young}` }];
    const height = heightOf(state);
    const before = first.get(daemon);
    if (height === null || before === undefined) return [{ daemon, text: `has no chain${young}` }];
    return height > before ? [] : [{ daemon, text: `stands at block ${height}${young}` }];
  });
  const heights = looks.map(({ state }) => heightOf(state) ?? 0);
  return checked("heads-advance", "every daemon's head advances", faults, `block ${range(heights)}`);
}

function headsAgree(looks: readonly MinaLook[]): ClusterCheck {
  const chains = looks.flatMap(({ daemon, state }) =>
    state.ok && state.value.blocks.length > 0 ? [{ daemon, blocks: state.value.blocks }] : [],
  );
  const silent = looks.length - chains.length;
  const title = "all daemons agree on a recent block";
  const highest = Math.max(...chains.map(({ blocks }) => blocks.at(-1)?.height ?? 0));
  const [reference] = chains.filter(({ blocks }) => blocks.at(-1)?.height === highest);
  if (reference === undefined || silent > 0) {
    const faults = looks
      .filter(({ daemon }) => !chains.some((chain) => chain.daemon === daemon))
      .map(({ daemon }) => ({ daemon, text: "has no chain" }));
    return checked(
      "heads-agree",
      title,
      faults.length > 0 ? faults : [{ daemon: "", text: "nobody was asked" }],
      "",
    );
  }
  const recent = new Set(reference.blocks.map(({ hash }) => hash));
  const faults = chains.flatMap(({ daemon, blocks }): Fault[] => {
    const common = blocks.findLast(({ hash }) => recent.has(hash));
    if (common === undefined) {
      return [{ daemon, text: `shares none of the last ${CHAIN_LENGTH} blocks with ${reference.daemon}` }];
    }
    const behind = highest - common.height;
    return behind <= MAX_LAG ? [] : [{ daemon, text: `parts from ${reference.daemon} ${behind} blocks ago` }];
  });
  return checked("heads-agree", title, faults, `up to block ${highest}, at most ${MAX_LAG} back`);
}

function havePeers(looks: readonly MinaLook[]): ClusterCheck {
  const faults = looks.flatMap(({ daemon, state }): Fault[] => {
    if (!state.ok) return [{ daemon, text: `does not answer: ${state.reason}` }];
    const wanted = Math.min(1, looks.length - 1);
    return state.value.peers.length >= wanted ? [] : [{ daemon, text: "has no peer" }];
  });
  const counts = looks.map(({ state }) => (state.ok ? state.value.peers.length : 0));
  return checked("peers", "every daemon has peers", faults, `peers ${range(counts)}`);
}

function heightOf(state: Observed<MinaState>): number | null {
  return state.ok ? (state.value.blocks.at(-1)?.height ?? null) : null;
}

function headOf({ daemon, state }: MinaLook): DaemonHead {
  const tip = state.ok ? state.value.blocks.at(-1) : undefined;
  return {
    daemon,
    height: tip?.height ?? null,
    hash: tip?.hash ?? null,
    final: null,
    peers: state.ok ? state.value.peers.length : null,
    state: state.ok ? state.value.sync : null,
    problem: state.ok ? null : state.reason,
  };
}

/** From `peer-id seed-1-libp2p` and the like: the keys of daemons are named after them. */
function namesOfPeers(publicKeys: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const kind = "peer-id ";
  return new Map(
    Object.entries(publicKeys).flatMap(([reference, id]) =>
      reference.startsWith(kind) ? [[id, reference.slice(kind.length).replace(/-libp2p$/, "")] as const] : [],
    ),
  );
}
