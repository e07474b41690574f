import type { NodeObservation, Observed, ObservedNode } from "../../protocols/ethereum/observations";
import { type Daemon, type NetworkPlan, portOf } from "../../protocols/plan";
import { consensusState } from "./consensus";
import { executionState } from "./execution";
import type { RequestOptions } from "./http";
import { inParallel } from "./parallel";

/** Where daemons of a local network listen. */
const LOOPBACK = "127.0.0.1";

/** A node and the addresses it answers at. */
export interface NodeEndpoints {
  readonly node: ObservedNode;
  /** JSON-RPC of its execution client. */
  readonly executionUrl: string;
  /** Beacon API of its consensus client, without a slash at its end. */
  readonly consensusUrl: string;
}

/** The nodes of an Ethereum plan in its order. */
export function nodesOfPlan(plan: NetworkPlan): NodeEndpoints[] {
  const byNode = new Map<string, Daemon[]>();
  for (const daemon of plan.daemons) byNode.set(daemon.node, [...(byNode.get(daemon.node) ?? []), daemon]);
  const groups = new Map(
    plan.keys.flatMap((key) =>
      key.kind === "validators" ? [[key.name, { daemon: key.name, from: key.from, count: key.count }]] : [],
    ),
  );
  return [...byNode].map(([name, daemons]) => {
    const execution = ofRole(name, daemons, "execution");
    const consensus = ofRole(name, daemons, "consensus");
    const validator = daemons.find((daemon) => daemon.role === "validator");
    const validators = validator === undefined ? undefined : groups.get(validator.name);
    return {
      node: {
        name,
        execution: execution.name,
        consensus: consensus.name,
        ...(validators !== undefined && { validators }),
      },
      executionUrl: endpointOf(execution),
      consensusUrl: endpointOf(consensus),
    };
  });
}

function ofRole(node: string, daemons: readonly Daemon[], role: string): Daemon {
  const daemon = daemons.find((candidate) => candidate.role === role);
  if (daemon === undefined) throw new Error(`node ${node} has no ${role} client`);
  return daemon;
}

/** The port by which a daemon of each role is asked. */
const PORT_BY_ROLE: Readonly<Record<string, string>> = {
  execution: "rpc",
  consensus: "api",
  validator: "metrics",
};

/** The address at which a daemon is asked how it is. */
export function endpointOf(daemon: Daemon): string {
  return `http://${LOOPBACK}:${portOf(daemon, PORT_BY_ROLE[daemon.role] ?? "metrics").number}`;
}

/** One look at a node. Never throws. */
export async function observeNode(
  { node, executionUrl, consensusUrl }: NodeEndpoints,
  options?: RequestOptions,
): Promise<NodeObservation> {
  const [execution, consensus] = await Promise.all([
    executionState(executionUrl, options),
    consensusState(consensusUrl, options),
  ]);
  return { node, execution, consensus };
}

/** One look at every node, at the same time. Never throws. */
export function observeNodes(
  nodes: readonly NodeEndpoints[],
  options?: RequestOptions,
): Promise<NodeObservation[]> {
  return inParallel(nodes, (node) => observeNode(node, options));
}

/** The value of an answer, where there is one. */
export function valueOf<T>(observed: Observed<T>): T | undefined {
  return observed.ok ? observed.value : undefined;
}
