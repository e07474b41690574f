/**
 * Tells Prometheus whom each execution client is connected with. Plain Node.js without packages.
 *
 * $EXPORTER_TARGETS  JSON list of { daemon, url }: name and JSON-RPC address of each execution client
 * $EXPORTER_PORT     where it listens
 *
 * testnet_execution_up{daemon}                             whether the client told
 * testnet_execution_peers{daemon}                          how many peers it has
 * testnet_execution_peer{daemon,peer,client,direction} 1   each of them; a peer we know has its daemon's name, others their id
 * testnet_execution_scrape_errors_total{daemon}            how often it did not tell
 */
import * as http from "node:http";

/** Prometheus waits 10 s for all of it. */
const TIMEOUT_MS = 4000;
const AT_ONCE = 50;
/** A public node may have hundreds: the number of series stays bounded. */
const MOST_PEERS = 200;
const METHOD_NOT_FOUND = -32601;

const targets = JSON.parse(process.env.EXPORTER_TARGETS ?? "[]");
const errors = new Map(targets.map(({ daemon }) => [daemon, 0]));
const lastWords = new Map();
/** Names of our own daemons by public key, as far as they have told theirs. */
const names = new Map();

class RpcError extends Error {
  constructor({ code, message }) {
    super(`${code} ${message}`);
    this.code = code;
  }
}

async function call(url, method) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: [] }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const answer = await response.json();
  if (answer.error !== undefined && answer.error !== null) throw new RpcError(answer.error);
  return answer.result;
}

/** A client without `admin_peers` tells at least how many there are. */
async function peersOf(url) {
  try {
    const peers = await call(url, "admin_peers");
    if (!Array.isArray(peers)) throw new Error("admin_peers is no list");
    return { count: peers.length, peers: peers.map(peerOf) };
  } catch (error) {
    if (error.code !== METHOD_NOT_FOUND) throw error;
    return { count: Number(await call(url, "net_peerCount")), peers: [] };
  }
}

/**
 * geth, reth and erigon: { id, name, enode, network: { inbound } }. besu: the same, `id` is the public key. nethermind had
 * { clientId, enode, inbound } before it took the others' form.
 */
function peerOf(peer) {
  const key = publicKey(peer.enode ?? peer.id);
  const id = key ?? text(peer.id) ?? "unknown";
  const inbound = peer.network?.inbound ?? peer.inbound;
  return {
    id,
    client: (text(peer.name) ?? text(peer.clientId) ?? text(peer.clientType) ?? "unknown")
      .split("/")[0]
      .toLowerCase(),
    direction: inbound === true || inbound === "true" ? "inbound" : "outbound",
  };
}

function text(value) {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The 128 hex digits of `enode://KEY@…` or `0xKEY`. */
function publicKey(of) {
  return /^(?:enode:\/\/|0x)?([0-9a-f]{128})(?:@|$)/i.exec(of ?? "")?.[1]?.toLowerCase();
}

/** A client's key never changes while its pod lives, but its pod may be replaced by one with another. */
async function learnName({ daemon, url }) {
  const info = await call(url, "admin_nodeInfo").catch(() => undefined);
  const key = publicKey(info?.enode ?? info?.id);
  if (key !== undefined) names.set(key, daemon);
}

async function look(target) {
  const { daemon, url } = target;
  try {
    const [seen] = await Promise.all([peersOf(url), learnName(target)]);
    say(daemon, "answers");
    return { daemon, up: true, ...seen };
  } catch (error) {
    errors.set(daemon, errors.get(daemon) + 1);
    say(daemon, `does not tell its peers: ${error.cause?.code ?? error.message}`);
    return { daemon, up: false, count: 0, peers: [] };
  }
}

/** Once for each change, not for each look. */
function say(daemon, words) {
  if (lastWords.get(daemon) === words) return;
  lastWords.set(daemon, words);
  console.log(JSON.stringify({ daemon, message: words }));
}

async function inTurns(items, work) {
  const results = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  }
  return results;
}

async function metrics() {
  const seen = await inTurns(targets, look);
  const up = seen.map(({ daemon, up }) => sample("testnet_execution_up", { daemon }, up ? 1 : 0));
  const told = seen.filter(({ up }) => up);
  const counts = told.map(({ daemon, count }) => sample("testnet_execution_peers", { daemon }, count));
  const peers = told.flatMap(({ daemon, peers }) =>
    unique(peers.slice(0, MOST_PEERS)).map(({ id, client, direction }) =>
      sample(
        "testnet_execution_peer",
        { daemon, peer: names.get(id) ?? id.slice(0, 16), client, direction },
        1,
      ),
    ),
  );
  const failures = [...errors].map(([daemon, count]) =>
    sample("testnet_execution_scrape_errors_total", { daemon }, count),
  );
  return [
    family("testnet_execution_up", "gauge", "Whether the execution client told its peers.", up),
    family("testnet_execution_peers", "gauge", "Peers of the execution client.", counts),
    family("testnet_execution_peer", "gauge", "One connected peer of the execution client.", peers),
    family("testnet_execution_scrape_errors_total", "counter", "Looks that failed.", failures),
  ].join("");
}

/** Two connections of one peer are one series. */
function unique(peers) {
  return [...new Map(peers.map((peer) => [`${peer.id} ${peer.direction}`, peer])).values()];
}

function family(name, type, help, samples) {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.map((line) => `${line}\n`).join("")}`;
}

function sample(name, labels, value) {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}{${pairs.join(",")}} ${value}`;
}

function escaped(value) {
  return String(value).replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}

const server = http.createServer((request, response) => {
  if (request.url !== "/metrics") {
    response.writeHead(request.url === "/healthz" ? 200 : 404).end();
    return;
  }
  metrics().then(
    (body) => response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(body),
    (error) => response.writeHead(500).end(String(error.message)),
  );
});
server.listen(Number(process.env.EXPORTER_PORT), () =>
  console.log(JSON.stringify({ message: "listening", port: server.address().port, targets: targets.length })),
);
process.on("SIGTERM", () => server.close(() => process.exit(0)));
