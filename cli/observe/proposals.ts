import type { ChainFacts, ObservedNode, Proposals } from "../../protocols/ethereum/observations";
import { blocksThatTell } from "../../protocols/ethereum/proposing";
import { type BlockHeader, blockHeader, isMissedSlot } from "./consensus";
import type { RequestOptions } from "./http";
import { inParallel } from "./parallel";

/** Slots asked for at once. */
const STEP = 16;

/** Slots for each block that is needed: as many may be empty. */
const SLOTS_PER_BLOCK = 2;

/** More is not looked back, however small a group is. */
const MOST_SLOTS = 4096;

/**
 * Who proposed the newest blocks, found by the proposer's index in the headers: that is part of the protocol, and the
 * ranges of the nodes' keys are part of the plan. (The graffiti tells it as well, but is a text any client may change.)
 */
export class ProposalLog {
  /** By slot: the proposer, or null for a slot without a block. */
  private readonly proposers = new Map<number, number | null>();
  private readonly groups: readonly ObservedNode[];

  constructor(nodes: readonly ObservedNode[]) {
    this.groups = nodes.filter((node) => node.validators !== undefined);
  }

  /**
   * Reads the headers from a head backwards, as far as it takes to see a block of every group. What was read before is
   * not asked again; what a client does not answer is asked the next time.
   */
  async update(url: string, headSlot: number, chain: ChainFacts, options?: RequestOptions): Promise<void> {
    if (this.groups.length === 0) return;
    const window = this.window(chain);
    const first = Math.max(1, headSlot - window + 1); // nobody proposed slot 0
    for (let slot = headSlot; slot >= first; slot -= STEP) {
      const slots = Array.from({ length: Math.min(STEP, slot - first + 1) }, (_, step) => slot - step);
      const unknown = slots.filter((candidate) => !this.proposers.has(candidate));
      const headers = await inParallel(unknown, (candidate) => blockHeader(url, candidate, options));
      unknown.forEach((candidate, index) => this.note(candidate, headers[index]));
      const isComplete = slots.every((candidate) => this.proposers.has(candidate));
      if (!isComplete || this.everyGroupSince(slots.at(-1) ?? first)) break;
    }
    for (const slot of this.proposers.keys()) if (slot < first) this.proposers.delete(slot);
  }

  /** What was read so far. */
  result(): Proposals {
    const byNode = Object.fromEntries(this.groups.map((node) => [node.name, 0]));
    let blocks = 0;
    for (const proposer of this.proposers.values()) {
      if (proposer === null) continue;
      blocks += 1;
      const owner = this.ownerOf(proposer);
      if (owner !== undefined) byNode[owner] = (byNode[owner] ?? 0) + 1;
    }
    return { blocks, byNode };
  }

  private note(slot: number, header: Awaited<ReturnType<typeof blockHeader>> | undefined): void {
    if (header?.ok === true) this.proposers.set(slot, (header.value satisfies BlockHeader).proposer);
    else if (header !== undefined && isMissedSlot(header)) this.proposers.set(slot, null);
  }

  private everyGroupSince(slot: number): boolean {
    const seen = new Set<string>();
    for (const [at, proposer] of this.proposers) {
      const owner = at < slot || proposer === null ? undefined : this.ownerOf(proposer);
      if (owner !== undefined) seen.add(owner);
    }
    return seen.size === this.groups.length;
  }

  private ownerOf(proposer: number): string | undefined {
    return this.groups.find(
      ({ validators }) =>
        validators !== undefined &&
        proposer >= validators.from &&
        proposer < validators.from + validators.count,
    )?.name;
  }

  /** Slots with so many blocks that the smallest group has one of them, but for chance. */
  private window({ slotsPerEpoch }: ChainFacts): number {
    const groups = this.groups.flatMap(({ validators }) => validators ?? []);
    const blocks = Math.max(0, ...groups.map((group) => blocksThatTell(group, groups)));
    return Math.min(MOST_SLOTS, Math.max(2 * slotsPerEpoch, SLOTS_PER_BLOCK * blocks));
  }
}
