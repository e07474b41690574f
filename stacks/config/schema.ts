import { z } from "zod";
import { ethereumNetwork } from "../../protocols/ethereum/settings";
import { minaNetwork } from "../../protocols/mina/settings";
import { clusterEnvironment } from "./environment";
import { kubeconfigEnvironment } from "./kubeconfig-environment";
import { created, owner } from "./lifetime";
import { paused, protect } from "./operation";

/**
 * The configuration of a stack: the two keys `testnet:environment` and `testnet:network` of `Pulumi.<stack>.yaml`.
 * The one source of stack.schema.json, of every check and of every default.
 */

/** Stack names are part of host, release and file names. */
export const stackName = z
  .string()
  .regex(/^[a-z](-?[a-z0-9])*$/, "lower-case letters, digits and single hyphens, starting with a letter")
  .max(40);

/** Where a network stands, or what an environment is. */
export const environment = z
  .union([stackName, clusterEnvironment, kubeconfigEnvironment])
  .describe(
    "Where the network stands: `local` is this machine, any other name is the stack of an environment. A mapping describes an environment of clusters itself, or with `kubeconfig` a cluster that is there already.",
  );

/** What runs there: one member for each protocol. */
export const network = z
  .discriminatedUnion("protocol", [ethereumNetwork, minaNetwork])
  .describe("The network. Its `protocol` decides which keys it has.");

// Only a stack that is an environment itself can do without (kind.ts).
const optionalNetwork = network.optional();

/** All that a stack file may hold: what editors check by. */
export const stackConfig = z.strictObject({
  environment,
  network: optionalNetwork,
  created,
  owner,
  paused,
  protect,
});

/**
 * The schema of one stack file. Which of the mappings its environment is meant to be is told by one key, so that problems
 * are those of that mapping.
 */
export function schemaFor(given: unknown): typeof stackConfig {
  const meant = isKubeconfig(given) ? kubeconfigEnvironment : z.union([stackName, clusterEnvironment]);
  return stackConfig.extend({ environment: meant }) as unknown as typeof stackConfig;
}

function isKubeconfig(given: unknown): boolean {
  return typeof given === "object" && given !== null && "kubeconfig" in given;
}

export type StackConfig = z.output<typeof stackConfig>;
export type NetworkConfig = z.output<typeof network>;

/** The prefix of our keys in a stack file. */
export const NAMESPACE = "testnet";
