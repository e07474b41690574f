import { createHash, randomBytes } from "node:crypto";
import {
  UNKNOWN,
  type CheckCall,
  type Checked,
  type CheckFailure,
  type Properties,
} from "../../plugin/provider";
import type { Autoname, Model } from "./model";
import { valuesAt, without } from "./paths";
import { misfits, type ResourceShape, type Shapes } from "./shapes";

/** What a provider finds wrong with inputs without asking the cloud, and the names it makes up. */
export function check(call: CheckCall, model: Model, shape: ResourceShape, shapes: Shapes): Checked {
  const inputs = withName(call, model.autoname);
  const failures = misfits(inputs, shape.inputs, shapes);
  // Formats and rules may rely on the right shape.
  return { inputs, failures: failures.length > 0 ? failures : [...formatFailures(inputs, model)] };
}

function formatFailures(inputs: Properties, model: Model): CheckFailure[] {
  const absent = (model.required ?? []).filter((path) => valuesAt(inputs, path).length === 0);
  const formats = Object.entries(model.formats ?? {}).flatMap(([pattern, format]) =>
    valuesAt(inputs, pattern).flatMap(({ path, value }): CheckFailure[] => {
      const reason = containsUnknown(value) ? undefined : format(value);
      return reason === undefined ? [] : [{ property: path, reason }];
    }),
  );
  const known = without(inputs, UNKNOWN) as Properties;
  const rules = Object.entries(model.rules?.(known) ?? {}).flatMap(([property, reason]): CheckFailure[] =>
    typeof reason === "string" ? [{ property, reason }] : [],
  );
  return [
    ...absent.map((path) => ({ property: path, reason: `Missing required property '${path}'` })),
    ...formats,
    ...rules,
  ];
}

function containsUnknown(value: unknown): boolean {
  return JSON.stringify(value).includes(UNKNOWN);
}

/** A made-up name stays what it was; the state tells it from one of the program by `__defaults`. */
function withName({ inputs, old, name, randomSeed }: CheckCall, autoname: Autoname | undefined): Properties {
  if (autoname === undefined) return { ...inputs, __defaults: [] };
  const { property } = autoname;
  if (inputs[property] !== undefined) return { ...inputs, __defaults: [] };
  const earlier = isMadeUp(old, property) ? old?.[property] : undefined;
  return { ...inputs, [property]: earlier ?? madeUp(name, randomSeed, autoname), __defaults: [property] };
}

export function isMadeUp(inputs: Properties | undefined, property: string): boolean {
  const defaults = inputs?.["__defaults"];
  return Array.isArray(defaults) && defaults.includes(property);
}

function madeUp(name: string, seed: Uint8Array, { longest, lower, suffix = "" }: Autoname): string {
  const random = createHash("sha256")
    .update(seed.length > 0 ? seed : randomBytes(16))
    .update(name)
    .digest("hex")
    .slice(0, 7);
  const start = name.slice(0, longest - random.length - suffix.length - 1);
  const whole = `${start}-${random}${suffix}`;
  return lower === true ? whole.toLowerCase().replace(/[^a-z0-9.-]/g, "-") : whole;
}
