import { keyringFile, missingKeys, readKeyring, refuseMissingKeys } from "../../keys/keyring";
import type { NetworkPlan } from "../../protocols/plan";
import type { ClusterNetworkStack } from "../../stacks/kind";
import { type PlannedStack, planStack } from "../../stacks/plan-stack";
import type { CommandContext } from "../context";
import { requireCredentials } from "../environment/prepare";
import { refuseExpired } from "../expiry/creation";

/**
 * Refuses what would fail in the middle of a deployment and can be known before it.
 * @throws TestnetError with every problem of the plan; TN2012 where keys are missing, TN2006 where credentials are, TN1053
 * where its time is over
 */
export function prepareNetwork(
  { directory, stack }: CommandContext,
  network: ClusterNetworkStack,
): PlannedStack {
  refuseExpired(stack, network);
  const planned = planStack(directory, stack, network);
  refuseMissingKeys(planned.plan, readKeyring(keyringFile(directory, stack)));
  const clouds = planned.ground.clusters.flatMap(({ account }) =>
    account === undefined ? [] : [account.cloud],
  );
  requireCredentials([...new Set(clouds)]);
  return planned;
}

/**
 * Refuses a network that others of the backend stand in the way of.
 * @throws TestnetError TN1051 where somebody else has one of its name, TN1052 where one has its ports
 */
export async function requireOwnPlace(
  context: CommandContext,
  network: ClusterNetworkStack,
  { plan }: PlannedStack,
  signal: AbortSignal,
): Promise<void> {
  const { stack } = context;
  const { groundName, refuseNeighbours } = require("../new/neighbours") as typeof import("../new/neighbours");
  const { created } = network;
  await refuseNeighbours(
    context,
    { stack, environment: groundName(network), created, ports: plan.clusters?.peerPorts },
    signal,
  );
}

/** What a plan without its keys lacks, in words; nothing where it lacks none. */
export function keyHint(plan: NetworkPlan, directory: string): string[] {
  const missing = missingKeys(plan, readKeyring(keyringFile(directory, plan.network)));
  if (missing.length === 0) return [];
  return [
    `${missing.length} keys are not made yet: run \`testnet keys create ${plan.network}\` before \`up\`.`,
  ];
}
