import { distance } from "fastest-levenshtein";
import { isScalar, type ManifestSchema, type ObjectType, type Scalar } from "./schema";

/** One place of an object that the API server would refuse. */
export interface ManifestProblem {
  /** Path in the object, e.g. `spec.template.spec.containers[0].imge`. */
  readonly path: string;
  readonly message: string;
  readonly given?: unknown;
  readonly allowed?: string;
}

/** Whether a value is only known later, as outputs of resources are. What is not known is not checked. */
export type IsUnknown = (value: unknown) => boolean;

/** Names a person can have meant are at most this many letters away. */
const NEAR = 3;

const QUANTITY = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/;
const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/**
 * What the API server of that version would refuse: fields it does not know, fields that are missing, values of another
 * type. Kinds that are not in the schema (custom ones) are not looked into.
 */
export function checkManifest(
  schema: ManifestSchema,
  object: Readonly<Record<string, unknown>>,
  isUnknown: IsUnknown = () => false,
): ManifestProblem[] {
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== "string" || typeof kind !== "string") {
    return [{ path: "", message: "an object needs `apiVersion` and `kind`" }];
  }
  const type = schema.kinds[`${apiVersion} ${kind}`];
  const walk = new Walk(schema, isUnknown);
  if (type !== undefined) walk.value(type, object, "");
  walk.name(apiVersion, object["metadata"]);
  return walk.problems;
}

class Walk {
  readonly problems: ManifestProblem[] = [];

  constructor(
    private readonly schema: ManifestSchema,
    private readonly isUnknown: IsUnknown,
  ) {}

  value(type: string, value: unknown, path: string): void {
    // The SDK sends undefined for what is left out, and the API server takes null for the same.
    if (value === undefined || value === null || this.isUnknown(value)) return;
    if (isScalar(type)) this.scalar(type, value, path);
    else if (type.startsWith("[]")) this.list(type.slice(2), value, path);
    else if (type.startsWith("{}")) this.mapping(type.slice(2), value, path);
    else this.object(type, value, path);
  }

  name(apiVersion: string, metadata: unknown): void {
    const name = isObject(metadata) ? metadata["name"] : undefined;
    // Roles and their bindings may be named anything.
    const isFree = apiVersion.startsWith("rbac.authorization.k8s.io/");
    if (typeof name !== "string" || isFree || NAME.test(name)) return;
    this.add(
      "metadata.name",
      "this cannot be the name of an object",
      name,
      "a DNS name: a-z, 0-9, `-` and `.`",
    );
  }

  private object(type: string, value: unknown, path: string): void {
    if (!isObject(value)) {
      this.add(path, "this is no mapping", value, "a mapping of fields");
      return;
    }
    const { fields, required = [] } = this.schema.types[type] ?? ({ fields: {} } satisfies ObjectType);
    for (const [field, inner] of Object.entries(value)) {
      const known = fields[field];
      const at = path === "" ? field : `${path}.${field}`;
      if (known !== undefined) this.value(known, inner, at);
      else if (inner !== undefined) this.unknownField(at, field, Object.keys(fields));
    }
    for (const field of required.filter((one) => value[one] === undefined)) {
      this.add(path === "" ? field : `${path}.${field}`, "this field is missing");
    }
  }

  private unknownField(path: string, field: string, known: readonly string[]): void {
    const near = known
      .map((name) => ({ name, away: distance(field, name) }))
      .filter(({ away }) => away <= NEAR)
      .sort((left, right) => left.away - right.away)
      .slice(0, 2);
    const meant = near.length > 0 ? near.map(({ name }) => name) : known;
    this.add(path, `Kubernetes ${this.schema.version} knows no such field`, undefined, meant.join(", "));
  }

  private list(type: string, value: unknown, path: string): void {
    if (!Array.isArray(value)) {
      this.add(path, "this is no list", value, "a list");
      return;
    }
    value.forEach((inner, index) => this.value(type, inner, `${path}[${index}]`));
  }

  private mapping(type: string, value: unknown, path: string): void {
    if (!isObject(value)) {
      this.add(path, "this is no mapping", value, "a mapping");
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      this.value(type, inner, `${path}[${JSON.stringify(key)}]`);
    }
  }

  private scalar(type: Scalar, value: unknown, path: string): void {
    const allowed = wrong(type, value, path);
    if (allowed !== undefined) this.add(path, "the value is not of the field's type", value, allowed);
  }

  private add(path: string, message: string, given?: unknown, allowed?: string): void {
    this.problems.push({
      path,
      message,
      ...(given !== undefined && { given }),
      ...(allowed !== undefined && { allowed }),
    });
  }
}

/** What would be allowed, when the value is not. */
function wrong(type: Scalar, value: unknown, path: string): string | undefined {
  switch (type) {
    case "any":
      return undefined;
    case "string":
    case "boolean":
      return typeof value === type ? undefined : `a ${type}`;
    case "number":
      return typeof value === "number" ? undefined : "a number";
    case "integer":
      return isPort(path) ? wrongPort(value) : Number.isInteger(value) ? undefined : "a whole number";
    case "intOrString":
      return typeof value === "string" || Number.isInteger(value) ? undefined : "a whole number or a text";
    case "quantity":
      return typeof value === "number" || (typeof value === "string" && QUANTITY.test(value))
        ? undefined
        : "a quantity such as 500m, 2Gi or 100M";
  }
}

/** Fields of the API that hold ports are named so. */
function isPort(path: string): boolean {
  return /(^|\.)(port|containerPort|hostPort|nodePort)$/.test(path);
}

function wrongPort(value: unknown): string | undefined {
  const isFine = Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65_535;
  return isFine ? undefined : "a port from 1 to 65535";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
