import { performance } from "node:perf_hooks";
import { planNetwork } from "../protocols/network";
import { ethereumNetwork } from "../protocols/ethereum/settings";
import { LOCAL_PLACEMENT } from "../test/support/local-placement";
import { eventually, TestNetwork } from "../test/support/network";

/**
 * Measures what a person waits for, on this machine, now. Prints JSON with, beside each time, its ratio to the least the
 * protocol itself needs. Asserts nothing. Run it on a machine with nothing else to do, with the tools built.
 */
const SETTINGS = { secondsPerSlot: 2, slotsPerEpoch: 4 };
const PORT = 27_000;

/** Slots from genesis until an epoch can be finalized: four epochs, the least Casper FFG needs from genesis. */
const FINALITY_SECONDS = 4 * SETTINGS.slotsPerEpoch * SETTINGS.secondsPerSlot;

interface Figure {
  readonly seconds: number;
  /** How many times the floor; absent where the protocol sets none. */
  readonly ratio?: number;
}

function figure(seconds: number, floor?: number): Figure {
  return {
    seconds: Number(seconds.toFixed(2)),
    ...(floor !== undefined && { ratio: Number((seconds / floor).toFixed(2)) }),
  };
}

async function main(): Promise<void> {
  const network = new TestNetwork(
    "bench",
    `protocol: ethereum\nnodes: [{ count: 3, validators: 8 }]\nsecondsPerSlot: 2\nslotsPerEpoch: 4\nports: { from: ${PORT} }`,
  );
  try {
    const results = { plan10000Daemons: planOf(10_000), ...(await life(network)) };
    process.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
  } finally {
    await network.dispose();
  }
}

function planOf(daemons: number): Figure {
  // 3,334 nodes of three daemons; ports of one machine would not suffice, so plan the pools a machine at a time.
  const nodes = Math.ceil(daemons / 3);
  const perMachine = 1000;
  const started = performance.now();
  for (let planned = 0; planned < nodes; planned += perMachine) {
    const count = Math.min(perMachine, nodes - planned);
    const settings = ethereumNetwork.parse({ protocol: "ethereum", nodes: [{ count }] });
    planNetwork(settings, { ...LOCAL_PLACEMENT, network: "bench" });
  }
  return figure((performance.now() - started) / 1000);
}

async function life(network: TestNetwork) {
  const started = performance.now();
  const since = (from: number) => (performance.now() - from) / 1000;
  const up = network.run("up", "--no-wait");
  const seen = { block: 0, finalized: 0 };
  await eventually("a finalized epoch", 300, async () => {
    if (seen.block === 0 && (await height()) > 0) seen.block = since(started);
    if (seen.block > 0 && (await finalizedEpoch()) > 0) seen.finalized = since(started);
    return seen.finalized > 0;
  });
  await up;
  const again = performance.now();
  await network.run("up", "--no-wait");
  const nothingToChange = since(again);
  const { data } = await network.json<{ summary: { memoryBytes: number } }>("status");
  const stopping = performance.now();
  await network.run("down", "--yes");
  const down = since(stopping);
  return {
    firstPayloadBlock: figure(seen.block, SETTINGS.secondsPerSlot),
    finalized: figure(seen.finalized, FINALITY_SECONDS),
    upWithNothingToChange: figure(nothingToChange),
    down: { ...figure(down), processesLeft: network.processes().length },
    residentMiB: Math.round(data.summary.memoryBytes / 2 ** 20),
  };
}

async function height(): Promise<number> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] });
  const answer = await ask<{ result: string }>(PORT + 1, "/", body);
  return Number(answer?.result ?? 0);
}

async function finalizedEpoch(): Promise<number> {
  const answer = await ask<{ data: { finalized: { epoch: string } } }>(
    PORT + 8,
    "/eth/v1/beacon/states/head/finality_checkpoints",
  );
  return Number(answer?.data.finalized.epoch ?? 0);
}

/** The answer, or nothing while nobody answers. */
async function ask<T>(port: number, path: string, body?: string): Promise<T | undefined> {
  try {
    const init =
      body === undefined ? {} : { method: "POST", body, headers: { "content-type": "application/json" } };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    return response.ok ? ((await response.json()) as T) : undefined;
  } catch {
    return undefined;
  }
}

void main();
