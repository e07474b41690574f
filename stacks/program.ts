import * as pulumi from "@pulumi/pulumi";
import { TestnetError } from "../errors/problem";
import type { ClusterEnvironment } from "./config/environment";
import { parseStackConfig } from "./config/load";
import { NAMESPACE, type StackConfig } from "./config/schema";
import type { EnvironmentOutputs } from "./environment-outputs";
import type { NetworkOutputs } from "./outputs";
import { requireNoNetwork } from "./placement";

/**
 * The whole program: the stack's configuration made real. Behind both doors, `pulumi up` (index.ts) and `testnet up`
 * (cli/engine), so that they are interchangeable on one stack.
 * @param home state directory of local networks
 */
export async function program(home: string): Promise<NetworkOutputs | EnvironmentOutputs> {
  const config = new pulumi.Config(NAMESPACE);
  try {
    const raw = { environment: textOrMapping(config, "environment"), network: config.getObject("network") };
    return await build(parseStackConfig(raw), pulumi.getStack(), home);
  } catch (error) {
    // Mistakes in the configuration are told without a stack of ours.
    throw error instanceof TestnetError ? new pulumi.RunError(error.message) : error;
  }
}

/** Each kind of stack loads its own half: a network on this machine must not wait for the SDKs of the clouds. */
async function build(
  config: StackConfig,
  stack: string,
  home: string,
): Promise<NetworkOutputs | EnvironmentOutputs> {
  if (typeof config.environment === "string") {
    const { buildNetwork } = require("./network") as typeof import("./network");
    return buildNetwork(config, { stack, home });
  }
  requireNoNetwork(config);
  return environmentWithinQuotas(config.environment, stack);
}

/**
 * Quotas are asked for before anything but the clouds' providers is registered: a program that fails while the engine
 * works leaves half an environment. That is the one thing `up` waits for.
 */
async function environmentWithinQuotas(
  environment: ClusterEnvironment,
  stack: string,
): Promise<EnvironmentOutputs> {
  const { Regions } = require("./regions") as typeof import("./regions");
  const { requireQuotas } = require("./quotas") as typeof import("./quotas");
  const regions = new Regions();
  await requireQuotas(environment, regions);
  const { checkedManifests } = require("../manifests/checked") as typeof import("../manifests/checked");
  const { buildEnvironment } = require("./environment") as typeof import("./environment");
  return checkedManifests(environment.kubernetes, () => buildEnvironment(environment, stack, regions));
}

/** The engine hands on a mapping as JSON, a text as it stands. */
function textOrMapping(config: pulumi.Config, key: string): unknown {
  const text = config.get(key);
  return text !== undefined && /^\s*[[{]/.test(text) ? config.requireObject(key) : text;
}
