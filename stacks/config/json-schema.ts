import { z } from "zod";
import { NAMESPACE, stackConfig } from "./schema";

/** A JSON Schema, as far as we look into it. */
export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly [keyword: string]: unknown;
}

/** The schema of a whole `Pulumi.<stack>.yaml`, for editors: made from the one zod schema, never written by hand. */
export function stackFileSchema(): JsonSchema {
  const { properties = {}, required = [] } = configSchema() as JsonSchema & { required?: readonly string[] };
  const keys = Object.entries(properties).map(([key, schema]) => [`${NAMESPACE}:${key}`, schema]);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Pulumi.<stack>.yaml of testnet",
    type: "object",
    properties: {
      config: {
        type: "object",
        description: "Configuration of the stack.",
        properties: Object.fromEntries(keys) as Record<string, JsonSchema>,
        // Other packages' keys are theirs to check; a misspelt one of ours is an error.
        patternProperties: { [`^${NAMESPACE}:`]: false },
        required: required.map((key) => `${NAMESPACE}:${key}`),
      },
      encryptionsalt: { type: "string", description: "Written by Pulumi." },
      secretsprovider: { type: "string", description: "Written by Pulumi." },
    },
    required: ["config"],
  };
}

/** Keys that may stand where `path` leads, e.g. below `["network", "nodes", 0]`; empty where none are fixed. */
export function keysAt(path: readonly PropertyKey[]): string[] {
  let places: readonly JsonSchema[] = [configSchema()];
  for (const part of path) {
    places = places.flatMap(branches).flatMap((place) => {
      const next = typeof part === "number" ? place.items : place.properties?.[String(part)];
      return next === undefined ? [] : [next];
    });
  }
  return [...new Set(places.flatMap(branches).flatMap((place) => Object.keys(place.properties ?? {})))];
}

function branches(schema: JsonSchema): readonly JsonSchema[] {
  return [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
}

function configSchema(): JsonSchema {
  return z.toJSONSchema(stackConfig, { io: "input" }) as JsonSchema;
}
