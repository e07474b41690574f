/**
 * A read-only JSON-RPC endpoint before execution clients: what changes a node, signs, or costs it much is refused.
 * Plain Node.js without packages.
 *
 * $PROXY_UPSTREAMS, $PROXY_PORT, $PROXY_PER_SECOND: see read-proxy.mjs
 * $PROXY_TRANSACTIONS  `true` lets signed transactions pass (eth_sendRawTransaction)
 */
import { serve } from "./read-proxy.mjs";

const LONGEST_BATCH = 100;

const READS = new Set([
  "web3_clientVersion",
  "net_version",
  "net_listening",
  "net_peerCount",
  "eth_chainId",
  "eth_syncing",
  "eth_blockNumber",
  "eth_gasPrice",
  "eth_maxPriorityFeePerGas",
  "eth_blobBaseFee",
  "eth_feeHistory",
  "eth_getBalance",
  "eth_getCode",
  "eth_getStorageAt",
  "eth_getProof",
  "eth_getTransactionCount",
  "eth_getBlockByHash",
  "eth_getBlockByNumber",
  "eth_getBlockReceipts",
  "eth_getBlockTransactionCountByHash",
  "eth_getBlockTransactionCountByNumber",
  "eth_getTransactionByHash",
  "eth_getTransactionByBlockHashAndIndex",
  "eth_getTransactionByBlockNumberAndIndex",
  "eth_getTransactionReceipt",
  "eth_getLogs",
  "eth_call",
  "eth_estimateGas",
  "eth_createAccessList",
]);

/** Codes of errors: those of JSON-RPC, and of EIP-1474 for limits. */
const CODES = { syntax: -32700, limit: -32005, upstream: -32603 };

const allowed =
  process.env.PROXY_TRANSACTIONS === "true" ? new Set([...READS, "eth_sendRawTransaction"]) : READS;

/** What is wrong with a request, as JSON-RPC says it; undefined for one that may pass. */
function refusal(request) {
  if (typeof request !== "object" || request === null || typeof request.method !== "string") {
    return failure(null, -32600, "not a JSON-RPC request");
  }
  if (allowed.has(request.method)) return undefined;
  return failure(request.id ?? null, -32601, `${request.method.slice(0, 60)} is not served here`);
}

function failure(id, code, message) {
  return { jsonrpc: "2.0", id, error: { code, message } };
}

async function answer(parsed, forward) {
  if (!Array.isArray(parsed)) return refusal(parsed) ?? forward(parsed);
  if (parsed.length === 0 || parsed.length > LONGEST_BATCH) {
    return failure(null, -32600, `a batch has 1 to ${LONGEST_BATCH} requests`);
  }
  const refused = parsed.map(refusal);
  const passing = parsed.filter((_, index) => refused[index] === undefined);
  const answered = passing.length === 0 ? [] : [await forward(passing)].flat();
  return [...answered, ...refused.filter((one) => one !== undefined)];
}

serve({
  limits: { mostBytes: 1024 * 1024, mostAtOnce: 200, timeoutMs: 15_000 },
  weigh: (parsed) => (Array.isArray(parsed) ? Math.min(Math.max(parsed.length, 1), LONGEST_BATCH) : 1),
  answer,
  failure: (kind, message, parsed) =>
    failure(Array.isArray(parsed) ? null : (parsed?.id ?? null), CODES[kind], message),
});
