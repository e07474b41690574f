import type { NodePoolGround, Workload } from "../../protocols/plan";

/** Which machines the pods of a network need, as a scheduler would place them on empty ones. Pure. */

/** A pod by what it asks for. */
export interface PodNeed {
  readonly name: string;
  readonly cpuMilli: number;
  readonly memoryMiB: number;
  readonly nodes: Workload["nodes"];
  /** Pods of one group must not share a machine; undefined where they may. */
  readonly apart: string | undefined;
}

/** What a network takes of one pool of machines. */
export interface PoolShare {
  readonly pool: NodePoolGround;
  /** What its pods ask for, in machines: of CPUs or memory, whichever is more. */
  readonly share: number;
  /** Whole machines that hold them, if nothing else ran there. */
  readonly machines: number;
}

/** Pods that fit no machine, with the others' shares. */
export interface Packing {
  readonly shares: readonly PoolShare[];
  /** Names of pods that no machine of the cluster can hold, or of whose machines nothing is known. */
  readonly unplaced: readonly string[];
}

interface Capacity {
  readonly cpuMilli: number;
  readonly memoryMiB: number;
}

/** A machine in use. */
interface Machine {
  readonly pool: NodePoolGround;
  readonly groups: Set<string>;
  cpuMilli: number;
  memoryMiB: number;
}

/** What the collectors of logs and metrics and the clouds' own pods take of every machine. */
const ON_EVERY_MACHINE: Capacity = { cpuMilli: 250, memoryMiB: 512 };

/** Large pods first; each goes onto the first machine with room, else onto a new one of the first pool that can hold it. */
export function packPods(pods: readonly PodNeed[], pools: readonly NodePoolGround[]): Packing {
  const machines: Machine[] = [];
  const shares = new Map<string, number>();
  const unplaced: string[] = [];
  const bySize = [...pods].sort(
    (one, other) => sizeOf(other) - sizeOf(one) || (one.name < other.name ? -1 : 1),
  );
  for (const pod of bySize) {
    const machine = machines.find((open) => holds(open, pod)) ?? openMachine(pod, pools);
    if (machine === undefined) {
      unplaced.push(pod.name);
      continue;
    }
    if (!machines.includes(machine)) machines.push(machine);
    take(machine, pod);
    const share = shareOf(pod, allocatable(machine.pool));
    shares.set(machine.pool.name, (shares.get(machine.pool.name) ?? 0) + share);
  }
  return {
    unplaced,
    shares: pools.flatMap((pool) => {
      const share = shares.get(pool.name);
      if (share === undefined) return [];
      return [{ pool, share, machines: machines.filter((machine) => machine.pool === pool).length }];
    }),
  };
}

/** What pods may ask for of a machine; undefined where its size is not known. */
export function allocatable({ cpus, memoryGiB }: NodePoolGround): Capacity | undefined {
  if (cpus === undefined || memoryGiB === undefined) return undefined;
  return {
    cpuMilli: cpus * 1000 - reservedCpuMilli(cpus) - ON_EVERY_MACHINE.cpuMilli,
    memoryMiB: memoryGiB * 1024 - reservedMemoryMiB(memoryGiB) - ON_EVERY_MACHINE.memoryMiB,
  };
}

/** What the kubelet keeps of the CPUs: by the same rule on EKS and GKE. */
function reservedCpuMilli(cpus: number): number {
  return inSteps(cpus * 1000, [
    [1000, 0.06],
    [1000, 0.01],
    [2000, 0.005],
    [Infinity, 0.0025],
  ]);
}

/** What the kubelet keeps of the memory: GKE's rule, which keeps more than EKS does, and room before it evicts. */
function reservedMemoryMiB(memoryGiB: number): number {
  const steps = inSteps(memoryGiB, [
    [4, 0.25],
    [4, 0.2],
    [8, 0.1],
    [112, 0.06],
    [Infinity, 0.02],
  ]);
  return steps * 1024 + 100;
}

/** The sum of a share of each step of an amount. */
function inSteps(amount: number, steps: readonly (readonly [width: number, share: number])[]): number {
  let left = amount;
  let sum = 0;
  for (const [width, share] of steps) {
    const part = Math.min(left, width);
    sum += part * share;
    left -= part;
  }
  return sum;
}

function openMachine(pod: PodNeed, pools: readonly NodePoolGround[]): Machine | undefined {
  for (const pool of pools.filter((candidate) => mayRun(pod, candidate))) {
    const capacity = allocatable(pool);
    if (capacity === undefined) continue;
    const machine: Machine = { pool, groups: new Set(), ...capacity };
    if (holds(machine, pod)) return machine;
  }
  return undefined;
}

function mayRun({ nodes }: PodNeed, pool: NodePoolGround): boolean {
  return (
    (nodes.nodePool === undefined || nodes.nodePool === pool.name) &&
    (nodes.peers !== true || pool.peers) &&
    (nodes.spot === undefined || nodes.spot === pool.spot)
  );
}

function holds(machine: Machine, pod: PodNeed): boolean {
  return (
    mayRun(pod, machine.pool) &&
    pod.cpuMilli <= machine.cpuMilli &&
    pod.memoryMiB <= machine.memoryMiB &&
    (pod.apart === undefined || !machine.groups.has(pod.apart))
  );
}

function take(machine: Machine, pod: PodNeed): void {
  machine.cpuMilli -= pod.cpuMilli;
  machine.memoryMiB -= pod.memoryMiB;
  if (pod.apart !== undefined) machine.groups.add(pod.apart);
}

function shareOf(pod: PodNeed, capacity: Capacity | undefined): number {
  if (capacity === undefined) return 0;
  return Math.max(pod.cpuMilli / capacity.cpuMilli, pod.memoryMiB / capacity.memoryMiB);
}

/** Which of two pods is placed first: a core weighs as much as 4 GiB, as on most machines. */
function sizeOf({ cpuMilli, memoryMiB }: PodNeed): number {
  return Math.max(cpuMilli / 1000, memoryMiB / 4096);
}
