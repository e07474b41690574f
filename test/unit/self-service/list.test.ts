import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { readBackend } from "../../../cli/list/backend";
import { FileReader } from "../../../cli/list/file-reader";
import { listText } from "../../../cli/list/text";
import { summaryOf } from "../../../cli/list/summary";
import { temporaryDirectory } from "../../support/temporary";
import { NOON, state, summary } from "./stacks";

const OUTPUTS = {
  protocol: "mina",
  standsOn: "dev",
  owner: "alice",
  lifetime: { created: "2026-03-01T04:00:00.000Z", expires: "2026-03-01T12:00:00.000Z", kept: false },
  peerPorts: { from: 11_000, to: 11_030 },
};

const TAGGED = {
  inputs: {
    tags: { "testnet-stack": "alice", "testnet-owner": "ann", "testnet-expires": "2026-03-01t12-00z" },
  },
  created: "2026-03-01T04:01:00Z",
};

describe("what a state tells of a stack", () => {
  it("a network tells its outputs", () => {
    const { kind, environment, owner, protocol, expires, kept, health, peerPorts } = summaryOf(
      state("alice", OUTPUTS),
    );
    assert.deepEqual(
      { kind, environment, owner, protocol, expires, kept, health, peerPorts },
      {
        ...{
          kind: "network",
          environment: "dev",
          owner: "alice",
          protocol: "mina",
          kept: false,
          health: "up",
        },
        expires: OUTPUTS.lifetime.expires,
        peerPorts: OUTPUTS.peerPorts,
      },
    );
  });

  it("one whose first `up` failed tells no outputs: its tags are enough to end it", () => {
    const found = summaryOf(state("alice", {}, [TAGGED]));
    assert.deepEqual(
      [found.kind, found.owner, found.expires, found.created, found.health, found.kept],
      ["network", "ann", "2026-03-01T12:00:00.000Z", "2026-03-01T04:01:00Z", "incomplete", false],
    );
  });

  it("tags of another stack say nothing about this one", () => {
    const { owner, expires } = summaryOf(state("bob", {}, [TAGGED]));
    assert.deepEqual([owner, expires], [undefined, undefined]);
  });

  it("of two ends the later one holds, and `keep` over all", () => {
    const end = (deadline: string) =>
      summaryOf(state("alice", OUTPUTS, [{}], { tags: { "testnet:expires": deadline } }));
    assert.equal(end("2026-03-02T00:00:00.000Z").expires, "2026-03-02T00:00:00.000Z");
    assert.equal(end("2026-03-01T05:00:00.000Z").expires, OUTPUTS.lifetime.expires);
    assert.deepEqual([end("never").kept, end("never").expires], [true, undefined]);
    assert.equal(end("rubbish").expires, OUTPUTS.lifetime.expires);
  });

  it("is protected by its settings, or where the engine guards a part of it", () => {
    assert.equal(summaryOf(state("alice", OUTPUTS)).protected, false);
    assert.equal(summaryOf(state("alice", { ...OUTPUTS, protect: true })).protected, true);
    assert.equal(summaryOf(state("alice", OUTPUTS, [{ protect: true }])).protected, true);
  });

  it("an environment is known by its document, or by its clusters where it never told one", () => {
    const document = { environment: { owner: "ops", expires: "2026-12-31" } };
    const whole = summaryOf(state("dev", document));
    assert.deepEqual(
      [whole.kind, whole.owner, whole.expires],
      ["environment", "ops", "2027-01-01T00:00:00.000Z"],
    );
    assert.equal(summaryOf(state("dev", {}, [{ type: "testnet:aws:EksCluster" }])).kind, "environment");
  });

  it("a revision differs whenever the state or the end does", () => {
    const before = summaryOf(state("alice", OUTPUTS)).revision;
    const changed = [
      state("alice", OUTPUTS, [{}], { deployment: { manifest: { time: "2026-03-01T05:00:00Z" } } }),
      state("alice", OUTPUTS, [{}, {}]),
      state("alice", OUTPUTS, [{}], { tags: { "testnet:expires": "never" } }),
    ];
    for (const one of changed) assert.notEqual(summaryOf(one).revision, before);
  });

  it("a run that was cut short shows", () => {
    const cut = state("alice", OUTPUTS);
    const pending = [{ type: "creating", resource: { urn: "urn:x" } }];
    const deployment = { ...cut.deployment, pending_operations: pending };
    assert.equal(summaryOf({ ...cut, deployment }).health, "incomplete");
  });
});

