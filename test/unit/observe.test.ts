import assert from "node:assert/strict";
import { agreements } from "../../cli/observe/agreement";
import { chainFacts, consensusState } from "../../cli/observe/consensus";
import { call, executionState } from "../../cli/observe/execution";
import { request } from "../../cli/observe/http";
import { nodesOfPlan, observeNodes } from "../../cli/observe/nodes";
import { inParallel } from "../../cli/observe/parallel";
import { ProposalLog } from "../../cli/observe/proposals";
import type { Observed } from "../../protocols/ethereum/observations";
import { fakeHash, FakeNetwork } from "../support/fake-ethereum";
import { FakeServer, type Reply } from "../support/fake-server";

function reasonOf(observed: Observed<unknown>): string {
  if (observed.ok) assert.fail(`answered ${JSON.stringify(observed.value)}`);
  return observed.reason;
}

describe("HTTP to daemons", () => {
  let server: FakeServer;
  const answerWith = (reply: Reply) => (server.answer = () => reply);

  beforeEach(async () => {
    server = await FakeServer.start(() => ({ body: "{}" }));
  });
  afterEach(() => server.stop());

  it("tells a daemon that is not there", async () => {
    await server.stop();
    assert.equal(reasonOf(await request(server.url)), "connection refused");
  });

  it("gives up on one that hangs", async () => {
    server.hang();
    assert.equal(reasonOf(await request(server.url, { timeoutMs: 50 })), "no answer within 0.05 s");
  });

  it("ends at once when it is interrupted, before and while it waits", async () => {
    server.hang();
    assert.equal(reasonOf(await request(server.url, { signal: AbortSignal.abort() })), "interrupted");
    const controller = new AbortController();
    const asked = request(server.url, { signal: controller.signal });
    controller.abort();
    assert.equal(reasonOf(await asked), "interrupted");
  });

  it("does not read an answer that has no end", async () => {
    answerWith({ body: "x".repeat(33 * 1024 * 1024) });
    assert.equal(reasonOf(await request(server.url)), "the answer does not end");
  });

  it("tells JSON-RPC errors in the node's words, and what is no JSON-RPC", async () => {
    const reason = async (reply: Reply) => {
      answerWith(reply);
      return reasonOf(await call(server.url, "eth_x"));
    };
    assert.equal(
      await reason({ body: '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no such method"}}' }),
      "no such method",
    );
    assert.equal(await reason({ body: "<html>hello" }), "the answer is not JSON: <html>hello");
    assert.equal(await reason({ body: "" }), "the answer is empty");
    assert.equal(await reason({ body: "[]" }), "eth_x has no result");
    assert.equal(await reason({ body: "null" }), "eth_x has no result");
    assert.equal(await reason({ status: 503, body: "busy" }), "HTTP 503");
    assert.equal(await reason({ status: 403, body: '{"error":{"message":"invalid host"}}' }), "invalid host");
  });

  it("tells values that are not what was asked for", async () => {
    answerWith({ body: '{"result":{"number":"twelve","hash":"0x12"}}' });
    assert.match(
      reasonOf(await executionState(server.url)),
      /^answered .* where a number as 0x hex was wanted/,
    );
    answerWith({ body: '{"data":{"header":{"message":{"slot":7}}}}' });
    assert.match(reasonOf(await consensusState(server.url)), /^answered 7 where a number was wanted/);
    assert.match(reasonOf(await chainFacts(server.url)), /where a number was wanted/);
  });

  it("tells refusals of the Beacon API in its words", async () => {
    answerWith({ status: 503, body: '{"message":"beacon node is syncing","code":503}' });
    assert.equal(reasonOf(await consensusState(server.url)), "HTTP 503: beacon node is syncing");
  });
});

