import * as assert from "node:assert/strict";
import { RehearsalWorld } from "./support/rehearsal-world";

/** That every create may fail once is shown by test/simulator/cloud/environment-faults.test.ts. */
describe("prod whose engine is killed", function () {
  this.timeout(1_200_000);
  let world: RehearsalWorld;

  before(async () => {
    world = await RehearsalWorld.start("prod", { protect: false });
  });
  after(() => world.close());

  it("converges with the next up, and destroy leaves nothing", async () => {
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
