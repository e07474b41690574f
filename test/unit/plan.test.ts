import assert from "node:assert/strict";
import fc from "fast-check";
import type { TestnetError } from "../../errors/problem";
import { planEthereum } from "../../protocols/ethereum/plan";
import { type EthereumNetwork, ethereumNetwork } from "../../protocols/ethereum/settings";
import { planNetwork, portsNeeded } from "../../protocols/network";
import type { NetworkPlan } from "../../protocols/plan";
import { refuseUnsound } from "../../protocols/refusals";
import { ref, references } from "../../protocols/references";
import { LOCAL_PLACEMENT } from "../support/local-placement";

function settings(overrides: object): EthereumNetwork {
  return ethereumNetwork.parse({
    protocol: "ethereum",
    nodes: [{ count: 3 }],
    slotsPerEpoch: 4,
    ...overrides,
  });
}

/** Pools of 1 to 6 nodes with 4 to 20 validators each, named p0, p1, … */
const pools = fc.array(
  fc.record({ count: fc.integer({ min: 1, max: 6 }), validators: fc.integer({ min: 4, max: 20 }) }),
  { minLength: 1, maxLength: 4 },
);
const named = (list: readonly object[]) => list.map((pool, index) => ({ name: `p${index}`, ...pool }));

describe("the plan of an Ethereum network", () => {
  it("gives every node an execution, a consensus and a validator client of its own", () => {
    const plan = planNetwork(settings({}), LOCAL_PLACEMENT);
    assert.deepEqual(
      plan.daemons.map((daemon) => daemon.name),
      ["node-1", "node-2", "node-3"].flatMap((node) => [
        `${node}-geth`,
        `${node}-prysm`,
        `${node}-validator`,
      ]),
    );
    for (const node of ["node-1", "node-2", "node-3"]) {
      const [execution, consensus, validator] = plan.daemons.filter((daemon) => daemon.node === node);
      assert.ok(execution && consensus && validator);
      const engine = execution.ports.find((port) => port.name === "engine")?.number;
      assert.ok(consensus.args.includes(`--execution-endpoint=http://127.0.0.1:${engine}`));
      const grpc = consensus.ports.find((port) => port.name === "grpc")?.number;
      assert.ok(validator.args.includes(`--beacon-rpc-provider=127.0.0.1:${grpc}`));
      assert.deepEqual(
        [consensus.after, validator.after],
        [[execution.name], [execution.name, consensus.name]],
      );
    }
  });

  it("leaves the validator client out where a pool has no validators", () => {
    const nodes = [{ count: 1 }, { name: "follower", count: 1, validators: 0 }];
    const plan = planNetwork(settings({ nodes }), LOCAL_PLACEMENT);
    assert.deepEqual(
      plan.daemons.filter((daemon) => daemon.role === "validator").map((daemon) => daemon.name),
      ["node-1-validator"],
    );
  });

  it("binds and advertises each port as the one number, and nothing beyond loopback", () => {
    for (const { ports, args, files } of planNetwork(settings({}), LOCAL_PLACEMENT).daemons) {
      const texts = [...args, ...files.flatMap((file) => file.content.split("\n"))];
      for (const { number } of ports) assert.ok(texts.some((text) => new RegExp(`${number}"?$`).test(text)));
      for (const argument of args.filter((text) => /^--[^=]*(addr|host|-ip)=/.test(text))) {
        assert.match(argument, /=127\.0\.0\.1$/);
      }
    }
  });

  it("never leaves bootnodes to a client's defaults, which are public ones", () => {
    const plan = planNetwork(settings({ nodes: [{ count: 1 }] }), LOCAL_PLACEMENT);
    const args = plan.daemons.flatMap((daemon) => daemon.args);
    assert.match(plan.daemons[0]?.files[0]?.content ?? "", /^BootstrapNodes = \[\]$/m);
    assert.ok(args.includes("--bootstrap-node="));
  });

  it("makes every node a bootnode of others where they search for peers, and none of itself", () => {
    const plan = planNetwork(settings({}), { ...LOCAL_PLACEMENT, discovery: true });
    const named = new Set<string>();
    for (const daemon of plan.daemons.filter(({ role }) => role !== "validator")) {
      const texts = [
        ...daemon.args,
        ...daemon.files.map((file) => file.content.replace(/^StaticNodes.*/m, "")),
      ];
      const peers = texts.flatMap(references).filter(({ kind }) => kind === "enode" || kind === "enr");
      const names = peers.map((peer) => ("name" in peer ? peer.name : ""));
      assert.equal(names.length, 2);
      assert.ok(!names.includes(daemon.name));
      names.forEach((name) => named.add(name));
    }
    assert.equal(named.size, 6);
  });

  it("names all peers of a consensus client, by address and identity, where it does not search for them", () => {
    const { daemons } = planNetwork(settings({}), LOCAL_PLACEMENT);
    for (const { name, args } of daemons.filter(({ role }) => role === "consensus")) {
      assert.ok(args.includes("--no-discovery"));
      const peers = args.filter((argument) => argument.startsWith("--peer="));
      const others = daemons.filter((daemon) => daemon.role === "consensus" && daemon.name !== name);
      const addresses = others.map(
        (other) => `--peer=/ip4/127.0.0.1/tcp/${other.ports[0]?.number}/p2p/${ref.peerId(other.name)}`,
      );
      assert.deepEqual(peers.sort(), addresses.sort());
    }
  });

  it("restarts validator clients with the other clients of their own node", () => {
    for (const { role, node, restartsWith } of planNetwork(settings({}), LOCAL_PLACEMENT).daemons) {
      assert.deepEqual(restartsWith, role === "validator" ? [`${node}-geth`, `${node}-prysm`] : []);
    }
  });

  it("is deterministic and holds nothing but data", () => {
    const plan = planNetwork(settings({}), LOCAL_PLACEMENT);
    assert.deepEqual(JSON.parse(JSON.stringify(plan)), plan);
    assert.deepEqual(planNetwork(settings({}), LOCAL_PLACEMENT), plan);
  });

  it("property: ports, keys and validators never collide, references name keys that are requested", () => {
    fc.assert(
      fc.property(pools, (list) => {
        const config = settings({ nodes: named(list) });
        const plan = planNetwork(config, LOCAL_PLACEMENT); // refuseUnsound is part of it
        const numbers = plan.daemons.flatMap((daemon) => daemon.ports.map((port) => port.number));
        assert.equal(new Set(numbers).size, numbers.length);
        assert.ok(Math.max(...numbers) < LOCAL_PLACEMENT.portsFrom + portsNeeded(config));
        const requested = new Set(plan.keys.map((key) => key.name));
        for (const reference of plan.daemons.flatMap(({ args }) => args.flatMap(references))) {
          if (!("name" in reference)) continue;
          const name = reference.name.replace(/-password$/, "").replace(/\/\d+$/, "");
          assert.ok(requested.has(name), reference.name);
        }
        const validators = plan.keys.filter((key) => key.kind === "validators");
        const total = validators.reduce((sum, key) => sum + key.count, 0);
        assert.equal(
          total,
          list.reduce((sum, pool) => sum + pool.count * pool.validators, 0),
        );
        validators.reduce((next, key) => {
          assert.equal(key.from, next);
          return key.from + key.count;
        }, 0);
      }),
    );
  });

  it("property: growing a pool renames no daemon, and growing the last one moves no port", () => {
    const portsByName = (plan: NetworkPlan) =>
      new Map(plan.daemons.map((daemon) => [daemon.name, daemon.ports]));
    fc.assert(
      fc.property(pools, fc.nat(), (list, pick) => {
        const grown = list.map((pool, index) =>
          index === pick % list.length ? { ...pool, count: pool.count + 1 } : pool,
        );
        const before = portsByName(planNetwork(settings({ nodes: named(list) }), LOCAL_PLACEMENT));
        const after = portsByName(planNetwork(settings({ nodes: named(grown) }), LOCAL_PLACEMENT));
        for (const [name, ports] of before) {
          assert.ok(after.has(name), name);
          if (pick % list.length === list.length - 1) assert.deepEqual(after.get(name), ports);
        }
      }),
    );
  });

  it("tells all that is wrong at once", () => {
    const nodes = [
      { executionVersion: "9.9.9", validators: 1 },
      { consensusVersion: "1.0.0", validators: 1 },
    ];
    assert.throws(
      () => planEthereum(settings({ nodes }), LOCAL_PLACEMENT),
      (error: TestnetError) => {
        assert.deepEqual(error.problems.map((problem) => problem.code).sort(), [
          "TN1007",
          "TN1007",
          "TN1008",
          "TN1008",
        ]);
        return true;
      },
    );
  });
});

