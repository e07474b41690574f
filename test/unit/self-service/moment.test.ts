import assert from "node:assert/strict";
import { created, momentOf } from "../../../stacks/config/lifetime";

describe("the moment of creation, as the engine hands it on", () => {
  it("is the one of the stack file, with and without quotes", () => {
    for (const text of ["2026-11-21T16:51:59.84Z", "2026-11-21 16:51:59.84 +0000 UTC"]) {
      assert.equal(momentOf(text), "2026-11-21T16:51:59.84Z");
    }
    assert.equal(momentOf("2026-11-21 16:51:59 +0000 UTC"), "2026-11-21T16:51:59Z");
    assert.equal(momentOf(undefined), undefined);
  });

  it("stays what it is where it is none: the schema tells", () => {
    assert.equal(momentOf("yesterday"), "yesterday");
    assert.equal(created.safeParse(momentOf("yesterday")).success, false);
    assert.equal(created.safeParse(momentOf("2026-11-21 16:51:59 +0000 UTC")).success, true);
  });
});
