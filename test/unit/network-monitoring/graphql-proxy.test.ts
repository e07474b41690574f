import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const SCRIPT = path.resolve(__dirname, "../../../services/graphql-proxy.mjs");

/** The proxy run as its container would be, before a daemon that answers everything. */
describe("the read-only GraphQL proxy", function () {
  this.timeout(30_000);
  let daemon: http.Server;
  let child: ChildProcess;
  let address: string;
  const asked: unknown[] = [];

  before(async () => {
    daemon = http.createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        asked.push(JSON.parse(Buffer.concat(pieces).toString()));
        response.end(JSON.stringify({ data: { passed: true } }));
      });
    });
    await new Promise<void>((resolve) => daemon.listen(0, "127.0.0.1", resolve));
    const upstream = `http://127.0.0.1:${(daemon.address() as AddressInfo).port}/graphql`;
    child = spawn(process.execPath, [SCRIPT], {
      env: { PROXY_PORT: "0", PROXY_UPSTREAMS: JSON.stringify(["http://127.0.0.1:1/graphql", upstream]) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const line = await new Promise<string>((resolve) =>
      child.stdout?.once("data", (data: Buffer) => resolve(data.toString())),
    );
    address = `http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}`;
  });
  beforeEach(() => (asked.length = 0));
  after(() => {
    child.kill("SIGKILL");
    daemon.close();
  });

  async function ask(query: unknown, more: object = {}): Promise<unknown> {
    const response = await fetch(`${address}/graphql`, {
      method: "POST",
      body: JSON.stringify({ query, ...more }),
    });
    return response.json();
  }

  const PASSED = { data: { passed: true } };

  for (const query of [
    "{ syncStatus }",
    "query { bestChain(maxLength: 3) { stateHash } }",
    "query Q($max: Int = 3) { bestChain(maxLength: $max) { ...B } } fragment B on Block { stateHash }",
    '# mutation { x }\n{ account(publicKey: "mutation { sendPayment }") { balance { total } } }',
    '{ a(text: """ } mutation { """) }',
    "{ mutation: syncStatus }",
  ]) {
    it(`lets ${JSON.stringify(query)} pass, and nothing but what was judged`, async () => {
      assert.deepEqual(
        await ask(query, { variables: { max: 1 }, extensions: { persistedQuery: "x" } }),
        PASSED,
      );
      assert.deepEqual(asked, [{ query, variables: { max: 1 } }]);
    });
  }

  const refusals: Readonly<Record<string, string>> = {
    "mutation { sendPayment(input: {}) { payment { id } } }": "mutation is not served here",
    "query A { syncStatus } mutation B { unlockAccount }": "mutation is not served here",
    "{ syncStatus }mutation{ unlockAccount }": "mutation is not served here",
    '"" mutation { x }': "mutation is not served here",
    '{ a } """text""" mutation { x }': "mutation is not served here",
    "subscription { newBlock { stateHash } }": "subscription is not served here",
    "extend type Query { x: Int }": "extend is not served here",
    "{ trackedAccounts { publicKey } }": "trackedAccounts is not served here",
    "{ x: initialPeers }": "initialPeers is not served here",
    "fragment F on Query { wallet(publicKey: 1) { balance } } { ...F }": "wallet is not served here",
    "{ a }}": "a brace too many",
    "{ a": "a brace without an end",
    '{ a(x: "no end) }\nmutation { x }': "a text without an end",
    ["{ a ".repeat(30) + "}".repeat(30)]: "more than 20 levels",
  };
  for (const [query, message] of Object.entries(refusals)) {
    it(`refuses ${JSON.stringify(query.slice(0, 60))}`, async () => {
      assert.deepEqual(await ask(query), { errors: [{ message }] });
      assert.deepEqual(asked, []);
    });
  }

  it("refuses what is no query", async () => {
    assert.deepEqual(await ask(undefined), { errors: [{ message: "a query is wanted" }] });
    assert.deepEqual(await ask(["{ a }"]), { errors: [{ message: "a query is wanted" }] });
    const response = await fetch(`${address}/graphql`, { method: "POST", body: "[]" });
    assert.deepEqual(await response.json(), { errors: [{ message: "a query is wanted" }] });
  });

  it("serves one path, by POST, and takes no large body", async () => {
    assert.equal((await fetch(`${address}/graphql?query={syncStatus}`)).status, 404);
    assert.equal((await fetch(`${address}/other`, { method: "POST", body: "{}" })).status, 404);
    const large = await fetch(`${address}/graphql`, { method: "POST", body: " ".repeat(300_000) });
    assert.equal(large.status, 413);
  });

  it("ends when it is told to", async () => {
    child.kill("SIGTERM");
    for (let tried = 0; tried < 50 && child.exitCode === null; tried += 1) await sleep(100);
    assert.equal(child.exitCode, 0);
  });
});
