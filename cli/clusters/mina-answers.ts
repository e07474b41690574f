import type { Observed } from "../../protocols/ethereum/observations";
import type { BestChain } from "../../protocols/mina/chain";
import { request, type RequestOptions } from "../observe/http";
import { decimal, field, list, parseJson, read, text } from "../observe/shape";

/** A Mina daemon's GraphQL API, as much of it as is looked at. Nothing throws: no answer is an answer. */

/** Name of the port of a daemon's GraphQL server. */
export const GRAPHQL = "graphql";

/** One daemon as it was seen last. */
export interface MinaLook {
  readonly daemon: string;
  readonly state: Observed<MinaState>;
}

/** What a daemon tells of itself and of its best chain. */
export interface MinaState {
  /** `SYNCED`, `CATCHUP`, `BOOTSTRAP`, … */
  readonly sync: string;
  /** Blocks of its best chain, newest last. */
  readonly blocks: readonly MinaBlock[];
  readonly peers: readonly MinaPeerAnswer[];
}

export interface MinaBlock {
  readonly height: number;
  readonly hash: string;
}

export interface MinaPeerAnswer {
  readonly id: string;
  readonly host: string;
  readonly port: number | undefined;
}

/** Blocks asked for: forks of a healthy chain are shorter by far. */
export const CHAIN_LENGTH = 20;

const QUERY = `{
  daemonStatus { syncStatus peers { peerId host libp2pPort } }
  bestChain(maxLength: ${CHAIN_LENGTH}) { stateHash protocolState { consensusState { blockHeight } } }
}`;

/** A daemon makes every block of it anew for the answer, does nothing else meanwhile, and may take long. */
const LONG_TIMEOUT_MS = 60_000;

const longQuery = (length: number) => `{
  bestChain(maxLength: ${length}) {
    stateHash protocolState { consensusState { blockHeight slotSinceGenesis blockCreator } }
  }
  tip: bestChain(maxLength: 1) {
    protocolState { consensusState { stakingEpochData { ledger { totalCurrency } } } }
  }
}`;

/** One look at a daemon by the address of its GraphQL server. */
export async function minaState(url: string, options: RequestOptions = {}): Promise<Observed<MinaState>> {
  const answer = await ask(url, QUERY, options);
  return answer.ok ? minaStateOf(answer.value) : answer;
}

/**
 * The newest blocks of a daemon's best chain, oldest first. Where its frontier has fewer than that, the first one is its root: genesis, or
 * the newest final block.
 */
export async function bestChain(
  url: string,
  length: number,
  options: RequestOptions = {},
): Promise<Observed<BestChain>> {
  const answer = await ask(url, longQuery(length), { timeoutMs: LONG_TIMEOUT_MS, ...options });
  return answer.ok ? bestChainOf(answer.value) : answer;
}

/** What a daemon says of a height that none of the blocks above its root has. */
const NOT_FOUND = "Could not find block in transition frontier";

/** The hash of the block below the one at that height of a daemon's best chain; undefined where none above its root has that height. */
export async function parentAt(
  url: string,
  height: number,
  options: RequestOptions = {},
): Promise<Observed<string | undefined>> {
  const query = `{ block(height: ${height}) { protocolState { previousStateHash } } }`;
  const answer = await ask(url, query, options);
  if (!answer.ok) return answer;
  const parsed = parseJson(answer.value);
  const problem = parsed.ok ? errorIn(parsed.value) : undefined;
  if (problem?.startsWith(NOT_FOUND) === true) return { ok: true, value: undefined };
  if (problem !== undefined) return { ok: false, reason: problem };
  return read(parsed, (value) => text(field(value, "data", "block", "protocolState", "previousStateHash")));
}

async function ask(url: string, query: string, options: RequestOptions): Promise<Observed<string>> {
  const answer = await request(`${url}/graphql`, { ...options, body: JSON.stringify({ query }) });
  if (!answer.ok) return answer;
  if (answer.value.status !== 200) return { ok: false, reason: `HTTP ${answer.value.status}` };
  return { ok: true, value: answer.value.text };
}

/** Reads a long answer. Pure. */
function bestChainOf(answer: string): Observed<BestChain> {
  const parsed = parseJson(answer);
  const problem = parsed.ok ? errorIn(parsed.value) : undefined;
  if (problem !== undefined) return { ok: false, reason: problem };
  return read(parsed, (value) => {
    const [tip] = list(field(value, "data", "tip"));
    const consensus = field(tip, "protocolState", "consensusState");
    return {
      currencyNano: BigInt(text(field(consensus, "stakingEpochData", "ledger", "totalCurrency"))),
      blocks: list(field(value, "data", "bestChain")).map((block) => {
        const state = field(block, "protocolState", "consensusState");
        return {
          height: decimal(field(state, "blockHeight")),
          hash: text(field(block, "stateHash")),
          slot: decimal(field(state, "slotSinceGenesis")),
          creator: text(field(state, "blockCreator")),
        };
      }),
    };
  });
}

/** Reads an answer. Pure. */
export function minaStateOf(answer: string): Observed<MinaState> {
  const parsed = parseJson(answer);
  const problem = parsed.ok ? errorIn(parsed.value) : undefined;
  // A daemon that is still fetching the chain has no best one, and says so by an error beside the rest.
  if (
    problem !== undefined &&
    field(parsed.ok ? parsed.value : undefined, "data", "daemonStatus") === undefined
  ) {
    return { ok: false, reason: problem };
  }
  return read(parsed, (value) => ({
    sync: text(field(value, "data", "daemonStatus", "syncStatus")),
    blocks: optionalList(field(value, "data", "bestChain")).map((block) => ({
      height: Number(field(block, "protocolState", "consensusState", "blockHeight")),
      hash: text(field(block, "stateHash")),
    })),
    peers: list(field(value, "data", "daemonStatus", "peers")).map((peer) => {
      const port = field(peer, "libp2pPort");
      return {
        id: text(field(peer, "peerId")),
        host: text(field(peer, "host")),
        port: typeof port === "number" ? port : undefined,
      };
    }),
  }));
}

function optionalList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function errorIn(value: unknown): string | undefined {
  const [first] = optionalList(field(value, "errors"));
  const message = field(first, "message");
  return typeof message === "string" ? message : undefined;
}
