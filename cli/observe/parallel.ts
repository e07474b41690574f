import { setTimeout as sleep } from "node:timers/promises";

/** How many things are asked at once: a large network must not use up the sockets of the machine. */
const AT_ONCE = 64;

/** Applies work to all items, so many at a time. The results are in the order of the items. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  atOnce = AT_ONCE,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  const queue = items.entries();
  // All workers draw from one iterator, so none waits for the slowest of a batch.
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}

/** Waits, at most until the signal. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
