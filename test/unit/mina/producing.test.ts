import assert from "node:assert/strict";
import fc from "fast-check";
import { type BestChain, type ChainBlock, minaChainOf } from "../../../protocols/mina/chain";
import {
  blockChance,
  type KnownProducer,
  producersProduce,
  winChance,
} from "../../../protocols/mina/producing";
import { drawsThatTell } from "../../../protocols/silence";
import { planOf } from "./support";

const MINA = 1_000_000_000n;
const share = fc.double({ min: 1e-6, max: 1, noNaN: true });
const close = (left: number, right: number, tolerance = 1e-9) =>
  assert.ok(Math.abs(left - right) <= tolerance, `${left} is not ${right}`);

describe("the lots of Mina's slots", () => {
  it("are won as the consensus says: 1 − (1 − 3/4)^α", () => {
    for (const [alpha, chance] of [
      [0, 0],
      [1 / 100, 0.01376729550664078],
      [1 / 6, 0.2062994740159002],
      [1 / 2, 0.5],
      [1, 0.75],
    ] as const) {
      close(winChance(alpha), chance);
    }
  });

  it("do not depend on how stake is parted", () => {
    fc.assert(
      fc.property(share, fc.double({ min: 0, max: 1, noNaN: true }), (alpha, part) => {
        const [one, other] = [winChance(alpha * part), winChance(alpha * (1 - part))];
        close(1 - winChance(alpha), (1 - one) * (1 - other));
      }),
    );
  });

  it("give a producer at least the chance of a block that is told: exact for equal ones is 3/4 divided by their number", () => {
    close(blockChance(1), 0.75);
    for (const count of [2, 3, 6, 30, 1000]) {
      const [bound, exact] = [blockChance(1 / count), 0.75 / count];
      assert.ok(bound <= exact && bound > 0.95 * exact, `${count}: ${bound} of ${exact}`);
    }
  });

  it("are never told to give more blocks than slots that are won, and more stake has more of them", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 20 }), (stakes) => {
        const all = stakes.reduce((sum, stake) => sum + stake, 0);
        const chances = stakes.map((stake) => blockChance(stake / all));
        assert.ok(chances.reduce((sum, chance) => sum + chance, 0) <= 0.75 + 1e-9);
        const ordered = stakes
          .map((stake, index) => ({ stake, chance: chances[index] ?? 0 }))
          .sort((left, right) => left.stake - right.stake);
        ordered.forEach(({ chance }, index) => assert.ok(chance >= (ordered[index - 1]?.chance ?? 0)));
      }),
    );
  });

  it("tell after so many slots of silence that all together are that unlucky once in a thousand looks", () => {
    assert.deepEqual(
      [1, 2, 3, 6, 100].map((count) => drawsThatTell(blockChance(1 / count), count)),
      [5, 17, 29, 67, 1532],
    );
    fc.assert(
      fc.property(share, fc.integer({ min: 1, max: 100 }), (alpha, producers) => {
        const chance = blockChance(alpha);
        const draws = drawsThatTell(chance, producers);
        const unlucky = (times: number) => Math.exp(times * Math.log1p(-chance)) * producers;
        assert.ok(unlucky(draws) <= 0.001 * (1 + 1e-6));
        assert.ok(draws === 1 || unlucky(draws - 1) > 0.001 * (1 - 1e-6));
      }),
    );
    assert.equal(drawsThatTell(0, 1), Infinity);
  });
});

describe("who is expected to produce", () => {
  it("is told by the genesis of the plan: own stake and what is delegated, in nanomina; k as well", () => {
    const plan = planOf({
      blockProducers: { count: 3 },
      genesis: {
        ...{ k: 12, producerStakeMina: "100.5", stakedProducers: 2 },
        accounts: [
          { name: "whale", count: 1, balanceMina: "1000" },
          { name: "tester", balanceMina: "7", delegate: "self" },
        ],
      },
    });
    assert.deepEqual(minaChainOf(plan), {
      k: 12,
      producers: [
        { daemon: "block-producer-1", wallet: "block-producer-1-wallet", stakeNano: (11005n * MINA) / 10n },
        { daemon: "block-producer-2", wallet: "block-producer-2-wallet", stakeNano: (1005n * MINA) / 10n },
        { daemon: "block-producer-3", wallet: "block-producer-3-wallet", stakeNano: 0n },
      ],
    });
  });

  it("is not known where genesis is not of the plan", () => {
    const { daemons } = planOf({ blockProducers: { count: 1 } });
    assert.deepEqual(minaChainOf({ daemons, genesis: { files: [], runs: [], delaySeconds: 0 } }), {
      k: undefined,
      producers: [{ daemon: "block-producer-1", wallet: "block-producer-1-wallet", stakeNano: undefined }],
    });
  });
});

