import assert from "node:assert/strict";
import fc from "fast-check";
import { publicServices } from "../../../protocols/entrances";
import { spread } from "../../../protocols/placement";
import type { NetworkPlan } from "../../../protocols/plan";
import { peersOf, planOf } from "./support";

const GROUPS = ["seeds", "blockProducers", "archives", "nodes", "itnNodes"] as const;

const counts = fc.record({
  seeds: fc.integer({ min: 1, max: 6 }),
  blockProducers: fc.integer({ min: 1, max: 20 }),
  archives: fc.integer({ min: 0, max: 4 }),
  nodes: fc.integer({ min: 0, max: 20 }),
  itnNodes: fc.integer({ min: 0, max: 5 }),
  pools: fc.integer({ min: 0, max: 5 }),
});
type Counts = typeof counts extends fc.Arbitrary<infer T> ? T : never;

function planned({ pools, ...groups }: Counts, isPublic = false): NetworkPlan {
  return planOf({
    version: "4.0.0",
    ...(isPublic && { services: { graphqlProxy: { public: true } } }),
    ...Object.fromEntries(GROUPS.map((group) => [group, { count: groups[group] }])),
    snark: Array.from({ length: pools }, (_, index) => ({ name: `pool${index}` })),
  });
}

/** Percentages of three clusters that make 100. */
const shares = fc
  .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }))
  .map(([one, two]) => [Math.min(one, two), Math.abs(one - two), 100 - Math.max(one, two)] as const)
  .map(([a, b, c]) => ({ use1: a, usw2: b, euw4: c }));

describe("Mina networks that grow", function () {
  this.timeout(20_000);

  it("rename, move and renumber nobody: what was there is there, with the same port, cluster and keys", () => {
    fc.assert(
      fc.property(counts, counts, fc.boolean(), (one, two, isPublic) => {
        const grown = Object.fromEntries(
          Object.keys(one).map((key) => [key, one[key as keyof Counts] + two[key as keyof Counts]]),
        ) as Counts;
        const limited = { ...grown, seeds: Math.min(grown.seeds, 20) };
        const [before, after] = [planned(one, isPublic), planned(limited, isPublic)];
        const later = new Map(after.daemons.map((daemon) => [daemon.name, daemon]));
        for (const { name, ports, workload } of before.daemons) {
          const now = later.get(name);
          assert.ok(now);
          assert.deepEqual(now.ports, ports);
          assert.deepEqual(now.workload, workload);
        }
        const doors = ({ clusters }: NetworkPlan) => clusters?.services.map(({ ports }) => ports);
        assert.deepEqual(doors(after), doors(before));
        const keys = new Set(after.keys.map((key) => key.name));
        for (const { name } of before.keys) assert.ok(keys.has(name));
      }),
      { numRuns: 25 },
    );
  });

  it("change no other daemon at all when a node or a producer is added and the staked ones are named", () => {
    fc.assert(
      fc.property(counts, fc.constantFrom("nodes", "blockProducers"), (one, group) => {
        const genesis = { stakedProducers: one.blockProducers };
        const size = (count: number) => ({ [group]: { count }, genesis });
        const base = {
          seeds: { count: one.seeds },
          blockProducers: { count: one.blockProducers },
          nodes: { count: one.nodes },
        };
        const before = planOf({ ...base, ...size(one[group]) });
        const after = planOf({ ...base, ...size(one[group] + 1) });
        const known = new Set(before.daemons.map(({ name }) => name));
        assert.deepEqual(
          after.daemons.filter(({ name }) => known.has(name)),
          before.daemons,
        );
        assert.equal(after.daemons.length, before.daemons.length + 1);
        // The ledger of a chain that runs cannot change.
        assert.deepEqual(after.genesis, before.genesis);
      }),
      { numRuns: 25 },
    );
  });

  it("have names, ports of peers and keys that are all different", () => {
    fc.assert(
      fc.property(counts, fc.boolean(), (one, isPublic) => {
        const plan = planned(one, isPublic);
        const ports = [
          ...peersOf(plan).map(({ ports: [p2p] }) => p2p!.number),
          ...publicServices(plan.clusters!).flatMap((service) => service.ports.map(({ number }) => number)),
        ];
        const lists: unknown[][] = [
          plan.daemons.map(({ name }) => name),
          plan.keys.map(({ name }) => name),
          ports,
        ];
        for (const list of lists) {
          assert.equal(new Set(list).size, list.length);
        }
        const { from, to } = plan.clusters!.peerPorts;
        assert.ok(Math.min(...ports) >= from && Math.max(...ports) <= to);
      }),
      { numRuns: 25 },
    );
  });
});

describe("daemons spread over clusters", () => {
  const clusters = ["use1", "usw2", "euw4"];

  it("take turns: no cluster has two more than another", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), (count) => {
        const places = spread({}, clusters, count);
        const sizes = clusters.map((name) => places.filter((place) => place === name).length);
        assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
        assert.equal(places.length, count);
      }),
    );
  });

  it("stay in the clusters they are pinned to", () => {
    assert.deepEqual(spread({ clusters: ["euw4", "use1"] }, clusters, 3), ["euw4", "use1", "euw4"]);
  });

  it("honour percentages: every cluster is within one daemon of its share, and one of 0 % has none", () => {
    fc.assert(
      fc.property(shares, fc.integer({ min: 0, max: 300 }), (placement, count) => {
        const places = spread({ placement }, clusters, count);
        for (const [name, percent] of Object.entries(placement)) {
          const taken = places.filter((place) => place === name).length;
          assert.ok(Math.abs(taken - (count * percent) / 100) <= 1, `${name}: ${taken} of ${count}`);
          if (percent === 0) assert.equal(taken, 0);
        }
      }),
    );
  });

  it("move nobody when there are more of them, by turns or by percentages", () => {
    fc.assert(
      fc.property(shares, fc.nat(200), fc.nat(50), fc.boolean(), (placement, count, more, byShare) => {
        const where = byShare ? { placement } : {};
        const longer = spread(where, clusters, count + more);
        assert.deepEqual(longer.slice(0, count), spread(where, clusters, count));
      }),
    );
  });
});
