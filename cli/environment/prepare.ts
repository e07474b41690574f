import * as fs from "node:fs";
import * as os from "node:os";
import { TestnetError } from "../../errors/problem";
import type { ClusterEnvironment } from "../../stacks/config/environment";
import type { StackConfig } from "../../stacks/config/schema";
import { missingCredentials } from "../../stacks/credentials";
import { requireNoNetwork } from "../../stacks/placement";

/** How many resources the engine works on at once: clouds do the work, and it waits. Its default is 4 for each core. */
export const PARALLEL = 128;

/** The environment a stack file describes; undefined where it is a network's. */
export function environmentOf(config: StackConfig): ClusterEnvironment | undefined {
  if (typeof config.environment === "string") return undefined;
  requireNoNetwork(config);
  return config.environment;
}

/**
 * Refuses what would fail in the middle of a deployment and can be known before it.
 * @throws TestnetError TN2006 where credentials are missing, TN2007 where clusters would refuse an object
 */
export async function prepareEnvironment(stack: string, environment: ClusterEnvironment): Promise<void> {
  const missing = missingCredentials(environment, {
    env: process.env,
    home: os.homedir(),
    exists: fs.existsSync,
  });
  if (missing.length > 0) throw new TestnetError(missing);
  const { buildOffline } = require("../offline/build") as typeof import("../offline/build");
  await buildOffline({ stack, environment });
}
