import assert from "node:assert/strict";
import { bestChain, GRAPHQL, minaState, parentAt } from "../../../cli/clusters/mina-answers";
import { MinaWatch } from "../../../cli/clusters/mina-watch";
import type { ClusterCheck } from "../../../cli/clusters/judge";
import type { ChainBlock } from "../../../protocols/mina/chain";
import type { Daemon } from "../../../protocols/plan";
import { FakeMina } from "../../support/fake-mina";
import { FakeServer } from "../../support/fake-server";
import { planOf } from "../mina/support";

const K = 40;
const PRODUCERS = ["block-producer-1", "block-producer-2"];

const plan = planOf({
  blockProducers: { count: 3 },
  genesis: { ...{ k: K, stakedProducers: 2, producerStakeMina: "1000" } },
});
const publicKeys = Object.fromEntries(
  [...PRODUCERS, "block-producer-3"].map((name) => [`public-key ${name}-wallet`, `B62${name}`]),
);

/** A chain with a block in every slot from genesis, made in turn by those named. */
function chainOf(length: number, makers: readonly string[] = PRODUCERS): ChainBlock[] {
  return Array.from({ length }, (_, slot) => ({
    ...{ height: slot + 1, slot, hash: `3N${slot}` },
    creator: `B62${makers[slot % makers.length] ?? ""}`,
  }));
}

