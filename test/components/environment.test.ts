import assert from "node:assert/strict";
import * as fs from "node:fs";
import { environmentDocument } from "../../stacks/environment-document";
import type { ClusterEnvironment } from "../../stacks/config/environment";
import { at, list, type Registered, SECRET, text } from "./mocks";
import { goldenFile, goldenOf } from "./golden";
import { POLICIES } from "./policies";
import { registerEnvironment, registerShipped } from "./shipped";
import { shippedEnvironment } from "./stacks";

/** Whole environments against mocks: what the program asks for. What the clouds make of it, rehearsals show. */

/** How many there are of what costs money, opens doors or gives rights, and of all. The golden pages name each one. */
const COUNTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  prod: {
    Vpc: 2,
    Subnet: 6,
    SecurityGroup: 2,
    Cluster: 3,
    NodeGroup: 5,
    NodePool: 3,
    Addon: 12,
    AccessEntry: 2,
    Role: 13,
    RolePolicy: 6,
    PodIdentityAssociation: 4,
    IAMMember: 1,
    RepositoryIamMember: 1,
    Key: 2,
    Secret: 1,
    Zone: 2,
    ManagedZone: 1,
    Bucket: 1,
    Release: 10,
    Job: 1,
    aws: 2,
    docker: 1,
    gcp: 1,
    kubernetes: 3,
    all: 152,
  },
  dev: {
    Vpc: 1,
    Subnet: 3,
    SecurityGroup: 1,
    Cluster: 1,
    NodeGroup: 1,
    Addon: 6,
    AccessEntry: 1,
    Role: 8,
    RolePolicy: 4,
    PodIdentityAssociation: 3,
    Key: 1,
    Secret: 1,
    Zone: 2,
    Bucket: 1,
    Release: 5,
    Job: 1,
    aws: 1,
    docker: 1,
    kubernetes: 1,
    all: 75,
  },
};

