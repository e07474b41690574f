import assert from "node:assert/strict";
import { TestNetwork } from "../support/network";

/** 2,125 epochs of 4 slots of 2 s. A chain that begins that long ago has slept ever since. */
const SLEPT_SECONDS = 17_000;
const SLEPT_EPOCHS = SLEPT_SECONDS / 2 / 4;

const SETTINGS = `
protocol: ethereum
nodes: [{ count: 3, validators: 8 }]
secondsPerSlot: 2
slotsPerEpoch: 4
genesisDelaySeconds: -${SLEPT_SECONDS}
ports: { from: 24500 }`;

interface Report {
  readonly ok: boolean;
  readonly checks: readonly { readonly name: string; readonly detail: string }[];
}

describe("a network that slept for over 2,000 epochs", function () {
  this.timeout("15m");
  const network = new TestNetwork("sleeper", SETTINGS);

  after(() => network.dispose());

  it("wakes up: blocks of every validator group, finality beyond the gap", async () => {
    const { status, stdout, stderr } = await network.run("up");
    assert.equal(status, 0, stderr + stdout);
    assert.match(stderr, /the chain stood; \d+ blocks? (was|were) made to wake it/);
    const { data } = await network.json<Report>("verify");
    assert.equal(data.ok, true, JSON.stringify(data));
    const finality = data.checks.find(({ name }) => name === "finality")?.detail ?? "";
    const epochs = [...finality.matchAll(/\d+/g)].map(([epoch]) => Number(epoch));
    assert.ok(epochs.length > 0 && Math.min(...epochs) > SLEPT_EPOCHS, finality);
  });

  it("has kept its stakes: nobody leaked or was ejected", async () => {
    const url = "http://127.0.0.1:24508/eth/v1/beacon/states/head/validators";
    const { data } = (await (await fetch(url)).json()) as { data: { status: string; balance: string }[] };
    assert.equal(data.length, 24);
    for (const { status, balance } of data) {
      assert.equal(status, "active_ongoing");
      assert.ok(Number(balance) > 31.9e9, `${balance} Gwei of 32e9`);
    }
  });

  it("is stopped and resumed like any other", async () => {
    assert.equal((await network.run("down", "--keep-data")).status, 0);
    const { status, stdout, stderr } = await network.run("up");
    assert.equal(status, 0, stderr + stdout);
  });
});