/** The watch asks real HTTP servers; only the way through the API server is left out. */
describe("a Mina network in clusters is asked by GraphQL", () => {
  const daemons = new Map<string, { readonly mina: FakeMina; readonly server: FakeServer }>();
  const minas = () => [...daemons.values()].map(({ mina }) => mina);
  const mina = (name: string) => daemons.get(name)?.mina ?? assert.fail(`no ${name}`);

  beforeEach(async () => {
    for (const { name, ports } of plan.daemons) {
      if (!ports.some((port) => port.name === GRAPHQL)) continue;
      const fake = new FakeMina();
      fake.currencyNano = 2000n * 1_000_000_000n;
      daemons.set(name, { mina: fake, server: await FakeServer.start(fake.answer) });
    }
  });
  afterEach(async () => {
    for (const { server } of daemons.values()) await server.stop();
    daemons.clear();
  });

  /** Every daemon has that chain, as far as its frontier goes. */
  const hold = (blocks: readonly ChainBlock[]) => {
    for (const fake of minas()) fake.blocks = blocks.slice(-(K + 1));
  };
  const watchOf = (changes: Partial<ConstructorParameters<typeof MinaWatch>[0]> = {}) => {
    const ways = { urlOf: ({ name }: Daemon) => Promise.resolve(daemons.get(name)?.server.url) };
    return new MinaWatch({ ...{ plan, ways, publicKeys, genesisTime: 0 }, ...changes });
  };
  const look = async (watch: MinaWatch): Promise<Record<string, ClusterCheck>> => {
    await watch.look();
    return Object.fromEntries((await watch.checks()).map((check) => [check.name, check]));
  };
  const states = (checks: Record<string, ClusterCheck>) =>
    Object.fromEntries(Object.values(checks).map(({ name, state }) => [name, state]));

  it("and every check holds when the chain moves", async () => {
    const watch = watchOf();
    hold(chainOf(100));
    assert.equal((await look(watch))["finality"]?.state, "failed");
    hold(chainOf(101));
    const checks = await look(watch);
    assert.deepEqual(states(checks), {
      ...{ "heads-advance": "ok", "heads-agree": "ok", finality: "ok", proposals: "ok", peers: "ok" },
    });
    assert.equal(checks["finality"]?.detail, "final block 61, now at 101, k is 40");
    assert.equal(
      checks["proposals"]?.detail,
      "of the last 40 blocks, in 40 slots: block-producer-1 20, block-producer-2 20, block-producer-3 0 without stake",
    );
  });

  it("and a producer that is silent for too long fails by name, one that may be unlucky does not", async () => {
    const watch = watchOf();
    hold([...chainOf(84), ...chainOf(101, ["block-producer-1"]).slice(84)]);
    const silent = (await look(watch))["proposals"];
    assert.deepEqual([silent?.state, silent?.daemons], ["failed", ["block-producer-2"]]);
    assert.match(
      silent?.detail ?? "",
      /block-producer-2: made no block in the last 17 slots.*block-producer-1 28/,
    );
    hold(chainOf(10, ["block-producer-1"]));
    const unlucky = (await look(watch))["proposals"];
    assert.deepEqual([unlucky?.state, unlucky?.daemons], ["not judged", []]);
    assert.match(unlucky?.detail ?? "", /^not judged: block-producer-2: too few slots, 9 of the 17/);
  });

  it("and what is young is not judged, where another genesis fails", async () => {
    const watch = watchOf();
    hold(chainOf(20));
    const young = await look(watch);
    assert.deepEqual([young["finality"]?.state, young["proposals"]?.state], ["not judged", "ok"]);
    assert.match(
      young["finality"]?.detail ?? "",
      /: not final before block 42; final block 1, now at 20, k is 40$/,
    );
    mina("seed-1").blocks = chainOf(20).map((block) => ({ ...block, hash: `${block.hash}x` }));
    const other = (await look(watch))["finality"];
    assert.deepEqual([other?.state, other?.daemons], ["failed", ["seed-1"]]);
  });

  it("and daemons that hold different blocks final, or stay at one, fail", async () => {
    const watch = watchOf();
    hold(chainOf(100));
    await look(watch);
    hold(chainOf(102));
    mina("block-producer-1").blocks = chainOf(102)
      .slice(-(K + 1))
      .map((block) => ({ ...block, hash: `${block.hash}x` }));
    mina("block-producer-2").blocks = chainOf(102).slice(-(K + 3));
    const finality = (await look(watch))["finality"];
    assert.equal(finality?.state, "failed");
    assert.match(finality.detail, /another block 62, final/);
    assert.match(finality.detail, /block-producer-2: does not hold block 62 final, and has 40 on top of it/);
  });

  it("and the whole chain of one daemon only, never a producer, and again only when its head has moved", async () => {
    const watch = watchOf();
    hold(chainOf(100));
    await look(watch);
    await look(watch);
    const long = () => minas().flatMap(({ lengths }) => lengths.filter((length) => length === K + 1));
    assert.deepEqual([long().length, mina("seed-1").lengths.includes(K + 1)], [1, true]);
    hold(chainOf(101));
    await look(watch);
    assert.equal(long().length, 2);
  });

  it("and one whose chain moves on between two questions is asked again", async () => {
    const watch = watchOf();
    hold(chainOf(100));
    await look(watch);
    hold(chainOf(101));
    await watch.look();
    hold(chainOf(102));
    const [, , raced] = await watch.checks();
    assert.equal(raced?.state, "failed");
    assert.match(raced.detail, /does not tell what is final \(its chain has no block 62, or has moved on\)/);
    assert.equal((await look(watch))["finality"]?.state, "ok");
  });

  it("and where genesis or the keyring are not ours it says what it could not judge", async () => {
    hold(chainOf(100));
    const joined = { ...plan, genesis: { ...plan.genesis, files: [] } };
    const foreign = await look(watchOf({ plan: joined }));
    assert.deepEqual([foreign["finality"]?.state, foreign["proposals"]?.state], ["not asked", "not judged"]);
    assert.match(foreign["proposals"]?.detail ?? "", /its stake is not known; .*block-producer-1 20/);
    const nameless = (await look(watchOf({ publicKeys: {} })))["proposals"];
    assert.equal(nameless?.state, "not judged");
    assert.match(nameless.detail, /its public key is not in the keyring here/);
  });

  it("and daemons without a chain, or that nobody reaches, tell of none", async () => {
    for (const fake of minas()) fake.blocks = undefined;
    const checks = await look(watchOf());
    assert.deepEqual(states(checks), {
      ...{ "heads-advance": "failed", "heads-agree": "failed", finality: "failed" },
      ...{ proposals: "not asked", peers: "failed" },
    });
    const unreached = await look(watchOf({ ways: { urlOf: () => Promise.resolve(undefined) } }));
    assert.match(
      unreached["finality"]?.detail ?? "",
      /does not tell what is final \(it has no pod that can be asked\)/,
    );
  });

  it("and the answers are read by Mina's types; its errors are told in its words", async () => {
    const { mina: fake, server } = daemons.get("seed-1") ?? assert.fail();
    fake.blocks = chainOf(3);
    assert.deepEqual(await bestChain(server.url, 2), {
      ok: true,
      value: { currencyNano: fake.currencyNano, blocks: chainOf(3).slice(1) },
    });
    const state = await minaState(server.url);
    assert.deepEqual(
      state.ok && state.value.blocks,
      chainOf(3).map(({ height, hash }) => ({ height, hash })),
    );
    assert.deepEqual(
      [await parentAt(server.url, 2), await parentAt(server.url, 1)],
      [
        { ok: true, value: "3N0" },
        { ok: true, value: undefined },
      ],
    );
    fake.blocks = undefined;
    assert.deepEqual(await bestChain(server.url, 2), {
      ...{ ok: false, reason: "Could not obtain best chain from transition frontier" },
    });
    server.answer = () => ({ body: '{"data":{"bestChain":[{"stateHash":7}],"tip":[]}}' });
    assert.deepEqual(
      [(await bestChain(server.url, 2)).ok, (await parentAt(server.url, 2)).ok],
      [false, false],
    );
    server.answer = () => ({ status: 500, body: "" });
    assert.deepEqual(await bestChain(server.url, 2), { ok: false, reason: "HTTP 500" });
  });
});
