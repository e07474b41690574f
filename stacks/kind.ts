import { TestnetError } from "../errors/problem";
import type { NetworkSettings } from "../protocols/network";
import type { ClusterEnvironment } from "./config/environment";
import type { KubeconfigEnvironment } from "./config/kubeconfig-environment";
import type { StackConfig } from "./config/schema";

/** What a stack is, as its configuration tells. */
export type StackKind =
  | { readonly kind: "environment"; readonly environment: ClusterEnvironment }
  | { readonly kind: "local network"; readonly network: NetworkSettings }
  | ClusterNetworkStack;

/** A network in clusters. */
export interface ClusterNetworkStack {
  readonly kind: "cluster network";
  /** Name of the environment's stack, or a cluster that is there already. */
  readonly environment: string | KubeconfigEnvironment;
  readonly network: NetworkSettings;
}

/** The name that stands for this machine. */
const THIS_MACHINE = "local";

/** @throws TestnetError TN1013 where it is two things at once */
export function kindOf({ environment, network }: StackConfig): StackKind {
  if (typeof environment === "object" && !("kubeconfig" in environment)) {
    if (network !== undefined) throw twoInOne(network);
    return { kind: "environment", environment };
  }
  // parseStackConfig requires it.
  if (network === undefined) throw new Error("a stack that stands on an environment has a network");
  if (environment === THIS_MACHINE) return { kind: "local network", network };
  return { kind: "cluster network", environment, network };
}

function twoInOne({ protocol }: NetworkSettings): TestnetError {
  return new TestnetError({
    code: "TN1013",
    at: "testnet:network",
    message: "an environment of clusters and a network on it are two stacks",
    given: protocol,
    allowed: "an environment of clusters without a network",
    remedy: "Move the network to a stack file of its own that names this stack as its `testnet:environment`.",
  });
}
