import { INSIDE } from "../../components/kubernetes/monitoring/values";
import { type Problem, TestnetError } from "../../errors/problem";
import { requireStackName, stacksIn } from "../../stacks/config/file";
import type { StackSummary } from "../list/summary";

/** Names that a network shares a cluster, a zone or the command line with. */
const RESERVED: readonly (readonly [name: RegExp, why: string])[] = [
  [/^(default|kube-.*)$/, "Kubernetes has a namespace of this name"],
  [new RegExp(`^${INSIDE.namespace}$`), "the monitoring of an environment lives in a namespace of this name"],
  [/^(gke-.*|gmp-.*|amazon-.*|aws-.*)$/, "clouds use namespaces of such names"],
  [/^internal$/, "an environment keeps its internal zone under this name"],
  [/^local$/, "the name stands for this machine"],
];

/**
 * Refuses a name that a new network cannot have. Namespaces, DNS names, secrets and tags are made of it; names in clouds
 * that would be too long end in a hash (components/naming.ts), and those of pods are checked with the plan.
 * @throws TestnetError TN1012 where DNS, Helm or Kubernetes would refuse it; TN1051 where it is taken
 */
export function requireFreeName(name: string, directory: string, stacks: readonly StackSummary[]): void {
  requireStackName(name);
  const problem = takenBy(name, stacksIn(directory), stacks);
  if (problem !== undefined) throw new TestnetError({ code: "TN1051", at: name, ...problem });
}

/** Who has the name; undefined where it is free. Pure. */
export function takenBy(
  name: string,
  files: readonly string[],
  stacks: readonly Pick<StackSummary, "stack" | "owner" | "environment">[],
): Pick<Problem, "message"> | undefined {
  const reserved = RESERVED.find(([pattern]) => pattern.test(name));
  if (reserved !== undefined) return { message: reserved[1] };
  if (files.includes(name)) return { message: `there is a Pulumi.${name}.yaml already` };
  const stack = stacks.find((one) => one.stack === name);
  if (stack === undefined) return undefined;
  const owner = stack.owner === undefined ? "" : `, of ${stack.owner}`;
  const where = stack.environment === undefined ? "" : ` on ${stack.environment}`;
  return { message: `the backend has a stack of this name${where}${owner}` };
}

/** A label of a person's name on this machine: what may stand in tags of every cloud. Pure. */
export function ownerLabel(user: string): string {
  const label = user
    .toLowerCase()
    .replace(/@.*$/, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 63)
    .replace(/-+$/, "");
  return label.length >= 2 ? label : "developer";
}
