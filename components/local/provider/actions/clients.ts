import { setTimeout as sleep } from "node:timers/promises";
import { TestnetError } from "../../../../errors/problem";

/** How long a client may take to answer after it was found ready. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 500;
const ONE_CALL_MS = 10_000;

/** The JSON a client answers with. @throws Error on any status but 2xx, and after 10 s */
export async function fetchJson(url: URL, init: RequestInit & { signal: AbortSignal }): Promise<unknown> {
  const signal = AbortSignal.any([init.signal, AbortSignal.timeout(ONE_CALL_MS)]);
  const response = await fetch(url, { ...init, signal });
  if (!response.ok) throw new Error(`${url.href} answered ${response.status}`);
  return response.json();
}

/**
 * Repeats what fails: clients under load, or only just up, do not answer every call.
 * @throws TestnetError TN3002 with the last failure after a minute
 */
export async function patiently<T>(what: string, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (Date.now() < deadline) {
        await sleep(PAUSE_MS, undefined, { signal });
        continue;
      }
      const { message } = error as Error;
      throw new TestnetError({ code: "TN3002", message: `${what}: ${message}` }, { cause: error });
    }
  }
}
