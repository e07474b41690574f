import assert from "node:assert/strict";
import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import * as fc from "fast-check";
import { ChangeLog } from "../../../cli/preview/changes";
import type { PreviewChange } from "../../../cli/preview/record";
import { changeLines, losesSomething, summaryLine } from "../../../cli/preview/tell";

const CANARY = "canary-value-of-a-secret";

/** A step of the engine about one resource. */
function step(
  op: string,
  name: string,
  more: Partial<StepEventMetadata> & { custom?: boolean } = {},
): EngineEvent {
  const { custom = true, ...rest } = more;
  const flag = custom ? { custom } : {};
  const type = rest.type ?? "aws:ec2/eip:Eip";
  const urn = `urn:pulumi:qa::testnet::testnet:x:Y$${type}::${name}`;
  const state = {
    type,
    urn,
    ...flag,
    id: "",
    parent: "",
    inputs: { password: CANARY },
    outputs: {},
    provider: "",
  };
  const metadata = { op, urn, type, old: state, new: state, provider: "", ...rest } as StepEventMetadata;
  return { sequence: 0, timestamp: 0, resourcePreEvent: { metadata, planning: true } };
}

function found(...events: readonly EngineEvent[]): ChangeLog {
  const log = new ChangeLog();
  events.forEach((event) => log.onEvent(event));
  return log;
}

const short = ({ changes }: ChangeLog) => changes.map(({ operation, name }) => `${operation} ${name}`);

describe("the changes of a preview", () => {
  it("are named, deletions and replacements first", () => {
    const log = found(
      step("create", "d"),
      step("update", "c"),
      step("delete", "a"),
      step("same", "e"),
      step("create-replacement", "b"),
      step("replace", "b"),
      step("delete-replaced", "b"),
    );
    assert.deepEqual(short(log), ["delete a", "replace b", "update c", "create d"]);
    assert.equal(log.unchanged, 1);
  });

  it("are those of resources: not of the stack, of components, of providers, of a refresh", () => {
    const log = found(
      step("create", "stack", { type: "pulumi:pulumi:Stack" }),
      step("update", "provider", { type: "pulumi:providers:aws" }),
      step("create", "component", { custom: false }),
      step("refresh", "one"),
      step("read", "two"),
      step("same", "three", { custom: false }),
    );
    assert.deepEqual(log.changes, []);
    assert.equal(log.unchanged, 0);
  });

  it("have the paths that differ, those that force a replacement apart, and no value", () => {
    const detailedDiff = {
      "tags.Name": { diffKind: "update", inputDiff: true },
      vpcId: { diffKind: "update-replace", inputDiff: true },
    } as unknown as NonNullable<StepEventMetadata["detailedDiff"]>;
    const log = found(
      step("update", "a", { detailedDiff }),
      step("replace", "b", { detailedDiff, keys: ["vpcId"] }),
    );
    assert.deepEqual(
      log.changes.map(({ properties, replaceProperties }) => ({ properties, replaceProperties })),
      [
        { properties: ["tags.Name", "vpcId"], replaceProperties: ["vpcId"] },
        { properties: ["tags.Name", "vpcId"], replaceProperties: [] },
      ],
    );
    assert.doesNotMatch(JSON.stringify(log.changes), new RegExp(CANARY));
  });

  it("are told by keys where the engine gives no details", () => {
    const [change] = found(step("replace", "a", { keys: ["name"], diffs: ["name", "tags"] })).changes;
    assert.deepEqual([change?.properties, change?.replaceProperties], [["name", "tags"], ["name"]]);
  });

  it("are the same in whatever order the engine tells them", () => {
    const events = ["create", "update", "delete", "replace", "same"].flatMap((op) =>
      ["x", "y", "z"].map((name) => step(op, `${op}-${name}`)),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
        assert.deepEqual(found(...shuffled).changes, found(...events).changes);
      }),
    );
  });
});

describe("the changes of a preview in words", () => {
  const change = (
    operation: PreviewChange["operation"],
    name: string,
    more: Partial<PreviewChange> = {},
  ): PreviewChange => ({
    ...{
      operation,
      name,
      type: "aws:lb/listener:Listener",
      urn: `urn::${name}`,
      properties: [],
      replaceProperties: [],
    },
    ...more,
  });

  it("name first what is lost, and why", () => {
    const lines = changeLines([
      change("create", "new"),
      change("update", "old", { properties: ["a", "b", "c", "d", "e", "f"] }),
      change("replace", "seed", { properties: ["port", "tags"], replaceProperties: ["port"] }),
      change("delete", "gone"),
    ]);
    assert.deepEqual(lines, [
      { text: "  - delete  gone  aws:lb:Listener", lost: true },
      { text: "  ± REPLACE seed  aws:lb:Listener  because of port", lost: true },
      { text: "  ~ update  old  aws:lb:Listener  a, b, c, d, 2 more", lost: false },
      { text: "  + create  1 aws:lb:Listener", lost: false },
    ]);
  });

  it("of a thousand resources fit on some screens, and leave out no count", () => {
    const many = (operation: PreviewChange["operation"]) =>
      Array.from({ length: 1000 }, (_, index) => change(operation, `${operation}-${index}`));
    assert.equal(changeLines(many("create")).length, 1);
    for (const operation of ["update", "replace", "delete"] as const) {
      const lines = changeLines(many(operation));
      assert.ok(lines.length <= 101);
      const left = /(\d+) more/.exec(lines.at(-1)?.text ?? "")?.[1];
      assert.equal(lines.length - 1 + Number(left), 1000);
    }
  });

  it("are summed up in one line", () => {
    const record = { version: 1, stack: "qa", kind: "network", ok: true, unchanged: 3 } as const;
    const rest = { cost: undefined, policy: undefined, problems: [] };
    assert.equal(summaryLine({ ...record, ...rest, changes: [] }), "qa: nothing to change");
    const changes = [change("create", "a"), change("create", "b"), change("delete", "c")];
    assert.equal(summaryLine({ ...record, ...rest, changes }), "qa: 1 to delete, 2 to create");
    assert.equal(losesSomething({ changes }), true);
    assert.equal(losesSomething({ changes: changes.slice(0, 2) }), false);
  });
});
