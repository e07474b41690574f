import assert from "node:assert/strict";
import { Clock } from "../../../simulator/cloud/clock";

describe("simulated time", () => {
  let clock: Clock;
  const start = (scale: number, lingerMs = 0) => (clock = new Clock({ scale, lingerMs }));
  afterEach(() => clock.stop());

  it("jumps from event to event, so that what runs side by side takes as long as the longest", async () => {
    start(Infinity);
    await Promise.all([clock.wait(540), clock.wait(10).then(() => clock.wait(120)), clock.wait(360)]);
    assert.ok(Math.abs(clock.now - 540) <= 1, String(clock.now));
  });

  it("stands still while work is done, however long that takes", async () => {
    start(Infinity);
    const waited = clock.wait(100);
    const release = clock.hold();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(clock.now, 0);
    const begun = clock.wait(30);
    release();
    await begun;
    assert.ok(Math.abs(clock.now - 30) <= 1, String(clock.now));
    await waited;
    assert.ok(Math.abs(clock.now - 100) <= 1, String(clock.now));
  });

  it("waits for the engine, which may begin something after every answer", async () => {
    start(Infinity, 20);
    const far = clock.wait(1000);
    await clock.wait(10);
    await new Promise((resolve) => setTimeout(resolve, 10));
    await clock.wait(50);
    assert.ok(clock.now < 65, String(clock.now));
    await far;
  });

  it("runs at its scale", async () => {
    start(1000);
    await clock.wait(50);
    assert.ok(clock.now >= 50 && clock.now < 1000, String(clock.now));
  });

  it("gives up waiting when aborted", async () => {
    start(1);
    const controller = new AbortController();
    const waited = clock.wait(1000, controller.signal);
    controller.abort();
    await assert.rejects(waited, /context canceled/);
  });
});
