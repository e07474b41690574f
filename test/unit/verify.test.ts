import assert from "node:assert/strict";
import { loadSigner, TransferProbe } from "../../cli/observe/transfer";
import { nodesOfPlan, observeNodes } from "../../cli/observe/nodes";
import { verifyNetwork } from "../../cli/observe/verify";
import { Interrupted } from "../../cli/ui/errors";
import { TestnetError } from "../../errors/problem";
import type { Report } from "../../protocols/ethereum/report";
import { FakeHome } from "../support/fake-home";
import { FakeNetwork } from "../support/fake-ethereum";

/** A network of that many nodes whose chain moves five times a second, with keys and records. */
async function running(count: number): Promise<{ network: FakeNetwork; home: FakeHome }> {
  const network = await FakeNetwork.start(count, 200);
  const home = new FakeHome(network.plan);
  await home.makeKeys();
  home.start();
  return { network, home };
}

function failed(report: Report): string[] {
  return report.checks.filter((check) => !check.ok).map((check) => check.name);
}

describe("verify", function () {
  this.timeout(60_000);
  let network: FakeNetwork;
  let home: FakeHome;

  afterEach(async () => {
    await network.stop();
    home.dispose();
  });

  const verify = (options: Partial<Parameters<typeof verifyNetwork>[1]> = {}) =>
    verifyNetwork(network.plan, { home: home.path, pauseMs: 20, timeoutSeconds: 30, ...options });

  it("is ok as soon as all checks of a healthy network have come true, and tells how far it is", async () => {
    ({ network, home } = await running(3));
    const told: Report[] = [];
    const report = await verify({ onProgress: (progress) => told.push(progress) });
    assert.deepEqual(failed(report), []);
    assert.equal(report.ok, true);
    assert.ok(report.seconds < 20, `${report.seconds} s`);
    assert.equal(told[0]?.ok, false);
    assert.equal(told.at(-1), report);
    assert.deepEqual(
      report.heads.map((head) => head.node),
      ["node-1", "node-2", "node-3"],
    );
  });

  it("sends one transfer, to the first node, and reads its receipt on the last", async () => {
    ({ network, home } = await running(3));
    const { checks } = await verify();
    assert.deepEqual(
      network.nodes.map((node) => node.sent.length),
      [1, 0, 0],
    );
    const receipts = network.nodes.map(({ execution }) =>
      execution.requests.includes("POST eth_getTransactionReceipt"),
    );
    assert.deepEqual(receipts, [false, false, true]);
    assert.match(checks.at(-1)!.detail, /sent to node-1, in block \d+ of node-3/);
    const { Transaction } = await import("micro-eth-signer");
    const sent = Transaction.fromHex(network.nodes[0]!.sent[0]!);
    const { nonce, chainId, to } = sent.raw as { nonce: bigint; chainId: bigint; to: string };
    assert.deepEqual([sent.type, nonce, chainId], ["eip1559", 5n, 1337n]);
    assert.equal(sent.recoverSender().address, to, "from the account to itself");
  });

  it("needs no peers and no other node in a network of one", async () => {
    ({ network, home } = await running(1));
    assert.deepEqual(failed(await verify()), []);
  });

  it("waits for its time-out and no longer, and says what did not come true", async () => {
    ({ network, home } = await running(3));
    network.chain.finalizes = false;
    network.nodes[1]!.consensusPeers = 0;
    const report = await verify({ timeoutSeconds: 4 });
    assert.deepEqual(failed(report), ["finality", "peers"]);
    assert.ok(report.seconds >= 4 && report.seconds < 12, `${report.seconds} s`);
    assert.deepEqual(report.checks.find((check) => check.name === "peers")?.daemons, ["node-2-prysm"]);
  });

  it("a dead daemon ends it soon", async () => {
    ({ network, home } = await running(3));
    home.kill("node-2-validator");
    const report = await verify();
    assert.equal(report.ok, false);
    const [daemons] = report.checks;
    assert.deepEqual(daemons?.daemons, ["node-2-validator"]);
    assert.match(daemons.detail, /node-2-validator: has ended by itself, or was killed$/);
    assert.ok(report.seconds < 10, `${report.seconds} s`);
  });

  it("ends when only a transfer is missing that can never be signed", async () => {
    network = await FakeNetwork.start(3, 200);
    home = new FakeHome(network.plan);
    home.start();
    const report = await verify();
    assert.deepEqual(failed(report), ["transfer"]);
    assert.match(report.checks.at(-1)!.detail, /no key can be read from .*funded-mnemonic/);
  });

  it("a network that is not up, or is stopped, is no network to verify", async () => {
    network = await FakeNetwork.start(1);
    home = new FakeHome(network.plan);
    const notUp = (error: unknown) => error instanceof TestnetError && error.problems[0]?.code === "TN2005";
    await assert.rejects(verify(), notUp);
    for (const { name } of network.plan.daemons) home.record(name, { state: "stopped", identity: undefined });
    await assert.rejects(verify(), notUp);
  });

  it("Ctrl-C ends it at once", async () => {
    ({ network, home } = await running(3));
    network.nodes[0]!.execution.hang();
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const started = Date.now();
    await assert.rejects(verify({ signal: controller.signal }), Interrupted);
    assert.ok(Date.now() - started < 4500, "not only when the request's time is over");
  });
});

describe("the transfer", () => {
  let network: FakeNetwork;
  let home: FakeHome;
  let probe: TransferProbe;
  const step = async () => probe.step(await observeNodes(nodesOfPlan(network.plan)));

  beforeEach(async () => {
    network = await FakeNetwork.start(2);
    home = new FakeHome(network.plan);
    await home.makeKeys();
    const nodes = nodesOfPlan(network.plan);
    probe = new TransferProbe(nodes, loadSigner(network.plan, home.network.era(1)));
  });
  afterEach(async () => {
    await network.stop();
    home.dispose();
  });

  it("waits for the first blocks, is sent once, and arrives with the next block", async () => {
    assert.equal((await step()).state, "waiting");
    network.chain.advance();
    assert.equal((await step()).state, "sent");
    assert.equal((await step()).state, "sent");
    network.chain.advance();
    const { state, ...arrived } = await step();
    assert.equal(state, "received");
    assert.deepEqual(
      { ...arrived, hash: "" },
      { hash: "", from: "node-1", to: "node-2", block: 2, succeeded: true },
    );
    assert.equal(network.nodes[0]!.sent.length, 1);
  });

  it("is tried again where the node refuses it, and tells why", async () => {
    network.chain.advance();
    const { execution } = network.nodes[0]!;
    const healthy = execution.answer;
    execution.answer = (path, body) =>
      body.includes("eth_sendRawTransaction")
        ? { body: '{"error":{"message":"replacement transaction underpriced"}}' }
        : healthy(path, body);
    assert.deepEqual(await step(), {
      state: "waiting",
      reason: "node-1-geth: replacement transaction underpriced",
    });
    execution.answer = healthy;
    assert.equal((await step()).state, "sent");
  });

  it("that the node knows already counts as sent", async () => {
    network.chain.advance();
    const again = new TransferProbe(nodesOfPlan(network.plan), loadSigner(network.plan, home.network.era(1)));
    const observations = await observeNodes(nodesOfPlan(network.plan));
    const [first, second] = [await probe.step(observations), await again.step(observations)];
    assert.deepEqual(second, first);
    assert.equal(network.nodes[0]!.sent.length, 1);
  });
});
