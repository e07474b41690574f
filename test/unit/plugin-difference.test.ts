import assert from "node:assert/strict";
import * as fc from "fast-check";
import { areEqual, differences, isWithin, topLevel } from "../../plugin/difference";
import { UNKNOWN } from "../../components/local/provider/handler";

describe("differences of inputs", () => {
  it("are named by the engine's property paths", () => {
    const old = { daemon: { args: ["--a", "1"], env: { "A.B": "x", OLD: "1" } }, era: 1 };
    const now = { daemon: { args: ["--a", "2", "--c"], env: { "A.B": "y" } }, era: 1 };
    assert.deepEqual(differences(old, now), [
      { path: "daemon.args[1]", kind: "update" },
      { path: "daemon.args[2]", kind: "add" },
      { path: 'daemon.env["A.B"]', kind: "update" },
      { path: "daemon.env.OLD", kind: "delete" },
    ]);
  });

  it("include what is not known yet", () => {
    assert.deepEqual(differences({ pids: { a: 1 } }, { pids: { a: UNKNOWN } }), [
      { path: "pids.a", kind: "update" },
    ]);
    assert.deepEqual(differences({ pids: { a: 1 } }, { pids: UNKNOWN }), [{ path: "pids", kind: "update" }]);
  });

  it("are none between a value and its copy, and some after any change of JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        assert.equal(areEqual(left, structuredClone(left)), true);
        // -0 is 0 in JSON, and so on the wire.
        const same = JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
        assert.equal(areEqual(onWire(left), onWire(right)), same);
      }),
    );
  });

  it("belong to an input, and to what lies above them", () => {
    assert.equal(topLevel("daemon.args[1]"), "daemon");
    assert.equal(topLevel("pids"), "pids");
    assert.equal(isWithin("daemon.args[1]", "daemon.args"), true);
    assert.equal(isWithin("daemon.argsMore", "daemon.args"), false);
  });
});

function onWire(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
