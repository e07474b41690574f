import assert from "node:assert/strict";
import { EthereumWatch } from "../../../cli/clusters/ethereum-watch";
import type { ClusterCheck } from "../../../cli/clusters/judge";
import { portOf } from "../../../protocols/plan";
import { FakeNetwork } from "../../support/fake-ethereum";

/** The same questions as on this machine, and the same judge; what differs is that nobody waits for a group's turn. */
describe("validator groups of an Ethereum network in clusters", () => {
  let network: FakeNetwork;

  beforeEach(async () => {
    network = await FakeNetwork.start(3);
  });
  afterEach(() => network.stop());

  const proposals = async (plan = network.plan): Promise<ClusterCheck> => {
    const ways = {
      urlOf: (daemon: Parameters<typeof portOf>[0], port: string) =>
        Promise.resolve(`http://127.0.0.1:${portOf(daemon, port).number}`),
    };
    const watch = new EthereumWatch({ plan, ways, publicKeys: {}, genesisTime: 0 });
    await watch.look();
    const check = (await watch.checks()).find(({ name }) => name === "proposals");
    return check ?? assert.fail("no check of proposals");
  };

  it("pass when all propose, and are counted", async () => {
    network.chain.advance(40);
    const { state, detail } = await proposals();
    assert.equal(state, "ok");
    assert.match(detail, /^of the last 16 blocks node-1 \d+, node-2 \d+, node-3 \d+$/);
  });

  it("fail by name when one is silent for longer than bad luck", async () => {
    network.chain.proposerOf = (slot) => slot % 16;
    network.chain.advance(60);
    const { state, daemons, detail } = await proposals();
    assert.deepEqual([state, daemons], ["failed", ["node-3-validator"]]);
    assert.match(detail, /^node-3-validator: proposed none of the last 40 blocks; .*node-1 19, node-2 21/);
  });

  it("are not judged, and have not passed, while it may be bad luck", async () => {
    network.chain.proposerOf = (slot) => slot % 16;
    network.chain.advance(19);
    const { state, daemons, detail } = await proposals();
    assert.deepEqual([state, daemons], ["not judged", []]);
    assert.match(detail, /^not judged: node-3-validator: proposed none of the last 19 blocks/);
    network.chain.advance(1);
    assert.equal((await proposals()).state, "failed");
  });

  it("are seen past empty slots, as many as a silent group leaves", async () => {
    network.chain.proposerOf = (slot) => slot % 16;
    for (let slot = 0; slot <= 60; slot += 3) network.chain.missed.add(slot);
    network.chain.advance(60);
    assert.equal((await proposals()).state, "failed");
  });

  it("are not asked where there are none, as on a public chain", async () => {
    network.chain.advance(40);
    const plan = {
      ...network.plan,
      daemons: network.plan.daemons.filter(({ role }) => role !== "validator"),
      keys: network.plan.keys.filter(({ kind }) => kind !== "validators"),
    };
    const { state, detail } = await proposals(plan);
    assert.deepEqual([state, detail], ["not asked", "not asked: none of its nodes has validators"]);
  });
});
