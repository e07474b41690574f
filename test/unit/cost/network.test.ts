import assert from "node:assert/strict";
import * as path from "node:path";
import * as fc from "fast-check";
import { loadStackConfig } from "../../../stacks/config/file";
import { costOf, ownLines } from "../../../stacks/cost/cost";
import { networkBill, networkCostOutput } from "../../../stacks/cost/network-bill";
import { allocatable, packPods, type PodNeed } from "../../../stacks/cost/packing";
import { leavingShare, trafficGb } from "../../../stacks/cost/traffic";
import { groundOfKubeconfig } from "../../../stacks/ground";
import { kindOf } from "../../../stacks/kind";
import { planStack } from "../../../stacks/plan-stack";
import { entrancesOf } from "../../../protocols/entrances";
import { pausedPlan } from "../../../protocols/paused";
import type { NodePoolGround } from "../../../protocols/plan";

const ROOT = path.resolve(__dirname, "../../..");

function planned(stack: string) {
  const found = kindOf(loadStackConfig(ROOT, stack));
  assert.equal(found.kind, "cluster network");
  return planStack(ROOT, stack, found);
}

const POOL: NodePoolGround = {
  ...{ name: "daemons", machine: "c6a.4xlarge", peers: true, spot: false },
  ...{ cpus: 16, memoryGiB: 32, architecture: "x86_64", features: [] },
};
const SPOT: NodePoolGround = { ...POOL, name: "workers", peers: false, spot: true };

function pod(name: string, more: Partial<PodNeed> = {}): PodNeed {
  return { name, cpuMilli: 4000, memoryMiB: 12_288, nodes: { peers: true }, apart: undefined, ...more };
}

describe("the machines that pods need", () => {
  it("hold them: two daemons of 12 GiB fit a machine of 32 GiB, a third does not", () => {
    const machines = (count: number) =>
      packPods(
        Array.from({ length: count }, (_, index) => pod(`p${index}`)),
        [POOL],
      ).shares[0]?.machines;
    assert.deepEqual([1, 2, 3, 4, 5].map(machines), [1, 1, 2, 2, 3]);
  });

  it("are of the pool that pods ask for, by peers, spot and name", () => {
    const { shares } = packPods(
      [
        pod("daemon"),
        pod("worker", { nodes: { spot: true } }),
        pod("named", { nodes: { nodePool: "workers" } }),
      ],
      [POOL, SPOT],
    );
    assert.deepEqual(
      shares.map(({ pool, machines }) => [pool.name, machines]),
      [
        ["daemons", 1],
        ["workers", 1],
      ],
    );
  });

  it("are one for each pod that must be apart", () => {
    const apart = [1, 2, 3].map((index) => pod(`seed-${index}`, { memoryMiB: 100, apart: "seeds" }));
    assert.equal(packPods(apart, [POOL]).shares[0]?.machines, 3);
  });

  it("are not guessed: what fits no machine, or machines nobody knows, is named", () => {
    assert.deepEqual(packPods([pod("huge", { memoryMiB: 1e6 })], [POOL]).unplaced, ["huge"]);
    const blank: NodePoolGround = { ...POOL, cpus: undefined, memoryGiB: undefined, machine: undefined };
    assert.deepEqual(packPods([pod("one")], [blank]).unplaced, ["one"]);
  });

  it("are as many as a whole number of them, never fewer than the share, and no machine is overfull", () => {
    const room = allocatable(POOL);
    assert.ok(room);
    const anyPod = fc.record({
      cpuMilli: fc.integer({ min: 10, max: 14_000 }),
      memoryMiB: fc.integer({ min: 16, max: 25_000 }),
    });
    fc.assert(
      fc.property(fc.array(anyPod, { minLength: 1, maxLength: 80 }), (needs) => {
        const pods = needs.map((need, index) => pod(`p${index}`, need));
        const { shares, unplaced } = packPods(pods, [POOL]);
        assert.deepEqual(unplaced, []);
        const [share] = shares;
        assert.ok(share);
        const sum = (of: (need: (typeof needs)[number]) => number) =>
          needs.reduce((total, need) => total + of(need), 0);
        assert.ok(share.machines * room.cpuMilli >= sum(({ cpuMilli }) => cpuMilli));
        assert.ok(share.machines * room.memoryMiB >= sum(({ memoryMiB }) => memoryMiB));
        assert.ok(share.machines <= needs.length);
        assert.ok(share.share <= share.machines * 2);
      }),
    );
  });

  it("are found for ten thousand pods", () => {
    const many = Array.from({ length: 10_000 }, (_, index) => pod(`p${index}`));
    assert.equal(packPods(many, [POOL]).shares[0]?.machines, 5000);
  });
});

