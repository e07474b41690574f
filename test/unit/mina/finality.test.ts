import assert from "node:assert/strict";
import fc from "fast-check";
import type { ChainBlock } from "../../../protocols/mina/chain";
import { finalityMoves, type Frontier } from "../../../protocols/mina/finality";

const K = 10;

const block = (height: number, fork = ""): ChainBlock => ({
  ...{ height, slot: height * 2, hash: `3N${height}${fork}`, creator: "B62" },
});

/** A frontier from one height to another, on another chain from a height on. */
function frontier(daemon: string, root: number, tip: number, forkAt = Infinity): Frontier {
  const heights = Array.from({ length: tip - root + 1 }, (_, index) => root + index);
  const blocks = heights.map((height) => block(height, height >= forkAt ? "fork" : ""));
  return { daemon, blocks, problem: null };
}

/** What is found now, of daemons that held these roots first. */
function found(now: readonly Frontier[], first: Readonly<Record<string, number>>) {
  const roots = new Map(Object.entries(first).map(([daemon, height]) => [daemon, block(height)]));
  const { faults, undecided, seen } = finalityMoves(now, roots, K);
  const texts = (list: typeof faults) => list.map(({ daemon, text }) => `${daemon} ${text}`);
  return { faults: texts(faults), undecided: texts(undecided), seen };
}

describe("finality of a Mina chain", () => {
  it("moves where every daemon holds a later block final than before, all of one chain", () => {
    const { faults, undecided, seen } = found([frontier("a", 31, 41), frontier("b", 30, 40)], {
      a: 30,
      b: 29,
    });
    assert.deepEqual([faults, undecided], [[], []]);
    assert.equal(seen, "final block 30 to 31, now at 40 to 41, k is 10");
  });

  it("does not move where a root stays, and waits where nothing was heard before", () => {
    const now = [frontier("a", 31, 41), frontier("b", 30, 40)];
    assert.deepEqual(found(now, { a: 30, b: 30 }).faults, ["b final block 30, waiting for 31 or later"]);
    assert.equal(found(now, {}).faults.length, 2);
  });

  it("is not judged before k blocks stand on the one after genesis, and then it is", () => {
    for (const tip of [1, 5, K + 1]) {
      const { faults, undecided } = found([frontier("a", 1, tip)], { a: 1 });
      assert.deepEqual([faults, undecided], [[], ["a not final before block 12"]]);
    }
    const { faults, undecided } = found([frontier("a", 2, K + 2)], { a: 1 });
    assert.deepEqual([faults, undecided], [[], []]);
  });

  it("is broken where a root is held for too long, genesis included, or goes back", () => {
    assert.match(found([frontier("a", 1, K + 2)], { a: 1 }).faults[0] ?? "", /^a has 11 blocks on top/);
    assert.match(found([frontier("a", 30, 41)], { a: 29 }).faults[0] ?? "", /^a has 11 blocks on top/);
    assert.deepEqual(found([frontier("a", 30, 40)], { a: 33 }).faults, [
      "a went back from final block 33 to 30",
    ]);
  });

  it("is broken where two daemons hold different blocks final, of a young chain too", () => {
    const forked = [frontier("a", 31, 41), frontier("b", 31, 41, 31)];
    assert.deepEqual(found(forked, { a: 30, b: 30 }).faults, ["b has another block 31, final, than a"]);
    const genesis = [frontier("a", 1, 4), frontier("b", 1, 4, 1)];
    assert.deepEqual(found(genesis, { a: 1, b: 1 }).faults, ["b has another block 1, final, than a"]);
    const three = [frontier("a", 31, 41, 31), frontier("b", 31, 41), frontier("c", 30, 40)];
    assert.deepEqual(found(three, { a: 30, b: 30, c: 29 }).faults, ["a has another block 31, final, than b"]);
    const below = [frontier("a", 31, 41), frontier("b", 5, 15)];
    assert.deepEqual(found(below, { a: 30, b: 4 }).faults, [
      "b is below block 31, which is final for others",
    ]);
  });

  it("is the same for forks above what is final, wherever the daemons stand", () => {
    const lag = fc.integer({ min: 0, max: 3 });
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 500 }), lag, lag, (tip, behind, fork) => {
        const other = tip - behind;
        const now = [frontier("a", tip - K, tip), frontier("b", other - K, other, other - fork)];
        const { faults, undecided } = found(now, { a: tip - K - 1, b: other - K - 1 });
        assert.deepEqual([faults, undecided], [[], []]);
      }),
    );
  });

  it("fails for daemons that do not answer, or have no chain", () => {
    const silent: Frontier = { daemon: "b", blocks: [], problem: "connection refused" };
    const empty: Frontier = { daemon: "c", blocks: [], problem: null };
    assert.deepEqual(found([frontier("a", 31, 41), silent, empty], { a: 30 }).faults, [
      "b does not answer (connection refused)",
      "c has no chain",
    ]);
  });
});
