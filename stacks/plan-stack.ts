import { TestnetError } from "../errors/problem";
import { planNetwork } from "../protocols/network";
import { pausedPlan } from "../protocols/paused";
import type { NetworkPlan } from "../protocols/plan";
import { loadStackConfig, stackFile } from "./config/file";
import * as fs from "node:fs";
import { clusterPlacement, type Ground, groundOfConfig, groundOfKubeconfig } from "./ground";
import { type ClusterNetworkStack, kindOf } from "./kind";

/** A network of clusters as far as stack files tell: no engine, no account. */
export interface PlannedStack {
  readonly plan: NetworkPlan;
  readonly ground: Ground;
}

/**
 * Plans a network of clusters from its stack file and that of its environment.
 * @throws TestnetError with every problem of the settings; TN1026 where the environment is not a stack of clusters here
 */
export function planStack(directory: string, stack: string, network: ClusterNetworkStack): PlannedStack {
  const ground = groundOf(directory, network.environment);
  const plan = planNetwork(network.network, clusterPlacement(ground, stack, network.network));
  return { plan: network.paused === true ? pausedPlan(plan) : plan, ground };
}

function groundOf(directory: string, environment: ClusterNetworkStack["environment"]): Ground {
  if (typeof environment !== "string") return groundOfKubeconfig(environment);
  if (!fs.existsSync(stackFile(directory, environment))) {
    throw new TestnetError({
      code: "TN1026",
      at: "testnet:environment",
      message: `there is no Pulumi.${environment}.yaml in ${directory}`,
      given: environment,
    });
  }
  const found = kindOf(loadStackConfig(directory, environment));
  if (found.kind === "environment") return groundOfConfig(found.environment);
  throw new TestnetError({
    code: "TN1026",
    at: "testnet:environment",
    message: `the stack ${environment} is a network itself`,
    given: environment,
  });
}
