/** A range of IPv4 addresses. */
interface Range {
  /** First address as a number, with the bits behind the prefix at 0. */
  readonly base: number;
  readonly prefix: number;
}

function parse(text: string): Range | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  if ([a, b, c, d].some((octet) => octet > 255) || prefix > 32) return undefined;
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** (32 - prefix);
  return { base: Math.floor(address / size) * size, prefix };
}

/** Whether a text is a CIDR block of IPv4. */
export function isCidr(text: string): boolean {
  return parse(text) !== undefined;
}

/** Whether every address of `inner` is one of `outer`; false where either is no CIDR block. */
export function contains(outer: string, inner: string): boolean {
  const [wide, narrow] = [parse(outer), parse(inner)];
  if (wide === undefined || narrow === undefined || wide.prefix > narrow.prefix) return false;
  const size = 2 ** (32 - wide.prefix);
  return Math.floor(narrow.base / size) * size === wide.base;
}
