import { areEqual } from "../../plugin/difference";
import { type Properties, UNKNOWN } from "../../plugin/provider";

/** Parts of `metadata` that the API server changes by itself. */
const VOLATILE = ["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp"];

/**
 * The inputs as the program would have to write them to get what is there. The API server fills in defaults and
 * normalises values, so what is there is compared with what applying the inputs would make of it: where the two agree
 * nothing has drifted, however different the inputs look.
 * @param applied what a dry run of applying `inputs` gives
 */
export function liveInputs(inputs: Properties, applied: Properties, live: Properties): Properties {
  return project(inputs, withoutVolatile(applied), withoutVolatile(live)) as Properties;
}

function project(input: unknown, applied: unknown, live: unknown): unknown {
  if (areEqual(applied, live)) return input;
  if (!isObject(input) || !isObject(applied) || !isObject(live)) return live;
  const keys = Object.keys(input).filter((key) => key in live);
  return Object.fromEntries(keys.map((key) => [key, project(input[key], applied[key], live[key])]));
}

/** An object as it is kept in the state: without the server's bookkeeping of who set which field. */
export function withoutManagedFields(object: Properties): Properties {
  return { ...object, metadata: without((object["metadata"] ?? {}) as Properties, ["managedFields"]) };
}

function withoutVolatile(object: Properties): Properties {
  const metadata = without((object["metadata"] ?? {}) as Properties, VOLATILE);
  return { ...without(object, ["status"]), metadata };
}

function without(object: Properties, keys: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** Whether a value is not fully known in a preview. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
