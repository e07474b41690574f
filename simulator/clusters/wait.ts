import { setTimeout as sleep } from "node:timers/promises";

/** How often a condition is looked at: first quickly, then less often. */
const FIRST_MS = 25;
const LONGEST_MS = 250;

/**
 * Waits until a condition holds.
 * @throws Error that names what was waited for when it does not in time, and whatever the condition throws
 */
export async function waitUntil(
  what: string,
  timeoutMs: number,
  holds: () => Promise<boolean>,
  signal?: AbortSignal,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (let pause = FIRST_MS; ; pause = Math.min(pause * 1.5, LONGEST_MS)) {
    signal?.throwIfAborted();
    if (await holds()) return;
    if (Date.now() > end) throw new Error(`${what} was not ready after ${timeoutMs / 1000} s`);
    await sleep(pause);
  }
}