describe("refusals of any plan", () => {
  const plan = planNetwork(settings({}), LOCAL_PLACEMENT);
  const refusalsOf = (changed: Partial<NetworkPlan>): string[] => {
    try {
      refuseUnsound({ ...plan, ...changed });
      return [];
    } catch (error) {
      return (error as TestnetError).problems.map(({ code, at, message, given, allowed }) =>
        [`${code} ${at}: ${message}`, given as string | undefined, allowed]
          .filter((part) => part !== undefined)
          .join("; "),
      );
    }
  };
  const [first, ...rest] = plan.daemons as [
    NetworkPlan["daemons"][number],
    ...NetworkPlan["daemons"][number][],
  ];

  it("accept a sound one", () => assert.deepEqual(refusalsOf({}), []));

  it("TN1010: one port twice", () => {
    const clash = { ...first, name: "other", args: [], ports: [{ ...first.ports[0]!, name: "extra" }] };
    assert.deepEqual(refusalsOf({ daemons: [...plan.daemons, clash] }), [
      "TN1010 other: port extra is also a port of node-1-geth; 20000/tcp",
      "TN1010 other: port extra is also a port of node-1-geth; 20000/udp",
    ]);
  });

  it("TN1010: a port above 65535", () => {
    const ports = [{ ...first.ports[1]!, number: 65_536 }];
    assert.deepEqual(refusalsOf({ daemons: [{ ...first, ports }, ...rest] }), [
      "TN1010 node-1-geth: port rpc is outside the range of ports; 65536; 1 to 65535",
    ]);
  });

  it("TN1011: two daemons with one key", () => {
    const key = plan.keys.find((request) => request.kind === "enode")!;
    assert.deepEqual(refusalsOf({ keys: [...plan.keys, key] }), [
      "TN1011 node-1-geth: two daemons would share this key",
    ]);
  });

  it("TN1011: overlapping validators", () => {
    const key = plan.keys.find((request) => request.kind === "validators")!;
    assert.deepEqual(
      refusalsOf({ keys: [...plan.keys, { ...key, name: "thief", from: key.count - 1, count: 1 }] }),
      ["TN1011 thief: its validator keys overlap those of node-1-validator; 31 to 31; from 32"],
    );
  });

  it("TN1012: names that DNS would not take", () => {
    for (const name of ["Node", "a_b", "a--b", "1a", "a-", "n".repeat(64)]) {
      assert.deepEqual(refusalsOf({ daemons: [{ ...first, name }, ...rest] }), [
        `TN1012 ${name}: this cannot be the name of a daemon; ${name}; up to 63 lower-case letters, digits and single hyphens, starting with a letter`,
      ]);
    }
    assert.deepEqual(refusalsOf({ daemons: [first, { ...first, ports: [] }, ...rest] }), [
      "TN1012 node-1-geth: two daemons have this name",
    ]);
  });
});
