/**
 * What read-only proxies have in common: they take small documents of JSON, hand on what was judged, and give back what a
 * daemon says, within bounds of size, time and number. Plain Node.js without packages.
 *
 * $PROXY_UPSTREAMS   JSON list of addresses, asked in turn; one that does not answer is left out of that request
 * $PROXY_PORT        where it listens
 * $PROXY_TIMEOUT_MS  how long an answer may take; unset, as long as the protocol says
 * $PROXY_PER_SECOND  requests a second that one address may make, four times as many at once; unset, as many as it likes
 */
import * as http from "node:http";

/** Bytes of bodies that all requests together may hold, in both directions. */
const MOST_HELD = 64 * 1024 * 1024;
const MOST_ANSWER = 16 * 1024 * 1024;
const MOST_CONNECTIONS = 1000;
/** Of one address, where addresses are counted. */
const EACH = { connections: 100, atOnce: 20 };
/** Addresses that are remembered. */
const MOST_ADDRESSES = 10_000;
const BURST_SECONDS = 4;
const LINGER_MS = 2000;

const HEADERS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "content-type",
  "access-control-allow-methods": "POST",
  "access-control-max-age": "86400",
};

const upstreams = JSON.parse(process.env.PROXY_UPSTREAMS ?? "[]");
const perSecond = Number(process.env.PROXY_PER_SECOND ?? Infinity);
let next = 0;
let held = 0;

/** A request cannot be served; `status` is that of HTTP where the protocol before it has no words of its own. */
class Refused extends Error {
  constructor(kind, message, status = 200) {
    super(message);
    this.kind = kind;
    this.status = status;
  }
}

const tooMuch = () => new Refused("limit", "too many requests at once", 503);

/** What one address has asked lately. Its bucket fills at a steady pace; each request takes from it. */
class Callers {
  seen = new Map();

  of(address) {
    const now = performance.now();
    const known = this.seen.get(address) ?? {
      left: perSecond * BURST_SECONDS,
      at: now,
      atOnce: 0,
      connections: 0,
    };
    known.left = Math.min(perSecond * BURST_SECONDS, known.left + ((now - known.at) / 1000) * perSecond);
    known.at = now;
    // The one that was silent longest stands first.
    this.seen.delete(address);
    this.seen.set(address, known);
    if (this.seen.size > MOST_ADDRESSES) this.forget();
    return known;
  }

  forget() {
    for (const [address, { atOnce, connections }] of this.seen) {
      if (atOnce + connections > 0) continue;
      this.seen.delete(address);
      return;
    }
  }

  take(address, count) {
    if (perSecond === Infinity) return;
    const caller = this.of(address);
    if (caller.left < count) throw new Refused("limit", `at most ${perSecond} requests a second`, 429);
    caller.left -= count;
  }
}

/** Bytes that one request holds, in the sum of all. */
class Holding {
  bytes = 0;

