import assert from "node:assert/strict";
import fc from "fast-check";
import { type Check, CHECK_NAMES, type CheckName, judge, peersNeeded } from "../../protocols/ethereum/checks";
import type { Evidence, LayerAgreement } from "../../protocols/ethereum/observations";
import { reportOf } from "../../protocols/ethereum/report";
import { agreement, hash, HEALTHY, healthyBut, node, SILENT } from "../support/evidence";

function check(evidence: Evidence, name: CheckName): Check {
  const found = judge(evidence).find((candidate) => candidate.name === name);
  assert.ok(found);
  return found;
}

function failing(evidence: Evidence): string[] {
  return judge(evidence)
    .filter((candidate) => !candidate.ok)
    .map((candidate) => candidate.name);
}

/** Replaces the agreement's hash of one daemon. */
function straying(whole: LayerAgreement | undefined, daemon: string, change: object): LayerAgreement {
  assert.ok(whole);
  const hashes = whole.hashes.map((entry) => (entry.daemon === daemon ? { ...entry, ...change } : entry));
  return { ...whole, hashes };
}

interface Case {
  readonly name: string;
  readonly fails: CheckName;
  readonly daemons: readonly string[];
  readonly detail: RegExp;
  readonly change: Partial<Evidence>;
}

/** Each breaks one thing, and exactly one check tells. */
const CASES: readonly Case[] = [
  {
    name: "a daemon that has ended",
    fails: "daemons",
    daemons: ["node-2-geth"],
    detail: /node-2-geth: has ended/,
    change: {
      processes: [...HEALTHY.processes, { daemon: "node-2-geth", alive: false, problem: "has ended" }],
    },
  },
  {
    name: "an execution client that gets no new block",
    fails: "heads-advance",
    daemons: ["node-2-geth"],
    detail: /node-2-geth: stays at block 19/,
    change: { nodes: [node(1), node(2, { block: 19 }), node(3)] },
  },
  {
    name: "a consensus client that went back",
    fails: "heads-advance",
    daemons: ["node-3-prysm"],
    detail: /stays at slot 22/,
    change: { nodes: [node(1), node(2), node(3, {}, { slot: 22 })] },
  },
  {
    name: "a fork of the execution chain",
    fails: "heads-agree",
    daemons: ["node-2-geth"],
    detail: /node-2-geth: has another block 20, 0xeeeeeeee/,
    change: {
      executionAgreement: straying(HEALTHY.executionAgreement, "node-2-geth", {
        hash: { ok: true, value: hash("e") },
      }),
    },
  },
  {
    name: "a slot that is empty on one node's chain",
    fails: "heads-agree",
    daemons: ["node-1-prysm"],
    detail: /node-1-prysm: has no block of slot 24/,
    change: {
      consensusAgreement: straying(HEALTHY.consensusAgreement, "node-1-prysm", { hash: SILENT }),
    },
  },
  {
    name: "agreement on a block that is far back",
    fails: "heads-agree",
    daemons: ["node-1-geth"],
    detail: /node-1-geth: is 5 blocks behind/,
    change: {
      executionAgreement: { ...agreement(15, "node-1-geth", "node-2-geth"), highest: 20 },
    },
  },
  {
    name: "agreement on the genesis block only",
    fails: "heads-agree",
    daemons: HEALTHY.nodes.flatMap(({ node }) => [node.execution, node.consensus]),
    detail: /no block after genesis/,
    change: { executionAgreement: agreement(0, "node-1-geth"), consensusAgreement: agreement(0) },
  },
  {
    name: "a chain that was never final",
    fails: "finality",
    daemons: ["node-1-prysm", "node-2-prysm", "node-3-prysm"],
    detail: /finalized epoch 0, waiting for 1 or later, expected in about 12 s/,
    change: {
      nodes: [1, 2, 3].map((number) => node(number, {}, { finalizedEpoch: 0 })),
      baselines: Object.fromEntries(
        [1, 2, 3].map((number) => [`node-${number}`, { block: 19, slot: 23, finalizedEpoch: 0 }]),
      ),
      now: 1020,
    },
  },
  {
    name: "finality that does not move on one node",
    fails: "finality",
    daemons: ["node-2-prysm"],
    detail: /node-2-prysm: finalized epoch 3, waiting for 4 or later$/,
    change: { nodes: [node(1), node(2, {}, { finalizedEpoch: 3 }), node(3)] },
  },
  {
    name: "validators that propose nothing",
    fails: "proposals",
    daemons: ["node-3-validator"],
    detail: /node-3-validator: proposed none of the last 20 blocks/,
    change: { proposals: { blocks: 20, byNode: { "node-1": 10, "node-2": 10 } } },
  },
  {
    name: "an execution client without peers",
    fails: "peers",
    daemons: ["node-1-geth"],
    detail: /node-1-geth: has 0 of 2 peers/,
    change: { nodes: [node(1, { peers: 0 }), node(2), node(3)] },
  },
  {
    name: "consensus clients that lack one peer",
    fails: "peers",
    daemons: ["node-1-prysm", "node-2-prysm"],
    detail: /node-1-prysm, node-2-prysm: has 1 of 2 peers/,
    change: { nodes: [node(1, {}, { peers: 1 }), node(2, {}, { peers: 1 }), node(3)] },
  },
  {
    name: "a transfer without a receipt",
    fails: "transfer",
    daemons: ["node-3-geth"],
    detail: /0xdddddddd sent to node-1, no receipt on node-3: not in a block yet/,
    change: {
      transfer: {
        state: "sent",
        hash: hash("d"),
        from: "node-1",
        to: "node-3",
        reason: "not in a block yet",
      },
    },
  },
  {
    name: "a transfer that failed",
    fails: "transfer",
    daemons: ["node-3-geth"],
    detail: /but it failed there/,
    change: {
      transfer: {
        ...{ state: "received", hash: hash("d"), from: "node-1", to: "node-3", block: 19, succeeded: false },
      },
    },
  },
  {
    name: "a transfer that cannot be signed",
    fails: "transfer",
    daemons: [],
    detail: /not sent: no key/,
    change: { transfer: { state: "impossible", reason: "no key" } },
  },
];

