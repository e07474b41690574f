import { allocatable } from "../clusters/nodes";
import type { NodeTaint, SimulatedNode } from "../clusters/contract";
import type { Container, Expression, Pod, PodSpec, Toleration } from "./kube-objects";
import { quantity } from "./quantities";

/** Whether a fresh machine would do for a pod: labels, taints, room. As far as machines of a pool are alike. */
export function fits(pod: Pod, node: SimulatedNode): boolean {
  return (
    hasLabels(pod.spec, node.labels) &&
    node.taints.every((taint) => isTolerated(taint, pod.spec.tolerations ?? [])) &&
    new Room(node).take(pod)
  );
}

/** How many fresh machines pods need, each put on the first one with room. */
export function machinesFor(pods: readonly Pod[], node: SimulatedNode): number {
  const rooms: Room[] = [];
  for (const pod of pods) {
    if (rooms.some((room) => room.take(pod))) continue;
    const fresh = new Room(node);
    if (fresh.take(pod)) rooms.push(fresh);
  }
  return rooms.length;
}

/** What is free on a machine. */
class Room {
  private cpu: number;
  private memory: number;
  private pods: number;
  private readonly ports = new Set<string>();

  constructor(node: SimulatedNode) {
    const { cpu, memory, pods } = allocatable(node);
    this.cpu = quantity(cpu);
    this.memory = quantity(memory);
    this.pods = Number(pods);
  }

  /** Whether there was room for it, which is then taken. */
  take({ spec }: Pod): boolean {
    const cpu = requested(spec, "cpu");
    const memory = requested(spec, "memory");
    const ports = hostPorts(spec);
    const isFull = cpu > this.cpu || memory > this.memory || this.pods === 0;
    if (isFull || ports.some((port) => this.ports.has(port))) return false;
    this.cpu -= cpu;
    this.memory -= memory;
    this.pods -= 1;
    for (const port of ports) this.ports.add(port);
    return true;
  }
}

/** Init containers run before the others, except those that stay. */
function requested({ containers, initContainers = [] }: PodSpec, resource: string): number {
  const of = ({ resources }: Container) => quantity(resources?.requests?.[resource] ?? "0");
  const sum = (all: readonly Container[]) => all.reduce((total, one) => total + of(one), 0);
  const stay = initContainers.filter(({ restartPolicy }) => restartPolicy === "Always");
  const first = initContainers.filter(({ restartPolicy }) => restartPolicy !== "Always").map(of);
  return Math.max(sum([...containers, ...stay]), ...first);
}

function hostPorts({ containers, initContainers = [] }: PodSpec): string[] {
  const ports = [...containers, ...initContainers].flatMap((container) => container.ports ?? []);
  return ports.flatMap(({ hostPort, protocol = "TCP" }) =>
    hostPort === undefined ? [] : [`${protocol} ${hostPort}`],
  );
}

type Labels = Readonly<Record<string, string>>;

function hasLabels({ nodeSelector = {}, affinity }: PodSpec, labels: Labels): boolean {
  const terms =
    affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const holds = (expression: Expression) => isMet(expression, labels);
  return (
    Object.entries(nodeSelector).every(([key, value]) => labels[key] === value) &&
    (terms.length === 0 || terms.some(({ matchExpressions = [] }) => matchExpressions.every(holds)))
  );
}

function isMet({ key, operator, values = [] }: Expression, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}

function isTolerated({ key, value = "", effect }: NodeTaint, tolerations: readonly Toleration[]): boolean {
  if (effect === "PreferNoSchedule") return true;
  return tolerations.some((one) => {
    const isEffect = one.effect === undefined || one.effect === effect;
    const isKey = one.key === undefined || one.key === key;
    return isEffect && isKey && (one.operator === "Exists" || (one.value ?? "") === value);
  });
}