for (const stack of ["prod", "dev"]) {
  describe(`the environment ${stack}`, function () {
    this.timeout(60_000);

    const environment = shippedEnvironment(stack);
    let resources: readonly Registered[];
    let outputs: Readonly<Record<string, unknown>>;
    let secretOutputs: readonly string[];
    before(async () => {
      ({ resources, outputs, secretOutputs } = await registerShipped(stack));
    });

    it("is made of exactly this many resources", () => {
      const expected = COUNTS[stack] ?? {};
      const kinds = resources.filter(({ custom }) => custom).map(({ type }) => type.split(":").at(-1) ?? "");
      const all: Record<string, number> = { all: kinds.length };
      for (const kind of kinds) all[kind] = (all[kind] ?? 0) + 1;
      const counted = Object.keys(COUNTS["prod"] ?? {}).filter((kind) => all[kind] !== undefined);
      assert.deepEqual(Object.fromEntries(counted.map((kind) => [kind, all[kind]])), expected);
    });

    it("is the one that was reviewed", async () => {
      const golden = fs.readFileSync(goldenFile(stack), "utf8");
      assert.equal(
        await goldenOf(stack),
        golden,
        "review the change, then: npx tsx test/components/golden.ts",
      );
    });

    it("has no two resources of one name and type", () => {
      const urns = resources.map(({ urn }) => urn);
      assert.equal(new Set(urns).size, urns.length);
    });

    for (const [name, policy] of Object.entries(POLICIES)) {
      it(`keeps to it: ${name}`, () => assert.deepEqual(policy(resources, environment), []));
    }

    it("asks for nothing that was not known", () => {
      const text = JSON.stringify(resources.map(({ inputs }) => inputs));
      assert.doesNotMatch(text, /undefined|\[object |Calling \[toString\]|Output</);
    });

    it("keeps kubeconfigs secret", () => {
      const providers = resources.filter(({ type }) => type === "pulumi:providers:kubernetes");
      assert.deepEqual([...new Set(providers.map(({ inputs }) => inputs["kubeconfig"]))], [SECRET]);
      assert.deepEqual(secretOutputs, ["kubeconfigs"]);
    });

    it("tells what stands in a document that its own schema accepts", () => {
      const document = environmentDocument.parse(outputs["environment"]);
      assert.deepEqual(
        document.clusters.map(({ name }) => name),
        environment.clusters.map(({ name }) => name),
      );
      assert.deepEqual(document.zone.delegation, [`${environment.domain}. 3600 IN NS ns-1.awsdns.org.`]);
      assert.deepEqual(
        Object.keys(outputs["kubeconfigs"] as object),
        environment.clusters.map(({ name }) => name),
      );
    });

    it("puts each cluster's resources into its own region", () => {
      for (const { name, cloud, region } of environment.clusters) {
        const own = resources.filter(
          (each) => each.custom && each.type.startsWith(`${cloud}:`) && within(each, name),
        );
        assert.ok(own.length >= 8, name);
        for (const each of own) assert.match(each.provider ?? "", new RegExp(`-${region}::`), each.name);
      }
    });

    it("puts each cluster's objects into that cluster", () => {
      const objects = resources.filter(({ type }) => type.startsWith("kubernetes:"));
      for (const { name, provider } of objects) {
        const cluster = environment.clusters.find((each) => name.split("-").includes(each.name));
        const expected = cluster?.name ?? environment.monitoring.cluster;
        assert.match(provider ?? "", new RegExp(`providers:kubernetes::${expected}::`), name);
      }
    });
  });
}

/** Whether a resource is below the component of that name. */
function within({ parent }: Registered, name: string): boolean {
  return parent !== undefined && ((parent.name === name && !parent.custom) || within(parent, name));
}

describe("policies", function () {
  this.timeout(60_000);

  const environment = { ...shippedEnvironment("prod"), peerPorts: { from: 30_303, to: 30_306 } };
  let resources: readonly Registered[];
  before(async () => {
    ({ resources } = await registerEnvironment(environment, "prod"));
  });

  const BREAKS: readonly (readonly [policy: string, type: string, change: (inputs: Inputs) => Inputs])[] = [
    ["nothing but p2p", "aws:vpc/securityGroupIngressRule:", (inputs) => ({ ...inputs, ipProtocol: "-1" })],
    ["nothing but p2p", "aws:vpc/securityGroupIngressRule:", (inputs) => ({ ...inputs, fromPort: 22 })],
    [
      "nothing but p2p",
      "aws:vpc/securityGroupIngressRule:",
      (inputs) => ({ ...inputs, securityGroupId: "sg-1" }),
    ],
    ["nothing but p2p", "aws:ec2/securityGroup:", (inputs) => ({ ...inputs, ingress: [{ fromPort: 1 }] })],
    ["nothing but p2p", "gcp:compute/firewall:", (inputs) => ({ ...inputs, targetTags: [] })],
    ["no API server", "aws:eks/cluster:", (inputs) => ({ ...inputs, vpcConfig: {} })],
    [
      "no API server",
      "gcp:container/cluster:",
      (inputs) => ({ ...inputs, masterAuthorizedNetworksConfig: {} }),
    ],
    ["no right", "aws:iam/rolePolicy:", (inputs) => ({ ...inputs, policy: allow("s3:*", "arn:aws:s3:::x") })],
    ["no right", "aws:iam/rolePolicy:", (inputs) => ({ ...inputs, policy: allow("s3:GetObject", "*") })],
    ["no right", "gcp:projects/iAMMember:", (inputs) => ({ ...inputs, role: "roles/editor" })],
    ["disks", "aws:ec2/launchTemplate:", (inputs) => ({ ...inputs, blockDeviceMappings: [] })],
    ["disks", "kubernetes:storage.k8s.io/v1:StorageClass", (inputs) => ({ ...inputs, parameters: {} })],
    ["pods do not", "aws:ec2/launchTemplate:", (inputs) => ({ ...inputs, metadataOptions: {} })],
    ["pods do not", "gcp:container/nodePool:", (inputs) => ({ ...inputs, nodeConfig: {} })],
    ["everything says", "aws:ec2/vpc:", (inputs) => ({ ...inputs, tags: {} })],
    ["everything says", "gcp:compute/network:", (inputs) => ({ ...inputs, description: "" })],
  ];
  for (const [name, type, change] of BREAKS) {
    it(`${name} …: a ${type.split("/").at(-1) ?? type} that breaks it is found`, () => {
      const changed = resources.map((each) =>
        each.type.startsWith(type) && each.custom ? { ...each, inputs: change(each.inputs) } : each,
      );
      const policy = Object.entries(POLICIES).find(([title]) => title.startsWith(name));
      assert.ok(policy);
      assert.notDeepEqual(policy[1](changed, environment), []);
    });
  }

  it("a resource without a provider or a parent is found", () => {
    const [, policy] = Object.entries(POLICIES).find(([title]) => title.startsWith("everything has")) ?? [];
    const orphans = resources.map((each) => ({ ...each, provider: undefined, parent: undefined }));
    assert.ok(policy && policy(orphans, environment).length > 100);
  });
});

type Inputs = Readonly<Record<string, unknown>>;

function allow(Action: string, Resource: string): string {
  return JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource }] });
}

