import assert from "node:assert/strict";
import { once } from "node:events";
import * as http from "node:http";
import * as net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { AskedDaemon, NOBODY, RunningProxy } from "../../support/proxies";

const call = (method: string, id: number | string = 1, params: readonly unknown[] = []) => ({
  ...{ jsonrpc: "2.0", id, method, params },
});

const failed = (id: number | string | null, code: number, message: string) => ({
  ...{ jsonrpc: "2.0", id, error: { code, message } },
});

/** Says its method back; large answers and silence are asked for by the block. */
function clientLike(): AskedDaemon {
  const one = (request: { id: number; method: string }) => ({
    ...{ jsonrpc: "2.0", id: request.id, result: request.method },
  });
  return new AskedDaemon((body, response) => {
    const text = JSON.stringify(body);
    if (text.includes("silence")) return;
    if (text.includes("flood")) {
      response.end(`{"result":"${"x".repeat(17 * 1024 * 1024)}"}`);
      return;
    }
    const requests = body as { id: number; method: string };
    response.end(JSON.stringify(Array.isArray(requests) ? requests.map(one) : one(requests)));
  });
}

/** The proxy run as its container would be, before a client that answers everything. */
describe("the read-only JSON-RPC proxy", function () {
  this.timeout(30_000);
  const [client, other] = [clientLike(), clientLike()];
  let urls: string[];
  let inner: RunningProxy;
  let world: RunningProxy;

  before(async () => {
    urls = [await client.listen(), NOBODY, await other.listen()];
    inner = await RunningProxy.start("rpc-proxy.mjs", urls);
    world = await RunningProxy.start("rpc-proxy.mjs", urls, { PROXY_PER_SECOND: "50" });
  });
  beforeEach(() => {
    client.asked.length = 0;
    other.asked.length = 0;
  });
  after(() => {
    for (const proxy of [inner, world]) proxy.kill();
    for (const daemon of [client, other]) daemon.close();
  });
  const askedOf = () => [...client.asked, ...other.asked];

  it("hands on what reads, and asks the next client where one does not answer", async () => {
    for (const method of ["eth_blockNumber", "eth_getLogs", "eth_call"]) {
      assert.deepEqual(await inner.ask(call(method)), { jsonrpc: "2.0", id: 1, result: method });
    }
    assert.ok(client.asked.length > 0 && other.asked.length > 0);
  });

  it("refuses what changes a client, signs, or is nobody's business, alone and in a batch", async () => {
    for (const method of [
      ...["eth_sendTransaction", "eth_sendRawTransaction", "eth_sign", "personal_unlockAccount"],
      ...["admin_peers", "debug_traceBlock", "miner_start", "txpool_content", "engine_newPayloadV3"],
      ...["eth_newFilter", "eth_subscribe", "eth_accounts"],
    ]) {
      const refused = failed(7, -32601, `${method} is not served here`);
      assert.deepEqual(await inner.ask(call(method, 7)), refused);
      assert.deepEqual(await inner.ask([call("eth_chainId"), call(method, 7)]), [
        { jsonrpc: "2.0", id: 1, result: "eth_chainId" },
        refused,
      ]);
    }
    assert.ok(askedOf().every((body) => JSON.stringify(body).includes("eth_chainId")));
  });

  it("refuses what is no request, and batches that are too long", async () => {
    assert.deepEqual(await (await inner.post("{")).json(), failed(null, -32700, "not JSON"));
    assert.deepEqual(await inner.ask(5), failed(null, -32600, "not a JSON-RPC request"));
    const long = Array.from({ length: 101 }, (_, index) => call("eth_chainId", index));
    for (const batch of [[], long]) {
      assert.deepEqual(await inner.ask(batch), failed(null, -32600, "a batch has 1 to 100 requests"));
    }
    assert.deepEqual(askedOf(), []);
  });

  it("takes no body above a megabyte, whether its length is told or not, and goes on", async () => {
    assert.equal((await inner.post(" ".repeat(1_100_000))).status, 413);
    const { port } = new URL(inner.address);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = http.request({ host: "127.0.0.1", port, method: "POST" }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on("error", reject);
      for (let sent = 0; sent < 20; sent += 1) request.write(" ".repeat(60_000));
      request.end();
    });
    assert.equal(status, 413);
    assert.deepEqual(await inner.ask(call("eth_chainId")), { jsonrpc: "2.0", id: 1, result: "eth_chainId" });
  });

  it("gives no answer on that is too large, and asks nobody else for it", async () => {
    const answer = await inner.ask(call("eth_getLogs", 3, ["flood"]));
    assert.deepEqual(answer, failed(3, -32603, "the answer has more than 16777216 bytes"));
    assert.equal(askedOf().length, 1);
  });

  it("ends a request after a while, and asks nobody else for it", async () => {
    const hasty = await RunningProxy.start("rpc-proxy.mjs", urls, { PROXY_TIMEOUT_MS: "500" });
    try {
      const answer = await hasty.ask(call("eth_call", 4, ["silence"]));
      assert.deepEqual(answer, failed(4, -32603, "no answer within 0.5 s"));
      assert.equal(askedOf().length, 1);
    } finally {
      hasty.kill();
    }
  });

  it("lets a page of any origin ask", async () => {
    const asked = await fetch(inner.address, { method: "OPTIONS" });
    assert.equal(asked.status, 204);
    assert.equal(asked.headers.get("access-control-allow-origin"), "*");
    assert.equal(asked.headers.get("access-control-allow-headers"), "content-type");
    const answered = await inner.post(JSON.stringify(call("eth_chainId")));
    assert.equal(answered.headers.get("access-control-allow-origin"), "*");
    assert.equal((await fetch(inner.address)).status, 405);
    assert.equal((await fetch(`${inner.address}/healthz`)).status, 200);
  });

  it("says so where no client answers", async () => {
    const alone = await RunningProxy.start("rpc-proxy.mjs", [NOBODY]);
    try {
      assert.deepEqual(await alone.ask(call("eth_chainId", 9)), failed(9, -32603, "no node answers"));
    } finally {
      alone.kill();
    }
  });

  it("counts what an address of the world asks, each of a batch, and lets it ask again later", async () => {
    const batch = Array.from({ length: 100 }, (_, index) => call("eth_chainId", index));
    const statuses: number[] = [];
    for (let sent = 0; sent < 3; sent += 1) {
      statuses.push((await world.post(JSON.stringify(batch))).status);
    }
    const last = await world.post(JSON.stringify(batch));
    assert.equal(statuses[0], 200);
    assert.equal(statuses[1], 200);
    assert.equal(last.status, 429, String(statuses));
    assert.equal(last.headers.get("retry-after"), "1");
    assert.deepEqual(await last.json(), failed(null, -32005, "at most 50 requests a second"));
    await sleep(1000);
    assert.equal((await world.post(JSON.stringify(call("eth_chainId")))).status, 200);
    assert.equal((await inner.post(JSON.stringify(batch))).status, 200);
  });

  it("lets an address of the world have some requests open, and no more", async () => {
    await sleep(1500);
    const gone = new AbortController();
    const open = Array.from({ length: 20 }, () =>
      fetch(world.address, {
        method: "POST",
        body: JSON.stringify(call("eth_call", 1, ["silence"])),
        signal: gone.signal,
      }).catch(() => undefined),
    );
    await sleep(500);
    const refused = await world.post(JSON.stringify(call("eth_chainId")));
    assert.equal(refused.status, 503);
    assert.deepEqual(await refused.json(), failed(null, -32005, "too many requests at once"));
    gone.abort();
    await Promise.all(open);
    await sleep(200);
    assert.equal((await world.post(JSON.stringify(call("eth_chainId")))).status, 200);
  });
});

it("the JSON-RPC proxy keeps a hundred connections of an address of the world, and closes more", async () => {
  const proxy = await RunningProxy.start("rpc-proxy.mjs", [NOBODY], { PROXY_PER_SECOND: "50" });
  const sockets: net.Socket[] = [];
  try {
    const port = Number(new URL(proxy.address).port);
    let closed = 0;
    for (let opened = 0; opened < 105; opened += 1) {
      const socket = net.connect(port, "127.0.0.1");
      socket.on("error", () => undefined).on("close", () => (closed += 1));
      sockets.push(socket);
      await once(socket, "connect");
    }
    await sleep(500);
    assert.equal(closed, 5);
  } finally {
    for (const socket of sockets) socket.destroy();
    proxy.kill();
  }
});

it("the JSON-RPC proxy lets signed transactions pass where it is told to", async () => {
  const client = clientLike();
  const url = await client.listen();
  const proxy = await RunningProxy.start("rpc-proxy.mjs", [url], { PROXY_TRANSACTIONS: "true" });
  try {
    const answer = (await proxy.ask(call("eth_sendRawTransaction"))) as { result: string };
    assert.equal(answer.result, "eth_sendRawTransaction");
  } finally {
    proxy.kill();
    client.close();
  }
});
