import { keyringFile, missingKeys, readKeyring, refuseMissingKeys } from "../../keys/keyring";
import type { NetworkPlan } from "../../protocols/plan";
import type { ClusterNetworkStack } from "../../stacks/kind";
import { type PlannedStack, planStack } from "../../stacks/plan-stack";
import type { CommandContext } from "../context";
import { requireCredentials } from "../environment/prepare";

/**
 * Refuses what would fail in the middle of a deployment and can be known before it.
 * @throws TestnetError with every problem of the plan; TN2012 where keys are missing, TN2006 where credentials are
 */
export function prepareNetwork(
  { directory, stack }: CommandContext,
  network: ClusterNetworkStack,
): PlannedStack {
  const planned = planStack(directory, stack, network);
  refuseMissingKeys(planned.plan, readKeyring(keyringFile(directory, stack)));
  const clouds = planned.ground.clusters.flatMap(({ account }) =>
    account === undefined ? [] : [account.cloud],
  );
  requireCredentials([...new Set(clouds)]);
  return planned;
}

/** What a plan without its keys lacks, in words; nothing where it lacks none. */
export function keyHint(plan: NetworkPlan, directory: string): string[] {
  const missing = missingKeys(plan, readKeyring(keyringFile(directory, plan.network)));
  if (missing.length === 0) return [];
  return [
    `${missing.length} keys are not made yet: run \`testnet keys create ${plan.network}\` before \`up\`.`,
  ];
}
