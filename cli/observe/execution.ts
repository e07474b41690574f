import type { ExecutionState, Observed } from "../../protocols/ethereum/observations";
import { request, type RequestOptions } from "./http";
import { bigQuantity, field, hash, list, parseJson, quantity, read, text } from "./shape";

/** The execution client's JSON-RPC, as much of it as is looked at. Nothing throws: no answer is an answer. */

/** One connected peer as `admin_peers` tells of it. */
export interface ConnectedPeer {
  /** 64 hex digits: the hash of its public key. */
  readonly id: string;
  /** Its public key, 128 hex digits; undefined where the client does not tell. */
  readonly publicKey: string | undefined;
  /** What it calls itself, e.g. `Geth/v1.17.8-stable/linux-amd64/go1.26.0`. */
  readonly client: string;
  /** Its end of the connection, `host:port`. */
  readonly address: string;
  readonly direction: "inbound" | "outbound";
  /** Those in use, e.g. `eth/69`, sorted. */
  readonly protocols: readonly string[];
}

/** What a transaction needs to know. */
export interface SendingFacts {
  readonly chainId: bigint;
  /** Wei. */
  readonly baseFee: bigint;
  readonly nonce: bigint;
}

export interface Receipt {
  readonly block: number;
  readonly succeeded: boolean;
}

/** Calls a method. An error the node answers is a reason, in the node's words. */
export async function call(
  url: string,
  method: string,
  params: readonly unknown[] = [],
  options: RequestOptions = {},
): Promise<Observed<unknown>> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const answer = await request(url, { ...options, body });
  if (!answer.ok) return answer;
  const { status, text: content } = answer.value;
  const parsed = parseJson(content);
  if (!parsed.ok) return status === 200 ? parsed : { ok: false, reason: `HTTP ${status}` };
  const message = field(parsed.value, "error", "message");
  if (typeof message === "string") return { ok: false, reason: message };
  const result = field(parsed.value, "result");
  return result === undefined
    ? { ok: false, reason: `${method} has no result` }
    : { ok: true, value: result };
}

/** Height and peers, in one look. */
export async function executionState(
  url: string,
  options?: RequestOptions,
): Promise<Observed<ExecutionState>> {
  const [block, peers] = await Promise.all([
    call(url, "eth_getBlockByNumber", ["latest", false], options),
    call(url, "net_peerCount", [], options),
  ]);
  const count = read(peers, quantity);
  if (!count.ok) return count;
  return read(block, (value) => ({
    block: quantity(field(value, "number")),
    hash: hash(field(value, "hash")),
    peers: count.value,
  }));
}

/** Hash of the block of that number. */
export async function blockHash(
  url: string,
  number: number,
  options?: RequestOptions,
): Promise<Observed<string>> {
  const block = await call(url, "eth_getBlockByNumber", [toQuantity(number), false], options);
  if (block.ok && block.value === null) return { ok: false, reason: "no such block" };
  return read(block, (value) => hash(field(value, "hash")));
}

/** The peers connected now, in the client's own order. */
export async function connectedPeers(
  url: string,
  options?: RequestOptions,
): Promise<Observed<ConnectedPeer[]>> {
  return read(await call(url, "admin_peers", [], options), (value) => list(value).map(connectedPeer));
}

/** The client's own id, as its peers tell it. */
export async function ownId(url: string, options?: RequestOptions): Promise<Observed<string>> {
  return read(await call(url, "admin_nodeInfo", [], options), (value) => text(field(value, "id")));
}

export async function sendingFacts(
  url: string,
  address: string,
  options?: RequestOptions,
): Promise<Observed<SendingFacts>> {
  const [chainId, block, nonce] = await Promise.all([
    call(url, "eth_chainId", [], options),
    call(url, "eth_getBlockByNumber", ["latest", false], options),
    call(url, "eth_getTransactionCount", [address, "pending"], options),
  ]);
  const id = read(chainId, bigQuantity);
  if (!id.ok) return id;
  const count = read(nonce, bigQuantity);
  if (!count.ok) return count;
  return read(block, (value) => ({
    chainId: id.value,
    baseFee: bigQuantity(field(value, "baseFeePerGas")),
    nonce: count.value,
  }));
}

/** The receipt of a transaction; undefined while the node has none. */
export async function receipt(
  url: string,
  transaction: string,
  options?: RequestOptions,
): Promise<Observed<Receipt | undefined>> {
  const answer = await call(url, "eth_getTransactionReceipt", [transaction], options);
  return read(answer, (value) =>
    value === null
      ? undefined
      : {
          block: quantity(field(value, "blockNumber")),
          succeeded: quantity(field(value, "status")) === 1,
        },
  );
}

function connectedPeer(value: unknown): ConnectedPeer {
  const enode = field(value, "enode");
  const protocols = field(value, "protocols");
  return {
    id: text(field(value, "id")),
    publicKey: typeof enode === "string" ? publicKeyOf(enode) : undefined,
    client: text(field(value, "name")),
    address: text(field(value, "network", "remoteAddress")),
    direction: field(value, "network", "inbound") === true ? "inbound" : "outbound",
    protocols: typeof protocols === "object" && protocols !== null ? protocolNames(protocols) : [],
  };
}

/** Of `{"eth": {"version": 69}}`; before the two have agreed on a version there is a text in its place. */
function protocolNames(protocols: object): string[] {
  return Object.entries(protocols)
    .map(([name, state]) => {
      const version = field(state, "version");
      return typeof version === "number" ? `${name}/${version}` : name;
    })
    .sort();
}

/** The public key in `enode://KEY@HOST:PORT`. */
export function publicKeyOf(enode: string): string | undefined {
  return /^enode:\/\/([0-9a-f]{128})@/i.exec(enode)?.[1]?.toLowerCase();
}

export function toQuantity(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