describe("the bill of a network", () => {
  it("has a load balancer, an address and a secret for what the plan says, and the volumes of its pods", () => {
    const { plan, ground } = planned("prod-testnet");
    const { lines, unknown } = networkBill(plan, ground);
    assert.deepEqual(unknown, []);
    const all = (item: string) =>
      lines.filter((line) => line.item === item).reduce((sum, { quantity }) => sum + quantity.expected, 0);
    assert.equal(all("load balancer"), entrancesOf(plan).length);
    assert.equal(all("reserved address"), entrancesOf(plan).length);
    const disks = plan.daemons.reduce((sum, { workload }) => sum + (workload?.storageGiB ?? 0), 0);
    assert.equal(all("disk"), disks);
    const wanted = plan.daemons.reduce((sum, { workload }) => sum + (workload?.replicas ?? 0), 0);
    assert.ok(wanted > 20);
    for (const cluster of ["use1", "usw2", "euw4"]) {
      assert.ok(
        lines.some(({ of, item, pool }) => of === cluster && item === "machine" && pool === "daemons"),
      );
    }
    assert.ok(lines.some(({ of, item }) => of === "use1" && item === "spot machine"));
  });

  it("adds up, and is never more alone than its share of machines, nor less", () => {
    for (const stack of ["prod-testnet", "dev-ethereum"]) {
      const { plan, ground } = planned(stack);
      const { lines } = networkBill(plan, ground);
      const { total, unknown } = costOf(lines);
      assert.deepEqual(unknown, []);
      assert.ok(total.expected.microsPerMonth <= total.most.microsPerMonth);
      assert.ok(costOf(ownLines(lines)).total.expected.microsPerMonth < total.expected.microsPerMonth);
    }
  });

  it("of a paused network has no machines and no traffic; volumes, addresses and keys stay", () => {
    const { plan, ground } = planned("prod-testnet");
    const paused = pausedPlan(plan);
    const items = (all: typeof plan) => new Set(networkBill(all, ground).lines.map(({ item }) => item));
    for (const item of ["machine", "spot machine", "traffic"] as const) {
      assert.ok(items(plan).has(item) && !items(paused).has(item), item);
    }
    for (const item of ["disk", "load balancer", "secret"] as const) assert.ok(items(paused).has(item), item);
  });

  it("is none on a cluster that is there already, and says that nobody knows what that costs", () => {
    const found = kindOf(loadStackConfig(ROOT, "dev-ethereum"));
    assert.equal(found.kind, "cluster network");
    const environment = {
      ...{
        kubeconfig: "k",
        context: "kind-kind",
        owner: "local",
        podCidr: "10.244.0.0/16",
        monitored: false,
      },
      keys: { directory: "keys", nodePath: "/testnet-keys" },
    };
    const { plan } = planStack(ROOT, "dev-ethereum", { ...found, environment });
    const ground = groundOfKubeconfig(environment);
    assert.deepEqual(networkBill(plan, ground).lines, []);
    assert.match(networkBill(plan, ground).unknown.join(), /not of this program/);
    assert.equal(networkCostOutput(plan, ground, { environment: "x", owner: "y" }), undefined);
  });

  it("counts traffic by protocol and role, and only what leaves the cluster", () => {
    assert.equal(trafficGb("mina", "seed", 1), 160);
    assert.equal(trafficGb("mina", "snark-worker", 1), 0);
    assert.ok(trafficGb("ethereum", "consensus", 0.5) > 0);
    assert.equal(leavingShare(10, 10), 0.1);
    assert.equal(leavingShare(5, 10), 0.5);
    assert.equal(leavingShare(0, 0), 0.1);
  });
});