describe("what is guarded", function () {
  this.timeout(60_000);

  const guardedTypes = (resources: readonly Registered[]) =>
    [
      ...new Set(resources.filter((each) => each.protect && each.retainOnDelete).map(({ type }) => type)),
    ].sort();
  const find = (resources: readonly Registered[], type: string) =>
    resources.filter((each) => each.type === type).map(({ inputs }) => inputs);

  it("in prod: what holds what nothing else holds, by the engine and by the clouds", async () => {
    const { resources } = await registerShipped("prod");
    assert.deepEqual(guardedTypes(resources), [
      "aws:ecr/repository:Repository",
      "aws:eks/cluster:Cluster",
      "aws:kms/key:Key",
      "aws:route53/zone:Zone",
      "aws:s3/bucket:Bucket",
      "aws:secretsmanager/secret:Secret",
      "gcp:artifactregistry/repository:Repository",
      "gcp:container/cluster:Cluster",
      "gcp:dns/managedZone:ManagedZone",
    ]);
    assert.ok(
      find(resources, "gcp:container/cluster:Cluster").every((each) => each["deletionProtection"] === true),
    );
    assert.ok(
      find(resources, "aws:eks/cluster:Cluster").every((each) => each["deletionProtection"] === true),
    );
    assert.ok(find(resources, "aws:s3/bucket:Bucket").every((each) => each["forceDestroy"] === false));
  });

  it("nothing, once it expires or `protect: false` is set", async () => {
    const prod = shippedEnvironment("prod");
    for (const change of [{ protect: false }, { expires: "2027-01-31" }]) {
      const environment: ClusterEnvironment = { ...prod, ...change };
      const { resources } = await registerEnvironment(environment, "prod");
      assert.deepEqual(guardedTypes(resources), []);
      assert.ok(
        find(resources, "gcp:container/cluster:Cluster").every(
          (each) => each["deletionProtection"] === false,
        ),
      );
      assert.ok(
        find(resources, "aws:secretsmanager/secret:Secret").every(
          (each) => each["recoveryWindowInDays"] === 0,
        ),
      );
      assert.deepEqual(POLICIES["everything says whose it is and until when"]?.(resources, environment), []);
    }
  });
});

describe("the Grafana password", function () {
  this.timeout(60_000);

  it("is made by a Job whose identity writes that secret and reads none", async () => {
    const { resources } = await registerShipped("prod");
    const policyOf = (name: string) =>
      JSON.parse(text(resources.find((each) => each.name === name && each.custom)?.inputs["policy"])) as {
        Statement: { Action: string[]; Resource: string[] }[];
      };
    const secret =
      "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod-monitoring-grafana-password-AbCdEf";
    assert.deepEqual(policyOf("monitoring-grafana-password-writer-policy").Statement, [
      {
        Effect: "Allow",
        Action: ["secretsmanager:PutSecretValue", "secretsmanager:DescribeSecret"],
        Resource: [secret],
      },
    ]);
    assert.deepEqual(policyOf("monitoring-grafana-reader-policy").Statement, [
      {
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        Resource: [secret],
      },
    ]);
  });

  it("is in no input: no Kubernetes Secret, no value of a secret, no value of the chart", async () => {
    const { resources } = await registerShipped("prod");
    const types = resources.map(({ type }) => type);
    assert.ok(!types.includes("kubernetes:core/v1:Secret"));
    assert.ok(!types.some((type) => type.endsWith(":SecretVersion")));
    const grafana = resources.find(
      ({ type, name }) => type.endsWith(":Release") && name === "monitoring-grafana",
    );
    assert.equal(at(grafana?.inputs, "values", "adminPassword"), undefined);
    assert.equal(
      at(grafana?.inputs, "values", "env", "GF_SECURITY_ADMIN_PASSWORD__FILE"),
      "/etc/secrets/admin-password",
    );
    assert.equal(list(at(grafana?.inputs, "values", "extraSecretMounts")).length, 1);
  });
});

