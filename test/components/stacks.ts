import * as path from "node:path";
import { loadStackConfig } from "../../stacks/config/file";
import { kindOf } from "../../stacks/kind";
import type { ClusterEnvironment } from "../../stacks/config/environment";

const ROOT = path.resolve(__dirname, "../..");

/** The environment of a stack file that comes with the program. */
export function shippedEnvironment(stack: string): ClusterEnvironment {
  const found = kindOf(loadStackConfig(ROOT, stack));
  if (found.kind !== "environment") throw new Error(`${stack} is no environment of clusters`);
  return found.environment;
}
