import { TestnetError } from "../../errors/problem";
import type { NetworkPlan } from "../../protocols/plan";
import { loadStackConfig } from "../../stacks/config/file";
import { fileAt } from "../../stacks/file-at";
import { readEnvironment } from "../../stacks/read-environment";
import { clusterNameOf } from "../../stacks/ground";
import { type ClusterNetworkStack, kindOf } from "../../stacks/kind";
import { planStack } from "../../stacks/plan-stack";
import type { CommandContext } from "../context";
import { type ClusterDoor, doorOfFile, doorOfText } from "./door";
import { type NetworkTold, readNetworkTold, stackOutputs } from "./outputs";

/** A network in clusters to look at. */
export interface ClusterNetworkView {
  /** Of the era that runs, at rest where it is paused. */
  readonly plan: NetworkPlan;
  /** What its stack told. */
  readonly told: NetworkTold;
  /** The ways into its clusters, in the order of the environment. */
  readonly doors: readonly ClusterDoor[];
}

/** Whether a stack is a network in clusters, and which. @throws TestnetError with every problem of the configuration */
export function clusterNetworkOf({ directory, stack }: CommandContext): ClusterNetworkStack | undefined {
  const found = kindOf(loadStackConfig(directory, stack));
  return found.kind === "cluster network" ? found : undefined;
}

/**
 * Opens a network in clusters as it runs now. Changes nothing.
 * @throws TestnetError TN2005 where it is not up, TN2008 where its environment is not, TN3010 for an unusable kubeconfig
 */
export async function openClusterNetwork(
  context: CommandContext,
  network: ClusterNetworkStack,
  signal?: AbortSignal,
): Promise<ClusterNetworkView> {
  const { directory, stack } = context;
  const [outputs, ground] = await Promise.all([
    stackOutputs(context, stack, signal),
    typeof network.environment === "string"
      ? stackOutputs(context, network.environment, signal)
      : Promise.resolve(undefined),
  ]);
  const told = readNetworkTold(outputs, stack);
  // A raised era, or a pause, is not there before the next `up`: what runs is what the stack told.
  const running = { ...network, paused: told.paused, network: { ...network.network, era: told.era } };
  const { plan } = planStack(directory, stack, running);
  return { plan, told, doors: doorsOf(context, network, plan, ground) };
}

function doorsOf(
  { directory }: CommandContext,
  { environment }: ClusterNetworkStack,
  plan: NetworkPlan,
  ground: Readonly<Record<string, unknown>> | undefined,
): ClusterDoor[] {
  if (typeof environment !== "string") {
    const { kubeconfig, context } = environment;
    return [doorOfFile(clusterNameOf(context), fileAt(directory, kubeconfig), context)];
  }
  const document = readEnvironment(ground?.["environment"], environment);
  const kubeconfigs = (ground?.["kubeconfigs"] ?? {}) as Readonly<Record<string, string>>;
  return document.clusters
    .filter(({ name }) => clustersOf(plan).has(name))
    .map(({ name }) => {
      const text = kubeconfigs[name];
      if (text !== undefined) return doorOfText(name, text);
      throw new TestnetError({ code: "TN3010", at: name, message: "the environment tells no way into it" });
    });
}

/** Names of the clusters with a part of the network. */
export function clustersOf({ daemons, clusters }: NetworkPlan): ReadonlySet<string> {
  const named = [
    ...daemons.map(({ workload }) => workload?.cluster),
    ...(clusters?.services ?? []).map(({ cluster }) => cluster),
  ];
  return new Set(named.filter((name) => name !== undefined));
}
