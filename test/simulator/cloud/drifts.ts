import type { Properties } from "../../../plugin/provider";
import { clouds } from "../../../simulator/cloud/clouds";
import type { CloudResource } from "../../../simulator/cloud/protocol";
import { type Shape, shapeOf } from "../../../simulator/cloud/shapes";

/** Where something is and what it is called cannot change. */
const IDENTITY = ["project", "region", "location", "zone", "name"];

/** A change of one attribute that somebody could make behind the program's back. */
export function drifted({ cloud, type, attributes }: CloudResource): Properties | undefined {
  const found = clouds()[cloud];
  const model = found?.models[type];
  const shape = found?.shapes.resources[type];
  if (model === undefined || shape === undefined) throw new Error(`${type} is not simulated`);
  const isFixed = (name: string) =>
    model.local?.includes(name) === true ||
    IDENTITY.includes(name) ||
    (name in shape.inputs && (model.replacedBy === "all" || model.replacedBy.includes(name)));
  const candidates = Object.entries(shape.outputs).filter(([name]) => !isFixed(name));
  const preferred = candidates.find(
    ([name]) => name === "tags" || name === "labels" || name === "description",
  );
  const text = candidates.find(([, property]) => shapeOf(property) === "string");
  const [name, property] = preferred ?? text ?? candidates[0] ?? [];
  if (name === undefined || property === undefined) return undefined;
  return { [name]: changed(attributes[name], shapeOf(property)) };
}

function changed(before: unknown, shape: Shape): unknown {
  if (shape === "boolean") return before !== true;
  if (shape === "number") return Number(before ?? 0) + 1;
  return typeof shape === "string" ? "drifted" : { ...(before as object | undefined), drifted: "yes" };
}
