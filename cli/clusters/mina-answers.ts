import type { Observed } from "../../protocols/ethereum/observations";
import { request, type RequestOptions } from "../observe/http";
import { field, list, parseJson, read, text } from "../observe/shape";

/** A Mina daemon's GraphQL API, as much of it as is looked at. Nothing throws: no answer is an answer. */

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

/** One look at a daemon by the address of its GraphQL server. */
export async function minaState(url: string, options: RequestOptions = {}): Promise<Observed<MinaState>> {
  const answer = await request(`${url}/graphql`, { ...options, body: JSON.stringify({ query: QUERY }) });
  if (!answer.ok) return answer;
  if (answer.value.status !== 200) return { ok: false, reason: `HTTP ${answer.value.status}` };
  return minaStateOf(answer.value.text);
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
