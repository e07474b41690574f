/**
 * A read-only GraphQL endpoint before Mina daemons: mutations and subscriptions are refused, and so are fields that tell
 * about the daemon's own keys and peers. Plain Node.js without packages.
 *
 * $PROXY_UPSTREAMS  JSON list of GraphQL addresses, asked in turn; one that does not answer is left out of that request
 * $PROXY_PORT       where it listens
 */
import * as http from "node:http";

const MOST_BYTES = 256 * 1024;
const MOST_AT_ONCE = 100;
const TIMEOUT_MS = 30_000;
const DEEPEST = 20;

/** What a stranger has no business with: the daemon's own accounts and whom it is connected with. */
const HIDDEN = new Set([
  "trackedAccounts",
  "ownedWallets",
  "wallet",
  "currentSnarkWorker",
  "initialPeers",
  "getPeers",
  "connectionGatingConfig",
]);

const upstreams = JSON.parse(process.env.PROXY_UPSTREAMS ?? "[]");
let next = 0;
let atOnce = 0;

/** Words and punctuation of a document; texts and comments hold none. */
const TOKEN = /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n])*"|#[^\n\r]*|[{}]|[_A-Za-z][_0-9A-Za-z]*|[^]/g;

/** Why a document may not pass; undefined for one that may. */
function refusal(document) {
  let depth = 0;
  let header = true;
  for (const [token] of document.matchAll(TOKEN)) {
    if (token === "{") {
      depth += 1;
      header = false;
      if (depth > DEEPEST) return `more than ${DEEPEST} levels`;
    } else if (token === "}") {
      depth -= 1;
      if (depth < 0) return "a brace too many";
      if (depth === 0) header = true;
    } else if (/^[_A-Za-z]/.test(token)) {
      if (depth === 0 && header) {
        if (token !== "query" && token !== "fragment") return `${token.slice(0, 30)} is not served here`;
        header = false;
      } else if (HIDDEN.has(token)) return `${token} is not served here`;
    } else if (/^"[^"]*$/.test(token)) return "a text without an end";
  }
  return depth === 0 ? undefined : "a brace without an end";
}

function failure(message) {
  return { errors: [{ message }] };
}

async function answer(text) {
  let parsed;
  try {
    parsed = JSON.parse(text);
  } catch {
    return failure("not JSON");
  }
  const { query, variables, operationName } = parsed ?? {};
  if (typeof query !== "string") return failure("a query is wanted");
  const why = refusal(query);
  if (why !== undefined) return failure(why);
  return forward({ query, variables, operationName });
}

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
  return failure("no daemon answers");
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
  if (request.method !== "POST" || request.url.split("?")[0] !== "/graphql") return end(404);
  if (atOnce >= MOST_AT_ONCE) return end(503, failure("too many requests at once"));
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