describe("a backend of files", () => {
  const directory = temporaryDirectory();
  after(() => directory.dispose());
  const at = (...parts: string[]) => {
    const file = path.join(directory.path, ".pulumi", ...parts);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    return file;
  };
  const checkpoint = (stack: string) =>
    JSON.stringify({ version: 3, checkpoint: { stack, latest: state(stack, OUTPUTS).deployment } });

  it("is empty before the first stack", async () => {
    assert.deepEqual(await readBackend(new FileReader(directory.path)), { states: [], problems: [] });
  });

  it("gives all stacks, packed or not, with tags and who holds them; one that is broken costs itself only", async () => {
    fs.writeFileSync(at("stacks", "testnet", "alice.json"), checkpoint("alice"));
    fs.writeFileSync(at("stacks", "testnet", "alice.json.bak"), "old");
    fs.writeFileSync(at("stacks", "testnet", "alice.json.attrs"), "{}");
    fs.writeFileSync(
      at("stacks", "testnet", "alice.pulumi-tags"),
      '{"version":1,"tags":{"testnet:warned":"x"}}',
    );
    fs.writeFileSync(at("stacks", "testnet", "bob.json.gz"), gzipSync(checkpoint("bob")));
    fs.writeFileSync(at("stacks", "testnet", "broken.json"), '{"version":3,"check');
    fs.writeFileSync(at("stacks", "testnet", "new.json"), '{"version":3,"checkpoint":{"stack":"new"}}');
    const lock = { pid: 1, username: "carol", hostname: "laptop", timestamp: "2026-03-01T11:00:00Z" };
    fs.writeFileSync(at("locks", "organization", "testnet", "bob", "1.json"), JSON.stringify(lock));
    const { states, problems } = await readBackend(new FileReader(directory.path));
    const found = states.map(summaryOf);
    assert.deepEqual(
      found.map(({ stack, kind, warned, heldBy }) => [stack, kind, warned, heldBy?.who]),
      [
        ["alice", "network", "x", undefined],
        ["bob", "network", undefined, "carol@laptop"],
        ["new", "empty", undefined, undefined],
      ],
    );
    assert.deepEqual(
      problems.map(({ code, at: stack }) => [code, stack]),
      [["TN2035", "broken"]],
    );
  });
});

describe("the list for people", () => {
  const plain = { style: (_: unknown, text: string) => text };
  const listed = { dailyUsd: 12.5, daemons: undefined };
  it("tells age, time left, cost and who works at it", () => {
    const stacks = [
      { ...summary(), ...listed },
      { ...summary({ stack: "late", expires: "2026-03-01T10:00:00.000Z" }), ...listed },
      { ...summary({ stack: "kept", kept: true, expires: undefined }), ...listed, dailyUsd: undefined },
      {
        ...summary({ stack: "busy", heldBy: { who: "bob@there", since: "2026-03-01T11:00:00Z" } }),
        ...listed,
      },
    ];
    const lines = listText(stacks, new Date(NOON - 3_600_000), plain).split("\n");
    assert.match(lines[1]!, /^alice +ethereum +dev +alice +7 h +1 h +\$12\.50 +up$/);
    assert.match(lines[2]!, /^late .*expired 1 h ago/);
    assert.match(lines[3]!, /^kept .* kept +up$/);
    assert.match(lines[4]!, /changed by bob@there since 2026-03-01 11:00$/);
  });

  it("tells how to begin where there is nothing", () => {
    assert.match(listText([], new Date(NOON), plain), /testnet new NAME/);
  });
});
