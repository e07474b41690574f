import { createHash } from "node:crypto";
import type { Format } from "./model";

/** Formats that several clouds check, in words like the providers'. */

/** One of these values. */
export function oneOf(...allowed: readonly string[]): Format {
  return (value) =>
    allowed.includes(String(value))
      ? undefined
      : `expected to be one of [${allowed.map((one) => JSON.stringify(one)).join(" ")}], got ${String(value)}`;
}

export function matching(pattern: RegExp, what: string): Format {
  return (value) => (pattern.test(String(value)) ? undefined : `"${String(value)}" is not valid: ${what}`);
}

export function between(least: number, most: number): Format {
  return (value) =>
    typeof value === "number" && value >= least && value <= most
      ? undefined
      : `expected to be in the range (${least} - ${most}), got ${String(value)}`;
}

export function shorterThan(longest: number): Format {
  return (value) =>
    String(value).length <= longest
      ? undefined
      : `expected length to be in the range (1 - ${longest}), got ${String(value)}`;
}

/** All of them. */
export function all(...formats: readonly Format[]): Format {
  return (value) => formats.map((format) => format(value)).find((reason) => reason !== undefined);
}

/** A JSON document with these members. */
export function json(...members: readonly string[]): Format {
  return (value) => {
    // Some SDKs take the document itself.
    if (typeof value !== "string") return undefined;
    try {
      const document = JSON.parse(value) as unknown;
      if (typeof document !== "object" || document === null) {
        return "contains an invalid JSON policy: not an object";
      }
      const absent = members.find((member) => !(member in document));
      return absent === undefined ? undefined : `contains an invalid JSON policy: ${absent} is missing`;
    } catch (error) {
      return `contains an invalid JSON policy: ${error instanceof Error ? error.message : String(error)}`;
    }
  };
}

/** An IPv4 network with no bits set behind its prefix, e.g. `10.0.0.0/16`. */
export function cidr(shortest = 0, longest = 32): Format {
  return (value) => {
    const range = parseCidr(String(value));
    if (range === undefined) return `"${String(value)}" is not a valid IPv4 CIDR block`;
    const { first, prefix, address } = range;
    if (first !== address) return `"${String(value)}" is not a valid CIDR block: its host bits are not zero`;
    if (prefix < shortest || prefix > longest) {
      return `expected "${String(value)}" to contain a network with between /${shortest} and /${longest}`;
    }
    return undefined;
  };
}

export interface Range {
  readonly address: number;
  readonly prefix: number;
  readonly first: number;
  readonly last: number;
}

export function parseCidr(text: string): Range | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return undefined;
  const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
  if ([a, b, c, d].some((byte) => byte > 255) || prefix > 32) return undefined;
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** (32 - prefix);
  const first = Math.floor(address / size) * size;
  return { address, prefix, first, last: first + size - 1 };
}

export function contains(outer: string, inner: string): boolean {
  const [large, small] = [parseCidr(outer), parseCidr(inner)];
  return large !== undefined && small !== undefined && large.first <= small.first && small.last <= large.last;
}

export function overlaps(left: string, right: string): boolean {
  const [one, other] = [parseCidr(left), parseCidr(right)];
  return one !== undefined && other !== undefined && one.first <= other.last && other.first <= one.last;
}

/**
 * Where the machines of a group begin in a range that it shares with other groups. By its name: the same in every run, so
 * that two groups do not meet in one run of many. `least` addresses are the cloud's own.
 */
export function firstIndexIn(range: string, group: string, least: number): number {
  const { first, last } = parseCidr(range) ?? { first: 0, last: 0 };
  const room = Math.max(1, Math.floor((last - first) / 2) - least);
  const hash = createHash("sha256").update(group).digest().readUInt32BE(0);
  return least + (hash % room);
}

/** The n-th address of a range. */
export function addressIn(range: string, index: number): string {
  const { first, last } = parseCidr(range) ?? { first: 0, last: 0 };
  const address = Math.min(first + index, last);
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
