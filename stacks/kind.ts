import { type Problem, TestnetError } from "../errors/problem";
import type { NetworkSettings } from "../protocols/network";
import type { ClusterEnvironment } from "./config/environment";
import type { KubeconfigEnvironment } from "./config/kubeconfig-environment";
import type { StackConfig } from "./config/schema";

/** What a stack is, as its configuration tells. */
export type StackKind = EnvironmentStack | LocalNetworkStack | ClusterNetworkStack;

/** An environment of clusters. */
export interface EnvironmentStack {
  readonly kind: "environment";
  readonly environment: ClusterEnvironment;
}

/** Since when a network is there, and whose it is. */
export interface NetworkOrigin {
  /** ISO 8601; undefined where nobody wrote it down. */
  readonly created?: string | undefined;
  /** Undefined: whoever owns the environment. */
  readonly owner?: string | undefined;
}

/** A network on this machine. */
export interface LocalNetworkStack extends NetworkOrigin {
  readonly kind: "local network";
  readonly network: NetworkSettings;
}

/** A network in clusters. */
export interface ClusterNetworkStack extends NetworkOrigin {
  readonly kind: "cluster network";
  /** Name of the environment's stack, or a cluster that is there already. */
  readonly environment: string | KubeconfigEnvironment;
  readonly network: NetworkSettings;
  /** Whether none of its pods runs. Default: false. */
  readonly paused?: boolean | undefined;
  /** Whether its name is asked for before it is lost; undefined where its environment decides. */
  readonly protect?: boolean | undefined;
}

/** The name that stands for this machine. */
const THIS_MACHINE = "local";

/** @throws TestnetError TN1013 where it is two things at once */
export function kindOf({ environment, network, created, owner, paused, protect }: StackConfig): StackKind {
  if (typeof environment === "object" && !("kubeconfig" in environment)) {
    if (network !== undefined) throw twoInOne(network);
    return { kind: "environment", environment };
  }
  // parseStackConfig requires it.
  if (network === undefined) throw new Error("a stack that stands on an environment has a network");
  if (environment === THIS_MACHINE) {
    refuseForClusters({ paused, protect });
    return { kind: "local network", network, created, owner };
  }
  return { kind: "cluster network", environment, network, created, owner, paused, protect };
}

/** What has no meaning on this machine must not be taken for granted. */
function refuseForClusters(given: Readonly<Record<string, boolean | undefined>>): void {
  const problems = Object.entries(given).flatMap(([key, value]): Problem[] =>
    value === undefined
      ? []
      : [
          {
            code: "TN1013",
            at: `testnet:${key}`,
            message: "this key is for networks in clusters",
            given: value,
            remedy: "Remove the key. `testnet down --keep-data` stops a network of this machine.",
          },
        ],
  );
  if (problems.length > 0) throw new TestnetError(problems);
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
