/** IPv4 ranges as numbers: enough arithmetic to carve ranges, and no more. Pure. */
export interface Range {
  /** First address as a number. */
  readonly from: number;
  /** Length of the prefix, 0 to 32. */
  readonly prefix: number;
}

const CIDR = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** A CIDR block whose address is the first of the block; undefined for any other text. */
export function parseCidr(text: string): Range | undefined {
  const match = CIDR.exec(text);
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  if ([a, b, c, d].some((octet) => octet > 255) || prefix > 32) return undefined;
  const from = ((a * 256 + b) * 256 + c) * 256 + d;
  return from % sizeOf({ from, prefix }) === 0 ? { from, prefix } : undefined;
}

/** @throws Error where the text is no CIDR: for values that were checked before. */
export function cidr(text: string): Range {
  const range = parseCidr(text);
  if (range === undefined) throw new Error(`${text} is no CIDR block`);
  return range;
}

export function formatCidr({ from, prefix }: Range): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(from / 2 ** shift) % 256);
  return `${octets.join(".")}/${prefix}`;
}

/** How many addresses a range has. */
export function sizeOf({ prefix }: Range): number {
  return 2 ** (32 - prefix);
}

export function overlap(one: Range, other: Range): boolean {
  return one.from < other.from + sizeOf(other) && other.from < one.from + sizeOf(one);
}

export function contains(outer: Range, inner: Range): boolean {
  return outer.from <= inner.from && inner.from + sizeOf(inner) <= outer.from + sizeOf(outer);
}

/** The n-th block (from 0) of the given prefix within a range. */
export function blockOf(range: Range, prefix: number, index: number): Range {
  const block = { from: range.from + index * 2 ** (32 - prefix), prefix };
  if (!contains(range, block)) throw new Error(`${formatCidr(range)} has no block ${index} of /${prefix}`);
  return block;
}
