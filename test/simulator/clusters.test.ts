import * as assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterAccess, Clusters } from "../../simulator/clusters/contract";
import { countKeys } from "../../simulator/clusters/etcd-keys";
import { clustersDirectory, openClusters } from "../../simulator/clusters/open";
import { startedProcesses } from "../../simulator/clusters/processes";
import { readRemovals } from "../../simulator/clusters/removals";
import { APPLY, KubeClient, KubeError, type KubeObject } from "../../simulator/kube/client";
import { temporaryDirectory } from "../support/temporary";
import { clusterPrograms, nodes } from "./support/cluster-world";

const IDS = ["aws/us-east-1/one", "aws/us-west-2/two", "gcp/europe-west4/three"];

function request(id: string) {
  return { id, version: "1.36", serviceCidr: "10.96.0.0/16", podCidr: "10.244.0.0/16" };
}

function clientOf({ endpoint, caPem, token }: ClusterAccess): KubeClient {
  return new KubeClient({ server: endpoint, caPem, token });
}

function apply(client: KubeClient, path: string, body: KubeObject): Promise<KubeObject> {
  const query = { fieldManager: "test", force: "true", fieldValidation: "Strict" };
  return client.request({ method: "PATCH", path, query, body, contentType: APPLY });
}

async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > end) assert.fail(`${what} did not come true`);
    await sleep(100);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("simulated clusters with real API servers", function () {
  this.timeout(240_000);
  const temporary = temporaryDirectory();
  const own = clustersDirectory(temporary.path);
  let clusters: Clusters;
  let clients: KubeClient[];

  before(async () => {
    clusters = openClusters({ kind: "real", directory: temporary.path, programs: await clusterPrograms() });
    const access = await Promise.all(IDS.map((id) => clusters.create(request(id))));
    clients = access.map(clientOf);
  });
  after(async () => {
    clients.forEach((client) => client.close());
    await clusters.close();
    temporary.dispose();
  });

  it("are apart from one another, and the same when asked for again", async () => {
    await apply(clients[0]!, "/api/v1/namespaces/mine", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "mine" },
    });
    assert.equal(await clients[1]!.find("/api/v1/namespaces/mine"), undefined);
    const access = await clusters.access(IDS[0]!);
    assert.deepEqual(await clusters.create(request(IDS[0]!)), access);
    assert.equal(new Set(IDS).size, 3);
  });

  it("listen on 127.0.0.1 only, and let nobody in without the token", async () => {
    const access = (await clusters.access(IDS[0]!))!;
    assert.match(access.endpoint, /^https:\/\/127\.0\.0\.1:\d+$/);
    const stranger = clientOf({ ...access, token: "guessed" });
    await assert.rejects(
      stranger.get("/api/v1/nodes"),
      (error: unknown) => error instanceof KubeError && error.status === 401,
    );
    stranger.close();
  });

  it("know a pool as a whole: nodes come, with their addresses and labels, and go", async () => {
    const names = async () =>
      (await clients[0]!.get<{ items: KubeObject[] }>("/api/v1/nodes")).items
        .map(({ metadata }) => metadata.name)
        .sort();
    await clusters.setNodes(IDS[0]!, "daemons", nodes(3));
    await clusters.setNodes(IDS[0]!, "workers", nodes(2, "workers"));
    assert.equal((await names()).length, 5);
    await eventually("all nodes are ready", async () => {
      const { items } = await clients[0]!.get<{ items: KubeObject[] }>("/api/v1/nodes");
      return items.every((node) => JSON.stringify(node["status"]).includes('"type":"Ready"'));
    });
    const node = await clients[0]!.get("/api/v1/nodes/daemons-1");
    const { addresses } = node["status"] as { addresses: { type: string; address: string }[] };
    assert.equal(addresses.find(({ type }) => type === "ExternalIP")?.address, "203.0.113.1");
    assert.equal((node.metadata["labels"] as Record<string, string>)["testnet/pool"], "daemons");
    await clusters.setNodes(IDS[0]!, "daemons", nodes(1));
    assert.deepEqual(await names(), ["daemons-1", "workers-1", "workers-2"]);
  });

  it("give pods a place, a disk and readiness, as far as there are machines", async () => {
    const client = clients[1]!;
    await clusters.setNodes(IDS[1]!, "daemons", nodes(2));
    await apply(client, "/apis/storage.k8s.io/v1/storageclasses/ssd", {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "ssd" },
      provisioner: "ebs.csi.aws.com",
      volumeBindingMode: "WaitForFirstConsumer",
    });
    const set = "/apis/apps/v1/namespaces/default/statefulsets/web";
    await apply(client, set, statefulSet(3));
    const ready = async () => ((await client.get(set))["status"] as { readyReplicas?: number }).readyReplicas;
    await eventually("two of three pods are ready", async () => (await ready()) === 2);
    const { items } = await client.get<{ items: KubeObject[] }>("/api/v1/pods");
    const waiting = items.filter((pod) => (pod["status"] as { phase: string }).phase === "Pending");
    assert.equal(waiting.length, 1, "the port of the machine is taken on both nodes");
    const volumes = (await client.get<{ items: KubeObject[] }>("/api/v1/persistentvolumes")).items;
    assert.equal((volumes[0]!["spec"] as { csi: { driver: string } }).csi.driver, "ebs.csi.aws.com");
  });

  it("know the kinds of a cloud's add-ons while they are installed", async () => {
    const secret: KubeObject = {
      apiVersion: "secrets-store.csi.x-k8s.io/v1",
      kind: "SecretProviderClass",
      metadata: { name: "keys", namespace: "default" },
      spec: { provider: "gke", parameters: { secrets: "[]" } },
    };
    const at = "/apis/secrets-store.csi.x-k8s.io/v1/namespaces/default/secretproviderclasses/keys";
    await assert.rejects(apply(clients[2]!, at, secret), KubeError);
    await clusters.setAddons(IDS[2]!, ["secret-manager"]);
    await apply(clients[2]!, at, secret);
    await assert.rejects(
      apply(clients[2]!, at, { ...secret, spec: { provder: "gke" } }),
      /provder: field not declared/,
    );
    await clusters.setAddons(IDS[2]!, []);
    await eventually("the kind is gone", async () => (await clients[2]!.find(at)) === undefined);
  });

  it("tell what a program left in them when they are removed, and leave no key behind", async () => {
    await Promise.all(IDS.map((id) => clusters.remove(id)));
    await clusters.remove(IDS[0]!);
    const found = new Map(readRemovals(own).map(({ id, leftovers }) => [id, leftovers]));
    assert.deepEqual(found.get(IDS[0]!), ["namespace mine"]);
    assert.equal(found.get(IDS[1]!)?.filter((what) => what.startsWith("disk ")).length, 2);
    assert.deepEqual(found.get(IDS[2]!), []);
    assert.equal(await countKeys(path.join(own, "etcd.sock"), "/"), 0);
  });

  it("leave no process after close", async () => {
    await clusters.close();
    const started = startedProcesses(path.join(own, "logs"));
    assert.equal(started.length, 1 + 4 * IDS.length);
    assert.deepEqual(
      started.filter(({ pid }) => isAlive(pid)),
      [],
    );
  });
});

