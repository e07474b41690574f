import { TestnetError } from "../../errors/problem";
import { defaultPortsFrom, PEER_PORT_BLOCKS } from "../../stacks/ground";
import type { PeerRange } from "../list/summary";

/** Ports that a network of an environment uses, or has put by. */
export interface TakenPorts {
  readonly stack: string;
  readonly ports: PeerRange;
}

/**
 * A range that no other network of the environment uses: whole blocks, so that networks may grow. The search begins where
 * the name would put it, so that two people who choose at the same time hardly choose the same. Pure.
 * @param size how many ports the network takes
 * @throws TestnetError TN1055 where there is no room
 */
export function choosePeerPorts(stack: string, size: number, taken: readonly TakenPorts[]): PeerRange {
  const { from: first, blocks, size: block } = PEER_PORT_BLOCKS;
  const others = taken.filter((one) => one.stack !== stack).map(({ ports }) => wholeBlocks(ports));
  const needed = Math.max(1, Math.ceil(size / block));
  const start = (defaultPortsFrom(stack) - first) / block;
  for (let step = 0; step < blocks; step += 1) {
    const index = (start + step) % blocks;
    if (index + needed > blocks) continue;
    const range = { from: first + index * block, to: first + (index + needed) * block - 1 };
    if (!others.some((other) => sharePorts(other, range))) return range;
  }
  throw new TestnetError({
    code: "TN1055",
    at: "ports.from",
    message: `no ${needed * block} ports in a row are free`,
    given: `${others.length} networks`,
    allowed: `${first} to ${first + blocks * block - 1}`,
  });
}

/** Whether two ranges have a port in common. */
export function sharePorts(one: PeerRange, other: PeerRange): boolean {
  return one.from <= other.to && other.from <= one.to;
}

/** A network may grow to the end of its last block. */
function wholeBlocks({ from, to }: PeerRange): PeerRange {
  const { size } = PEER_PORT_BLOCKS;
  return { from, to: from + Math.ceil((to - from + 1) / size) * size - 1 };
}
