import assert from "node:assert/strict";
import * as fc from "fast-check";
import { always, type BillLine } from "../../../stacks/cost/bill";
import {
  type BudgetQuestion,
  budgetProblems,
  type ChargedStack,
  environmentCost,
} from "../../../stacks/cost/budget";
import { costOf, dollars } from "../../../stacks/cost/cost";

const PLACE = { of: "use2", cloud: "aws", region: "us-east-2" } as const;

/** A pool of 1 to 10 m6a.xlarge: 126.144 USD a month each. */
const ENVIRONMENT: readonly BillLine[] = [
  {
    ...{ ...PLACE, item: "machine", machine: "m6a.xlarge", pool: "daemons", perMachine: 1 },
    quantity: { least: 1, expected: 1, most: 10 },
  },
];

/** A network that takes a part of those machines, and has volumes of its own: 8 USD for 100 GiB. */
function network(stack: string, owner: string, share: number, diskGiB = 0): ChargedStack {
  const lines: BillLine[] = [
    {
      ...{ ...PLACE, item: "machine", machine: "m6a.xlarge", pool: "daemons", perMachine: 1 },
      quantity: { least: share, expected: share, most: Math.ceil(share) },
    },
    { ...PLACE, item: "disk", quantity: always(diskGiB) },
  ];
  return { stack, version: 1, environment: "dev", owner, lines };
}

function ask(more: Partial<BudgetQuestion>): string[] {
  const question = {
    ...{ budget: {}, planned: network("alice-qa", "alice", 0.5), unknown: [] },
    ...{ environment: ENVIRONMENT, networks: [] },
  };
  return budgetProblems({ ...question, ...more }).map(({ code }) => code);
}

describe("a budget", () => {
  it("that nobody set refuses nothing, not even what has no price", () => {
    assert.deepEqual(ask({ unknown: ["something"] }), []);
  });

  it("of an environment counts its machines once, and what each network has of its own", () => {
    const networks = [network("bob-qa", "bob", 0.5, 100)];
    const month = dollars(
      environmentCost(
        ENVIRONMENT,
        networks.map(({ lines }) => lines),
      ).total.expected.microsPerMonth,
    );
    assert.equal(month, 126.144 + 8);
    assert.deepEqual(ask({ budget: { monthlyUsd: 134.2 }, networks }), []);
    assert.deepEqual(ask({ budget: { monthlyUsd: 134.1 }, networks }), ["TN2040"]);
  });

  it("of an environment is broken by the network that makes a pool grow", () => {
    const networks = [network("bob-qa", "bob", 0.6)];
    assert.deepEqual(ask({ budget: { monthlyUsd: 200 }, networks }), ["TN2040"]);
    assert.deepEqual(ask({ budget: { monthlyUsd: 260 }, networks }), []);
  });

  it("counts a network that runs already once, as it is planned", () => {
    const networks = [network("alice-qa", "alice", 9)];
    assert.deepEqual(ask({ budget: { monthlyUsd: 200 }, networks }), []);
  });

  it("of an owner counts all networks of that owner, and no other's", () => {
    const budget = { perOwnerMonthlyUsd: 100 };
    assert.deepEqual(ask({ budget }), []);
    assert.deepEqual(ask({ budget, networks: [network("bob-qa", "bob", 3)] }), []);
    const problems = budgetProblems({
      ...{ budget, planned: network("alice-qa", "alice", 0.5), unknown: [], environment: ENVIRONMENT },
      networks: [network("alice-load", "alice", 0.5)],
    });
    assert.deepEqual(
      problems.map(({ code, given, allowed }) => [code, given, allowed]),
      [["TN2042", "126.14 USD a month", "at most 100.00 USD a month"]],
    );
    assert.match(problems[0]?.message ?? "", /alice-load, alice-qa/);
  });

  it("of an owner does not hold for whoever owns the environment itself", () => {
    const planned = {
      stack: "dev",
      version: 1 as const,
      environment: "dev",
      owner: "alice",
      lines: [...ENVIRONMENT],
    };
    const budget = { perOwnerMonthlyUsd: 1 };
    assert.deepEqual(ask({ budget, planned }), []);
    assert.deepEqual(ask({ budget: { monthlyUsd: 1 }, planned }), ["TN2040"]);
  });

  it("is not kept by what has no price: that is refused by name", () => {
    const [problem] = budgetProblems({
      ...{ budget: { monthlyUsd: 1e6 }, planned: network("alice-qa", "alice", 0.5), unknown: [] },
      environment: [{ ...PLACE, item: "machine", machine: "z9z.mega", pool: "x", quantity: always(1) }],
      networks: [],
    });
    assert.equal(problem?.code, "TN2041");
    assert.match(JSON.stringify(problem.given), /z9z\.mega/);
  });

  it("is broken exactly when the cost is above it", () => {
    const amounts = fc.record({
      share: fc.double({ min: 0, max: 20, noNaN: true }),
      limit: fc.integer({ min: 1, max: 2000 }),
    });
    fc.assert(
      fc.property(amounts, ({ share, limit }) => {
        const planned = network("alice-qa", "alice", share, 50);
        const month = costOf(planned.lines).total.expected.microsPerMonth;
        const broken = ask({ budget: { perOwnerMonthlyUsd: limit }, planned }).includes("TN2042");
        assert.equal(broken, month > limit * 1_000_000);
      }),
    );
  });
});
