import { type Problem, TestnetError } from "../../errors/problem";
import { loadStackConfig, stacksIn } from "../../stacks/config/file";
import { type ClusterNetworkStack, kindOf } from "../../stacks/kind";
import { planStack } from "../../stacks/plan-stack";
import type { CommandContext } from "../context";
import { backendReader, readBackend } from "../list/backend";
import { type StackSummary, summaryOf } from "../list/summary";
import { choosePeerPorts, sharePorts, type TakenPorts } from "./ports";

/** Ports of the networks that stand on an environment, as the backend knows them and as stack files ask for them. */
export function takenPorts(
  directory: string,
  environment: string,
  stacks: readonly StackSummary[],
): TakenPorts[] {
  const deployed = stacks.flatMap(({ stack, environment: ground, peerPorts }) =>
    ground === environment && peerPorts !== undefined ? [{ stack, ports: peerPorts }] : [],
  );
  return [...deployed, ...stacksIn(directory).flatMap((stack) => portsOfFile(directory, stack, environment))];
}

/** What a file that cannot be read asks for is told by the command that is about it. */
function portsOfFile(directory: string, stack: string, environment: string): TakenPorts[] {
  try {
    const found = kindOf(loadStackConfig(directory, stack));
    if (found.kind !== "cluster network" || groundName(found) !== environment) return [];
    const ports = planStack(directory, stack, found).plan.clusters?.peerPorts;
    return ports === undefined ? [] : [{ stack, ports }];
  } catch (error) {
    if (error instanceof TestnetError) return [];
    throw error;
  }
}

/** Name of the environment's stack, or the context of a kubeconfig: what the output `standsOn` tells. */
export function groundName({ environment }: Pick<ClusterNetworkStack, "environment">): string {
  return typeof environment === "string" ? environment : environment.context;
}

/** A network about to be deployed. */
export interface Candidate {
  readonly stack: string;
  readonly environment: string;
  readonly created: string | undefined;
  readonly ports: { readonly from: number; readonly to: number } | undefined;
}

/**
 * What other networks of the backend stand in its way: their ports on its environment, and its own name where somebody
 * else has a network of that name. Pure.
 */
export function neighbourProblems(candidate: Candidate, stacks: readonly StackSummary[]): Problem[] {
  const { stack, environment, created, ports } = candidate;
  const own = stacks.find((one) => one.stack === stack && one.kind === "network");
  const problems: Problem[] = [];
  if (
    own?.createdBySettings !== undefined &&
    created !== undefined &&
    !sameMoment(own.createdBySettings, created)
  ) {
    problems.push({
      code: "TN1051",
      at: "testnet:created",
      message: `${own.owner ?? "somebody"} has a network of this name in the backend, made at another time`,
      given: created,
      allowed: own.createdBySettings,
      remedy: `Give yours another name. If it is the same network, write \`testnet:created: "${own.createdBySettings}"\`.`,
    });
  }
  const others = stacks.filter((one) => one.stack !== stack && one.environment === environment);
  const taken = others.flatMap(({ stack: name, peerPorts }) =>
    peerPorts === undefined ? [] : [{ stack: name, ports: peerPorts }],
  );
  if (ports === undefined) return problems;
  const inTheWay = taken.filter((other) => sharePorts(other.ports, ports));
  if (inTheWay.length === 0) return problems;
  const free = choosePeerPorts(stack, ports.to - ports.from + 1, taken);
  const names = inTheWay.map((other) => `${other.stack} (${other.ports.from} to ${other.ports.to})`);
  problems.push({
    code: "TN1052",
    at: "testnet:network.ports.from",
    message: `on ${environment} these ports are those of ${names.join(", ")}`,
    given: `${ports.from} to ${ports.to}`,
    allowed: `${free.from}, for example`,
    remedy: `Set \`ports: { from: ${free.from} }\` in testnet:network of Pulumi.${stack}.yaml.`,
  });
  return problems;
}

function sameMoment(one: string, other: string): boolean {
  return Date.parse(one) === Date.parse(other);
}

/**
 * Refuses a network that another one of the backend is in the way of. Stacks that cannot be read are left out.
 * @throws TestnetError TN1051, TN1052
 */
export async function refuseNeighbours(
  context: CommandContext,
  candidate: Candidate,
  signal: AbortSignal,
): Promise<void> {
  const { states } = await readBackend(backendReader(context, signal), { signal });
  const problems = neighbourProblems(candidate, states.map(summaryOf));
  if (problems.length > 0) throw new TestnetError(problems);
}
