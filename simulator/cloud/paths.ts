import type { Properties } from "../../plugin/provider";
import { isObject } from "./shapes";

/** A value and where it stands. */
export interface Placed {
  readonly path: string;
  readonly value: unknown;
}

/** The values a pattern such as `rules[].ports[]` names; absent ones are left out. */
export function valuesAt(properties: Properties, pattern: string): Placed[] {
  const steps = pattern.match(/\[\]|[^.[\]]+/g) ?? [];
  return steps.reduce<Placed[]>(
    (places, step) => places.flatMap((place) => inside(place, step)),
    [{ path: "", value: properties }],
  );
}

function inside({ path, value }: Placed, step: string): Placed[] {
  if (step === "[]") {
    return Array.isArray(value)
      ? value.map((inner: unknown, index) => ({ path: `${path}[${index}]`, value: inner }))
      : [];
  }
  const inner = isObject(value) ? value[step] : undefined;
  return inner === undefined || inner === null
    ? []
    : [{ path: path === "" ? step : `${path}.${step}`, value: inner }];
}

/** A property path of the engine as a pattern: `rules[3].ports[0]` is `rules[].ports[]`. */
export function patternOf(path: string): string {
  return path.replace(/\["([^"]*)"\]/g, ".$1").replace(/\[\d+\]/g, "[]");
}

/** Whether the path is the one of a pattern or stands below it. */
export function isBelow(path: string, pattern: string): boolean {
  const own = patternOf(path);
  return own === pattern || own.startsWith(`${pattern}.`) || own.startsWith(`${pattern}[`);
}

/** A copy in which the value at a path is another; undefined removes it. */
export function withValueAt(properties: Properties, path: string, value: unknown): Properties {
  const copy = structuredClone(properties);
  const steps = path.match(/[^.[\]"]+/g) ?? [];
  let place: Properties = copy;
  for (const step of steps.slice(0, -1)) {
    const inner = place[step];
    place = (place[step] = typeof inner === "object" && inner !== null ? inner : {}) as Properties;
  }
  const last = steps.at(-1) ?? "";
  if (value === undefined) Reflect.deleteProperty(place, last);
  else place[last] = value;
  return copy;
}

/** A copy without anything that contains the value, such as the one for "unknown". */
export function without(value: unknown, unwanted: unknown): unknown {
  if (Array.isArray(value)) {
    return value.filter((inner) => inner !== unwanted).map((inner) => without(inner, unwanted));
  }
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== unwanted);
  return Object.fromEntries(kept.map(([name, inner]) => [name, without(inner, unwanted)]));
}
