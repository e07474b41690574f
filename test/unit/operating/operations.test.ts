import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { commandContext } from "../../../cli/context";
import { withProgress } from "../../../cli/engine/run";

describe("operations of the engine in one command", () => {
  it("leave nothing on the signal of the command, however many they are, and hear of it all the same", async () => {
    const command = new AbortController();
    const heard: number[] = [];
    for (let index = 0; index < 20; index += 1) {
      await withProgress(commandContext({}), command.signal, ({ signal }) => {
        // As the Automation API does for every process of the engine.
        signal.addEventListener("abort", () => heard.push(index));
        if (index === 19) command.abort(new Error("Ctrl-C"));
        return Promise.resolve();
      });
    }
    assert.equal(getEventListeners(command.signal, "abort").length, 0);
    assert.deepEqual(heard, [19], "the one that was under way");
  });
});
