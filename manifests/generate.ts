import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { ManifestSchema, ObjectType, Scalar } from "./schema";

/** The release each minor version is described by. */
export const RELEASES = { "1.34": "1.34.4", "1.35": "1.35.4", "1.36": "1.36.2" } as const;

/** Kinds our programs and charts use. */
const GROUPS = new Set([
  "v1",
  "apps/v1",
  "autoscaling/v2",
  "batch/v1",
  "networking.k8s.io/v1",
  "policy/v1",
  "rbac.authorization.k8s.io/v1",
  "scheduling.k8s.io/v1",
  "storage.k8s.io/v1",
]);

interface Definition {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly items?: Definition;
  readonly additionalProperties?: Definition;
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly required?: readonly string[];
  readonly "x-kubernetes-group-version-kind"?: readonly { group: string; version: string; kind: string }[];
}

/** Definitions that are no objects. */
const SPECIAL: Readonly<Record<string, Scalar>> = {
  "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "intOrString",
  "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "string",
  "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "string",
  "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": "any",
  "io.k8s.apimachinery.pkg.runtime.RawExtension": "any",
};

/** The tables, by path: made from the module of each release, which Go fetches where it is missing. */
export function manifestSchemas(): Record<string, string> {
  const tables = Object.entries(RELEASES).map(([minor, release]) => {
    const table = schemaOf(release, definitionsOf(release));
    return [`manifests/schema/kubernetes-${minor}.json`, `${JSON.stringify(table)}\n`];
  });
  return Object.fromEntries(tables) as Record<string, string>;
}

function definitionsOf(release: string): Record<string, Definition> {
  const module = execFileSync("go", ["mod", "download", "-json", `k8s.io/kubernetes@v${release}`], {
    encoding: "utf8",
    env: { ...process.env, GOFLAGS: "-mod=mod" },
  });
  const { Dir: directory } = JSON.parse(module) as { Dir: string };
  const text = fs.readFileSync(path.join(directory, "api/openapi-spec/swagger.json"), "utf8");
  return (JSON.parse(text) as { definitions: Record<string, Definition> }).definitions;
}

/** What is needed of the definitions for our kinds. Exported for its test. */
export function schemaOf(version: string, definitions: Readonly<Record<string, Definition>>): ManifestSchema {
  const kinds: Record<string, string> = {};
  const types: Record<string, ObjectType> = {};
  const add = (name: string): string => {
    const special = SPECIAL[name];
    if (special !== undefined) return special;
    const short = shortName(name);
    if (types[short] !== undefined) return short;
    const { properties, required } = definitions[name] ?? {};
    if (properties === undefined) return "any";
    const fields: Record<string, string> = {};
    types[short] = { fields, ...(required !== undefined && { required }) };
    for (const [field, definition] of Object.entries(properties)) fields[field] = typeOf(definition, add);
    return short;
  };
  for (const [name, definition] of Object.entries(definitions)) {
    // Nobody writes lists and statuses; they would only make the table larger.
    if (definition.properties?.["metadata"]?.$ref?.endsWith(".ObjectMeta") !== true) continue;
    for (const { group, version: of, kind } of definition["x-kubernetes-group-version-kind"] ?? []) {
      const apiVersion = group === "" ? of : `${group}/${of}`;
      if (GROUPS.has(apiVersion)) kinds[`${apiVersion} ${kind}`] = add(name);
    }
  }
  return { version, kinds, types };
}

function typeOf(definition: Definition, add: (name: string) => string): string {
  const { $ref, type, items, additionalProperties } = definition;
  if ($ref !== undefined) return add($ref.replace("#/definitions/", ""));
  switch (type) {
    case "array":
      return `[]${items === undefined ? "any" : typeOf(items, add)}`;
    case "object":
      return additionalProperties === undefined ? "any" : `{}${typeOf(additionalProperties, add)}`;
    case "string":
    case "integer":
    case "number":
    case "boolean":
      return type;
    default:
      return "any";
  }
}

/** `io.k8s.api.core.v1.Pod` → `core.v1.Pod`: unique among our groups. */
function shortName(name: string): string {
  return name.replace(/^io\.k8s\.(api|apimachinery\.pkg\.apis)\./, "");
}
