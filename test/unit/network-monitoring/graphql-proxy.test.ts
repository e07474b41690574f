import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { AskedDaemon, NOBODY, RunningProxy } from "../../support/proxies";

/** The proxy run as its container would be, before a daemon that answers everything. */
describe("the read-only GraphQL proxy", function () {
  this.timeout(30_000);
  const daemon = new AskedDaemon((_, response) => response.end(JSON.stringify({ data: { passed: true } })));
  const { asked } = daemon;
  let proxy: RunningProxy;

  before(async () => {
    const upstreams = [NOBODY, await daemon.listen()].map((url) => `${url}/graphql`);
    proxy = await RunningProxy.start("graphql-proxy.mjs", upstreams);
  });
  beforeEach(() => (asked.length = 0));
  after(() => {
    proxy.kill();
    daemon.close();
  });

  const ask = (query: unknown, more: object = {}) => proxy.ask({ query, ...more }, "/graphql");

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
    "{ daemonStatus { peers { host } } }": "peers is not served here",
    "{ fork_config }": "fork_config is not served here",
    "fragment F on Query { wallet(publicKey: 1) { balance } } { ...F }": "wallet is not served here",
    "{ a }}": "a brace too many",
    "{ a": "a brace without an end",
    '{ a(x: "no end) }\nmutation { x }': "a text without an end",
    ["{ a ".repeat(30) + "}".repeat(30)]: "more than 20 levels",
    [`{ ${Array.from({ length: 1001 }, (_, index) => `a${index}`).join(" ")} }`]: "more than 1000 words",
    [`{ ${"...F ".repeat(21)} } fragment F on Query { a }`]: "more than 20 fragments",
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
    const response = await proxy.post("[]", "/graphql");
    assert.deepEqual(await response.json(), { errors: [{ message: "a query is wanted" }] });
    const none = await proxy.post("{ a }", "/graphql");
    assert.deepEqual(await none.json(), { errors: [{ message: "not JSON" }] });
  });

  it("serves one path, by POST, and takes no large body", async () => {
    assert.equal((await fetch(`${proxy.address}/graphql?query={syncStatus}`)).status, 405);
    assert.equal((await proxy.post("{}", "/other")).status, 404);
    assert.equal((await proxy.post(" ".repeat(300_000), "/graphql")).status, 413);
  });

  it("ends when it is told to", async () => {
    proxy.child.kill("SIGTERM");
    for (let tried = 0; tried < 50 && proxy.child.exitCode === null; tried += 1) await sleep(100);
    assert.equal(proxy.child.exitCode, 0);
  });
});
