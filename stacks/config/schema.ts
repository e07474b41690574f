import { z } from "zod";
import { ethereumNetwork } from "../../protocols/ethereum/settings";
import { clusterEnvironment } from "./environment";

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
  .union([stackName, clusterEnvironment])
  .describe(
    "Where the network stands: `local` is this machine, any other name is the stack of an environment. A mapping describes an environment of clusters itself.",
  );

/** What runs there: one member for each protocol. */
export const network = z
  .discriminatedUnion("protocol", [ethereumNetwork])
  .describe("The network. Its `protocol` decides which keys it has.");

export const stackConfig = z.strictObject({
  environment,
  // Only a stack that is an environment itself can do without (load.ts).
  network: network.optional(),
});

export type StackConfig = z.output<typeof stackConfig>;
export type NetworkConfig = z.output<typeof network>;

/** The prefix of our keys in a stack file. */
export const NAMESPACE = "testnet";
