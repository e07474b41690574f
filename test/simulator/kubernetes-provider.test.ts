import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { APPLY } from "../../simulator/kube/client";
import { FAIL_ANNOTATION } from "../../simulator/clusters/stages";
import { ClusterWorld } from "./support/cluster-world";

const ECHO = path.join(__dirname, "charts", "echo");
const SECRET = "canary-9d1f0c";

/** What the program of these tests deploys. */
interface Wanted {
  readonly data?: Record<string, string>;
  readonly replicas?: number;
  readonly releaseReplicas?: number;
  readonly metadata?: Record<string, unknown>;
  readonly podAnnotations?: Record<string, string>;
  readonly job?: boolean;
}

describe("the simulated kubernetes provider", function () {
  this.timeout(240_000);
  let world: ClusterWorld;

  before(async () => {
    world = await ClusterWorld.start(4);
  });
  after(() => world.close());

  function deploy(wanted: Wanted): void {
    world.deploys(() => {
      const k8s = require("@pulumi/kubernetes") as typeof import("@pulumi/kubernetes");
      const pulumi = require("@pulumi/pulumi") as typeof import("@pulumi/pulumi");
      const provider = new k8s.Provider("cluster", {
        kubeconfig: pulumi.secret(world.kubeconfig),
        enableServerSideApply: true,
        enableConfigMapMutable: true,
      });
      const namespace = new k8s.core.v1.Namespace("apps", { metadata: { name: "apps" } }, { provider });
      const inNamespace = { provider, dependsOn: [namespace] };
      const metadata = { name: "settings", namespace: "apps", ...wanted.metadata };
      new k8s.core.v1.ConfigMap("settings", { metadata, data: wanted.data ?? { a: "1" } }, inNamespace);
      const labels = { app: "web" };
      new k8s.apps.v1.Deployment(
        "web",
        {
          metadata: { name: "web", namespace: "apps" },
          spec: {
            replicas: wanted.replicas ?? 2,
            selector: { matchLabels: labels },
            template: {
              metadata: { labels, annotations: wanted.podAnnotations ?? {} },
              spec: {
                containers: [
                  {
                    name: "web",
                    image: "web",
                    ports: [{ containerPort: 80, hostPort: 8080 }],
                    resources: { requests: { cpu: "1000m", memory: "1024Mi" } },
                  },
                ],
              },
            },
          },
        },
        inNamespace,
      );
      if (wanted.job === true) {
        const container = { name: "once", image: "once" };
        const template = { spec: { restartPolicy: "Never", containers: [container] } };
        new k8s.batch.v1.Job(
          "once",
          { metadata: { name: "once", namespace: "apps" }, spec: { template } },
          inNamespace,
        );
      }
      new k8s.helm.v3.Release(
        "echo",
        {
          name: "echo",
          namespace: "apps",
          chart: ECHO,
          values: { replicas: wanted.releaseReplicas ?? 1, token: pulumi.secret(SECRET) },
        },
        inNamespace,
      );
      return Promise.resolve();
    });
  }

  const up = () => world.stack.up({ ...world.watched, suppressOutputs: true });
  const refresh = () => world.stack.refresh({ ...world.watched, suppressOutputs: true });
  const preview = () => world.stack.preview({ ...world.watched });
  const podsOf = async (app: string) =>
    (
      await world.client.get<{ items: unknown[] }>("/api/v1/namespaces/apps/pods", {
        labelSelector: `app=${app}`,
      })
    ).items.length;

  it("applies objects and a release, and is done when their pods are ready", async () => {
    deploy({ job: true });
    await preview();
    await up();
    assert.equal(world.changes["create"], 7);
    assert.equal(await podsOf("web"), 2);
    assert.equal(await podsOf("echo"), 1);
  });

  it("changes nothing the second time, and refresh finds no drift", async () => {
    await up();
    assert.deepEqual(world.changes, {});
    await refresh();
    assert.deepEqual(world.changes, {});
  });

  it("keeps kubeconfig and secret values of a release out of the state", () => {
    const state = path.join(world.directory, "state");
    const entries = fs.readdirSync(state, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    assert.ok(files.length > 0);
    for (const file of files) {
      const text = fs.readFileSync(path.join(file.parentPath, file.name), "utf8");
      assert.ok(!text.includes(world.access.token), file.name);
      assert.ok(!text.includes(SECRET), file.name);
    }
    assert.deepEqual(
      fs
        .readdirSync(path.join(world.directory, "helm"), { recursive: true })
        .filter((name) => String(name).includes("values-")),
      [],
    );
  });

  it("finds what was edited, deleted and uninstalled by hand, and the next up repairs it", async () => {
    const settings = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "settings" },
      data: { a: "drifted" },
    };
    await world.client.request({
      method: "PATCH",
      path: "/api/v1/namespaces/apps/configmaps/settings",
      query: { fieldManager: "somebody", force: "true" },
      body: settings,
      contentType: APPLY,
    });
    await world.client.request({ method: "DELETE", path: "/apis/apps/v1/namespaces/apps/deployments/web" });
    await refresh();
    assert.deepEqual(world.changes, { update: 1, delete: 1 });
    await up();
    assert.deepEqual(world.changes, { create: 1, update: 1 });
    const repaired = await world.client.get("/api/v1/namespaces/apps/configmaps/settings");
    assert.deepEqual(repaired["data"], { a: "1" });
  });

  it("says in the preview what the API server says to a field it does not know", async () => {
    deploy({ job: true, metadata: { labelz: { a: "b" } } });
    await assert.rejects(preview());
    assert.match(world.errors, /\.metadata\.labelz: field not declared in schema/);
  });

  it("says in the preview what a chart refuses", async () => {
    deploy({ job: true, releaseReplicas: 10 });
    await assert.rejects(preview());
    assert.match(world.errors, /at most 9 replicas/);
  });

  it("upgrades a release", async () => {
    deploy({ job: true, releaseReplicas: 3 });
    await up();
    assert.deepEqual(world.changes, { update: 1 });
    assert.equal(await podsOf("echo"), 3);
  });

  it("fails with the pods' words when there are too few nodes or pods crash, and mends with the next up", async function () {
    deploy({ job: true, releaseReplicas: 3, podAnnotations: { [FAIL_ANNOTATION]: "no such flag" } });
    await assert.rejects(up());
    assert.match(world.errors, /Deployment web did not become ready: [^]*web CrashLoopBackOff: no such flag/);
    deploy({ job: true, releaseReplicas: 3 });
    await up();
    assert.deepEqual(world.changes, { update: 1 });
  });

  it("fails in the connection's words while the cluster cannot be reached, and goes on when it can", async () => {
    deploy({ job: true, releaseReplicas: 2, data: { a: "2" } });
    await world.clusters.cut("aws/us-east-1/one");
    await assert.rejects(up());
    assert.match(world.errors, /ECONNREFUSED/);
    await world.clusters.restore("aws/us-east-1/one");
    await up();
    assert.deepEqual(world.changes, { update: 2 });
  });

  it("leaves nothing after destroy", async () => {
    await world.stack.destroy({ ...world.watched, suppressOutputs: true });
    assert.equal(await world.client.find("/api/v1/namespaces/apps"), undefined);
  });
});
