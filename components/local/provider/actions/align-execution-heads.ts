import { setTimeout as sleep } from "node:timers/promises";
import { fetchJson, patiently } from "./clients";

/** Two looks this far apart see the same heads only where no block comes. Shorter than the shortest slot. */
const STANDSTILL_MS = 1500;

interface Pair {
  readonly execution: string;
  readonly consensus: string;
}

/** Block numbers: the execution client's head, and the one its consensus client knows as head. */
interface Heads {
  readonly execution: number;
  readonly consensus: number;
}

/**
 * Sets execution clients' heads back to the block their consensus clients know as head, where a whole network was stopped
 * and comes up with them above it. Without that it does not go on: the consensus client asks for a block on an ancestor
 * of the execution client's head, and that one answers that it has nothing to build.
 *
 * A single node that was restarted in a living network shows the same gap, and is left alone: its peers' next block
 * closes it, while a head set back would make it part from their chain.
 */
export async function alignExecutionHeads(
  pairs: readonly Pair[],
  log: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const what = "the heads of an execution client and its consensus client cannot be compared";
  const look = () => Promise.all(pairs.map((pair) => patiently(what, () => headsOf(pair, signal), signal)));
  const before = await look();
  if (before.filter(isAbove).length * 2 <= pairs.length) return;
  await sleep(STANDSTILL_MS, undefined, { signal });
  const after = await look();
  await Promise.all(
    pairs.map(async (pair, index) => {
      const heads = after[index];
      if (heads === undefined || !isAbove(heads) || heads.execution !== before[index]?.execution) return;
      await rpc(pair.execution, "debug_setHead", [`0x${heads.consensus.toString(16)}`], signal);
      log(`set the head of ${pair.execution} back from block ${heads.execution} to ${heads.consensus}`);
    }),
  );
}

function isAbove({ execution, consensus }: Heads): boolean {
  return execution > consensus;
}

async function headsOf(pair: Pair, signal: AbortSignal): Promise<Heads> {
  // Before the chain service is up, Prysm answers with the newest block of its database, which it then starts below.
  await fetchJson(new URL("/eth/v1/beacon/states/head/finality_checkpoints", pair.consensus), { signal });
  const [execution, consensus] = await Promise.all([
    executionHead(pair.execution, signal),
    consensusHead(pair.consensus, signal),
  ]);
  return { execution, consensus };
}

async function executionHead(url: string, signal: AbortSignal): Promise<number> {
  return Number(await rpc(url, "eth_blockNumber", [], signal));
}

/** Number of the execution block in the head block of the beacon chain. */
async function consensusHead(url: string, signal: AbortSignal): Promise<number> {
  const answer = (await fetchJson(new URL("/eth/v2/beacon/blocks/head", url), { signal })) as {
    data?: { message?: { body?: { execution_payload?: { block_number?: string } } } };
  };
  const number = answer.data?.message?.body?.execution_payload?.block_number;
  if (number === undefined) throw new Error(`${url} answered without an execution payload`);
  return Number(number);
}

async function rpc(url: string, method: string, params: unknown[], signal: AbortSignal): Promise<unknown> {
  const answer = (await fetchJson(new URL(url), {
    signal,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  })) as { result?: unknown; error?: { message?: string } };
  if (answer.error !== undefined) throw new Error(`${method} at ${url}: ${answer.error.message}`);
  return answer.result;
}
