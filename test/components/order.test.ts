import assert from "node:assert/strict";
import type { Registered } from "./mocks";
import { registerShipped } from "./shipped";

/**
 * What waits for what: nothing for what it does not need, and everything for what it does. Seen in the dependencies the
 * engine is told of; times are measured in rehearsals.
 */
describe("the order of prod", function () {
  this.timeout(60_000);

  let resources: readonly Registered[];
  const needs = new Map<string, ReadonlySet<string>>();
  before(async () => {
    ({ resources } = await registerShipped("prod"));
  });

  /** Everything a resource waits for, by URN, directly or not: its dependencies and its provider. */
  function ancestors(resource: Registered): ReadonlySet<string> {
    const known = needs.get(resource.urn);
    if (known !== undefined) return known;
    const found = new Set<string>();
    const provider = resources.find(({ urn }) => resource.provider?.startsWith(`${urn}::`));
    const direct = [...resource.dependencies, ...(provider === undefined ? [] : [provider.urn])];
    for (const urn of direct) {
      found.add(urn);
      const other = resources.find((each) => each.urn === urn);
      if (other !== undefined) for (const further of ancestors(other)) found.add(further);
    }
    needs.set(resource.urn, found);
    return found;
  }

  function one(type: string, name: string): Registered {
    const found = resources.filter(
      (each) => each.custom && each.name === name && each.type.endsWith(`:${type}`),
    );
    assert.equal(found.length, 1, `${type} ${name}`);
    return found[0] as Registered;
  }

  function waits(type: string, name: string, forType: string, forName: string): boolean {
    return ancestors(one(type, name)).has(one(forType, forName).urn);
  }

  it("clusters do not wait for each other, nor for zones, registries and artifacts", () => {
    const clusters = [
      one("Cluster", "use1-control"),
      one("Cluster", "usw2-control"),
      one("Cluster", "euw4-control"),
    ];
    for (const cluster of clusters) {
      const others = [...ancestors(cluster)].filter(
        (urn) =>
          /Cluster|zone|ecr|s3|artifactregistry/i.test(urn.split("::")[2] ?? "") &&
          !/EksCluster\$|GkeCluster\$/.test(urn),
      );
      assert.deepEqual(others, []);
    }
  });

  it("nothing of one cluster waits for another cluster, but what is there for all", () => {
    const names = ["use1", "usw2", "euw4"];
    for (const resource of resources.filter(({ custom }) => custom)) {
      const own = names.find((name) => resource.name.split("-").includes(name));
      if (own === undefined) continue;
      for (const other of names.filter((name) => name !== own)) {
        const strangers = [...ancestors(resource)].filter((urn) =>
          urn.split("::").at(-1)?.split("-").includes(other),
        );
        assert.deepEqual(strangers, [], resource.name);
      }
    }
  });

  it("nodes wait for their routes, rights and network plugin", () => {
    assert.ok(waits("NodeGroup", "use1-daemons", "Route", "use1-network-internet"));
    assert.ok(waits("NodeGroup", "use1-daemons", "RouteTableAssociation", "use1-network-public-3"));
    assert.ok(waits("NodeGroup", "use1-daemons", "Addon", "use1-addons-vpc-cni"));
    assert.ok(
      waits("NodeGroup", "use1-daemons", "RolePolicyAttachment", "use1-nodes-AmazonEKSWorkerNodePolicy"),
    );
  });

  it("node pools do not wait for each other, nor for objects in the cluster", () => {
    assert.ok(!waits("NodeGroup", "use1-daemons", "NodeGroup", "use1-system"));
    assert.ok(!waits("NodeGroup", "use1-daemons", "StorageClass", "use1-storage"));
    assert.ok(!waits("NodePool", "euw4-daemons", "NodePool", "euw4-system"));
  });

  it("nothing waits for pools without machines", () => {
    for (const resource of resources) {
      assert.ok(
        !resource.dependencies.some((urn) => /:(NodeGroup|NodePool)::(use1|euw4)-workers$/.test(urn)),
        resource.name,
      );
    }
  });

  it("objects without pods do not wait for nodes", () => {
    for (const [type, name] of [
      ["Namespace", "monitoring-use1"],
      ["StorageClass", "use1-storage"],
      ["NetworkPolicy", "monitoring-use1-inside"],
    ] as const) {
      assert.ok(!waits(type, name, "NodeGroup", "use1-system"), name);
      assert.ok(waits(type, name, "AccessPolicyAssociation", "use1-access-1"), name);
    }
  });

  it("what has volumes goes before the driver that removes them", () => {
    for (const name of ["monitoring-use1-prometheus", "monitoring-loki"]) {
      assert.ok(waits("Release", name, "Addon", "use1-addons-aws-ebs-csi-driver"), name);
    }
    assert.ok(!waits("Release", "monitoring-use1-collector", "Addon", "use1-addons-aws-ebs-csi-driver"));
  });

  it("Grafana waits for its password and the right to read it, and not for Prometheus", () => {
    assert.ok(waits("Release", "monitoring-grafana", "Job", "monitoring-grafana-password-writer"));
    assert.ok(waits("Release", "monitoring-grafana", "PodIdentityAssociation", "monitoring-grafana-reader"));
    assert.ok(waits("Release", "monitoring-grafana", "SecretProviderClass", "monitoring-grafana-secrets"));
    assert.ok(!waits("Release", "monitoring-grafana", "Release", "monitoring-use1-prometheus"));
  });
});
