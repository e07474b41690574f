import assert from "node:assert/strict";
import { clouds } from "../../../simulator/cloud/clouds";
import type { Model } from "../../../simulator/cloud/model";
import { SDKS } from "../../../simulator/cloud/sdks";
import {
  isOptional,
  shapeOf,
  type ObjectShape,
  type Shape,
  type Shapes,
} from "../../../simulator/cloud/shapes";
import { shapesFromSdk } from "../../../simulator/cloud/shapes-from-sdk";

const models = Object.values(clouds()).flatMap(({ models: all, shapes }) =>
  Object.values(all).map((model) => ({ model, shapes })),
);

describe("the models of the simulated clouds", () => {
  it("have the properties of the SDKs that are installed (simulator/cloud/generate.ts writes them)", function () {
    this.timeout(60_000);
    for (const { cloud, sdk, types } of SDKS) {
      assert.deepEqual(clouds()[cloud]?.shapes, shapesFromSdk(sdk, types), cloud);
    }
  });

  it("speak of no property that the SDK does not have", () => {
    const strangers = models.flatMap(({ model, shapes }) =>
      pathsOf(model)
        .filter((path) => !exists(path, shapes.resources[model.type]?.inputs ?? {}, shapes))
        .map((path) => `${model.type} ${path}`),
    );
    assert.deepEqual(strangers, []);
  });

  it("each tell how long they take to be made", () => {
    const timeless = models.filter(({ model }) => !(model.seconds.create > 0));
    assert.deepEqual(
      timeless.map(({ model }) => model.type),
      [],
    );
  });

  it("refer to types that are simulated", () => {
    const known = new Set(models.map(({ model }) => model.type));
    const targets = models.flatMap(({ model }) =>
      Object.values(model.references ?? {}).flatMap(({ to }) => to),
    );
    assert.deepEqual(
      targets.filter((type) => !known.has(type)),
      [],
    );
  });
});

/** Every path of inputs that a model names. */
function pathsOf(model: Model): string[] {
  const { formats, references, required, defaults, local, unique, autoname, replacedBy } = model;
  const common = ["tags", "labels", "resourceLabels", "region", "project"];
  return [
    ...Object.keys({ ...formats, ...references, ...defaults }),
    ...[required, local, unique?.by].flatMap((paths) => paths ?? []),
    ...(autoname === undefined ? [] : [autoname.property]),
    ...(replacedBy === "all" ? [] : replacedBy),
  ].filter((path) => !common.includes(path));
}

function exists(path: string, shape: ObjectShape, shapes: Shapes): boolean {
  const [first = "", ...rest] = path.match(/\[\]|[^.[\]]+/g) ?? [];
  const property = shape[first];
  return property !== undefined && reaches(rest, shapeOf(property), shapes);
}

function reaches([step, ...rest]: string[], shape: Shape, shapes: Shapes): boolean {
  if (step === undefined || shape === "any") return true;
  if (typeof shape === "string") return false;
  if ("either" in shape) return shape.either.some((one) => reaches([step, ...rest], one, shapes));
  if ("list" in shape) return step === "[]" && reaches(rest, shape.list, shapes);
  if ("map" in shape) return reaches(rest, shape.map, shapes);
  const property = shapes.types[shape.of]?.[step];
  return property !== undefined && reaches(rest, isOptional(property) ? property[0] : property, shapes);
}
