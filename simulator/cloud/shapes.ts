import { UNKNOWN, type CheckFailure, type Properties } from "../../plugin/provider";

/** What a property may hold, as the SDK declares it. */
export type Shape =
  | "string"
  | "number"
  | "boolean"
  | "any"
  | "asset"
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly either: readonly Shape[] }
  /** Name of an object type of the same SDK. */
  | { readonly of: string };

type Scalar = "string" | "number" | "boolean" | "asset";

/** A property; required where it is no array. */
export type PropertyShape = Shape | readonly [optional: Shape];

export type ObjectShape = Readonly<Record<string, PropertyShape>>;

export interface ResourceShape {
  readonly inputs: ObjectShape;
  readonly outputs: ObjectShape;
}

/** The shapes of one SDK. Generated (shapes-from-sdk.ts), so that no property is forgotten or misspelt. */
export interface Shapes {
  /** npm package and version they were read from. */
  readonly sdk: string;
  readonly version: string;
  readonly provider: ObjectShape;
  readonly resources: Readonly<Record<string, ResourceShape>>;
  readonly types: Readonly<Record<string, ObjectShape>>;
}

/** Everything in which properties differ from their shape. Values not known in a preview fit anywhere. */
export function misfits(properties: Properties, shape: ObjectShape, shapes: Shapes): CheckFailure[] {
  return objectMisfits(properties, shape, shapes, "");
}

function objectMisfits(value: Properties, shape: ObjectShape, shapes: Shapes, at: string): CheckFailure[] {
  const unknownNames = Object.keys(value).filter((name) => !(name in shape) && name !== "__defaults");
  const known = Object.entries(shape).flatMap(([name, property]): CheckFailure[] => {
    const path = at === "" ? name : `${at}.${name}`;
    const inner = value[name];
    if (inner !== undefined && inner !== null) return shapeMisfits(inner, shapeOf(property), shapes, path);
    return isOptional(property) ? [] : [{ property: path, reason: `Missing required property '${path}'` }];
  });
  return [
    ...unknownNames.map((name) => {
      const path = at === "" ? name : `${at}.${name}`;
      return {
        property: path,
        reason: `Unsupported argument: an argument named '${path}' is not expected here`,
      };
    }),
    ...known,
  ];
}

function shapeMisfits(value: unknown, shape: Shape, shapes: Shapes, at: string): CheckFailure[] {
  if (value === UNKNOWN || shape === "any") return [];
  if (typeof shape === "string") return scalarMisfits(value, shape, at);
  if ("list" in shape) {
    if (!Array.isArray(value)) return [wrongType(at, "a list", value)];
    return value.flatMap((inner, index) => shapeMisfits(inner, shape.list, shapes, `${at}[${index}]`));
  }
  if ("either" in shape) {
    const attempts = shape.either.map((one) => shapeMisfits(value, one, shapes, at));
    return attempts.sort((left, right) => left.length - right.length)[0] ?? [];
  }
  if (!isObject(value)) return [wrongType(at, "an object", value)];
  if ("map" in shape) {
    return Object.entries(value).flatMap(([key, inner]) =>
      shapeMisfits(inner, shape.map, shapes, `${at}.${key}`),
    );
  }
  const named = shapes.types[shape.of];
  if (named === undefined) throw new Error(`${shapes.sdk} has no type ${shape.of}`);
  return objectMisfits(value, named, shapes, at);
}

function scalarMisfits(value: unknown, shape: Scalar, at: string): CheckFailure[] {
  switch (shape) {
    case "asset":
      return isObject(value) ? [] : [wrongType(at, "an asset or archive", value)];
    case "string":
      // As the providers do, numbers and booleans are taken for their text.
      return ["string", "number", "boolean"].includes(typeof value) ? [] : [wrongType(at, "a string", value)];
    case "number":
      return typeof value === "number" ? [] : [wrongType(at, "a number", value)];
    case "boolean":
      return typeof value === "boolean" ? [] : [wrongType(at, "a boolean", value)];
  }
}

function wrongType(property: string, wanted: string, value: unknown): CheckFailure {
  return {
    property,
    reason: `Incorrect attribute value type: ${wanted} required, but got ${JSON.stringify(value)}`,
  };
}

/** What the provider returns for an output that nothing was said about. */
export function emptyValue(shape: Shape): unknown {
  if (typeof shape !== "string") return "list" in shape ? [] : {};
  return { string: "", number: 0, boolean: false, any: "", asset: undefined }[shape];
}

export function isOptional(property: PropertyShape): property is readonly [Shape] {
  return Array.isArray(property);
}

export function shapeOf(property: PropertyShape): Shape {
  return isOptional(property) ? property[0] : property;
}

export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
