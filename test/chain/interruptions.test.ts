import assert from "node:assert/strict";
import { eventually, finish, TestNetwork } from "../support/network";

/** Interruptions of `up` with real clients: whatever moment is hit, the next command mends it and nothing is orphaned. */
const SETTINGS = `
protocol: ethereum
nodes: [{ count: 1, validators: 8 }]
secondsPerSlot: 2
slotsPerEpoch: 4`;

const DAEMONS = ["node-1-geth", "node-1-prysm", "node-1-validator"];

describe("interruptions of up", function () {
  this.timeout("4m");

  /** Each is a moment of `up`: which records are there when it is hit. */
  for (const moment of DAEMONS) {
    it(`kill -9 of the CLI and all it started when ${moment} begins: up again converges`, async () => {
      const network = new TestNetwork("killed", `${SETTINGS}\nports: { from: 25000 }`);
      try {
        const up = network.start("up", "--no-wait");
        const ended = finish(up);
        await eventually(`${moment} is started`, 90, () => network.record(moment) !== undefined);
        // The group: CLI, engine and provider at once, the worst case. Daemons are in sessions of their own.
        process.kill(-up.pid!, "SIGKILL");
        await ended;
        const again = await network.run("up", "--no-wait");
        assert.equal(again.status, 0, again.stderr);
        const pids = network.pids();
        assert.deepEqual(Object.keys(pids).sort(), DAEMONS);
        assert.deepEqual(
          network.processes().sort(),
          Object.values(pids).sort(),
          "no process but the recorded ones",
        );
        assert.match((await network.run("up", "--no-wait")).stderr, /nothing to change/);
      } finally {
        await network.dispose();
      }
    });
  }

  it("Ctrl-C during up ends with 130 and leaves a state that down clears", async () => {
    const network = new TestNetwork("interrupted", `${SETTINGS}\nports: { from: 25000 }`);
    try {
      const up = network.start("up", "--no-wait");
      const ended = finish(up);
      await eventually("Prysm is started", 90, () => network.record("node-1-prysm") !== undefined);
      process.kill(up.pid!, "SIGINT");
      const { status, stderr } = await ended;
      assert.equal(status, 130, stderr);
      assert.match(stderr, /testnet down interrupted. clears/);
      const down = await network.run("down");
      assert.equal(down.status, 0, down.stderr);
      assert.deepEqual(network.processes(), []);
    } finally {
      await network.dispose();
    }
  });

  it("two networks run side by side on ports of their own", async () => {
    const one = new TestNetwork("one", SETTINGS);
    const two = new TestNetwork("two", SETTINGS, { TESTNET_HOME: one.home });
    try {
      for (const network of [one, two]) {
        const { status, stderr } = await network.run("up", "--no-wait");
        assert.equal(status, 0, stderr);
      }
      const rpcOf = async (network: TestNetwork) => {
        const { data } = await network.json<{ daemons: { ports: { name: string; number: number }[] }[] }>(
          "plan",
        );
        return data.daemons[0]?.ports.find((port) => port.name === "rpc")?.number;
      };
      const [first, second] = [await rpcOf(one), await rpcOf(two)];
      assert.notEqual(first, second);
      assert.equal((await two.run("down", "--yes")).status, 0);
      assert.match((await one.run("up", "--no-wait")).stderr, /nothing to change/, "the other is untouched");
    } finally {
      await two.dispose();
      await one.dispose();
    }
  });
});
