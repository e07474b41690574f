import * as assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import {
  networkReleases,
  type NetworkRelease,
  type ReleaseContext,
} from "../../components/kubernetes/network/releases";
import type { NetworkPlan } from "../../protocols/plan";
import { APPLY, type KubeObject } from "../../simulator/kube/client";
import { context } from "../unit/daemon-chart/context";
import { ETHEREUM_KEYS, ethereumLike, MINA_KEYS, minaLike } from "../unit/daemon-chart/plans";
import { applyStrictly, at, type Json, podSpec, rendered } from "./support/chart";
import { ClusterWorld } from "./support/cluster-world";

describe("the chart of daemons, rendered by Helm", function () {
  this.timeout(240_000);
  let world: ClusterWorld;

  before(async () => {
    world = await ClusterWorld.start(0);
    await world.clusters.setAddons("aws/us-east-1/one", ["aws-secrets-store-csi-driver-provider"]);
  });
  after(() => world.close());

  const releases = (plan: NetworkPlan, more: Partial<ReleaseContext> = {}) =>
    networkReleases(plan, "one", context(plan, { ...MINA_KEYS, ...ETHEREUM_KEYS }, more));

  const known = new Map<string, Promise<KubeObject[]>>();

  async function objectsOf(plan: NetworkPlan, more: Partial<ReleaseContext> = {}): Promise<KubeObject[]> {
    const all = releases(plan, more).map((release) => {
      const key = JSON.stringify(release);
      const objects = known.get(key) ?? rendered(world.directory, plan.network, release);
      known.set(key, objects);
      return objects;
    });
    return (await Promise.all(all)).flat();
  }

  function find(objects: readonly KubeObject[], kind: string, name: string): KubeObject {
    const found = objects.find((one) => one.kind === kind && one.metadata.name === name);
    assert.ok(found, `there is no ${kind} ${name}`);
    return found;
  }

  async function makeNamespace(name: string): Promise<void> {
    await world.client.request({
      method: "PATCH",
      path: `/api/v1/namespaces/${name}`,
      query: { fieldManager: "test", force: "true" },
      body: { apiVersion: "v1", kind: "Namespace", metadata: { name } },
      contentType: APPLY,
    });
  }

  it("makes objects that a real API server takes, field by field", async () => {
    const loadBalancers = {
      "geth-1": { annotations: { "cloud.google.com/l4-rbs": "enabled" }, loadBalancerIP: "203.0.113.50" },
      "rpc-proxy": { annotations: {}, loadBalancerIP: "203.0.113.51" },
    };
    const variants: [NetworkPlan, Partial<ReleaseContext>][] = [
      [minaLike(), {}],
      [ethereumLike(), { loadBalancers }],
      [minaLike(), { bare: true, addresses: {}, storageClass: undefined }],
    ];
    let count = 0;
    for (const [index, [plan, more]] of variants.entries()) {
      const network = `${plan.network}-${index}`;
      await makeNamespace(network);
      for (const object of await objectsOf({ ...plan, network }, more)) {
        await applyStrictly(world.client, network, object);
        count++;
      }
      await world.client.request({ method: "DELETE", path: `/api/v1/namespaces/${network}` });
    }
    assert.ok(count > 100);
  });

  it("publishes a port of the machine for peers and for nothing else, by the same number", async () => {
    const ports = (object: KubeObject) =>
      podSpec(object).containers.flatMap((one) => (one["ports"] ?? []) as Json[]);
    const objects = await objectsOf(ethereumLike());
    const published = ports(find(objects, "StatefulSet", "prysm-1"))
      .filter((port) => port["hostPort"] !== undefined)
      .map(({ containerPort, hostPort, protocol }) => [containerPort, hostPort, protocol]);
    assert.deepEqual(published, [
      [10_002, 10_002, "TCP"],
      [10_002, 10_002, "UDP"],
      [10_003, 10_003, "UDP"],
    ]);
    const service = find(objects, "Service", "prysm-1");
    assert.equal(at(service, "spec.clusterIP"), "None");
    assert.equal(at(service, "spec.publishNotReadyAddresses"), true);
    assert.equal((at(service, "spec.ports") as Json[]).length, 5);
  });

  it("gives the port of a machine to one pod at a time, also while a public service is replaced", async () => {
    const objects = await objectsOf(ethereumLike());
    const proxy = find(objects, "Deployment", "rpc-proxy");
    assert.deepEqual(at(proxy, "spec.strategy"), {
      ...{ type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    });
    const policy = find(objects, "NetworkPolicy", "rpc-proxy");
    assert.deepEqual(at(policy, "spec.ingress"), [{ ports: [{ port: 10_004, protocol: "TCP" }] }]);
    const faucet = find(await objectsOf(minaLike()), "Deployment", "faucet");
    assert.deepEqual(at(faucet, "spec.strategy"), { type: "RollingUpdate" });
  });

  it("takes every right from a container that a restricted one has not", async () => {
    for (const object of [...(await objectsOf(ethereumLike())), ...(await objectsOf(minaLike()))]) {
      if (!["StatefulSet", "Deployment"].includes(object.kind)) continue;
      const spec = podSpec(object);
      assert.equal(spec["automountServiceAccountToken"], false);
      assert.deepEqual(at(spec, "securityContext.seccompProfile"), { type: "RuntimeDefault" });
      for (const container of [...spec.containers, ...spec.initContainers]) {
        const context = container["securityContext"] as Json;
        assert.equal(context["allowPrivilegeEscalation"], false);
        assert.deepEqual(context["capabilities"], { drop: ["ALL"] });
        const isRoot = context["runAsUser"] === 0;
        assert.equal(context["runAsNonRoot"] ?? false, !isRoot);
        assert.equal(context["readOnlyRootFilesystem"] ?? false, !isRoot);
        assert.equal(at(container, "resources.limits.cpu"), undefined);
      }
    }
  });

  it("lets a program whose image is read-only write where programs do", async () => {
    const [, , postgres] = podSpec(find(await objectsOf(minaLike()), "StatefulSet", "archive-1")).containers;
    const writable = (postgres?.["volumeMounts"] as Json[])
      .filter((mount) => mount["readOnly"] !== true)
      .map((mount) => mount["mountPath"]);
    assert.deepEqual(writable, ["/data", "/tmp", "/run", "/home/postgres"]);
  });

  it("prepares nothing where nothing is needed", async () => {
    const names = (kind: string, name: string, objects: readonly KubeObject[]) =>
      podSpec(find(objects, kind, name)).initContainers.map((one) => one["name"]);
    const objects = await objectsOf(minaLike());
    assert.deepEqual(names("Deployment", "fast-worker", objects), ["tools"]);
    assert.deepEqual(names("StatefulSet", "seed-1", objects), ["tools", "prepare-0", "keeper"]);
  });

  it("lets an idle machine go with what many do, and not with a daemon that has keys or data", async () => {
    const objects = await objectsOf(minaLike());
    const mayGo = (kind: string, name: string) =>
      JSON.stringify(at(find(objects, kind, name), "spec.template.metadata.annotations")).includes(
        '"cluster-autoscaler.kubernetes.io/safe-to-evict":"true"',
      );
    assert.equal(mayGo("Deployment", "fast-worker"), true);
    assert.equal(mayGo("StatefulSet", "seed-1"), false);
  });

  it("gives the API server's token to those who ask it, and to no daemon", async () => {
    const objects = await objectsOf(minaLike());
    const holders = (name: string) => {
      const spec = podSpec(find(objects, "StatefulSet", name));
      return [...spec.initContainers, ...spec.containers]
        .filter((one) => (one["volumeMounts"] as Json[]).some((mount) => mount["name"] === "account"))
        .map((one) => one["name"]);
    };
    assert.deepEqual(holders("block-producer-1"), ["prepare-0", "keeper"]);
    assert.deepEqual(holders("seed-1"), ["keeper"]);
    const geth = find(await objectsOf(ethereumLike()), "StatefulSet", "geth-1");
    assert.ok(!JSON.stringify(geth).includes("serviceAccountToken"));
  });

  it("lets the world in to peers' ports, monitoring to metrics, and the plan's pools to the rest", async () => {
    const objects = await objectsOf(minaLike());
    const rules = (name: string) => at(find(objects, "NetworkPolicy", name), "spec.ingress");
    const port = (number: number) => [{ port: number, protocol: "TCP" }];
    const monitoring = { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } };
    const workers = { key: "testnet/pool", operator: "In", values: ["fast-workers"] };
    assert.deepEqual(rules("fast-coordinator"), [
      { ports: port(10_003) },
      { ports: port(8081), from: [{ namespaceSelector: monitoring }] },
      { ports: port(8301), from: [{ podSelector: { matchExpressions: [workers] } }] },
    ]);
    assert.deepEqual(rules("faucet"), [
      { ports: port(8080), from: [{ podSelector: { matchLabels: { "testnet/network": "mina-net" } } }] },
    ]);
    assert.equal(rules("fast-worker"), null);
  });

  it("has probes that do not end a young chain, and that end a daemon without its leases in time", async () => {
    const [leased] = podSpec(find(await objectsOf(minaLike()), "StatefulSet", "seed-1")).containers;
    assert.equal(leased?.["startupProbe"], undefined, "it would put the liveness probe off");
    const { periodSeconds, timeoutSeconds, failureThreshold, terminationGracePeriodSeconds, httpGet } =
      leased?.["livenessProbe"] as Record<string, number>;
    assert.deepEqual(httpGet, { path: "/", port: 9808 });
    // LEASE of components/kubernetes/network/releases.ts counts on these.
    assert.deepEqual(
      [periodSeconds, timeoutSeconds, failureThreshold, terminationGracePeriodSeconds],
      [5, 3, 2, 10],
    );
    const [free] = podSpec(find(await objectsOf(ethereumLike()), "StatefulSet", "prysm-1")).containers;
    const startup = free?.["startupProbe"] as Json;
    assert.equal((startup["failureThreshold"] as number) * (startup["periodSeconds"] as number), 100);
    assert.equal(at(free, "livenessProbe.tcpSocket.port"), 3500);
    assert.equal(at(free, "readinessProbe.httpGet.path"), "/eth/v1/node/health");
  });

  it("ties to the leases who uses the keys, not who stands beside", async () => {
    const [daemon, , postgres] = podSpec(
      find(await objectsOf(minaLike()), "StatefulSet", "archive-1"),
    ).containers;
    assert.equal(at(daemon, "livenessProbe.httpGet.port"), 9808);
    assert.equal(at(postgres, "livenessProbe.httpGet"), undefined);
    assert.ok(JSON.stringify(daemon?.["env"]).includes("TESTNET_KEEPER"));
    assert.ok(!JSON.stringify(postgres?.["env"]).includes("TESTNET_KEEPER"));
    assert.ok(JSON.stringify(postgres?.["startupProbe"]).includes('"5432"'));
  });

  it("hands arguments on as they are: Kubernetes expands none of their signs", async () => {
    const [container] = podSpec(find(await objectsOf(minaLike()), "StatefulSet", "seed-1")).containers;
    const odd = (container?.["env"] as { name: string; value: string }[]).find(({ name }) => name === "ODD");
    assert.equal(odd?.value, 'cost $$(HOME) $$$$ "quoted" <&>');
  });

  it("starts with an empty volume in a new era, under the same names", async () => {
    const claims = async (era: number) => {
      const objects = await objectsOf({ ...minaLike(), era });
      const names = objects
        .filter(({ kind }) => kind === "PersistentVolumeClaim")
        .map((one) => one.metadata.name);
      return {
        names,
        sets: objects.filter(({ kind }) => kind === "StatefulSet").map((one) => one.metadata.name),
      };
    };
    const [first, second] = [await claims(1), await claims(2)];
    assert.ok(first.names.includes("data-e1-seed-1"));
    assert.deepEqual(
      second.names,
      first.names.map((name) => name.replace("-e1-", "-e2-")),
    );
    assert.deepEqual(second.sets, first.sets);
  });

  it("spreads pods as the plan says, and keeps all but one of a pool from being drained", async () => {
    const objects = await objectsOf(minaLike());
    const rules = (kind: string, name: string) =>
      (podSpec(find(objects, kind, name))["topologySpreadConstraints"] as Json[]).map((rule) => [
        rule["topologyKey"],
        rule["whenUnsatisfiable"],
      ]);
    assert.deepEqual(rules("StatefulSet", "seed-1"), [
      ["topology.kubernetes.io/zone", "ScheduleAnyway"],
      ["kubernetes.io/hostname", "DoNotSchedule"],
    ]);
    assert.deepEqual(rules("StatefulSet", "block-producer-1")[1], [
      "kubernetes.io/hostname",
      "ScheduleAnyway",
    ]);
    assert.equal(at(find(objects, "PodDisruptionBudget", "seeds"), "spec.maxUnavailable"), 1);
  });

  it("starts a pod again when its keys change, and not when its network is extended", async () => {
    const template = async (more: Partial<ReleaseContext>) =>
      JSON.stringify(at(find(await objectsOf(minaLike(), more), "StatefulSet", "seed-1"), "spec.template"));
    const before = await template({});
    assert.equal(await template({ labels: { "testnet-expires": "2027-01-01" } }), before);
    const publicKeys = { ...MINA_KEYS, "public-key seed-1-libp2p": "new" };
    assert.notEqual(await template({ publicKeys }), before);
  });

  it("is refused by Helm itself with values that are none", async () => {
    const [release] = releases(minaLike());
    assert.ok(release);
    const wrong = async (change: (values: NetworkRelease["values"]) => object) =>
      rendered(world.directory, "mina-net", {
        name: release.name,
        values: change(structuredClone(release.values)),
      });
    await assert.rejects(
      wrong((values) => ({ ...values, replicaz: 1 })),
      /additional properties 'replicaz' not allowed/,
    );
    await assert.rejects(
      wrong((values) => ({ ...values, pods: [{ ...values.pods[0], kind: "two" }] })),
      /value must be one of 'one', 'many'/,
    );
    await assert.rejects(
      wrong((values) => ({ ...values, era: undefined })),
      /missing property 'era'/,
    );
    await assert.rejects(
      wrong((values) => ({ ...values, pods: [] })),
      /minItems: got 0, want 1/,
    );
  });

  it("keeps a hundred daemons below half of what Helm can store", async () => {
    const many = Array.from({ length: 100 }, (_, index) => {
      const [first] = minaLike().daemons;
      return {
        ...first!,
        name: `n-${index}`,
        workload: { ...first!.workload!, pod: `n-${index}`, pool: "nodes" },
      };
    });
    const peers = many.map((_, index) => `/dns4/seed-${index}.example.org/tcp/10001/p2p/12D3KooW${index}`);
    const daemons = many.map((one) => ({ ...one, args: [...one.args, ...peers.slice(0, 20)] }));
    const plan = { ...minaLike(), network: "large", daemons: [...minaLike().daemons, ...daemons] };
    await makeNamespace("large");
    const release = releases(plan).find(({ name }) => name === "nodes");
    assert.equal(release?.values.pods.length, 100);
    const objects = await rendered(world.directory, "large", release);
    // Helm keeps the manifest, the values and the chart, gzipped and in base64.
    const kept = gzipSync(JSON.stringify([objects, release.values])).length * (4 / 3);
    assert.ok(kept < 512 * 1024, `${Math.round(kept / 1024)} KiB`);
  });
});
