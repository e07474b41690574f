import * as pulumi from "@pulumi/pulumi";
import { TestnetError } from "../errors/problem";
import type { ClusterEnvironment } from "./config/environment";
import type { Places } from "./config/home";
import { momentOf } from "./config/lifetime";
import { parseStackConfig } from "./config/load";
import { NAMESPACE, type StackConfig } from "./config/schema";
import type { EnvironmentOutputs } from "./environment-outputs";
import type { ClusterNetworkOutputs } from "./cluster-network-outputs";
import type { NetworkOutputs } from "./outputs";
import { kindOf } from "./kind";

export type StackOutputs = NetworkOutputs | ClusterNetworkOutputs | EnvironmentOutputs;

/**
 * The whole program: the stack's configuration made real. Behind both doors, `pulumi up` (index.ts) and `testnet up`
 * (cli/engine), so that they are interchangeable on one stack.
 */
export async function program(places: Places): Promise<StackOutputs> {
  const config = new pulumi.Config(NAMESPACE);
  try {
    const raw = {
      environment: textOrMapping(config, "environment"),
      network: config.getObject("network"),
      created: momentOf(config.get("created")),
      owner: config.get("owner"),
      paused: switchOf(config, "paused"),
      protect: switchOf(config, "protect"),
    };
    return await build(parseStackConfig(raw), pulumi.getStack(), places);
  } catch (error) {
    // Mistakes in the configuration are told without a stack of ours.
    throw error instanceof TestnetError ? new pulumi.RunError(error.message) : error;
  }
}

/** Each kind of stack loads its own part: a network on this machine must not wait for the SDKs of the clouds. */
async function build(config: StackConfig, stack: string, places: Places): Promise<StackOutputs> {
  const found = kindOf(config);
  switch (found.kind) {
    case "environment":
      return checkedEnvironment(found.environment, stack);
    case "local network": {
      const { buildNetwork } = require("./network") as typeof import("./network");
      return buildNetwork(found, { stack, home: places.home });
    }
    case "cluster network": {
      const { buildClusterNetwork } = require("./cluster-network") as typeof import("./cluster-network");
      return buildClusterNetwork(found, { stack, ...places });
    }
  }
}

/**
 * Quotas and images are asked for before anything but providers is registered: a program that fails while the engine works
 * leaves half an environment. Nothing else does `up` wait for.
 */
async function checkedEnvironment(
  environment: ClusterEnvironment,
  stack: string,
): Promise<EnvironmentOutputs> {
  const { Regions } = require("./regions") as typeof import("./regions");
  const { requireQuotas } = require("./quotas") as typeof import("./quotas");
  const regions = new Regions();
  const { environmentImages } = require("./images") as typeof import("./images");
  const [image] = await Promise.all([environmentImages(environment), requireQuotas(environment, regions)]);
  const { checkedManifests } = require("../manifests/checked") as typeof import("../manifests/checked");
  const { buildEnvironment } = require("./environment") as typeof import("./environment");
  return checkedManifests(environment.kubernetes, () => buildEnvironment(environment, stack, regions, image));
}

/** The engine hands on everything as text; what is no switch is told by the schema. */
function switchOf(config: pulumi.Config, key: string): unknown {
  const text = config.get(key);
  return text === "true" ? true : text === "false" ? false : text;
}

/** The engine hands on a mapping as JSON, a text as it stands. */
function textOrMapping(config: pulumi.Config, key: string): unknown {
  const text = config.get(key);
  return text !== undefined && /^\s*[[{]/.test(text) ? config.requireObject(key) : text;
}
