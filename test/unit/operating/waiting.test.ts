import assert from "node:assert/strict";
import { LockWait } from "../../../cli/engine/waiting";
import { Output } from "../../../cli/ui/output";
import type { Problem } from "../../../errors/problem";
import { runMain } from "../../support/cli";

const HELD: Problem = { code: "TN2003", message: "held by alice@desk (process 12)" };

/** Tells its words to a list, as a pipe or a CI job would read them. */
class Lines extends Output {
  readonly lines: string[] = [];
  override say(line: string): void {
    this.lines.push(line);
  }
  override get live(): boolean {
    return false;
  }
}

describe("waiting for a stack that another run holds", () => {
  it("is told once, then by a line a minute, and ends with what was found and how long it took", async () => {
    const out = new Lines(false);
    let now = 0;
    const sleep = (ms: number) => {
      now += ms;
      return Promise.resolve();
    };
    const context = { directory: ".", stack: "qa", home: ".", out };
    const wait = new LockWait(context, 180, { now: () => now, sleep });
    let tries = 0;
    const ended = async () => {
      for (; ; tries += 1) await wait.pause(HELD, new AbortController().signal);
    };
    await assert.rejects(ended, /TN2003 held by alice@desk \(process 12\); waited 3 min/);
    assert.equal(now, 180_000, "not a moment longer");
    assert.ok(tries < 20, `${tries} tries`);
    assert.deepEqual(out.lines, [
      "  qa is held by alice@desk (process 12)",
      "  waiting for it, 3 min at most; until then nothing is changed",
      "  waiting for qa: 61 s of 3 min",
      "  waiting for qa: 2 min of 3 min",
    ]);
  });

  it("looks once more at a stack that became free, as a `down` takes it away a moment later", async () => {
    const out = new Lines(false);
    const slept: number[] = [];
    const sleep = (ms: number) => Promise.resolve(void slept.push(ms));
    const wait = new LockWait({ directory: ".", stack: "qa", home: ".", out }, 180, { now: () => 0, sleep });
    const { signal } = new AbortController();
    assert.equal(await wait.mustLookAgain(signal), false, "it was free at once");
    await wait.pause(HELD, signal);
    assert.equal(await wait.mustLookAgain(signal), true);
    assert.equal(await wait.mustLookAgain(signal), false);
    assert.equal(slept.length, 2);
  });

  it("takes times as people write them, and refuses others before anything is done", async () => {
    for (const time of ["soon", "0 seconds", "10", "-1 minutes"]) {
      const { status, stderr } = await runMain("up", "no-such-stack", "--wait-for-lock", time);
      assert.equal(status, 2, time);
      assert.match(stderr, /TN1056 --wait-for-lock: .*\n +given: .*\n +allowed: .*90 seconds/, time);
    }
  });
});
