import { createHash } from "node:crypto";
import {
  blockOf,
  cidr,
  contains,
  formatCidr,
  overlap,
  parseCidr,
  type Range,
  sizeOf,
} from "../components/cidr";
import type { ClusterAddresses } from "../components/contracts";
import type { Problem } from "../errors/problem";

/**
 * Who gets which addresses, over a whole environment. Every cluster has one block, cut into pods, nodes and services; no
 * two blocks share an address, nor do they share one with a network that is reserved. Pure.
 */
export interface AddressRequest {
  /** Where the blocks are taken from. */
  readonly space: string;
  /** Ranges in use elsewhere. */
  readonly reserved: readonly string[];
  readonly clusters: readonly { readonly name: string; readonly addresses: string | undefined }[];
}

/** Prefix of a cluster's block: a /16 of pods, and room for nodes and services. */
export const BLOCK_PREFIX = 15;
const PODS_PREFIX = 16;
const SMALL_PREFIX = 20;

export interface Allocation {
  readonly addresses: ReadonlyMap<string, ClusterAddresses>;
  readonly problems: readonly AddressProblem[];
}

/** A problem of the cluster at `index` of the list, at one of its keys. */
export interface AddressProblem extends Pick<Problem, "code" | "message" | "given" | "allowed" | "remedy"> {
  readonly index: number;
  readonly key: "name" | "addresses";
}

/**
 * A cluster's block follows from its name, so that adding one moves none of the others: those that set `addresses` take
 * theirs first, then, in the order of the list, each takes the first free block from where its name points to.
 */
export function allocateAddresses({ space, reserved, clusters }: AddressRequest): Allocation {
  const whole = cidr(space);
  const taken: { readonly range: Range; readonly by: string }[] = reserved.map((text) => ({
    range: cidr(text),
    by: "addresses.reserved",
  }));
  const problems: AddressProblem[] = [];
  const blocks = new Map<string, Range>();
  const take = (name: string, range: Range) => {
    blocks.set(name, range);
    taken.push({ range, by: `cluster ${name}` });
  };
  clusters.forEach(({ name, addresses }, index) => {
    if (addresses === undefined) return;
    const range = cidr(addresses);
    const other = taken.find((each) => overlap(each.range, range));
    if (other === undefined) take(name, range);
    else problems.push(overlapping(index, addresses, other.by, formatCidr(other.range)));
  });
  clusters.forEach(({ name, addresses }, index) => {
    if (addresses !== undefined) return;
    const range = freeBlock(
      whole,
      name,
      taken.map((each) => each.range),
    );
    if (range === undefined) problems.push(full(index, space, name));
    else take(name, range);
  });
  const cut = [...blocks].map(([name, block]) => [name, cutBlock(block)] as const);
  return { addresses: new Map(cut), problems };
}

/** Pods first: on EKS they share their range with the nodes, as its network plugin gives pods addresses of the VPC. */
function cutBlock(block: Range): ClusterAddresses {
  const rest = blockOf(block, PODS_PREFIX, 1);
  return {
    pods: formatCidr(blockOf(block, PODS_PREFIX, 0)),
    nodes: formatCidr(blockOf(rest, SMALL_PREFIX, 0)),
    services: formatCidr(blockOf(rest, SMALL_PREFIX, 1)),
  };
}

function freeBlock(space: Range, name: string, taken: readonly Range[]): Range | undefined {
  const count = Math.floor(sizeOf(space) / sizeOf({ from: 0, prefix: BLOCK_PREFIX }));
  const first = createHash("sha256").update(name).digest().readUInt32BE(0);
  for (let step = 0; step < count; step++) {
    const block = blockOf(space, BLOCK_PREFIX, (first + step) % count);
    if (!taken.some((range) => overlap(range, block))) return block;
  }
  return undefined;
}

/** Private addresses, which is where EKS and GKE take pods and services from. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(cidr);

/** Whether a text is a block of private addresses no smaller than `prefix`. */
export function isPrivateBlock(text: string, prefix: number): boolean {
  const range = parseCidr(text);
  if (range === undefined || range.prefix > prefix) return false;
  return PRIVATE.some((outer) => contains(outer, range));
}

function overlapping(index: number, given: string, by: string, theirs: string): AddressProblem {
  return {
    code: "TN1020",
    index,
    key: "addresses",
    message: `these addresses are those of ${by} (${theirs}) too`,
    given,
    allowed: `a /${BLOCK_PREFIX} that overlaps no other, or nothing: a free one is then chosen`,
  };
}

function full(index: number, space: string, name: string): AddressProblem {
  return {
    code: "TN1020",
    index,
    key: "name",
    message: `there is no free /${BLOCK_PREFIX} left for ${name} in ${space}`,
    given: name,
    allowed: "as many clusters as `addresses.space` has blocks that are not reserved",
    remedy: "Widen `addresses.space`, reserve less, or remove a cluster.",
  };
}