describe("block producers", () => {
  const producer = (name: string, stake = 1n): KnownProducer => ({
    ...{ daemon: name, wallet: `${name}-wallet`, publicKey: `B62${name}` },
    stakeNano: stake * MINA,
  });
  /** A block in every slot from 1, made by the producers named in turn, on top of genesis. */
  const chainOf = (creators: readonly string[], currency = 2n): BestChain => ({
    currencyNano: currency * MINA,
    blocks: ["", ...creators].map((creator, slot): ChainBlock => ({
      ...{ height: slot + 1, slot, hash: `3N${slot}` },
      creator: `B62${creator}`,
    })),
  });
  const times = (count: number, ...creators: string[]) =>
    Array.from({ length: count }, (_, index) => creators[index % creators.length] ?? "");
  const named = (faults: readonly { readonly daemon: string }[]) => faults.map(({ daemon }) => daemon);

  it("pass with a block each, and are counted", () => {
    const found = producersProduce([producer("a"), producer("b")], chainOf(times(20, "a", "b", "b")));
    assert.deepEqual([found.faults, found.undecided], [[], []]);
    assert.equal(found.seen, "of the last 20 blocks, in 20 slots: a 7, b 13");
  });

  it("fail by name when their silence is no chance any more, though they made blocks before", () => {
    const producers = [producer("a"), producer("b")];
    for (const before of [[], ["b"]]) {
      const found = producersProduce(producers, chainOf([...before, ...times(17, "a")]));
      assert.deepEqual([named(found.faults), found.undecided], [["b"], []]);
      assert.equal(
        found.faults[0]?.text,
        "made no block in the last 17 slots, and 17 are no bad luck any more",
      );
    }
  });

  it("may be unlucky in a short window: that is neither right nor wrong", () => {
    const found = producersProduce([producer("a"), producer("b")], chainOf(times(16, "a")));
    assert.deepEqual([found.faults, named(found.undecided)], [[], ["b"]]);
    assert.match(found.undecided[0]?.text ?? "", /^too few slots, 16 of the 17 that would tell$/);
  });

  it("are given slots by their stake, and by what others have earned since genesis", () => {
    const small = [producer("a", 99n), producer("b", 1n)];
    assert.deepEqual(named(producersProduce(small, chainOf(times(60, "a"), 100n)).undecided), ["b"]);
    const [a, b] = [producer("a"), producer("b")];
    const rich = producersProduce([a, b], chainOf(times(17, "a"), 3n));
    assert.deepEqual([rich.faults, named(rich.undecided)], [[], ["b"]]);
  });

  it("without stake of their own owe no block, and are counted all the same", () => {
    const found = producersProduce(
      [producer("a"), producer("late", 0n)],
      chainOf([...times(50, "a"), "late"]),
    );
    assert.deepEqual([found.faults, found.undecided], [[], []]);
    assert.match(found.seen, /a 50, late 1 without stake$/);
  });

  it("whose stake or key is not known are counted where they can be, and not judged", () => {
    const stranger = { ...producer("c"), publicKey: undefined };
    const found = producersProduce(
      [{ ...producer("a"), stakeNano: undefined }, stranger],
      chainOf(times(90, "a")),
    );
    assert.deepEqual(found.faults, []);
    assert.deepEqual(
      found.undecided.map(({ daemon, text }) => `${daemon} ${text}`),
      ["a its stake is not known", "c its public key is not in the keyring here"],
    );
    assert.match(found.seen, /a 90, c unknown$/);
  });

  it("are not blamed for a chain without blocks", () => {
    const found = producersProduce([producer("a")], { blocks: [], currencyNano: 0n });
    assert.deepEqual([found.faults, named(found.undecided)], [[], ["a"]]);
  });

  it("at work are blamed in one look of a thousand at most, by drawn lots", () => {
    // A generator of its own: the same draws in every run.
    let state = 42;
    const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const producers = ["a", "b", "c"].map((name) => producer(name));
    let blamed = 0;
    const looks = 3000;
    for (let index = 0; index < looks; index++) {
      const blocks: ChainBlock[] = [{ height: 1, slot: 0, hash: "g", creator: "" }];
      for (let slot = 1; slot <= 60; slot++) {
        const winners = producers.filter(() => random() < winChance(1 / 3));
        const creator = winners[Math.floor(random() * winners.length)]?.publicKey;
        if (creator !== undefined) blocks.push({ height: blocks.length + 1, slot, hash: `${slot}`, creator });
      }
      const { faults } = producersProduce(producers, { blocks, currencyNano: 3n * MINA });
      blamed += faults.length > 0 ? 1 : 0;
    }
    assert.ok(blamed <= 3 * (looks / 1000), `${blamed} of ${looks}`);
  });
});
