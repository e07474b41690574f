import { UNKNOWN } from "./provider";

/** One place where two values differ, as the engine's property path, e.g. `daemon.args[3]`. */
export interface Difference {
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
}

/** Every place where the new value differs from the old one; empty when they are equal. */
export function differences(old: unknown, now: unknown, path = ""): Difference[] {
  if (old === undefined && now === undefined) return [];
  if (old === undefined) return [{ path, kind: "add" }];
  if (now === undefined) return [{ path, kind: "delete" }];
  if (now === UNKNOWN) return [{ path, kind: "update" }];
  if (Array.isArray(old) && Array.isArray(now)) {
    const length = Math.max(old.length, now.length);
    return Array.from({ length }, (_, index) =>
      differences(old[index], now[index], `${path}[${index}]`),
    ).flat();
  }
  if (isObject(old) && isObject(now)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
    return keys.flatMap((key) => differences(old[key], now[key], join(path, key)));
  }
  return Object.is(old, now) ? [] : [{ path, kind: "update" }];
}

export function areEqual(left: unknown, right: unknown): boolean {
  return differences(left, right).length === 0;
}

/** The input a path belongs to. */
export function topLevel(path: string): string {
  return /^[^.[]+/.exec(path)?.[0] ?? path;
}

/** Whether a path is the given one or lies below it. */
export function isWithin(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}.`) || path.startsWith(`${above}[`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function join(path: string, key: string): string {
  if (path === "") return key;
  return /^[A-Za-z_][\w-]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}
