import assert from "node:assert/strict";
import { TestnetError } from "../../../errors/problem";
import { decide, DECISION_DEFAULTS } from "../../../cli/expiry/decide";
import type { StackSummary } from "../../../cli/list/summary";
import { reapStacks, type Reaper } from "../../../cli/reap/reap";
import { secretsSettings } from "../../../cli/reap/destroy";
import { NOON, summary } from "./stacks";

const LATER = new Date(NOON + 3_600_000);

/** A backend in memory whose stacks another may change, and that removes what it is asked to. */
class World implements Reaper {
  readonly removed: string[] = [];
  constructor(
    readonly stacks: Map<string, StackSummary>,
    private readonly faults: Readonly<Record<string, Error>> = {},
  ) {}
  now = () => LATER;
  read = (stack: string) => Promise.resolve(this.stacks.get(stack));
  remove = (one: StackSummary) => {
    const fault = this.faults[one.stack];
    if (fault !== undefined) return Promise.reject(fault);
    this.removed.push(one.stack);
    this.stacks.delete(one.stack);
    return Promise.resolve();
  };
}

function world(names: readonly string[], faults: Readonly<Record<string, Error>> = {}) {
  return new World(new Map(names.map((stack) => [stack, summary({ stack })])), faults);
}

const run = (reaper: World, seen = [...reaper.stacks.values()]) =>
  reapStacks(decide(seen, LATER), seen, reaper, { options: DECISION_DEFAULTS });

describe("reaping", () => {
  it("one that fails does not keep the others; it is named and tried again", async () => {
    const broken = new TestnetError({ code: "TN2001", at: "seed-1", message: "the address is in use" });
    const reaper = world(["a", "b", "c"], { b: broken });
    const results = await run(reaper);
    assert.deepEqual(reaper.removed, ["a", "c"]);
    const [failed] = results.filter(({ result }) => result === "failed");
    assert.deepEqual(failed?.problems, [
      { code: "TN2036", at: "b seed-1", message: "the address is in use" },
    ]);
    assert.deepEqual(
      (await run(new World(reaper.stacks))).map(({ stack, result }) => [stack, result]),
      [["b", "removed"]],
    );
  });

  it("one that somebody extended, changed, removed or holds meanwhile is left, and it is said why", async () => {
    const reaper = world(["extended", "changed", "gone", "held", "locked"], {
      locked: new TestnetError({ code: "TN2003", message: "another run" }),
    });
    const seen = [...reaper.stacks.values()];
    reaper.stacks.set("extended", summary({ stack: "extended", expires: "2026-03-02T12:00:00.000Z" }));
    reaper.stacks.set("changed", summary({ stack: "changed", revision: "2" }));
    reaper.stacks.delete("gone");
    reaper.stacks.set("held", summary({ stack: "held", heldBy: { who: "bob@there", since: "now" } }));
    const results = await run(reaper, seen);
    assert.deepEqual(reaper.removed, []);
    assert.deepEqual(
      results.map(({ stack, result, reason }) => [stack, result, reason]),
      [
        ["extended", "left", "it changed meanwhile: its time is not over"],
        ["changed", "left", "somebody changed it meanwhile"],
        ["gone", "left", "it is gone already"],
        ["held", "left", "it changed meanwhile: bob@there is changing it since now"],
        ["locked", "left", "another run holds it"],
      ],
    );
  });

  it("an interruption ends it between two stacks; the next run takes the rest", async () => {
    const reaper = world(["a", "b"]);
    const seen = [...reaper.stacks.values()];
    const controller = new AbortController();
    const cut = reapStacks(decide(seen, LATER), seen, reaper, {
      options: DECISION_DEFAULTS,
      signal: controller.signal,
      onResult: () => controller.abort(new Error("Ctrl-C")),
    });
    await assert.rejects(cut, /Ctrl-C/);
    assert.deepEqual(reaper.removed, ["a"]);
    await run(reaper);
    assert.deepEqual(reaper.removed, ["a", "b"]);
  });

  it("a backend that fails half way costs that stack only", async () => {
    const reaper = world(["a", "b"]);
    const read = reaper.read;
    reaper.read = (stack) => (stack === "a" ? Promise.reject(new Error("503 slow down")) : read(stack));
    const results = await run(reaper);
    assert.deepEqual(reaper.removed, ["b"]);
    assert.deepEqual(results[0]?.problems, [{ code: "TN2035", at: "a", message: "503 slow down" }]);
  });

  it("a machine without the stack file opens the state's secrets by what the state tells", () => {
    const settings = (state: Record<string, unknown>) =>
      secretsSettings({ deployment: { secrets_providers: { type: "any", state } } });
    assert.deepEqual(settings({ salt: "v1:abc" }), { encryptionsalt: "v1:abc" });
    assert.deepEqual(settings({ url: "awskms://alias/x", encryptedkey: "abc" }), {
      secretsprovider: "awskms://alias/x",
      encryptedkey: "abc",
    });
  });
});