  async read(stream, most, tooLarge) {
    const pieces = [];
    let bytes = 0;
    for await (const piece of stream) {
      bytes += piece.length;
      this.bytes += piece.length;
      held += piece.length;
      if (bytes > most) throw tooLarge;
      if (held > MOST_HELD) throw tooMuch();
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString("utf8");
  }

  release() {
    held -= this.bytes;
  }
}

/** Who is still sending reads no answer: the rest is thrown away for a while, and then the connection. */
function linger(request) {
  const late = setTimeout(() => request.socket.destroy(), LINGER_MS);
  request.once("close", () => clearTimeout(late)).resume();
}

/**
 * Serves until it is told to end.
 * `path`: the only one, where there is one. `limits`: mostBytes of a request, mostAtOnce, timeoutMs of an answer.
 * `answer(parsed, forward)` judges a document, and gives back what is to be said. `weigh(parsed)` tells how many requests
 * it is. `failure(kind, message, parsed)` says in the protocol's words that it is not served: not JSON (`syntax`), too many
 * (`limit`), nobody answers (`upstream`).
 */
export function serve({ path, limits, weigh, answer, failure }) {
  const { mostBytes, mostAtOnce } = limits;
  const timeoutMs = Number(process.env.PROXY_TIMEOUT_MS ?? limits.timeoutMs);
  const callers = new Callers();
  let atOnce = 0;

  /** Asks one after the other until one answers. Only what was judged goes on, never the text it came as. */
  async function forward(request, holding, signal) {
    for (let tried = 0; tried < upstreams.length; tried += 1) {
      const url = upstreams[(next + tried) % upstreams.length];
      try {
        const response = await fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(request),
          signal,
        });
        const tooLarge = new Refused("upstream", `the answer has more than ${MOST_ANSWER} bytes`);
        const result = JSON.parse(await holding.read(response.body, MOST_ANSWER, tooLarge));
        next = (next + tried + 1) % upstreams.length;
        return result;
      } catch (error) {
        // The next one would work as long, or say as much.
        if (error instanceof Refused) throw error;
        if (signal.aborted) throw new Refused("upstream", `no answer within ${timeoutMs / 1000} s`);
      }
    }
    throw new Refused("upstream", "no node answers");
  }

  async function said(request, response, holding) {
    const address = request.socket.remoteAddress;
    callers.take(address, 1);
    const tooLarge = new Refused("size", "the request is too large", 413);
    if (Number(request.headers["content-length"] ?? 0) > mostBytes) throw tooLarge;
    const text = await holding.read(request.iterator({ destroyOnReturn: false }), mostBytes, tooLarge);
    let parsed;
    try {
      parsed = JSON.parse(text);
      callers.take(address, weigh(parsed) - 1);
      const over = new AbortController();
      const timer = setTimeout(() => over.abort(), timeoutMs);
      // Ends at the answer, or when the caller has gone.
      response.once("close", () => {
        clearTimeout(timer);
        over.abort();
      });
      return { status: 200, body: await answer(parsed, (one) => forward(one, holding, over.signal)) };
    } catch (error) {
      if (error instanceof SyntaxError) return { status: 200, body: failure("syntax", "not JSON") };
      if (error instanceof Refused) error.parsed = parsed;
      throw error;
    }
  }

  async function handle(request, response) {
    const end = (status, body, headers = {}) =>
      response
        .writeHead(status, {
          ...HEADERS,
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        })
        .end(body === undefined ? undefined : JSON.stringify(body));
    if (request.method === "GET" && request.url === "/healthz") return end(200);
    if (request.method === "OPTIONS") return end(204);
    if (path !== undefined && request.url.split("?")[0] !== path) return end(404);
    if (request.method !== "POST") return end(405);
    const caller = perSecond === Infinity ? { atOnce: 0 } : callers.of(request.socket.remoteAddress);
    const holding = new Holding();
    atOnce += 1;
    caller.atOnce += 1;
    try {
      if (atOnce > mostAtOnce || caller.atOnce > EACH.atOnce) throw tooMuch();
      const { status, body } = await said(request, response, holding);
      end(status, body);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { kind, message, status, parsed } = error;
      end(
        status,
        kind === "size" ? undefined : failure(kind, message, parsed),
        status === 429 || status === 503 ? { "retry-after": "1" } : {},
      );
      if (!request.complete) linger(request);
    } finally {
      atOnce -= 1;
      caller.atOnce -= 1;
      holding.release();
    }
  }

  const patience = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 5000 };
  const server = http.createServer(patience, (request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.maxConnections = MOST_CONNECTIONS;
  if (perSecond !== Infinity) {
    server.on("connection", (socket) => {
      const caller = callers.of(socket.remoteAddress);
      caller.connections += 1;
      socket.once("close", () => (caller.connections -= 1));
      if (caller.connections > EACH.connections) socket.destroy();
    });
  }
  server.listen(Number(process.env.PROXY_PORT), () =>
    console.log(
      JSON.stringify({ message: "listening", port: server.address().port, upstreams: upstreams.length }),
    ),
  );
  process.on("SIGTERM", () => server.close(() => process.exit(0)));
}
