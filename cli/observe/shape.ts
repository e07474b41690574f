import type { Observed } from "../../protocols/ethereum/observations";

/** Reading values out of JSON that another program wrote: each function returns what it says, or throws. */

/** The answer is JSON, but not what was asked for. */
export class UnexpectedShape extends Error {
  constructor(wanted: string, found: unknown) {
    const text = JSON.stringify(found) as string | undefined;
    super(`answered ${(text ?? "nothing").slice(0, 80)} where ${wanted} was wanted`);
  }
}

/** A field of an object, by path. */
export function field(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (object, key) =>
      typeof object === "object" && object !== null ? (object as Record<string, unknown>)[key] : undefined,
    value,
  );
}

export function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new UnexpectedShape("a text", value);
}

export function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new UnexpectedShape("a list", value);
}

/** A JSON-RPC quantity, e.g. `0x1f`. */
export function quantity(value: unknown): number {
  return Number(bigQuantity(value));
}

export function bigQuantity(value: unknown): bigint {
  if (typeof value === "string" && /^0x[0-9a-f]+$/i.test(value)) return BigInt(value);
  throw new UnexpectedShape("a number as 0x hex", value);
}

/** 32 bytes, e.g. of a block's hash. */
export function hash(value: unknown): string {
  if (typeof value === "string" && /^0x[0-9a-f]{64}$/i.test(value)) return value;
  throw new UnexpectedShape("a hash", value);
}

/** An integer of the Beacon API, which writes them as decimal text. */
export function decimal(value: unknown): number {
  if (typeof value === "string" && /^\d+$/.test(value)) return Number(value);
  throw new UnexpectedShape("a number", value);
}

/** Applies a reader to an answer; what it throws becomes the reason. */
export function read<T>(observed: Observed<unknown>, reader: (value: unknown) => T): Observed<T> {
  if (!observed.ok) return observed;
  try {
    return { ok: true, value: reader(observed.value) };
  } catch (error) {
    return { ok: false, reason: (error as Error).message };
  }
}

/** JSON of a text that is told to be some. */
export function parseJson(content: string): Observed<unknown> {
  try {
    return { ok: true, value: JSON.parse(content) as unknown };
  } catch {
    const start = content.trim().slice(0, 60);
    return { ok: false, reason: start === "" ? "the answer is empty" : `the answer is not JSON: ${start}` };
  }
}
