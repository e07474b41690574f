import { TestnetError } from "../../errors/problem";
import * as fs from "node:fs";
import * as os from "node:os";
import type { CloudName } from "../../components/contracts";
import type { ClusterEnvironment } from "../../stacks/config/environment";
import { cloudsOf, missingCredentials } from "../../stacks/credentials";

/** How many resources the engine works on at once: clouds do the work, and it waits. Its default is 4 for each core. */
export const PARALLEL = 128;

/** @throws TestnetError TN2006 where this machine has no way into one of the clouds */
export function requireCredentials(clouds: readonly CloudName[]): void {
  const missing = missingCredentials(clouds, {
    env: process.env,
    home: os.homedir(),
    exists: fs.existsSync,
  });
  if (missing.length > 0) throw new TestnetError(missing);
}

/**
 * Refuses what would fail in the middle of a deployment and can be known before it.
 * @throws TestnetError TN2006 where credentials are missing, TN2007 where clusters would refuse an object
 */
export async function prepareEnvironment(stack: string, environment: ClusterEnvironment): Promise<void> {
  requireCredentials(cloudsOf(environment));
  const { buildOffline } = require("../offline/build") as typeof import("../offline/build");
  await buildOffline({ stack, environment });
}