describe("a look at nodes", () => {
  let network: FakeNetwork;

  beforeEach(async () => {
    network = await FakeNetwork.start(3);
    network.chain.advance(21);
  });
  afterEach(() => network.stop());

  const server = (node: number) => network.nodes[node]!;
  const look = () => observeNodes(nodesOfPlan(network.plan), { timeoutMs: 500 });

  it("reads height, head, finality and peers of both clients", async () => {
    const [first] = await look();
    assert.deepEqual(first?.node, {
      ...{ name: "node-1", execution: "node-1-geth", consensus: "node-1-prysm" },
      validators: { daemon: "node-1-validator", from: 0, count: 8 },
    });
    assert.deepEqual(first.execution, {
      ok: true,
      value: { block: 21, hash: fakeHash("block", 21), peers: 2 },
    });
    assert.deepEqual(first.consensus, {
      ok: true,
      value: {
        ...{ slot: 21, root: fakeHash("root", 21), justifiedEpoch: 4, finalizedEpoch: 3 },
        ...{ peers: 2, syncing: false },
      },
    });
  });

  it("a client that hangs or is gone is told, and delays the others no longer than the time-out", async () => {
    server(0).execution.hang();
    await server(1).consensus.stop();
    const started = Date.now();
    const [first, second, third] = await look();
    assert.ok(Date.now() - started < 4000);
    assert.equal(first && reasonOf(first.execution), "no answer within 0.5 s");
    assert.equal(second && reasonOf(second.consensus), "connection refused");
    for (const answer of [first?.consensus, second?.execution, third?.execution, third?.consensus]) {
      assert.equal(answer?.ok, true);
    }
  });

  it("a consensus client that does not tell whether it is syncing still tells the rest", async () => {
    const { consensus } = server(0);
    const healthy = consensus.answer;
    consensus.answer = (path, body) =>
      path === "/eth/v1/node/syncing" ? new Promise(() => undefined) : healthy(path, body);
    const [first] = await look();
    assert.equal(first?.consensus.ok && first.consensus.value.slot, 21);
    assert.equal(first?.consensus.ok && first.consensus.value.syncing, undefined);
  });

  it("compares all clients at the lowest head, and asks only those that are above it", async () => {
    const nodes = nodesOfPlan(network.plan);
    const before = await look();
    network.chain.advance();
    const [, ...ahead] = await look();
    const requests = server(0).execution.requests.length;
    const { execution, consensus } = await agreements(nodes, [before[0]!, ...ahead]);
    assert.deepEqual([execution?.height, execution?.highest, execution?.lowest], [21, 22, "node-1-geth"]);
    assert.deepEqual(
      execution?.hashes.map(({ daemon, hash }) => [daemon, hash.ok && hash.value]),
      nodes.map(({ node }) => [node.execution, fakeHash("block", 21)]),
    );
    assert.deepEqual(
      consensus?.hashes.map(({ hash }) => hash.ok && hash.value),
      [21, 21, 21].map((slot) => fakeHash("root", slot)),
    );
    assert.equal(server(0).execution.requests.length, requests, "the lowest node's hash is known");
  });

  it("shows a fork, and a slot that one node's chain does not have", async () => {
    const nodes = nodesOfPlan(network.plan);
    server(1).fork = "f";
    const { execution, consensus } = await agreements(nodes, await look());
    const hashes = (agreed: typeof execution) => agreed?.hashes.map(({ hash }) => hash.ok && hash.value);
    assert.deepEqual(
      hashes(execution),
      ["", "f", ""].map((fork) => fakeHash("block", 21, fork)),
    );
    assert.deepEqual(
      hashes(consensus),
      ["", "f", ""].map((fork) => fakeHash("root", 21, fork)),
    );

    const before = await look();
    network.chain.advance();
    const [, ...ahead] = await look();
    server(2).consensus.answer = () => ({ status: 404, body: '{"message":"not found","code":404}' });
    const missed = await agreements(nodes, [before[0]!, ...ahead]);
    const third = missed.consensus?.hashes[2]?.hash;
    assert.equal(third && reasonOf(third), "none on its chain");
  });

  it("does not compare while a client of the layer is silent", async () => {
    server(0).consensus.hang();
    const { execution, consensus } = await agreements(nodesOfPlan(network.plan), await look());
    assert.equal(consensus, undefined);
    assert.equal(execution?.height, 21);
  });
});

describe("who proposed", () => {
  let network: FakeNetwork;

  beforeEach(async () => {
    network = await FakeNetwork.start(3);
  });
  afterEach(() => network.stop());

  function log() {
    const nodes = nodesOfPlan(network.plan);
    const proposals = new ProposalLog(nodes.map(({ node }) => node));
    const update = () =>
      proposals.update(nodes[0]!.consensusUrl, network.chain.head.slot, {
        ...{ secondsPerSlot: 2, slotsPerEpoch: 4, genesisTime: 0 },
      });
    return { proposals, update, requests: network.nodes[0]!.consensus.requests };
  }

  it("is told by the ranges of the validators' keys; empty slots and slot 0 count for nobody", async () => {
    network.chain.proposerOf = (slot) => [0, 7, 8, 23][slot % 4]!;
    network.chain.missed.add(3);
    network.chain.advance(5);
    const { proposals, update } = log();
    await update();
    // Slots 1, 2, 4 and 5: validators 7, 8, 0 and 7.
    assert.deepEqual(proposals.result(), { blocks: 4, byNode: { "node-1": 3, "node-2": 1, "node-3": 0 } });
  });

  it("looks back no further than it takes, and asks for no slot twice", async () => {
    network.chain.advance(500);
    const { proposals, update, requests } = log();
    await update();
    assert.equal(requests.length, 16);
    assert.ok(Object.values(proposals.result().byNode).every((count) => count > 0));
    network.chain.advance(1);
    await update();
    assert.equal(requests.length, 17);
  });

  it("a group that was silent for long has not proposed, whatever it did before", async () => {
    network.chain.advance(200);
    network.chain.proposerOf = () => 0;
    network.chain.advance(100);
    const { proposals, update, requests } = log();
    await update();
    const { byNode } = proposals.result();
    assert.deepEqual([byNode["node-2"], byNode["node-3"]], [0, 0]);
    assert.ok(requests.length < 100);
  });

  it("what was not answered is asked again", async () => {
    network.chain.advance(10);
    const { consensus } = network.nodes[0]!;
    const { proposals, update } = log();
    consensus.answer = () => ({ status: 500, body: "" });
    await update();
    assert.equal(proposals.result().blocks, 0);
    network.nodes[0]!.revive();
    await update();
    assert.equal(proposals.result().blocks, 10);
  });
});

describe("work in parallel", () => {
  it("keeps the order, and goes on to the next item while a slow one runs", async () => {
    let running = 0;
    let most = 0;
    const results = await inParallel(
      Array.from({ length: 20 }, (_, index) => index),
      async (index) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, index === 0 ? 40 : 1));
        running -= 1;
        return index * 2;
      },
      3,
    );
    assert.deepEqual(
      results,
      Array.from({ length: 20 }, (_, index) => index * 2),
    );
    assert.equal(most, 3);
  });
});
