/**
 * A read-only GraphQL endpoint before Mina daemons: mutations and subscriptions are refused, and so are fields that tell
 * about the daemon's own keys and peers, or cost it much. Plain Node.js without packages.
 *
 * $PROXY_UPSTREAMS, $PROXY_PORT, $PROXY_PER_SECOND: see read-proxy.mjs
 */
import { serve } from "./read-proxy.mjs";

const DEEPEST = 20;
const MOST_WORDS = 1000;
/** Fragments that name one another twice double with each step. */
const MOST_SPREADS = 20;

/** What a stranger has no business with: the daemon's own accounts, whom it is connected with, and its whole ledger. */
const HIDDEN = new Set([
  "trackedAccounts",
  "ownedWallets",
  "wallet",
  "currentSnarkWorker",
  "blockProductionKeys",
  "initialPeers",
  "getPeers",
  "peers",
  "connectionGatingConfig",
  "fork_config",
  "threadGraph",
]);

/** Words and punctuation of a document; texts and comments hold none. */
const TOKEN = /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n])*"|#[^\n\r]*|[{}]|\.{3}|[_A-Za-z][_0-9A-Za-z]*|[^]/g;

/** Why a document may not pass; undefined for one that may. */
function refusal(document) {
  let depth = 0;
  let header = true;
  let words = 0;
  let spreads = 0;
  for (const [token] of document.matchAll(TOKEN)) {
    if (token === "{") {
      depth += 1;
      header = false;
      if (depth > DEEPEST) return `more than ${DEEPEST} levels`;
    } else if (token === "}") {
      depth -= 1;
      if (depth < 0) return "a brace too many";
      if (depth === 0) header = true;
    } else if (token === "...") {
      spreads += 1;
      if (spreads > MOST_SPREADS) return `more than ${MOST_SPREADS} fragments`;
    } else if (/^[_A-Za-z]/.test(token)) {
      words += 1;
      if (words > MOST_WORDS) return `more than ${MOST_WORDS} words`;
      if (depth === 0 && header) {
        if (token !== "query" && token !== "fragment") return `${token.slice(0, 30)} is not served here`;
        header = false;
      } else if (HIDDEN.has(token)) return `${token} is not served here`;
    } else if (/^"[^"]*$/.test(token)) return "a text without an end";
  }
  return depth === 0 ? undefined : "a brace without an end";
}

async function answer(parsed, forward) {
  const { query, variables, operationName } = parsed ?? {};
  if (typeof query !== "string") return failure("a query is wanted");
  const why = refusal(query);
  return why === undefined ? forward({ query, variables, operationName }) : failure(why);
}

function failure(message) {
  return { errors: [{ message }] };
}

serve({
  path: "/graphql",
  limits: { mostBytes: 256 * 1024, mostAtOnce: 100, timeoutMs: 30_000 },
  weigh: () => 1,
  answer,
  failure: (_kind, message) => failure(message),
});
