import * as pulumi from "@pulumi/pulumi";
import { TestnetError } from "../errors/problem";
import { parseStackConfig } from "./config/load";
import { NAMESPACE } from "./config/schema";
import { buildNetwork } from "./network";
import type { NetworkOutputs } from "./outputs";

/**
 * The whole program: the stack's configuration made real. Behind both doors, `pulumi up` (index.ts) and `testnet up`
 * (cli/engine), so that they are interchangeable on one stack.
 * @param home state directory of local networks
 */
export function program(home: string): NetworkOutputs {
  const config = new pulumi.Config(NAMESPACE);
  try {
    const raw = { environment: config.get("environment"), network: config.getObject("network") };
    return buildNetwork(parseStackConfig(raw), { stack: pulumi.getStack(), home });
  } catch (error) {
    // Mistakes in the configuration are told without a stack of ours.
    throw error instanceof TestnetError ? new pulumi.RunError(error.message) : error;
  }
}