describe("checks of an Ethereum network", () => {
  it("all hold in a healthy network, in the order of their names, without blaming a daemon", () => {
    const checks = judge(HEALTHY);
    assert.deepEqual(
      checks.map(({ name, ok, daemons }) => ({ name, ok, daemons })),
      CHECK_NAMES.map((name) => ({ name, ok: true, daemons: [] })),
    );
  });

  for (const { name, fails, daemons, detail, change } of CASES) {
    it(`${name} fails ${fails}, and nothing else`, () => {
      const evidence = healthyBut(change);
      assert.deepEqual(failing(evidence), [fails]);
      assert.match(check(evidence, fails).detail, detail);
      assert.deepEqual(check(evidence, fails).daemons, daemons);
    });
  }

  it("every check can fail", () => {
    assert.deepEqual(new Set(CASES.map(({ fails }) => fails)), new Set(CHECK_NAMES));
  });

  it("before the first slot no head can advance, and it says when", () => {
    assert.match(check(healthyBut({ now: 990 }), "heads-advance").detail, /the first slot is in 10 s/);
  });

  it("nothing holds that was not asked yet", () => {
    const evidence = healthyBut({
      baselines: {},
      executionAgreement: undefined,
      consensusAgreement: undefined,
      chain: undefined,
      proposals: { blocks: 0, byNode: {} },
      transfer: { state: "waiting", reason: "the key is being read" },
    });
    assert.deepEqual(failing(evidence), [
      "heads-advance",
      "heads-agree",
      "finality",
      "proposals",
      "transfer",
    ]);
  });

  it("a silent client is named by every check that asks it", () => {
    fc.assert(
      fc.property(fc.subarray([0, 1, 2], { minLength: 1 }), (silent) => {
        const nodes = HEALTHY.nodes.map((healthy, index) =>
          silent.includes(index) ? { ...healthy, consensus: SILENT } : healthy,
        );
        const names = silent.map((index) => `node-${index + 1}-prysm`);
        for (const name of ["heads-advance", "heads-agree", "finality", "peers"] as const) {
          const { ok, daemons, detail } = check(healthyBut({ nodes }), name);
          assert.deepEqual({ ok, daemons: [...daemons].sort() }, { ok: false, daemons: names.sort() }, name);
          assert.match(detail, /does not answer \(connection refused\)/);
        }
      }),
    );
  });

  it("where an epoch takes longer than the time allowed, finality that keeps pace will do", () => {
    const chain = { secondsPerSlot: 12, slotsPerEpoch: 32, genesisTime: 0 };
    const at = (slot: number) =>
      healthyBut({ chain, nodes: [node(1, {}, { slot, finalizedEpoch: 3, peers: 2 }), node(2), node(3)] });
    assert.equal(check(at(6 * 32), "finality").ok, true);
    assert.equal(check(at(7 * 32), "finality").ok, false);
    assert.equal(check({ ...at(6 * 32), timeoutSeconds: 1000 }, "finality").ok, false);
  });

  it("a single node needs no peer, a large network not all of them", () => {
    assert.deepEqual([1, 2, 3, 4, 5, 100].map(peersNeeded), [0, 1, 2, 3, 3, 3]);
    const alone = healthyBut({ nodes: [node(1, { peers: 0 }, { peers: 0 })] });
    assert.equal(check(alone, "peers").ok, true);
  });

  it("a node without validators owes no proposal", () => {
    const follower = { name: "node-3", execution: "node-3-geth", consensus: "node-3-prysm" };
    const nodes = [node(1), node(2), { ...node(3), node: follower }];
    const proposals = { blocks: 9, byNode: { "node-1": 4, "node-2": 5 } };
    assert.equal(check(healthyBut({ nodes, proposals }), "proposals").ok, true);
  });

  it("the details of a network of hundreds stay short", () => {
    const nodes = Array.from({ length: 300 }, (_, index) => node(index + 1, { peers: 0 }, { peers: 3 }));
    const { detail, daemons } = check(healthyBut({ nodes }), "peers");
    assert.equal(daemons.length, 300);
    assert.match(detail, /and 292 more: has 0 of 3 peers/);
    assert.ok(detail.length < 300, detail);
  });
});

describe("the report", () => {
  const plan = { network: "test", protocol: "ethereum", era: 2 } as const;

  it("is ok when every check is, and tells where each node stood", () => {
    const report = reportOf(plan, HEALTHY, 12.345);
    assert.equal(report.ok, true);
    assert.equal(report.seconds, 12.3);
    assert.equal(report.era, 2);
    assert.deepEqual(report.heads[1], {
      ...{ node: "node-2", block: 20, blockHash: hash("a"), executionPeers: 2 },
      ...{ slot: 24, root: hash("b"), justifiedEpoch: 5, finalizedEpoch: 4, consensusPeers: 2 },
    });
  });

  it("has null for what nobody told, and is not ok", () => {
    const nodes = [{ ...node(1), execution: SILENT }];
    const { ok, heads } = JSON.parse(JSON.stringify(reportOf(plan, healthyBut({ nodes }), 1))) as {
      ok: boolean;
      heads: { block: unknown; slot: unknown }[];
    };
    assert.equal(ok, false);
    assert.equal(heads[0]?.block, null);
    assert.equal(heads[0].slot, 24);
  });
});
