import { type Fault, few, type Finding } from "../finding";
import { drawsThatTell } from "../silence";
import type { BestChain, ChainBlock, MinaProducer } from "./chain";

/** Whether every producer makes blocks. A slot is won by lot, so silence tells something only when it is long. */

/** Share of slots that somebody wins when all stake is at work: f of the consensus, compiled into the daemon. */
const ACTIVE_SLOTS = 0.75;

/** Logarithm of the chance that a slot is won by nobody. */
const EMPTY = Math.log1p(-ACTIVE_SLOTS);

/** Chance that this share of the stake wins a slot: φ(α) = 1 − (1 − f)^α, in however many accounts it lies. */
export function winChance(share: number): number {
  return -Math.expm1(share * EMPTY);
}

/**
 * Chance, at least, that this share of the stake makes the chain's block of a slot. Several may win one slot; the chain takes the
 * block with the highest hash of its VRF's output, so each has the same chance. Rivals are most when the rest of the stake
 * is at work in small parts: their number is then Poisson distributed, with mean λ, and the chance among them (1 − e^−λ) / λ.
 */
export function blockChance(share: number): number {
  const rivals = -(1 - share) * EMPTY;
  return winChance(share) * (rivals <= 0 ? 1 : -Math.expm1(-rivals) / rivals);
}

/** What is known of a producer before its chain is looked at. */
export interface KnownProducer extends MinaProducer {
  /** Of its wallet; undefined where no keyring tells it. */
  readonly publicKey: string | undefined;
}

/** What was seen of one producer. */
interface Seen {
  readonly daemon: string;
  readonly count: number;
  /** Slots without a block of its own, up to the tip. */
  readonly silent: number;
  /** Slots after which silence is no bad luck; undefined where that is not known, Infinity where no block is expected. */
  readonly telling: number | undefined;
  readonly known: boolean;
}

/**
 * Who of the network's own producers makes blocks. Stakes are those of genesis, which is a lower bound of what a producer has
 * as long as nobody spends or delegates it anew: what others earn makes it less likely that somebody is blamed, never more.
 */
export function producersProduce(
  producers: readonly KnownProducer[],
  { blocks, currencyNano }: BestChain,
): Finding {
  const expected = producers.filter(({ stakeNano = 0n }) => stakeNano > 0n).length;
  // Only up to the tip: when nobody makes blocks, that is the chain's fault and no producer's.
  const slots = slotsBetween(blocks[0], blocks.at(-1));
  const [, ...recent] = blocks;
  const seen = producers.map((producer) => look(producer, { slots, recent, currencyNano, expected }));
  const judged = seen.map((one) => judge(one, slots));
  const counts = seen.map(({ daemon, count, telling, known }) => {
    const words = telling === Infinity ? " without stake" : "";
    return known ? `${daemon} ${count}${words}` : `${daemon} unknown`;
  });
  return {
    faults: judged.flatMap(({ fault }) => fault ?? []),
    undecided: judged.flatMap(({ undecided }) => undecided ?? []),
    seen: `of the last ${recent.length} blocks, in ${slots} slots: ${few(counts)}`,
  };
}

function look(
  { daemon, publicKey, stakeNano }: KnownProducer,
  window: {
    readonly slots: number;
    /** The blocks of those slots. */
    readonly recent: readonly ChainBlock[];
    readonly currencyNano: bigint;
    readonly expected: number;
  },
): Seen {
  const { slots, recent, currencyNano, expected } = window;
  const own = recent.filter(({ creator }) => creator === publicKey);
  const last = own.at(-1);
  return {
    daemon,
    count: own.length,
    silent: last === undefined ? slots : slotsBetween(last, recent.at(-1)),
    telling: stakeNano === undefined ? undefined : drawsThatTell(chanceOf(stakeNano, currencyNano), expected),
    known: publicKey !== undefined,
  };
}

function chanceOf(stakeNano: bigint, currencyNano: bigint): number {
  return stakeNano === 0n ? 0 : blockChance(Math.min(1, Number(stakeNano) / Number(currencyNano)));
}

function slotsBetween(older: ChainBlock | undefined, newer: ChainBlock | undefined): number {
  return (newer?.slot ?? 0) - (older?.slot ?? 0);
}

function judge(
  { daemon, count, silent, telling, known }: Seen,
  slots: number,
): { readonly fault?: Fault; readonly undecided?: Fault } {
  if (telling === Infinity) return {};
  if (!known) return { undecided: { daemon, text: "its public key is not in the keyring here" } };
  if (telling === undefined) return { undecided: { daemon, text: "its stake is not known" } };
  if (silent >= telling) {
    return {
      fault: {
        daemon,
        text: `made no block in the last ${silent} slots, and ${telling} are no bad luck any more`,
      },
    };
  }
  if (count > 0) return {};
  return { undecided: { daemon, text: `too few slots, ${slots} of the ${telling} that would tell` } };
}
