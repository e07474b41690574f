import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { NetworkPlan } from "../../protocols/plan";
import { loadStackConfig } from "../../stacks/config/file";
import { localPlacement, requireLocal } from "../../stacks/placement";
import { planNetwork } from "../../protocols/network";
import { runMain } from "../support/cli";
import { FakeHome } from "../support/fake-home";
import { eventually } from "../support/local";
import { ROOT } from "../support/network";
import { temporaryDirectory } from "../support/temporary";

/** The commands as a person runs them, on a network whose daemons run but do not answer: the ports are nobody's. */
describe("the commands that look on", function () {
  this.timeout(60_000);
  const stacks = temporaryDirectory();
  let home: FakeHome;
  let plan: NetworkPlan;
  let before: string | undefined;

  beforeEach(() => {
    fs.writeFileSync(
      path.join(stacks.path, "Pulumi.qa.yaml"),
      `config:
  testnet:environment: local
  testnet:network: { protocol: ethereum, nodes: [{ count: 2 }], slotsPerEpoch: 4, ports: { from: 48700 } }
`,
    );
    const config = loadStackConfig(stacks.path, "qa");
    requireLocal(config);
    const settings = config.network;
    plan = planNetwork(settings, localPlacement("/nowhere", "qa", settings));
    home = new FakeHome(plan);
    before = process.env["TESTNET_HOME"];
    process.env["TESTNET_HOME"] = home.path;
  });
  afterEach(() => {
    if (before === undefined) delete process.env["TESTNET_HOME"];
    else process.env["TESTNET_HOME"] = before;
    home.dispose();
  });
  after(() => stacks.dispose());

  const testnet = (...argv: string[]) => runMain("-C", stacks.path, ...argv);

  /** A child as a shell starts it; Ctrl-C is a SIGINT. */
  function start(...argv: string[]): { child: ChildProcess; output: () => string; ended: Promise<unknown> } {
    const cli = path.join(ROOT, "cli/testnet.js");
    const child = spawn(process.execPath, [cli, "-C", stacks.path, ...argv], {
      env: { ...process.env, TESTNET_HOME: home.path },
    });
    let written = "";
    child.stdout.on("data", (piece: Buffer) => (written += piece.toString("utf8")));
    return { child, output: () => written, ended: new Promise((resolve) => child.once("exit", resolve)) };
  }

  it("say that a network is not up, with TN2005 and exit 1", async () => {
    for (const argv of [["status"], ["verify"], ["peers"], ["logs", "node-1-geth"]]) {
      const { status, stdout, stderr } = await testnet(...argv, "qa");
      assert.deepEqual([status, stdout], [1, ""], argv.join(" "));
      assert.match(stderr, /^TN2005 qa: .*\n.*to do: +Bring it up with `testnet up qa`\./);
    }
  });

  it("status --json is the data, and exits with 1 when a daemon is dead", async () => {
    home.start();
    const { status, stdout } = await testnet("status", "qa", "--json");
    interface Data {
      ok: boolean;
      daemons: { alive: boolean; problem: string | null }[];
    }
    const { ok, daemons } = JSON.parse(stdout) as Data;
    assert.deepEqual([status, ok, daemons.length], [0, true, plan.daemons.length]);
    assert.equal(daemons[0]?.problem, "connection refused");
    home.kill("node-2-prysm");
    assert.equal((await testnet("status", "qa")).status, 1);
  });

  it("verify --json is a report that is not ok, with exit 1 and TN3001 for the person", async () => {
    home.start();
    const { status, stdout, stderr } = await testnet("verify", "qa", "--json", "--timeout", "1");
    const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: { name: string; ok: boolean }[] };
    assert.deepEqual([status, ok, checks[0]], [1, false, { ...checks[0], name: "daemons", ok: true }]);
    assert.match(stderr, /TN3001 qa: 6 of 7 checks do not hold: heads-advance/);
  });

  it("peers tells the clients that are silent, and exits with 1", async () => {
    home.start();
    const { status, stdout } = await testnet("peers", "qa");
    assert.equal(status, 1);
    assert.match(stdout, /node-1-geth does not answer: connection refused/);
  });

  it("logs prints the last lines, as words and as JSON", async () => {
    home.start();
    const log = home.network.log("node-1-geth");
    fs.writeFileSync(log, "one\ntwo\nthree\n");
    assert.equal((await testnet("logs", "node-1-geth", "qa", "-n", "2")).stdout, "two\nthree\n");
    const { stdout } = await testnet("logs", "node-1-geth", "qa", "-n", "2", "--json");
    assert.deepEqual(JSON.parse(stdout), { daemon: "node-1-geth", log, lines: ["two", "three"] });
  });

  it("logs of a daemon the network does not have: TN1015, all names, and the one that was meant", async () => {
    home.start();
    const { status, stderr } = await testnet("logs", "node1-geth", "qa");
    assert.equal(status, 2);
    assert.match(stderr, /^TN1015 /);
    for (const { name } of plan.daemons) assert.ok(stderr.includes(name), name);
    assert.match(stderr, /Did you mean node-1-geth\?/);
  });

  it("logs -f follows until Ctrl-C, and ends with 130", async () => {
    home.start();
    const { child, output, ended } = start("logs", "node-1-geth", "qa", "-f");
    await eventually("the log is shown", () => output() === "node-1-geth began\n");
    fs.appendFileSync(home.network.log("node-1-geth"), "and went on\n");
    await eventually("the new line is shown", () => output().endsWith("and went on\n"));
    child.kill("SIGINT");
    assert.equal(await ended, 130);
  });

  it("status --watch writes a line for each look where there is no terminal, until Ctrl-C", async () => {
    home.start();
    const { child, output, ended } = start("status", "qa", "--watch", "--interval", "0.1");
    await eventually("two looks", () => output().split("\n").length > 2);
    child.kill("SIGINT");
    assert.equal(await ended, 130);
    for (const line of output().trimEnd().split("\n")) {
      assert.match(
        line,
        /^\d{4}-\S+Z qa era 1: 6 of 6 daemons run, block -, .*, node-1-geth does not answer/,
      );
    }
  });

  it("status --watch --json writes one document a line, and a reader may go away", async () => {
    home.start();
    const { child, output, ended } = start("status", "qa", "--watch", "--json", "--interval", "0.1");
    await eventually("two looks", () => output().split("\n").length > 2);
    const [first] = output().split("\n");
    assert.equal((JSON.parse(first!) as { network: string }).network, "qa");
    child.stdout?.destroy();
    assert.equal(await ended, 0);
  });

  it("verify ended by Ctrl-C exits with 130", async () => {
    home.start();
    const { child, ended } = start("verify", "qa");
    let told = "";
    child.stderr?.on("data", (piece: Buffer) => (told += piece.toString("utf8")));
    await eventually("it waits", () => told.includes("awaiting"));
    child.kill("SIGINT");
    assert.equal(await ended, 130);
  });
});
