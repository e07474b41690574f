import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { CloudRecord } from "../../../simulator/cloud/record";
import { Store } from "../../../simulator/cloud/store";
import { temporaryDirectory } from "../../support/temporary";

describe("the store of the simulated clouds", () => {
  let temporary: ReturnType<typeof temporaryDirectory>;
  let file: string;
  beforeEach(() => {
    temporary = temporaryDirectory();
    file = path.join(temporary.path, "store");
  });
  afterEach(() => temporary.dispose());

  const record = (uid: string, id = uid): CloudRecord => ({
    ...{ uid, id, cloud: "aws", type: "t", urn: `urn::${uid}`, site: { account: "1", region: "r" } },
    ...{ inputs: {}, attributes: {}, drift: {}, facts: {}, phase: "active", claimed: true, revision: 0 },
    createdAt: 0,
  });
  const operation = {
    operation: "create",
    cloud: "aws",
    type: "t",
    urn: "u",
    name: "n",
    id: "",
    region: "r",
  } as const;

  it("is the same when it is opened again, without having been closed", () => {
    const store = new Store(file);
    store.put(record("a"));
    store.put(record("b"));
    store.put(record("a", "changed"));
    store.remove("b");
    const begun = store.begin({ ...operation, startedAt: 1 });
    store.end(begun, { endedAt: 2, result: "ok" });
    const again = new Store(file);
    assert.deepEqual(again.all(), [record("a", "changed")]);
    assert.deepEqual(again.operations(), [
      { ...operation, number: 1, startedAt: 1, endedAt: 2, result: "ok" },
    ]);
  });

  it("forgets a line that was only half written, and goes on behind it", () => {
    new Store(file).put(record("a"));
    fs.appendFileSync(file, '{"put":{"uid":"b');
    new Store(file).put(record("c"));
    assert.deepEqual(
      new Store(file).all().map(({ uid }) => uid),
      ["a", "c"],
    );
  });

  it("finds by account and region, in which ids may be the same", () => {
    const store = new Store(file);
    store.put(record("a", "x"));
    store.put({ ...record("b", "x"), site: { account: "1", region: "other" } });
    assert.equal(store.find("t", "x", { account: "1", region: "other" })?.uid, "b");
    assert.equal(store.find("t", "x", { account: "2", region: "r" }), undefined);
  });
});
