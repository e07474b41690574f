/**
 * The fields that the API server of one minor version of Kubernetes knows, as far as our programs use its kinds. Generated
 * from the API's own description (generate.ts) and kept small: names and types, no texts.
 */
export interface ManifestSchema {
  /** Release it was made from, e.g. `1.36.2`. */
  readonly version: string;
  /** Type of each kind, by `apiVersion kind`. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, ObjectType>>;
}

export interface ObjectType {
  /** Type of each field: a scalar, another type, `[]T` for a list, `{}T` for a mapping with names of one's own. */
  readonly fields: Readonly<Record<string, string>>;
  readonly required?: readonly string[];
}

/** Types without fields. */
export const SCALARS = ["string", "integer", "number", "boolean", "quantity", "intOrString", "any"] as const;

export type Scalar = (typeof SCALARS)[number];

export function isScalar(type: string): type is Scalar {
  return (SCALARS as readonly string[]).includes(type);
}

/** The schema of a minor version such as `1.35`; undefined for one we have none of. */
export function manifestSchema(version: string): ManifestSchema | undefined {
  switch (version) {
    case "1.34":
      return require("./schema/kubernetes-1.34.json") as ManifestSchema;
    case "1.35":
      return require("./schema/kubernetes-1.35.json") as ManifestSchema;
    case "1.36":
      return require("./schema/kubernetes-1.36.json") as ManifestSchema;
    default:
      return undefined;
  }
}
