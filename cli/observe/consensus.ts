import type { ChainFacts, ConsensusState, Observed } from "../../protocols/ethereum/observations";
import { request, type RequestOptions } from "./http";
import { decimal, field, hash, parseJson, read, text } from "./shape";

/** The Beacon API, as much of it as is looked at. Nothing throws: no answer is an answer. */

export interface BlockHeader {
  readonly slot: number;
  /** Index of the validator that proposed it. */
  readonly proposer: number;
  /** 0x hex. */
  readonly root: string;
}

/** The answer to a path, whatever its `data` is. A status other than 200 is a reason, in the client's words. */
export async function get(url: string, path: string, options?: RequestOptions): Promise<Observed<unknown>> {
  const answer = await request(`${url}${path}`, options);
  if (!answer.ok) return answer;
  const { status, text: content } = answer.value;
  const parsed = parseJson(content);
  if (status === 200) return parsed;
  const message = parsed.ok ? field(parsed.value, "message") : undefined;
  return { ok: false, reason: typeof message === "string" ? `HTTP ${status}: ${message}` : `HTTP ${status}` };
}

/** Head, finality, peers and syncing, in one look. */
export async function consensusState(
  url: string,
  options?: RequestOptions,
): Promise<Observed<ConsensusState>> {
  const [header, finality, peers, syncing] = await Promise.all([
    blockHeader(url, "head", options),
    get(url, "/eth/v1/beacon/states/head/finality_checkpoints", options),
    get(url, "/eth/v1/node/peer_count", options),
    get(url, "/eth/v1/node/syncing", options),
  ]);
  if (!header.ok) return header;
  // Prysm asks its execution client before it tells whether it is syncing: that one may be what hangs.
  const missing = [finality, peers].find((answer) => !answer.ok);
  if (missing !== undefined) return missing;
  const { slot, root } = header.value;
  return read(header, () => ({
    slot,
    root,
    justifiedEpoch: decimal(valueAt(finality, "data", "current_justified", "epoch")),
    finalizedEpoch: decimal(valueAt(finality, "data", "finalized", "epoch")),
    peers: decimal(valueAt(peers, "data", "connected")),
    syncing: syncing.ok ? valueAt(syncing, "data", "is_syncing") === true : undefined,
  }));
}

function valueAt(answer: Observed<unknown>, ...path: string[]): unknown {
  return answer.ok ? field(answer.value, ...path) : undefined;
}

/** The header of the block at a slot of the canonical chain, of that root, or at the head. */
export async function blockHeader(
  url: string,
  block: number | string,
  options?: RequestOptions,
): Promise<Observed<BlockHeader>> {
  return read(await get(url, `/eth/v1/beacon/headers/${block}`, options), (value) => ({
    slot: decimal(field(value, "data", "header", "message", "slot")),
    proposer: decimal(field(value, "data", "header", "message", "proposer_index")),
    root: hash(field(value, "data", "root")),
  }));
}

/** Whether that answer says that there is no such block: its slot was missed. */
export function isMissedSlot(answer: Observed<unknown>): boolean {
  return !answer.ok && answer.reason.startsWith("HTTP 404");
}

/** The constants of the chain. */
export async function chainFacts(url: string, options?: RequestOptions): Promise<Observed<ChainFacts>> {
  const [spec, genesis] = await Promise.all([
    get(url, "/eth/v1/config/spec", options),
    get(url, "/eth/v1/beacon/genesis", options),
  ]);
  if (!genesis.ok) return genesis;
  return read(spec, (value) => ({
    secondsPerSlot: decimal(field(value, "data", "SECONDS_PER_SLOT")),
    slotsPerEpoch: decimal(field(value, "data", "SLOTS_PER_EPOCH")),
    genesisTime: decimal(text(field(genesis.value, "data", "genesis_time"))),
  }));
}
