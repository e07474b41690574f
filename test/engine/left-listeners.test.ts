import assert from "node:assert/strict";
import { ComponentResource } from "@pulumi/pulumi";
import { TestEngine } from "../support/engine";
import { listeners, removeListenersBut } from "../support/root-hooks";

/** Two of one name: the engine refuses the second, and ends before it has answered. */
class Twin extends ComponentResource {
  constructor() {
    super("testnet:test:Twin", "twin", {}, {});
    this.registerOutputs({});
  }
}

describe("listeners that Pulumi leaves when a run fails", function () {
  this.timeout("1m");
  let engine: TestEngine;
  before(async () => (engine = await TestEngine.start()));
  after(() => engine.dispose());

  it("are taken away, and those of others stay", async () => {
    const mine = () => undefined;
    process.on("unhandledRejection", mine);
    const known = listeners();
    engine.deploys(() => {
      new Twin();
      new Twin();
      return Promise.resolve();
    });
    await assert.rejects(engine.stack.up(engine.watched), /Duplicate resource URN/);
    assert.ok(
      listeners().size > known.size,
      "Pulumi mended it: test/support/root-hooks.ts is not needed any more",
    );
    removeListenersBut(known);
    assert.deepEqual(listeners(), known);
    process.off("unhandledRejection", mine);
  });
});
