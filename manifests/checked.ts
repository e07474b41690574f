import * as pulumi from "@pulumi/pulumi";
import { type Problem, TestnetError } from "../errors/problem";
import { checkManifest } from "./check";
import { type ManifestSchema, manifestSchema } from "./schema";

/**
 * Builds a stack and checks every Kubernetes object on the way, before the engine hears of a single resource. In a first
 * preview the engine itself cannot: the clusters that would check them do not exist yet.
 * @param kubernetes minor version of the clusters, e.g. `1.35`
 * @throws TestnetError TN2007 with everything that is wrong
 */
export function checkedManifests<T>(kubernetes: string, build: () => T): T {
  const schema = manifestSchema(kubernetes);
  if (schema === undefined) {
    throw new Error(`there is no schema of Kubernetes ${kubernetes} in manifests/schema`);
  }
  const problems: Problem[] = [];
  pulumi.runtime.registerStackTransformation(({ type, name, props }) => {
    problems.push(...problemsOf(schema, type, name, props));
    return undefined;
  });
  const built = build();
  if (problems.length > 0) throw new TestnetError(problems);
  return built;
}

/** `kubernetes:apps/v1:Deployment` and the like; releases, providers and patches are no objects. */
const OBJECT = /^kubernetes:(?!helm\.sh|yaml|kustomize).+:(?!.*(Patch|List)$)/;

function problemsOf(
  schema: ManifestSchema,
  type: string,
  name: string,
  props: Record<string, unknown>,
): Problem[] {
  if (!OBJECT.test(type)) return [];
  return checkManifest(schema, props, isLater).map(({ path, message, given, allowed }) => ({
    code: "TN2007",
    at: `${name}: ${path}`,
    message,
    ...(given !== undefined && { given }),
    ...(allowed !== undefined && { allowed }),
  }));
}

/** Outputs and promises hold their values later. */
function isLater(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}
