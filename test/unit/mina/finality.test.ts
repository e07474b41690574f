import assert from "node:assert/strict";
import fc from "fast-check";
import { finalHeight, finalityMoves, type Frontier } from "../../../protocols/mina/finality";

const K = 10;

/** A daemon with that head, which has the hash `3N` at what is final for the foremost. */
const at = (daemon: string, tip: number, changes: Partial<Frontier> = {}): Frontier => ({
  ...{ daemon, tip, late: false, hash: "3N", problem: null },
  ...changes,
});

/** What is found now, of daemons that held these blocks final first. */
function found(now: readonly Frontier[], first: Readonly<Record<string, number>>) {
  const { faults, undecided, seen } = finalityMoves(now, new Map(Object.entries(first)), K);
  const texts = (list: typeof faults) => list.map(({ daemon, text }) => `${daemon} ${text}`);
  return { faults: texts(faults), undecided: texts(undecided), seen };
}

describe("finality of a Mina chain", () => {
  it("is k blocks below the head, and genesis before that", () => {
    assert.deepEqual(
      [1, K, K + 1, K + 2, 300].map((tip) => finalHeight(tip, K)),
      [1, 1, 1, 2, 290],
    );
  });

  it("moves where every daemon holds a later block final than before, all of one chain", () => {
    const { faults, undecided, seen } = found([at("a", 41), at("b", 40)], { a: 30, b: 29 });
    assert.deepEqual([faults, undecided], [[], []]);
    assert.equal(seen, "final block 30 to 31, now at 40 to 41, k is 10");
  });

  it("does not move where one stays, and waits where nothing was heard before", () => {
    const now = [at("a", 41), at("b", 40)];
    assert.deepEqual(found(now, { a: 30, b: 30 }).faults, ["b final block 30, waiting for 31 or later"]);
    assert.equal(found(now, {}).faults.length, 2);
    assert.deepEqual(found([at("a", 40)], { a: 33 }).faults, ["a final block 30, waiting for 34 or later"]);
  });

  it("is not judged before a block after genesis is final, and then it is", () => {
    for (const tip of [1, 5, K + 1]) {
      const { faults, undecided } = found([at("a", tip)], { a: 1 });
      assert.deepEqual([faults, undecided], [[], ["a not final before block 12"]]);
    }
    const { faults, undecided } = found([at("a", K + 2)], { a: 1 });
    assert.deepEqual([faults, undecided], [[], []]);
  });

  it("is broken where a daemon does not hold final what has k blocks on top of it", () => {
    assert.deepEqual(found([at("a", 41), at("b", 41, { late: true })], { a: 30, b: 30 }).faults, [
      "b does not hold block 31 final, and has 10 on top of it",
    ]);
  });

  it("is broken where two daemons hold different blocks final, of a young chain too", () => {
    const other = { hash: "3Nother" };
    const two = [at("a", 41), at("b", 41, other)];
    assert.deepEqual(found(two, { a: 30, b: 30 }).faults, ["b has another block 31, final, than a"]);
    const three = [at("a", 41, other), at("b", 41), at("c", 40)];
    assert.deepEqual(found(three, { a: 30, b: 30, c: 29 }).faults, ["a has another block 31, final, than b"]);
    const genesis = [at("a", 4), at("b", 4, other)];
    assert.deepEqual(found(genesis, { a: 1, b: 1 }).faults, ["b has another block 1, final, than a"]);
  });

  it("is broken where one is so far behind that it lacks what is final; one that has only genesis is young", () => {
    const behind = at("b", 25, { hash: undefined });
    assert.deepEqual(found([at("a", 41), behind], { a: 30, b: 14 }).faults, [
      "b is not above block 31, which is final for others",
    ]);
    const { faults, undecided } = found([at("a", 3), at("b", 1, { hash: undefined })], { a: 1, b: 1 });
    assert.deepEqual([faults, undecided.length], [[], 2]);
  });

  it("never passes unless every daemon holds a later block than before", () => {
    const height = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(fc.array(fc.tuple(height, height), { minLength: 1, maxLength: 5 }), (daemons) => {
        const now = daemons.map(([tip], index) => at(`d${index}`, tip));
        const first = Object.fromEntries(daemons.map(([, before], index) => [`d${index}`, before]));
        const { faults, undecided } = found(now, first);
        const moved = daemons.every(([tip, before]) => tip - K > before);
        assert.equal(faults.length === 0 && undecided.length === 0, moved);
      }),
    );
  });

  it("fails for daemons that do not answer, or have no chain", () => {
    const silent = at("b", 41, { tip: undefined, problem: "connection refused" });
    const empty = at("c", 41, { tip: undefined });
    assert.deepEqual(found([at("a", 41), silent, empty], { a: 30 }).faults, [
      "b does not tell what is final (connection refused)",
      "c has no chain",
    ]);
  });
});
