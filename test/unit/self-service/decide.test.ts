import assert from "node:assert/strict";
import fc from "fast-check";
import { decide, DECISION_DEFAULTS } from "../../../cli/expiry/decide";
import type { StackSummary } from "../../../cli/list/summary";
import { NOON, summary } from "./stacks";

const at = (seconds: number) => new Date(NOON + seconds * 1000);
const verdict = (change: Partial<StackSummary>, seconds: number) =>
  decide([summary(change)], at(seconds))[0]!;

const summaries: fc.Arbitrary<StackSummary> = fc
  .record({
    kind: fc.constantFrom("environment", "network", "empty"),
    kept: fc.boolean(),
    protected: fc.boolean(),
    expires: fc.option(
      fc.integer({ min: -200_000, max: 200_000 }).map((seconds) => at(seconds).toISOString()),
      { nil: undefined },
    ),
    heldBy: fc.option(fc.constant({ who: "bob@there", since: "2026-03-01T11:00:00Z" }), { nil: undefined }),
    warned: fc.option(fc.constant("2026-03-01T12:00:00.000Z"), { nil: undefined }),
  })
  .map((change) => summary(change));

describe("what is done about a stack", () => {
  it("an expired network goes, once the clocks' difference cannot matter", () => {
    const { skewSeconds } = DECISION_DEFAULTS;
    assert.equal(verdict({}, skewSeconds - 1).action, "warn");
    assert.equal(verdict({}, skewSeconds).action, "reap");
  });

  it("kept, protected and held ones stay however long ago they ended", () => {
    const held = { heldBy: { who: "bob@there", since: "2026-03-01T11:00:00Z" } };
    for (const change of [{ kept: true }, { protected: true }, held, { kind: "environment" as const }]) {
      assert.equal(verdict(change, 1e6).action, "keep", JSON.stringify(change));
    }
    assert.match(verdict(held, 1e6).reason, /bob@there is changing it since/);
  });

  it("one that tells no end, or one that is no date, stays", () => {
    assert.equal(verdict({ expires: undefined }, 1e6).action, "keep");
    assert.equal(verdict({ expires: "soon" }, 1e6).action, "keep");
  });

  it("people are warned within the last hour, once for each end", () => {
    assert.equal(verdict({}, -3601).action, "keep");
    assert.equal(verdict({}, -3600).action, "warn");
    assert.equal(verdict({ warned: "2026-03-01T12:00:00.000Z" }, -60).action, "keep");
    assert.equal(verdict({ warned: "2026-03-01T09:00:00.000Z" }, -60).action, "warn");
  });

  it("nothing goes that is kept, protected, held, no network, or whose end is not surely past", () => {
    fc.assert(
      fc.property(fc.array(summaries), fc.integer({ min: -300_000, max: 300_000 }), (stacks, seconds) => {
        const decisions = decide(stacks, at(seconds));
        assert.equal(decisions.length, stacks.length);
        decisions.forEach((decision, index) => {
          if (decision.action !== "reap") return;
          const stack = stacks[index]!;
          assert.equal(stack.kind, "network");
          assert.ok(!stack.kept && !stack.protected && stack.heldBy === undefined);
          assert.ok(
            Date.parse(stack.expires!) + DECISION_DEFAULTS.skewSeconds * 1000 <= at(seconds).getTime(),
          );
        });
      }),
    );
  });

  it("a clock that is off by less than the margin takes nothing that a right clock would leave for long", () => {
    fc.assert(
      fc.property(fc.integer({ min: -299, max: 299 }), fc.integer({ min: 1, max: 1e6 }), (off, before) => {
        // Before its end by a right clock: never removed by one that is off.
        const action = decide([summary()], at(off - before))[0]!.action;
        assert.notEqual(action, "reap");
      }),
    );
  });
});