describe("an environment at home in the other cloud", function () {
  this.timeout(60_000);

  it("has its zone, artifacts, password and Grafana there, and keeps to every policy", async () => {
    const prod = shippedEnvironment("prod");
    const environment: ClusterEnvironment = {
      ...prod,
      zone: { cloud: "gcp", project: "example-testnets" },
      monitoring: { ...prod.monitoring, cluster: "euw4" },
    };
    const { resources, outputs } = await registerEnvironment(environment, "other");
    for (const [name, policy] of Object.entries(POLICIES)) {
      assert.deepEqual(policy(resources, environment), [], name);
    }
    const count = (type: string) => resources.filter((each) => each.type === type).length;
    assert.deepEqual(
      ["gcp:storage/bucket:Bucket", "gcp:dns/managedZone:ManagedZone", "gcp:secretmanager/secret:Secret"].map(
        count,
      ),
      [2, 2, 1],
    );
    // The writer adds versions and sees whether there are any; the reader reads.
    assert.equal(count("gcp:secretmanager/secretIamMember:SecretIamMember"), 3);
    assert.deepEqual(["aws:s3/bucket:Bucket", "aws:secretsmanager/secret:Secret"].map(count), [0, 0]);
    const grafana = resources.find(
      ({ name, type }) => name === "monitoring-grafana" && type.endsWith(":Release"),
    );
    assert.match(grafana?.provider ?? "", /::euw4::/);
    assert.equal(
      at(grafana?.inputs, "values", "extraSecretMounts", "0", "csi", "driver"),
      "secrets-store-gke.csi.k8s.io",
    );
    const document = environmentDocument.parse(outputs["environment"]);
    assert.deepEqual(document.zone.delegation, [`${prod.domain}. 3600 IN NS ns-cloud-a1.googledomains.com.`]);
    assert.match(document.artifacts.joinUrl, /^https:\/\/storage\.googleapis\.com\/other-join-[0-9a-f]{8}$/);
  });
});

describe("an environment of twenty clusters", function () {
  this.timeout(120_000);

  it("is twenty times one, each with addresses, names and rights of its own", async () => {
    const dev = shippedEnvironment("dev");
    const [one] = dev.clusters;
    assert.ok(one);
    const clusters = Array.from({ length: 20 }, (_, index) => ({ ...one, name: `c${index + 1}` }));
    const ingest = { metrics: "https://ingest.example.org/m", logs: "https://ingest.example.org/l" };
    const monitoring = { ...dev.monitoring, cluster: "c1", ingest };
    const environment: ClusterEnvironment = { ...dev, clusters, monitoring };
    const { resources } = await registerEnvironment(environment, "big");
    const count = (type: string) =>
      resources.filter((each) => each.custom && each.type.endsWith(`:${type}`)).length;
    assert.deepEqual(
      [count("Vpc"), count("Subnet"), count("NodeGroup"), count("Repository")],
      [20, 60, 20, 3],
    );
    const vpcs = resources
      .filter(({ type }) => type === "aws:ec2/vpc:Vpc")
      .map(({ inputs }) => inputs["cidrBlock"]);
    assert.equal(new Set(vpcs).size, 20);
    for (const [name, policy] of Object.entries(POLICIES)) {
      assert.deepEqual(policy(resources, environment), [], name);
    }
  });
});
