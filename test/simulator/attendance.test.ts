import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Attendance } from "../../simulator/attendance/attendance";
import { putSecret } from "../../simulator/cloud/secrets";
import type { SecretAt } from "../../simulator/cloud/protocol";
import { APPLY, KubeClient, type KubeObject } from "../../simulator/kube/client";
import { explainNamespace } from "../../simulator/kubernetes/explain";
import { awsNetwork, eksCluster, eksNodes, gkeCluster, QUOTAS, trust } from "./cloud/grounds";
import { SmallWorld, type TestProvider, type TestResource } from "./cloud/small-world";
import { clusterPrograms } from "./support/cluster-world";

const EKS = "aws/us-east-1/dev";
const GKE = "gcp/europe-west4/dev";
const PRINCIPAL = "${aws:PrincipalTag/kubernetes-namespace}/${aws:PrincipalTag/kubernetes-service-account}";

interface Status {
  readonly phase?: string;
  readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] };
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

describe("what clouds do for the pods of their clusters", function () {
  this.timeout(240_000);
  let world: SmallWorld;
  let aws: TestProvider;
  let gcp: TestProvider;
  let nodes: TestResource;
  let attendance: Attendance;
  const clients = new Map<string, KubeClient>();

  before(async () => {
    const programs = await clusterPrograms();
    world = new SmallWorld(QUOTAS, { kind: "real", programs, secretsAreChecked: true });
    [aws, gcp] = [world.aws(), world.gcp()];
    const network = await awsNetwork(aws);
    await Promise.all([eksCluster(aws, network), gkeCluster(gcp)]);
    nodes = await eksNodes(aws, network, "daemons");
    await aws.create("aws:eks/addon:Addon", {
      ...{ clusterName: "dev", addonName: "aws-secrets-store-csi-driver-provider" },
    });
    attendance = new Attendance(world.world);
    for (const id of [EKS, GKE]) {
      const access = await world.world.clusters.access(id);
      assert.ok(access);
      const client = new KubeClient({ server: access.endpoint, caPem: access.caPem, token: access.token });
      clients.set(id, client);
      await apply(id, "/api/v1/namespaces/net", {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "net" },
      });
      await eventually("the namespace has its account", async () => {
        return (await client.find("/api/v1/namespaces/net/serviceaccounts/default")) !== undefined;
      });
    }
  });
  after(async () => {
    await attendance.stop();
    clients.forEach((client) => client.close());
    await world.close();
  });

  function clientOf(cluster: string): KubeClient {
    const client = clients.get(cluster);
    assert.ok(client);
    return client;
  }

  function apply(cluster: string, path: string, body: KubeObject): Promise<KubeObject> {
    const query = { fieldManager: "test", force: "true", fieldValidation: "Strict" };
    return clientOf(cluster).request({ method: "PATCH", path, query, body, contentType: APPLY });
  }

  async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + 30_000;
    while (!(await holds())) {
      if (Date.now() > end) assert.fail(`${what} did not come true`);
      await sleep(50);
    }
  }

  const statusOf = async (cluster: string, path: string) =>
    (await clientOf(cluster).get(`/api/v1/namespaces/net/${path}`))["status"] as Status;

  const isReady = async (cluster: string, pod: string) => {
    const { conditions = [] } = await statusOf(cluster, `pods/${pod}`);
    return conditions.some(({ type, status }) => type === "Ready" && status === "True");
  };

  /** What the namespace says of what is not ready, as soon as it holds the words. */
  async function says(cluster: string, words: RegExp): Promise<void> {
    let said = "";
    try {
      await eventually("", async () => {
        said = (await explainNamespace(clientOf(cluster), "net")).join("\n");
        return words.test(said);
      });
    } catch {
      assert.match(said, words);
    }
  }

  async function pod(cluster: string, name: string, spec: object): Promise<void> {
    const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: "net" } };
    await apply(cluster, `/api/v1/namespaces/net/serviceaccounts/${name}`, account);
    await apply(cluster, `/api/v1/namespaces/net/pods/${name}`, {
      ...{ apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "net" } },
      spec: { serviceAccountName: name, containers: [{ name: "main", image: "main" }], ...spec },
    });
  }

  const remove = async (cluster: string, path: string) => {
    await clientOf(cluster).request({ method: "DELETE", path: `/api/v1/namespaces/net/${path}` });
    await eventually("it is gone", async () => {
      return (await clientOf(cluster).find(`/api/v1/namespaces/net/${path}`)) === undefined;
    });
  };

  function mounts(driver: string, secretProviderClass: string): object {
    const csi = { driver, readOnly: true, volumeAttributes: { secretProviderClass } };
    return { volumes: [{ name: "bundle", csi }] };
  }

  const providerClass = (cluster: string, name: string, spec: object) =>
    apply(cluster, `/apis/secrets-store.csi.x-k8s.io/v1/namespaces/net/secretproviderclasses/${name}`, {
      ...{ apiVersion: "secrets-store.csi.x-k8s.io/v1", kind: "SecretProviderClass" },
      metadata: { name, namespace: "net" },
      spec,
    });

  describe("secrets of AWS", () => {
    const DRIVER = "secrets-store.csi.k8s.io";
    const at = (daemon: string): SecretAt => ({
      ...{ cloud: "aws", site: { region: "us-east-1" }, name: `testnet/net/${daemon}` },
    });
    const objects = (daemon: string) =>
      JSON.stringify([
        { objectName: at(daemon).name, objectType: "secretsmanager", objectAlias: "bundle.json" },
      ]);
    const classOf = (name: string, daemon = name) =>
      providerClass(EKS, name, {
        provider: "aws",
        parameters: { region: "us-east-1", usePodIdentity: "true", objects: objects(daemon) },
      });
    const associate = (serviceAccount: string, roleArn: unknown) =>
      aws.create("aws:eks/podIdentityAssociation:PodIdentityAssociation", {
        ...{ clusterName: "dev", namespace: "net", serviceAccount, roleArn },
      });
    let roleArn: unknown;

    before(async () => {
      const assumeRolePolicy = trust("pods.eks.amazonaws.com", {
        StringEquals: { "aws:RequestTag/kubernetes-namespace": "net" },
      });
      const role = await aws.create("aws:iam/role:Role", { name: "readers", assumeRolePolicy });
      const Statement = {
        ...{ Effect: "Allow", Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"] },
        Resource: `arn:aws:secretsmanager:us-east-1:123456789012:secret:testnet/${PRINCIPAL}-??????`,
      };
      const policy = JSON.stringify({ Version: "2012-10-17", Statement });
      await aws.create("aws:iam/rolePolicy:RolePolicy", { role: role.id, name: "rights", policy });
      roleArn = role.outputs["arn"];
    });

    it("keep a pod from starting until its class, its identity and a value are there, and say what is missing", async () => {
      await pod(EKS, "seed-1", mounts(DRIVER, "seed-1"));
      await says(
        EKS,
        /pod seed-1 is Pending.*FailedMount: MountVolume.SetUp failed for volume "bundle" .*"seed-1" not found/,
      );
      await classOf("seed-1");
      await says(EKS, /secret "testnet\/net\/seed-1": ResourceNotFoundException/);
      putSecret(world.world, at("seed-1"), "value");
      await says(
        EKS,
        /secret "testnet\/net\/seed-1": no credentials: the add-on eks-pod-identity-agent does not run/,
      );
      const agent = { clusterName: "dev", addonName: "eks-pod-identity-agent" };
      await aws.create("aws:eks/addon:Addon", agent);
      await says(
        EKS,
        /secret "testnet\/net\/seed-1": no EKS Pod Identity association of service account net\/seed-1/,
      );
      assert.equal(await isReady(EKS, "seed-1"), false);
      await associate("seed-1", roleArn);
      await eventually("seed-1 is ready", () => isReady(EKS, "seed-1"));
      await remove(EKS, "pods/seed-1");
    });

    it("are not given to another daemon of the same role", async () => {
      await classOf("thief", "seed-1");
      await associate("thief", roleArn);
      await pod(EKS, "thief", mounts(DRIVER, "thief"));
      await says(
        EKS,
        /secret "testnet\/net\/seed-1": AccessDeniedException: .*role\/readers is not authorized to perform: secretsmanager:GetSecretValue/,
      );
      await remove(EKS, "pods/thief");
    });

    it("are not given to a pod whose namespace the role does not trust", async () => {
      const assumeRolePolicy = trust("pods.eks.amazonaws.com", {
        StringEquals: { "aws:RequestTag/kubernetes-namespace": "other" },
      });
      const role = await aws.create("aws:iam/role:Role", { name: "strangers", assumeRolePolicy });
      putSecret(world.world, at("seed-2"), "value");
      await classOf("seed-2");
      await associate("seed-2", role.outputs["arn"]);
      await pod(EKS, "seed-2", mounts(DRIVER, "seed-2"));
      await says(EKS, /secret "testnet\/net\/seed-2": AccessDenied: .*sts:AssumeRole/);
      await remove(EKS, "pods/seed-2");
    });

    it("are not to be had where the add-on is missing", async () => {
      await pod(EKS, "lost", mounts("secrets-store-gke.csi.k8s.io", "seed-1"));
      await says(
        EKS,
        /driver name secrets-store-gke.csi.k8s.io not found in the list of registered CSI drivers/,
      );
      await remove(EKS, "pods/lost");
    });

    it("are written by a pod with the right to, and by no other", async () => {
      const made = await aws.create("aws:secretsmanager/secret:Secret", { name: "admin" });
      const container = { name: "writer", image: "aws-cli", env: [{ name: "SECRET_ID", value: made.id }] };
      await associate("writer", roleArn);
      await pod(EKS, "writer", { containers: [container] });
      await says(
        EKS,
        /pod writer is Pending: Failed: secret ".*:admin-.*": AccessDeniedException.*PutSecretValue/,
      );
      const Statement = { Effect: "Allow", Action: "secretsmanager:PutSecretValue", Resource: made.id };
      const policy = JSON.stringify({ Version: "2012-10-17", Statement });
      await aws.create("aws:iam/rolePolicy:RolePolicy", { role: "readers", name: "writing", policy });
      await eventually("writer is ready", () => isReady(EKS, "writer"));
      const record = world.world.store.all().find(({ id }) => id === made.id);
      assert.equal(world.world.secrets.count(record?.uid ?? ""), 1);
      await remove(EKS, "pods/writer");
    });
  });

  describe("secrets of GCP", () => {
    const at: SecretAt = {
      ...{
        cloud: "gcp",
        site: { account: "example-testnets", region: "europe-west4" },
        name: "testnet_net_seed-1",
      },
    };
    const resourceName = `projects/example-testnets/secrets/${at.name}/versions/latest`;

    it("keep a pod from starting until its account may read them", async () => {
      const secrets = JSON.stringify([{ resourceName, path: "bundle.json" }]);
      await providerClass(GKE, "seed-1", { provider: "gke", parameters: { secrets } });
      await pod(GKE, "seed-1", mounts("secrets-store-gke.csi.k8s.io", "seed-1"));
      await says(
        GKE,
        /secret "projects\/example-testnets\/secrets\/testnet_net_seed-1\/versions\/latest": .*code = NotFound/,
      );
      putSecret(world.world, at, "value");
      await says(
        GKE,
        /Permission 'secretmanager.versions.access' denied for principal:.*\/subject\/ns\/net\/sa\/seed-1/,
      );
      const { number } = gcp.provider.invoke("gcp:organizations/getProject:getProject", {}) as {
        number: string;
      };
      const pool = `projects/${number}/locations/global/workloadIdentityPools/example-testnets.svc.id.goog`;
      const grant = (account: string) =>
        gcp.create("gcp:secretmanager/secretIamMember:SecretIamMember", {
          ...{ secretId: at.name, role: "roles/secretmanager.secretAccessor" },
          member: `principal://iam.googleapis.com/${pool}/subject/ns/net/sa/${account}`,
        });
      await grant("seed-2");
      await sleep(1500);
      assert.equal(await isReady(GKE, "seed-1"), false);
      await grant("seed-1");
      await eventually("seed-1 is ready", () => isReady(GKE, "seed-1"));
      await remove(GKE, "pods/seed-1");
    });
  });

  it("let a pod without secrets start at once", async () => {
    await pod(GKE, "plain", { volumes: [{ name: "work", emptyDir: {} }] });
    await eventually("plain is ready", () => isReady(GKE, "plain"));
    await remove(GKE, "pods/plain");
  });

  describe("load balancers of GKE", () => {
    let address: TestResource;
    const service = (name: string, spec: object) =>
      apply(GKE, `/api/v1/namespaces/net/services/${name}`, {
        ...{ apiVersion: "v1", kind: "Service", metadata: { name, namespace: "net" } },
        spec: {
          type: "LoadBalancer",
          loadBalancerClass: "networking.gke.io/l4-regional-external",
          ports: ["TCP", "UDP"].map((protocol) => ({ name: protocol.toLowerCase(), port: 10000, protocol })),
          ...spec,
        },
      });
    const ingress = async (name: string) => {
      const { loadBalancer } = await statusOf(GKE, `services/${name}`);
      return loadBalancer?.ingress?.map(({ ip }) => ip) ?? [];
    };

    before(async () => {
      address = await gcp.create("gcp:compute/address:Address", { name: "seed", region: "europe-west4" });
    });

    it("get the reserved address they ask for, which is in use until the Service is gone", async () => {
      const loadBalancerIP = address.outputs["address"];
      await service("seed-1", { loadBalancerIP });
      await eventually("it is served", async () => (await ingress("seed-1"))[0] === loadBalancerIP);
      await service("seed-2", { loadBalancerIP });
      await says(
        GKE,
        /service seed-2 has no load balancer: SyncLoadBalancerFailed: .* is already in use by gcp\/europe-west4\/dev\/net\/seed-1/,
      );
      await assert.rejects(gcp.delete(address), /resourceInUseByAnotherResource.*|is already being used by/);
      await remove(GKE, "services/seed-1");
      await eventually("the next one is served", async () => (await ingress("seed-2"))[0] === loadBalancerIP);
      await remove(GKE, "services/seed-2");
      await gcp.delete(address);
    });

    it("get none that is not reserved, or reserved elsewhere", async () => {
      const elsewhere = await gcp.create("gcp:compute/address:Address", { name: "far", region: "us-east1" });
      await service("seed-3", { loadBalancerIP: elsewhere.outputs["address"] });
      await says(
        GKE,
        /service seed-3 has no load balancer: .*no external address of europe-west4 is reserved/,
      );
      assert.deepEqual(await ingress("seed-3"), []);
      await remove(GKE, "services/seed-3");
    });
  });

  describe("machines", () => {
    const big = { containers: [{ name: "main", image: "main", resources: { requests: { cpu: "1500m" } } }] };
    const spec = { ...big, nodeSelector: { "testnet/pool": "daemons" } };
    const count = async () => (await clientOf(EKS).get<{ items: unknown[] }>("/api/v1/nodes")).items.length;

    it("come while pods find no place, as many as they need, up to the pool's limit, and go with it", async () => {
      assert.equal(await count(), 1);
      for (const name of ["one", "two", "three"]) await pod(EKS, name, spec);
      for (const name of ["one", "two", "three"]) {
        await eventually(`${name} is ready`, () => isReady(EKS, name));
      }
      assert.equal(await count(), 3);
      await pod(EKS, "four", spec);
      await says(EKS, /pod four is Pending: 0\/3 nodes are available/);
      await sleep(3000);
      assert.equal(await count(), 3, "the pool has at most three");
      for (const name of ["one", "two", "three", "four"]) await remove(EKS, `pods/${name}`);
    });

    it("do not come for pods that no pool is made for", async () => {
      await pod(GKE, "stranger", { nodeSelector: { "testnet/pool": "none" } });
      await pod(GKE, "giant", {
        containers: [{ name: "main", image: "main", resources: { requests: { cpu: "64" } } }],
      });
      await says(GKE, /pod stranger is Pending: 0\/2 nodes[^]*|pod giant/);
      await sleep(3000);
      assert.equal((await clientOf(GKE).get<{ items: unknown[] }>("/api/v1/nodes")).items.length, 2);
      for (const name of ["stranger", "giant"]) await remove(GKE, `pods/${name}`);
    });

    it("go with their pool, those that came included", async () => {
      await aws.delete(nodes);
      await eventually("no machine is left", async () => (await count()) === 0);
    });
  });

  it("end when nobody reaches the cluster, and go on when it is back", async () => {
    const { clusters } = world.world;
    await clusters.cut(GKE);
    await assert.rejects(clientOf(GKE).get("/api/v1/nodes"), /ECONNREFUSED|ECONNRESET|socket hang up/);
    await clientOf(EKS).get("/api/v1/nodes");
    await clusters.restore(GKE);
    await pod(GKE, "again", {});
    await eventually("again is ready", () => isReady(GKE, "again"));
  });
});
