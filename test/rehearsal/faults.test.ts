import * as assert from "node:assert/strict";
import { RehearsalWorld } from "./support/rehearsal-world";

/** Each resource fails on its first try; chains of resources need as many runs as they are long. */
const MOST_RUNS = 40;

describe("prod in clouds where things go wrong", function () {
  this.timeout(1_200_000);
  let world: RehearsalWorld;

  beforeEach(async () => {
    world = await RehearsalWorld.start("prod", { protect: false });
  });
  afterEach(() => world.close());

  it("converges though every create of it fails once, and destroy leaves nothing", async () => {
    await world.clouds.ask("arm", { faults: [{ operation: "create", firstTries: true }] });
    let runs = 0;
    const told = new Set<string>();
    for (let up = await world.up(); !up.ok; up = await world.up()) {
      runs += 1;
      assert.ok(runs < MOST_RUNS, `no end after ${runs} runs: ${up.problems[0]}`);
      assert.ok(up.problems.length > 0, "a failed run says what failed");
      // What cannot go on for want of another resource says so, too.
      for (const problem of up.problems.filter((one) => !one.includes("failed to register"))) {
        // It names its resource and has the cloud's words.
        assert.match(problem, /^[\w.-]+: \S/);
        told.add(problem.split(":")[0] ?? "");
      }
    }
    const failed = (await world.clouds.ask("operations")).filter(({ result }) => result === "failed");
    assert.deepEqual(
      [...new Set(failed.map(({ name }) => name))].filter((name) => !told.has(name)),
      [],
      "each failure was told",
    );
    assert.ok(failed.length > 100, `${failed.length} creates failed`);
    await world.clouds.ask("arm", { faults: [] });
    assert.deepEqual((await world.up()).changes, {});
    assert.equal((await world.destroy()).ok, true);
    assert.deepEqual(await world.leftovers(), []);
  });

  it("converges after the engine was killed in the middle, and destroy leaves nothing", async () => {
    const up = world.up();
    await world.until(async () => (await world.clouds.ask("resources")).length > 40);
    world.killEngine();
    assert.equal((await up).ok, false);
    await world.cancelLock();
    assert.equal((await world.up()).ok, true);
    assert.equal((await world.destroy()).ok, true);
    assert.deepEqual(await world.leftovers(), []);
  });
});