describe("clusters whose process is killed", function () {
  this.timeout(120_000);

  it("leave no process", async () => {
    const temporary = temporaryDirectory();
    const script = `
      const { openClusters } = require(${JSON.stringify(require.resolve("../../simulator/clusters/open.ts"))});
      const clusters = openClusters(${JSON.stringify({ kind: "real", directory: temporary.path, programs: await clusterPrograms() })});
      clusters.create(${JSON.stringify(request(IDS[0]!))}).then(() => console.log("up"));
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ["--require", "tsx/cjs", "--eval", script], {
      cwd: path.join(__dirname, "..", ".."),
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(createInterface(child.stdout), "line");
    const started = startedProcesses(path.join(clustersDirectory(temporary.path), "logs"));
    assert.equal(started.filter(({ pid }) => isAlive(pid)).length, 5);
    child.kill("SIGKILL");
    await eventually("all are gone", () => Promise.resolve(started.every(({ pid }) => !isAlive(pid))));
    temporary.dispose();
    assert.equal(fs.existsSync(temporary.path), false);
  });
});

describe("light clusters", () => {
  it("keep what is applied, and start no process", async () => {
    const temporary = temporaryDirectory();
    const clusters = openClusters({ kind: "light", directory: temporary.path });
    const client = clientOf(await clusters.create(request(IDS[0]!)));
    const namespace: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "mine" } };
    await apply(client, "/api/v1/namespaces/mine", namespace);
    const map: KubeObject = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "m", namespace: "mine" },
    };
    await apply(client, "/api/v1/namespaces/mine/configmaps/m", map);
    assert.deepEqual((await client.get("/api/v1/namespaces/mine/configmaps"))["items"], [
      await client.get("/api/v1/namespaces/mine/configmaps/m"),
    ]);
    // A name may end as names of kinds do.
    assert.equal(await client.find("/api/v1/namespaces/mine/configmaps/consensus"), undefined);
    assert.equal((await client.get("/api/v1/namespaces/mine/configmaps/m")).kind, "ConfigMap");
    await client.request({ method: "DELETE", path: "/api/v1/namespaces/mine" });
    assert.equal(await client.find("/api/v1/namespaces/mine/configmaps/m"), undefined);
    client.close();
    await clusters.close();
    assert.equal(fs.existsSync(path.join(clustersDirectory(temporary.path), "logs")), false);
    temporary.dispose();
  });
});

function statefulSet(replicas: number): KubeObject {
  const labels = { app: "web" };
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "web", namespace: "default" },
    spec: {
      serviceName: "web",
      replicas,
      podManagementPolicy: "Parallel",
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          initContainers: [{ name: "address", image: "none" }],
          containers: [
            {
              name: "web",
              image: "none",
              ports: [
                { containerPort: 3000, hostPort: 3000, protocol: "TCP" },
                { containerPort: 3000, hostPort: 3000, protocol: "UDP" },
              ],
              volumeMounts: [{ name: "data", mountPath: "/data" }],
            },
          ],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: {
            storageClassName: "ssd",
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: "1Gi" } },
          },
        },
      ],
    },
  };
}
