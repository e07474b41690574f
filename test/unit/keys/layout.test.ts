import assert from "node:assert/strict";
import { filesOf, groupsOf, layoutOf } from "../../../keys/layout";
import type { Service } from "../../../protocols/plan";
import { ref } from "../../../protocols/references";
import { MINA, ethereum, planOf, pod } from "./plans";

const summary = (plan = MINA) => layoutOf(plan).map(({ name, cluster, holds }) => ({ name, cluster, holds }));

describe("secrets of a network", () => {
  it("are one for each pod with just what its strings name, and one for each key that no pod is given", () => {
    assert.deepEqual(summary(), [
      { name: "seed-1", cluster: "use1", holds: ["seed-1-libp2p/key", "seed-1-libp2p/password"] },
      {
        name: "producer-1",
        cluster: "euw4",
        holds: [
          "producer-1-libp2p/key",
          "producer-1-libp2p/password",
          "producer-1-wallet/key",
          "producer-1-wallet/password",
        ],
      },
      { name: "key-fees", cluster: undefined, holds: ["fees"] },
      { name: "key-itn", cluster: undefined, holds: ["itn"] },
    ]);
  });

  it("keep the mnemonics in one that no pod is given", () => {
    const [first, ...others] = summary(ethereum(1));
    assert.deepEqual(first, {
      name: "network-mnemonic",
      cluster: undefined,
      holds: ["funded-mnemonic", "validators-mnemonic"],
    });
    assert.deepEqual(
      others.map(({ name, holds }) => [name, holds]),
      [
        ["node-1-geth", ["node-1-geth", "node-1-jwt"]],
        ["node-1-prysm", ["node-1-jwt", "node-1-prysm"]],
        ["node-1-validator", ["node-1-validator", "node-1-validator-password"]],
      ],
    );
  });

  it("daemons of one pod share its secret", () => {
    const plan = planOf({
      daemons: [
        pod("archive-1", [ref.secret("a/key")]),
        pod("archive-1-store", [ref.secretValue("a/password")], { pod: "archive-1" }),
      ],
      keys: [{ kind: "mina-libp2p", name: "a" }],
    });
    assert.deepEqual(summary(plan), [{ name: "archive-1", cluster: "use1", holds: ["a/key", "a/password"] }]);
  });

  it("environment, files and services count like arguments", () => {
    const service = {
      ...{ name: "faucet", cluster: "euw4", args: [], files: [] },
      env: { WALLET: ref.secretValue("funded/1") },
    } as unknown as Service;
    const daemon = { ...pod("d", []), files: [{ path: "f", content: ref.secret("jwt-1") }] };
    const plan = planOf({
      daemons: [daemon],
      services: [service],
      keys: [
        { kind: "jwt", name: "jwt-1" },
        { kind: "accounts", name: "funded", count: 2 },
      ],
    });
    assert.deepEqual(
      summary(plan).map(({ name, holds }) => [name, holds]),
      [
        ["network-mnemonic", ["funded-mnemonic"]],
        ["d", ["jwt-1"]],
        ["faucet", ["funded/1"]],
      ],
    );
  });

  it("a file that no key makes is a mistake of the plan", () => {
    const plan = planOf({ daemons: [pod("d", [ref.secret("nobody")])], keys: [] });
    assert.throws(() => layoutOf(plan), /no key of the plan makes the private file nobody/);
  });

  it("those that share a key are made together, and no others", () => {
    const groups = groupsOf(layoutOf(ethereum(2))).map((group) => group.map(({ name }) => name).sort());
    assert.deepEqual(groups, [
      ["network-mnemonic"],
      ["node-1-geth", "node-1-prysm"],
      ["node-1-validator"],
      ["node-2-geth", "node-2-prysm"],
      ["node-2-validator"],
    ]);
  });

  it("chains of shared keys are one group, whatever their order", () => {
    const keys = (["a", "b", "c"] as const).map((name) => ({ kind: "jwt", name }) as const);
    const plan = planOf({
      daemons: [
        pod("one", [ref.secret("a")]),
        pod("two", [ref.secret("c")]),
        pod("three", [ref.secret("a"), ref.secret("b")]),
        pod("four", [ref.secret("b"), ref.secret("c")]),
      ],
      keys,
    });
    const groups = groupsOf(layoutOf(plan));
    assert.equal(groups.length, 1);
    assert.deepEqual(groups[0]!.map(({ name }) => name).sort(), ["four", "one", "three", "two"]);
  });

  it("a reference names one file, or all below it, and none that only begins alike", () => {
    const files = { a: "1", "a/x": "2", "a/y/z": "3", "a-password": "4", ab: "5" };
    assert.deepEqual(Object.keys(filesOf("a", files)), ["a", "a/x", "a/y/z"]);
    assert.deepEqual(Object.keys(filesOf("a/y", files)), ["a/y/z"]);
    assert.deepEqual(Object.keys(filesOf("a-password", files)), ["a-password"]);
  });

  it("10,000 daemons are laid out in moments", function () {
    this.timeout(20_000);
    const plan = ethereum(3_334);
    assert.equal(groupsOf(layoutOf(plan)).length, 1 + 2 * 3_334);
  });
});
