import type { NetworkPlan } from "../plan";
import { ref } from "../references";
import { RUNTIME_CONFIGURATION, walletKey } from "./names";

/** A block of a daemon's best chain. */
export interface ChainBlock {
  /** Genesis is 1. */
  readonly height: number;
  /** Hash of its state. */
  readonly hash: string;
  /** Counted from genesis. */
  readonly slot: number;
  /** Public key of the wallet that made it, which need not be the one whose stake won. */
  readonly creator: string;
}

/** What a daemon tells of its chain. */
export interface BestChain {
  /** Oldest first, up to the head. */
  readonly blocks: readonly ChainBlock[];
  /** What all accounts own of which this epoch's lots are drawn, in nanomina. */
  readonly currencyNano: bigint;
}

/** A producer of the plan. */
export interface MinaProducer {
  readonly daemon: string;
  /** Name of the key of its wallet. */
  readonly wallet: string;
  /** What genesis delegates to it, in nanomina; undefined where genesis is not ours. */
  readonly stakeNano: bigint | undefined;
}

/** What the plan of a Mina network tells of its chain. */
export interface MinaChain {
  readonly producers: readonly MinaProducer[];
  /** Blocks that make the one below them final; undefined where genesis is not ours. */
  readonly k: number | undefined;
}

/** As much of the runtime configuration as tells of producers and finality. */
interface Configuration {
  readonly genesis: { readonly k: number };
  readonly ledger: { readonly accounts: readonly { readonly balance: string; readonly delegate: string }[] };
}

/** Reads the chain's constants and stakes from the file that all daemons of the plan begin with. */
export function minaChainOf({ daemons, genesis }: Pick<NetworkPlan, "daemons" | "genesis">): MinaChain {
  const file = genesis.files.find(({ path }) => path === RUNTIME_CONFIGURATION);
  const configuration = file === undefined ? undefined : (JSON.parse(file.content) as Configuration);
  const stakes = configuration === undefined ? undefined : stakesOf(configuration);
  const producers = daemons.filter(({ role }) => role === "block-producer");
  return {
    k: configuration?.genesis.k,
    producers: producers.map(({ name }) => {
      const wallet = walletKey(name);
      const stakeNano = stakes === undefined ? undefined : (stakes.get(ref.publicKey(wallet)) ?? 0n);
      return { daemon: name, wallet, stakeNano };
    }),
  };
}

/** By delegate: what is staked for it. */
function stakesOf({ ledger }: Configuration): ReadonlyMap<string, bigint> {
  const stakes = new Map<string, bigint>();
  for (const { balance, delegate } of ledger.accounts) {
    // All nine digits stand behind the point.
    stakes.set(delegate, (stakes.get(delegate) ?? 0n) + BigInt(balance.replace(".", "")));
  }
  return stakes;
}
