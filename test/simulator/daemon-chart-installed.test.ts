import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { ClusterNetworkArgs } from "../../components/kubernetes/network/args";
import { pausedPlan } from "../../protocols/paused";
import type { NetworkPlan } from "../../protocols/plan";
import { APPLY, type KubeObject } from "../../simulator/kube/client";
import { daemon, ETHEREUM_KEYS, ethereumLike, MINA_KEYS, minaLike } from "../unit/daemon-chart/plans";
import { at, type Json } from "./support/chart";
import { ClusterWorld, nodes } from "./support/cluster-world";

const CLUSTER = "aws/us-east-1/one";

describe("the component ClusterNetwork installs the chart of daemons", function () {
  this.timeout(300_000);
  let world: ClusterWorld;

  before(async () => {
    world = await ClusterWorld.start(0);
    const labels = (spot: boolean) => ({ "testnet/peers": String(!spot), "testnet/spot": String(spot) });
    const labelled = (pool: string, count: number, spot: boolean) =>
      nodes(count, pool).map((node) => ({ ...node, labels: labels(spot) }));
    await world.clusters.setNodes(CLUSTER, "daemons", labelled("daemons", 8, false));
    await world.clusters.setNodes(CLUSTER, "spot", labelled("spot", 2, true));
    // The engine's provider looks for the chart from the program's directory.
    const work = path.join(world.directory, "work");
    fs.symlinkSync(path.join(__dirname, "..", "..", "charts"), path.join(work, "charts"));
  });
  after(() => world.close());

  function deploy(plans: readonly NetworkPlan[]): void {
    world.deploys(() => {
      const k8s = require("@pulumi/kubernetes") as typeof import("@pulumi/kubernetes");
      const pulumi = require("@pulumi/pulumi") as typeof import("@pulumi/pulumi");
      const { ClusterNetwork } =
        require("../../components/kubernetes/network/cluster-network") as typeof import("../../components/kubernetes/network/cluster-network");
      const provider = new k8s.Provider("cluster", {
        kubeconfig: pulumi.secret(world.kubeconfig),
        enableServerSideApply: true,
      });
      for (const plan of plans) new ClusterNetwork(plan.network, argsOf(plan, provider), { provider });
      return Promise.resolve();
    });
  }

  function argsOf(
    plan: NetworkPlan,
    provider: ClusterNetworkArgs["cluster"]["provider"],
  ): ClusterNetworkArgs {
    const pulumi = require("@pulumi/pulumi") as typeof import("@pulumi/pulumi");
    const address = pulumi.output("203.0.113.50");
    return {
      identity: { stack: plan.network, owner: "team", expires: "never", protect: false },
      plan,
      cluster: {
        ...{ name: "one", provider, storageClass: undefined, monitored: false },
        secretVolume: (pod) => ({
          providerClass: undefined,
          source: () => ({
            hostPath: { path: `/var/lib/testnet/${plan.network}/${pod}`, type: "Directory" },
          }),
        }),
      },
      publicKeys: { ...MINA_KEYS, ...ETHEREUM_KEYS },
      genesisTime: pulumi.output(1_795_000_000),
      shared: [
        {
          path: "daemon.json",
          sha256: pulumi.output("aa"),
          source: { kind: "inline", gzip: "H4sIAAAAAAAAAwMAAAAAAAAAAAA=" },
        },
        {
          path: "genesis.ssz",
          sha256: "bb",
          source: { kind: "download", url: address.apply((ip) => `https://${ip}/g`) },
        },
      ],
      addresses: Object.fromEntries(plan.clusters!.seeds.map(({ daemon: seed }) => [seed, address])),
      loadBalancers: {},
      after: () => [],
      image: (reference) => pulumi.output(`registry.example.org/${reference}`),
    };
  }

  const up = () => world.stack.up({ ...world.watched, suppressOutputs: true });
  const pods = async (network: string) =>
    (await world.client.get<{ items: KubeObject[] }>(`/api/v1/namespaces/${network}/pods`)).items;

  before(async () => {
    await world.client.request({
      method: "PATCH",
      path: "/apis/storage.k8s.io/v1/storageclasses/standard",
      query: { fieldManager: "test", force: "true" },
      contentType: APPLY,
      body: {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: {
          name: "standard",
          annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
        },
        provisioner: "ebs.csi.aws.com",
        volumeBindingMode: "WaitForFirstConsumer",
      },
    });
  });

  it("all pods of a Mina-like and an Ethereum-like network become ready", async () => {
    deploy([minaLike(), ethereumLike()]);
    await world.stack.preview(world.watched);
    await up();
    // Stack, provider; of each network the component, its namespace and shared files, and a release for each pool or service.
    assert.deepEqual(world.changes, { create: 2 + 2 * 3 + 6 + 3 });
    const all = [...(await pods("mina-net")), ...(await pods("eth-net"))];
    assert.equal(all.length, 4 + 3 + 2 + 3);
    for (const pod of all) {
      const conditions = at(pod, "status.conditions") as { type: string; status: string }[];
      assert.equal(conditions.find(({ type }) => type === "Ready")?.status, "True", pod.metadata.name);
    }
    const images = new Set(
      all.flatMap((pod) => (at(pod, "spec.containers") as Json[]).map((one) => one["image"])),
    );
    assert.ok([...images].every((image) => String(image).startsWith("registry.example.org/")));
  });

  it("gives pods the labels by which they are watched", async () => {
    const producer = (await pods("mina-net")).find(({ metadata }) => metadata.name === "block-producer-1-0");
    const labels = producer?.metadata["labels"] as Record<string, string>;
    const ours = Object.entries(labels).filter(([name]) => name.startsWith("testnet/"));
    assert.deepEqual(Object.fromEntries(ours), {
      "testnet/cluster": "one",
      "testnet/daemon": "block-producer-1",
      "testnet/network": "mina-net",
      "testnet/pool": "block-producers",
      "testnet/role": "block-producer",
    });
  });

  it("tells in the namespace why it is not restricted, and puts small shared files beside the pods", async () => {
    const namespace = await world.client.get("/api/v1/namespaces/mina-net");
    const labels = namespace.metadata["labels"] as Record<string, string>;
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "privileged");
    assert.equal(labels["pod-security.kubernetes.io/warn"], "restricted");
    const shared = await world.client.get("/api/v1/namespaces/mina-net/configmaps/shared-e1");
    assert.deepEqual(Object.values(shared["binaryData"] as Json), ["H4sIAAAAAAAAAwMAAAAAAAAAAAA="]);
    const seed = (await pods("mina-net")).find(({ metadata }) => metadata.name === "seed-1-0");
    const prepare = JSON.stringify(at(seed, "spec.initContainers.1.env"));
    const [key] = Object.keys(shared["binaryData"] as Json);
    assert.ok(prepare.includes("https://203.0.113.50/g") && prepare.includes(key!), prepare);
  });

  it("changes nothing the second time, and one release for one daemon more", async () => {
    await up();
    assert.deepEqual(world.changes, {});
    const lease = "/apis/coordination.k8s.io/v1/namespaces/mina-net/leases/block-producer-1-wallet";
    const spec = { holderIdentity: "the pod that runs", leaseDurationSeconds: 360 };
    const taken = { ...(await world.client.get(lease)), spec };
    await world.client.request({ method: "PUT", path: lease, body: taken });
    const plan = minaLike();
    const more = daemon("block-producer-2", "block-producer", { nodes: { peers: true } });
    deploy([{ ...plan, daemons: [...plan.daemons, more] }, ethereumLike()]);
    await up();
    assert.deepEqual(world.changes, { update: 1 });
    assert.deepEqual((await world.client.get(lease))["spec"], spec, "an upgrade takes no lease away");
  });

  it("gives a new era volumes of its own, keeps the old ones, and changes nothing's name", async () => {
    deploy([minaLike(), { ...ethereumLike(), era: 2 }]);
    await up();
    const claims = await world.client.get<{ items: KubeObject[] }>(
      "/api/v1/namespaces/eth-net/persistentvolumeclaims",
    );
    const living = claims.items.filter(({ metadata }) => metadata["deletionTimestamp"] === undefined);
    assert.deepEqual(living.map(({ metadata }) => metadata.name).sort(), [
      "data-e1-geth-1",
      "data-e1-prysm-1",
      "data-e2-geth-1",
      "data-e2-prysm-1",
    ]);
    const names = (await pods("eth-net")).map(({ metadata }) => metadata.name);
    assert.deepEqual(names.filter((name) => !name.startsWith("rpc-proxy-")).sort(), [
      "geth-1-0",
      "prysm-1-0",
    ]);
  });

  it("keeps the path of this machine out of the state", async () => {
    const state = JSON.stringify(await world.stack.exportStack());
    assert.ok(state.includes('"chart":"./charts/daemon"'));
    assert.ok(!state.includes(path.join(__dirname, "..", "..", "charts")));
  });

  it("keeps all but the pods of a network that is paused, and takes it up again", async () => {
    deploy([minaLike(), pausedPlan({ ...ethereumLike(), era: 2 })]);
    await up();
    assert.deepEqual(
      (await pods("eth-net")).filter(({ metadata }) => metadata["deletionTimestamp"] === undefined),
      [],
    );
    assert.ok(await world.client.find("/api/v1/namespaces/eth-net/persistentvolumeclaims/data-e2-geth-1"));
    deploy([minaLike(), { ...ethereumLike(), era: 2 }]);
    await up();
    assert.equal((await pods("eth-net")).length, 3);
  });

  it("leaves nothing after destroy", async () => {
    await world.stack.destroy({ ...world.watched, suppressOutputs: true });
    assert.equal(await world.client.find("/api/v1/namespaces/mina-net"), undefined);
    const roles = await world.client.get<{ items: KubeObject[] }>(
      "/apis/rbac.authorization.k8s.io/v1/clusterroles",
    );
    assert.deepEqual(
      roles.items.filter(({ metadata }) => metadata.name.startsWith("testnet:mina-net:")),
      [],
    );
  });
});
