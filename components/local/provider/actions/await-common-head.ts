import { setTimeout as sleep } from "node:timers/promises";
import type { SignAsValidator } from "../../../../keys/beacon-signer";
import type { Log } from "../handler";
import { BeaconClient, type Sync } from "./beacon-client";
import { BlockBuilder } from "./block-builder";
import { patiently } from "./clients";

const PAUSE_MS = 500;

/**
 * After this long the daemons that wait may start all the same: a check of the network will tell what is wrong. A slot
 * that was slept took 13 ms where three nodes shared two busy cores (2026-11-21).
 */
const PATIENCE_MS = 120_000;
const PATIENCE_PER_SLOT_MS = 50;

/** A chain without a block for this many slots stands: with a third of its validators away, 1 in 6,500 such gaps is chance. */
const STANDING_SLOTS = 8;

/** How often a standing chain is given a block, in slots. */
const PACE_SLOTS = 4;

/**
 * A chain that slept longer is given a block before validators start. They give up at the end of a slot, while whoever
 * builds or checks the next block must first work through all empty slots: Prysm takes 0.2 ms for each, and does it anew
 * for every block and every client that asks.
 */
const LONG_SLEEP_SLOTS = 256;

export interface CommonHead {
  /** Base URLs of the consensus clients. */
  readonly urls: readonly string[];
  /** A signer for all validators, where none of their clients runs. */
  readonly signer: () => Promise<SignAsValidator | undefined>;
}

/**
 * Waits until all consensus clients have the same head, and the chain is awake enough for validators to go on.
 *
 * A client that was down comes up with an old head and hears of newer blocks only with the next one. Validators that act
 * on its view before that propose and attest beside the chain, and may keep their node there. Where nobody makes the next
 * block, because the whole network was down, it is made here: for the validator whose turn it is, one block now and then,
 * until all clients have followed. It also ends a sleep too long for validators to wake from by themselves.
 */
export async function awaitCommonHead(
  { urls, signer }: CommonHead,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const clients = urls.map((url) => new BeaconClient(url, signal));
  const look = () =>
    patiently(
      "a consensus client cannot be asked for its head",
      () => Promise.all(clients.map((client) => client.sync())),
      signal,
    );
  let syncs = await look();
  const patienceMs = PATIENCE_MS + PATIENCE_PER_SLOT_MS * slotsWithoutBlock(syncs);
  const deadline = Date.now() + patienceMs;
  let pacemaker: Pacemaker | undefined;
  for (; ; syncs = await look()) {
    const obstacle = obstacleOf(syncs);
    if (obstacle === undefined) break;
    if (Date.now() > deadline) {
      log.warn(`still ${obstacle} after ${Math.round(patienceMs / 1000)} s; going on all the same`);
      break;
    }
    log.status(obstacle);
    if (slotsWithoutBlock(syncs) >= STANDING_SLOTS || pacemaker !== undefined) {
      pacemaker ??= new Pacemaker(await signer(), log);
      // Validators' clients run: whoever they wait for, blocks are theirs to make.
      if (!pacemaker.canMakeBlocks) break;
      if (slotsWithoutBlock(syncs) >= PACE_SLOTS) await pacemaker.makeBlock(syncs);
    }
    await sleep(PAUSE_MS, undefined, { signal });
  }
  pacemaker?.report();
}

/** What is still in the way, in words; undefined when nothing is. */
function obstacleOf(syncs: readonly Sync[]): string | undefined {
  const newest = Math.max(...syncs.map(({ head }) => head));
  // In a living chain a block is on its way for a moment.
  const grace = slotsWithoutBlock(syncs) < 2 ? 1 : 0;
  const behind = syncs.filter(({ head, syncing }) => syncing || head < newest - grace);
  if (behind.length > 0) {
    const who = behind.map(({ client, head }) => `${client.url} (slot ${head} of ${newest})`).join(", ");
    return `waiting for ${who} to catch up with its peers`;
  }
  const slept = slotsWithoutBlock(syncs);
  return slept > LONG_SLEEP_SLOTS ? `waking the chain, which slept ${slept} slots` : undefined;
}

/** Slots since the newest block that any client has. */
function slotsWithoutBlock(syncs: readonly Sync[]): number {
  return Math.min(...syncs.map(({ distance }) => distance));
}

/** Makes blocks in the place of validators whose clients do not run. */
class Pacemaker {
  private blocks = 0;
  private readonly prepared = new Set<BeaconClient>();

  constructor(
    private readonly sign: SignAsValidator | undefined,
    private readonly log: Log,
  ) {}

  get canMakeBlocks(): boolean {
    return this.sign !== undefined;
  }

  /** One block on the newest head, for the slot before the current one; its failure is told and not fatal. */
  async makeBlock(syncs: readonly Sync[]): Promise<void> {
    const newest = Math.max(...syncs.map(({ head }) => head));
    const best = syncs.find(({ head, syncing }) => head === newest && !syncing);
    if (best === undefined || this.sign === undefined) return;
    const { client, head, distance } = best;
    try {
      if (!this.prepared.has(client)) await client.prepareProposers();
      this.prepared.add(client);
      const builder = new BlockBuilder(client, await client.chain(), this.sign);
      const block = await builder.signedBlock(head + distance - 1);
      await client.publish(block);
      this.blocks += 1;
      // They hear of it from their peer as well, unless they are busy fetching: then they refuse it, and find it later.
      const others = syncs.filter((other) => other !== best && !other.syncing);
      await Promise.allSettled(others.map((other) => other.client.publish(block)));
    } catch (error) {
      this.log.status(`no block could be made yet: ${(error as Error).message}`);
    }
  }

  report(): void {
    if (this.blocks === 0) return;
    const made = this.blocks === 1 ? "1 block was" : `${this.blocks} blocks were`;
    this.log.info(`the chain stood; ${made} made to wake it`);
  }
}
