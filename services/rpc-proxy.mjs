/**
 * A read-only JSON-RPC endpoint before execution clients: what changes a node, signs, or costs it much is refused.
 * Plain Node.js without packages.
 *
 * $PROXY_UPSTREAMS     JSON list of JSON-RPC addresses, asked in turn; one that does not answer is left out of that request
 * $PROXY_PORT          where it listens
 * $PROXY_TRANSACTIONS  `true` lets signed transactions pass (eth_sendRawTransaction)
 */
import * as http from "node:http";

const MOST_BYTES = 1024 * 1024;
const LONGEST_BATCH = 100;
const MOST_AT_ONCE = 200;
const TIMEOUT_MS = 15_000;

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

const upstreams = JSON.parse(process.env.PROXY_UPSTREAMS ?? "[]");
const allowed =
  process.env.PROXY_TRANSACTIONS === "true" ? new Set([...READS, "eth_sendRawTransaction"]) : READS;
let next = 0;
let atOnce = 0;

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

async function answer(text) {
  let parsed;
  try {
    parsed = JSON.parse(text);
  } catch {
    return failure(null, -32700, "not JSON");
  }
  if (!Array.isArray(parsed)) return refusal(parsed) ?? forward(parsed);
  if (parsed.length === 0 || parsed.length > LONGEST_BATCH) {
    return failure(null, -32600, `a batch has 1 to ${LONGEST_BATCH} requests`);
  }
  const refused = parsed.map(refusal);
  const passing = parsed.filter((_, index) => refused[index] === undefined);
  const answered = passing.length === 0 ? [] : [await forward(passing)].flat();
  return [...answered, ...refused.filter((one) => one !== undefined)];
}

/** Asks one after the other until one answers. Only the JSON that was judged goes on, never the text it came as. */
async function forward(request) {
  for (let tried = 0; tried < upstreams.length; tried += 1) {
    const url = upstreams[(next + tried) % upstreams.length];
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(request),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const result = await response.json();
      next = (next + tried + 1) % upstreams.length;
      return result;
    } catch {
      continue;
    }
  }
  return failure(Array.isArray(request) ? null : (request.id ?? null), -32603, "no node answers");
}

async function bodyOf(request) {
  const pieces = [];
  let bytes = 0;
  for await (const piece of request) {
    bytes += piece.length;
    if (bytes > MOST_BYTES) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

const HEADERS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "content-type",
  "access-control-allow-methods": "POST",
};

async function handle(request, response) {
  const end = (status, body) =>
    response
      .writeHead(status, { ...HEADERS, ...(body !== undefined && { "content-type": "application/json" }) })
      .end(body === undefined ? undefined : JSON.stringify(body));
  if (request.method === "GET" && request.url === "/healthz") return end(200);
  if (request.method === "OPTIONS") return end(204);
  if (request.method !== "POST") return end(405);
  if (atOnce >= MOST_AT_ONCE) return end(503, failure(null, -32005, "too many requests at once"));
  atOnce += 1;
  try {
    const text = await bodyOf(request);
    return text === undefined ? end(413) : end(200, await answer(text));
  } finally {
    atOnce -= 1;
  }
}

const server = http.createServer((request, response) => {
  handle(request, response).catch(() => response.destroy());
});
server.listen(Number(process.env.PROXY_PORT), () =>
  console.log(
    JSON.stringify({ message: "listening", port: server.address().port, upstreams: upstreams.length }),
  ),
);
process.on("SIGTERM", () => server.close(() => process.exit(0)));
