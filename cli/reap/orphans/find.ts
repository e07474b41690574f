import { type Problem, TestnetError } from "../../../errors/problem";
import { inParallel } from "../../observe/parallel";
import {
  type CloudInventory,
  deletionOrder,
  type KnownStacks,
  orphansAmong,
  type TaggedResource,
} from "./inventory";

/** An orphan, and where it is. */
export interface FoundOrphan {
  readonly resource: TaggedResource;
  readonly inventory: CloudInventory;
}

export interface OrphanSearch {
  readonly orphans: readonly FoundOrphan[];
  /** Places that did not answer, TN2038 each. */
  readonly problems: readonly Problem[];
}

/** Searches all places at once; one that does not answer does not keep the others. */
export async function findOrphans(
  inventories: readonly CloudInventory[],
  known: KnownStacks,
  now: Date,
): Promise<OrphanSearch> {
  const problems: Problem[] = [];
  const found = await inParallel(
    inventories,
    async (inventory): Promise<FoundOrphan[]> => {
      try {
        const orphans = orphansAmong(await inventory.list(), known, now);
        return orphans.map((resource) => ({ resource, inventory }));
      } catch (error) {
        problems.push(...coded(error));
        return [];
      }
    },
    8,
  );
  return { orphans: found.flat(), problems };
}

/** Deletes orphans in an order in which they can go. One that fails does not keep the others. */
export async function deleteOrphans(
  orphans: readonly FoundOrphan[],
  onDeleted: (resource: TaggedResource) => void,
  signal?: AbortSignal,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const ordered = deletionOrder(orphans.map(({ resource }) => resource));
  for (const resource of ordered) {
    const inventory = orphans.find((one) => one.resource === resource)?.inventory;
    if (inventory === undefined || !resource.deletable) continue;
    signal?.throwIfAborted();
    try {
      await inventory.delete(resource);
      onDeleted(resource);
    } catch (error) {
      problems.push(...coded(error));
    }
  }
  return problems;
}

function coded(error: unknown): readonly Problem[] {
  if (error instanceof TestnetError) return error.problems;
  throw error;
}
