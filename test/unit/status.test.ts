import assert from "node:assert/strict";
import { statusOf } from "../../cli/observe/status";
import { statusText, watchLine } from "../../cli/observe/status-text";
import { TestnetError } from "../../errors/problem";
import { fakeHash, FakeNetwork } from "../support/fake-ethereum";
import { FakeHome } from "../support/fake-home";

describe("status", () => {
  let network: FakeNetwork;
  let home: FakeHome;
  const status = () => statusOf(network.plan, home.network, { timeoutMs: 500 });

  beforeEach(async () => {
    network = await FakeNetwork.start(2);
    network.chain.advance(21);
    home = new FakeHome(network.plan);
    home.start();
  });
  afterEach(async () => {
    await network.stop();
    home.dispose();
  });

  it("tells of each daemon where it runs and how far it is", async () => {
    const { ok, summary, daemons } = await status();
    assert.equal(ok, true);
    const [execution, consensus, validator] = daemons;
    const common = { node: "node-1", state: "running", alive: true, pid: process.pid, problem: null };
    const started = { startedAt: "2026-01-01T00:00:00.000Z" };
    assert.ok(execution?.memoryBytes !== undefined && (execution.memoryBytes ?? 0) > 1_000_000);
    assert.deepEqual(execution, {
      ...{ daemon: "node-1-geth", role: "execution", client: "geth", version: execution.version },
      ...{ ...common, ...started, height: 21, head: fakeHash("block", 21), finalizedEpoch: null, peers: 1 },
      memoryBytes: execution.memoryBytes,
      endpoint: network.nodes[0]!.execution.url,
      log: home.network.log("node-1-geth"),
    });
    assert.deepEqual(
      [consensus?.height, consensus?.head, consensus?.finalizedEpoch, consensus?.peers],
      [21, fakeHash("root", 21), 3, 1],
    );
    assert.deepEqual([validator?.alive, validator?.height, validator?.peers], [true, null, null]);
    const { memoryBytes, ...rest } = summary;
    assert.deepEqual(rest, { daemons: 6, running: 6, block: 21, slot: 21, finalizedEpoch: 3 });
    assert.ok(memoryBytes > execution.memoryBytes!);
  });

  it("is not ok when a daemon is dead, and takes no answer from whoever has its port now", async () => {
    home.kill("node-2-geth");
    const { ok, daemons } = await status();
    assert.equal(ok, false);
    const dead = daemons.find(({ daemon }) => daemon === "node-2-geth");
    assert.deepEqual(
      [dead?.state, dead?.alive, dead?.height, dead?.memoryBytes, dead?.problem],
      ["ended", false, null, null, null],
    );
  });

  it("a daemon that lives but does not answer is told as such", async () => {
    network.nodes[0]!.consensus.hang();
    const { ok, daemons } = await status();
    const silent = daemons.find(({ daemon }) => daemon === "node-1-prysm");
    assert.equal(ok, true);
    assert.deepEqual([silent?.alive, silent?.problem], [true, "no answer within 0.5 s"]);
  });

  it("shows a stopped network, and refuses one that never was", async () => {
    const stoppedRecord = { state: "stopped", identity: undefined } as const;
    network.plan.daemons.forEach(({ name }) => home.record(name, stoppedRecord));
    const stopped = await status();
    assert.deepEqual([stopped.ok, stopped.summary.running, stopped.summary.block], [false, 0, null]);
    home.dispose();
    await assert.rejects(
      status(),
      (error) => error instanceof TestnetError && error.problems[0]?.code === "TN2005",
    );
  });

  it("its words hold what the data holds, one row a daemon", async () => {
    home.kill("node-2-geth");
    network.nodes[0]!.consensus.hang();
    const report = await status();
    const lines = statusText(report).split("\n");
    for (const daemon of report.daemons) {
      const row = lines.find((line) => line.includes(` ${daemon.daemon} `));
      assert.ok(row, daemon.daemon);
      assert.ok(row.includes(daemon.endpoint), daemon.daemon);
      assert.ok(row.includes(daemon.alive ? "alive" : "dead"));
      assert.ok(row.trimEnd().endsWith(".log"));
    }
    assert.ok(lines.includes("node-1-prysm does not answer: no answer within 0.5 s"));
    assert.match(
      lines.at(-1)!,
      /^fake era 1: 5 of 6 daemons run, block 21, slot 21, finalized epoch 3, \d+ MB$/,
    );
    assert.match(watchLine(report), /, node-1-prysm does not answer, node-2-geth dead$/);
  });

  it("names the logs once where the terminal is too narrow for a column of them", async () => {
    const lines = statusText(await status(), 100).split("\n");
    assert.equal(lines.filter((line) => line.includes(".log")).length, 1);
    assert.ok(lines.some((line) => line.startsWith("logs: ") && line.endsWith("DAEMON.log")));
  });
});
