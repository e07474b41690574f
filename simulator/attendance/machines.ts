import { refuseOverQuota } from "../cloud/admission";
import { CloudError, GROWN, type MachinePool } from "../cloud/model";
import type { CloudRecord } from "../cloud/record";
import type { World } from "../cloud/world";
import type { KubeClient } from "../kube/client";
import { type Pod, uidOf } from "./kube-objects";
import { fits, machinesFor } from "./packing";
import { Warnings } from "./warnings";

/** Real milliseconds a pod must have found no place, and after which pools are looked at again: the scheduler needs its turn. */
const PATIENCE_MS = 700;
const SETTLE_MS = 1500;

interface Candidate {
  readonly record: CloudRecord;
  readonly pool: MachinePool;
}

/**
 * The cluster autoscaler: pools grow, up to their limit and the quotas, while pods find no place. Machines come at once: while
 * pods are waited for, simulated time stands still. They go with their pool.
 */
export class Machines {
  private readonly warnings: Warnings;
  /** When a pod was first seen without a place, by uid. */
  private readonly since = new Map<string, number>();
  private settledAt = 0;

  constructor(
    private readonly world: World,
    client: KubeClient,
    private readonly id: string,
  ) {
    this.warnings = new Warnings(client, "cluster-autoscaler");
  }

  async attend(pending: readonly Pod[]): Promise<void> {
    const homeless = this.homeless(pending.filter(isUnschedulable));
    if (homeless.length === 0 || Date.now() < this.settledAt) return;
    const candidates = this.candidates();
    const wanted = new Map<Candidate, Pod[]>();
    for (const pod of homeless) {
      const found = candidates.find(({ pool }) => fits(pod, freshNode(pool)));
      if (found !== undefined) wanted.set(found, [...(wanted.get(found) ?? []), pod]);
    }
    for (const [candidate, pods] of wanted) await this.grow(candidate, pods);
    if (wanted.size > 0) this.settledAt = Date.now() + SETTLE_MS;
  }

  private homeless(pods: readonly Pod[]): Pod[] {
    const now = Date.now();
    const uids = new Set(pods.map(uidOf));
    for (const uid of this.since.keys()) if (!uids.has(uid)) this.since.delete(uid);
    for (const uid of uids) if (!this.since.has(uid)) this.since.set(uid, now);
    return pods.filter((pod) => now - (this.since.get(uidOf(pod)) ?? now) >= PATIENCE_MS);
  }

  /** Pools of this cluster that may grow, those of the smallest machines first. */
  private candidates(): Candidate[] {
    return this.world.store
      .all()
      .flatMap((record): Candidate[] => {
        if (record.phase !== "active") return [];
        const pool = this.world.modelOf(record).pool?.(this.world.made(record));
        return pool?.cluster === this.id && pool.size < pool.most ? [{ record, pool }] : [];
      })
      .sort((left, right) => freshNode(left.pool).cpu - freshNode(right.pool).cpu);
  }

  private async grow({ record, pool }: Candidate, pods: readonly Pod[]): Promise<void> {
    const needed = machinesFor(pods, freshNode(pool));
    const size = Math.min(pool.size + needed, pool.most);
    const before = Number(record.facts[GROWN] ?? 0);
    const grown = { ...record, facts: { ...record.facts, [GROWN]: before + size - pool.size } };
    try {
      refuseOverQuota(this.world, grown, this.world.modelOf(record), record);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      for (const pod of pods) await this.warnings.say(pod, "FailedScaleUp", error.message);
      return;
    }
    this.world.store.put(grown);
    await this.world.clusters.setNodes(this.id, pool.name, pool.nodes(size));
  }
}

function freshNode(pool: MachinePool) {
  const node = pool.nodes(pool.size + 1).at(-1);
  if (node === undefined) throw new Error(`the pool ${pool.name} has no machines to give`);
  return node;
}

function isUnschedulable({ spec, status }: Pod): boolean {
  return (
    spec.nodeName === undefined &&
    (status?.conditions ?? []).some(
      ({ type, status: is, reason }) =>
        type === "PodScheduled" && is === "False" && reason === "Unschedulable",
    )
  );
}
