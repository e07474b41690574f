import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { cloudRegion, clusterServices } from "../../components/clouds";
import { type Identity, tagsOf } from "../../components/component";
import type { CloudName, Cluster, ClusterArgs, SecretPlace } from "../../components/contracts";
import { environmentStack } from "../../stacks/environment-reference";
import { readEnvironment } from "../../stacks/read-environment";
import { at, type Registered, registrations, text } from "./mocks";
import { registerShipped } from "./shipped";

/** What both clouds do behind the one contract, and every component twice in one stack. */

const IDENTITY: Identity = { stack: "qa", owner: "tester", expires: "2027-01-31", protect: false };

const PLACES: Readonly<Record<CloudName, { readonly region: string; readonly project: string | undefined }>> =
  {
    aws: { region: "us-east-1", project: undefined },
    gcp: { region: "europe-west4", project: "some-project" },
  };

function clusterArgs(block: number): ClusterArgs {
  const pool = { architecture: "x86_64" as const, min: 1, max: 3, spot: false, diskGiB: 50, machine: "any" };
  return {
    identity: IDENTITY,
    version: "1.35",
    zones: ["zone-1", "zone-2"],
    zoneCount: 2,
    addresses: {
      pods: `10.${block}.0.0/16`,
      nodes: `10.${block + 1}.0.0/20`,
      services: `10.${block + 1}.16.0/20`,
    },
    nodePools: [
      { ...pool, name: "system", peers: false },
      { ...pool, name: "daemons", peers: true },
    ],
    apiAccess: ["203.0.113.0/24"],
    administrators: [],
    logRetentionDays: 30,
    chartSource: { from: "repository" },
  };
}

/** Two clusters of one region, with everything asked of each. */
function two(cloud: CloudName): Record<string, unknown> {
  const region = cloudRegion(cloud, "region", PLACES[cloud]);
  const clusters = ["one", "two"].map((name, index) => region.cluster(name, clusterArgs(index * 2)));
  for (const name of ["first", "second"]) {
    region.registry(`${name}-registry`, {
      identity: IDENTITY,
      images: ["geth"],
      untaggedDays: 7,
      readers: [],
    });
    const zone = region.publicZone(`${name}-zone`, { identity: IDENTITY, domain: `${name}.example.org` });
    zone.record(`${name}-zone-seed`, {
      label: "seed-1",
      type: "A",
      values: ["198.51.100.1"],
      ttlSeconds: 60,
    });
    const artifacts = region.artifacts(`${name}-artifacts`, { identity: IDENTITY, uniqueBy: name });
    for (const isPublic of [true, false]) {
      artifacts.upload(`${name}-artifacts-${String(isPublic)}`, {
        key: "genesis.json",
        content: "{}",
        contentType: "application/json",
        public: isPublic,
      });
    }
  }
  return Object.fromEntries(clusters.map((cluster) => [cluster.name, servicesOf(cluster)]));
}

function servicesOf(cluster: Cluster) {
  const { services, name } = cluster;
  const opts = { providers: [cluster.cloudProvider] };
  services.openPeerPorts(`${name}-ports`, { identity: IDENTITY, from: 8300, to: 8399 }, opts);
  const address = services.reserveAddress(`${name}-seed`, { identity: IDENTITY }, opts);
  const secrets: SecretPlace[] = ["key-1", "key-2"].map((key) =>
    services.secret(`${name}-${key}`, { identity: IDENTITY }, opts),
  );
  const [first] = secrets;
  assert.ok(first);
  const account = { namespace: "net", serviceAccount: "seed" };
  services.grantSecrets(
    `${name}-grant`,
    { identity: IDENTITY, ...account, may: "read", secrets: [first] },
    opts,
  );
  return { address: address.address, files: services.secretFiles([{ secret: first, fileName: "key" }]).spec };
}

for (const cloud of ["aws", "gcp"] as const) {
  describe(`the services of ${cloud}`, function () {
    this.timeout(60_000);

    let resources: readonly Registered[];
    let outputs: Readonly<Record<string, unknown>>;
    before(async () => {
      ({ resources, outputs } = await registrations(() => two(cloud), "qa"));
    });
    const named = (pattern: RegExp) => resources.filter(({ custom, name }) => custom && pattern.test(name));

    it("stand twice in one stack: no name clashes", () => {
      const urns = resources.map(({ urn }) => urn);
      assert.equal(new Set(urns).size, urns.length);
    });

    it("give no two things one name in the cloud", () => {
      const physical = resources.flatMap(({ type, inputs, custom, provider }) => {
        const name = inputs["name"] ?? inputs["bucket"] ?? inputs["accountId"] ?? inputs["repositoryId"];
        const unnamed = /Bucket[A-Z]|RolePolicy$|IAMMember$|NodeGroup$|NodePool$|StorageClass|Repository$/;
        return custom && typeof name === "string" && !unnamed.test(type) && !type.startsWith("kubernetes:")
          ? [`${type} ${name} ${String(provider)}`]
          : [];
      });
      const again = physical.filter((name, index) => physical.indexOf(name) !== index);
      // Two public zones of one stack do not occur: the name of a managed zone is the stack's.
      assert.deepEqual(
        again.filter((name) => !name.includes("ManagedZone") && !name.includes("BucketObject")),
        [],
      );
    });

    it("open one TCP and one UDP rule for the range, on nodes of daemons", () => {
      const rules = named(/^one-ports-/);
      assert.deepEqual(rules.map(({ name }) => name).sort(), ["one-ports-tcp", "one-ports-udp"]);
      for (const { inputs } of rules) {
        const range =
          cloud === "aws" ? [inputs["fromPort"], inputs["toPort"]] : at(inputs, "allows", "0", "ports");
        assert.deepEqual(range, cloud === "aws" ? [8300, 8399] : ["8300-8399"]);
        if (cloud === "aws") assert.equal(inputs["securityGroupId"], "one-peers-id");
        else assert.deepEqual(inputs["targetTags"], ["qa-one-peers"]);
      }
      const pools = resources.filter(
        ({ type }) =>
          (/:(LaunchTemplate|NodePool)$/.test(type) && !type.endsWith(":NodePool")) ||
          type === "gcp:container/nodePool:NodePool",
      );
      for (const { name, inputs } of pools) {
        const worn = JSON.stringify(inputs["vpcSecurityGroupIds"] ?? at(inputs, "nodeConfig", "tags"));
        assert.equal(worn.includes("peers"), name.endsWith("daemons"), `${name}: ${worn}`);
      }
    });

    it("grant one service account exactly the secret named", () => {
      const grants = named(/^one-grant/);
      const all = JSON.stringify(grants.map(({ inputs }) => inputs));
      assert.match(all, /qa-one-key-1|one-key-1-id/);
      assert.doesNotMatch(all, /key-2/);
      if (cloud === "aws") {
        const association = grants.find(({ type }) => type.endsWith(":PodIdentityAssociation"));
        assert.deepEqual(
          [association?.inputs["namespace"], association?.inputs["serviceAccount"]],
          ["net", "seed"],
        );
        const trust = text(grants.find(({ type }) => type.endsWith(":Role"))?.inputs["assumeRolePolicy"]);
        assert.match(trust, /"aws:RequestTag\/eks-cluster-arn":"arn:aws:eks:[^"]*cluster\/qa-one"/);
      } else {
        assert.deepEqual(
          grants.map(({ inputs }) => [inputs["role"], inputs["member"]]),
          [
            [
              "roles/secretmanager.secretAccessor",
              "principal://iam.googleapis.com/projects/444455556666/locations/global/workloadIdentityPools/some-project.svc.id.goog/subject/ns/net/sa/seed",
            ],
          ],
        );
      }
    });

    it("mount a secret as a file by the pod's own identity", () => {
      const spec = at(outputs, "one", "files") as { provider: string; parameters: Record<string, string> };
      if (cloud === "aws") {
        assert.equal(spec.provider, "aws");
        assert.equal(spec.parameters["usePodIdentity"], "true");
        const [object] = JSON.parse(spec.parameters["objects"] ?? "") as Record<string, string>[];
        assert.equal(object?.["objectAlias"], "key");
      } else {
        assert.equal(spec.provider, "gke");
        assert.deepEqual(JSON.parse(spec.parameters["secrets"] ?? ""), [
          { resourceName: "one-key-1-id/versions/latest", path: "key" },
        ]);
      }
    });

    it("let the world read what lies below join, and nothing else", () => {
      const uploads = named(/^first-artifacts-(true|false)$/);
      const places = Object.fromEntries(
        uploads.map(({ name, inputs }) => [name, [inputs["bucket"], inputs["key"] ?? inputs["name"]]]),
      );
      const open = places["first-artifacts-true"];
      const closed = places["first-artifacts-false"];
      if (cloud === "aws") {
        assert.deepEqual([open?.[1], closed?.[1]], ["join/genesis.json", "genesis.json"]);
        const policy = text(
          named(/^first-artifacts$/).find(({ type }) => type.endsWith(":BucketPolicy"))?.inputs["policy"],
        );
        assert.match(policy, /"Action":"s3:GetObject","Resource":"arn:aws:s3:::[^"]*\/join\/\*"/);
      } else {
        assert.notEqual(open?.[0], closed?.[0]);
        const everyone = resources.filter(({ inputs }) => inputs["member"] === "allUsers");
        assert.deepEqual(
          [...new Set(everyone.map(({ inputs }) => inputs["bucket"]))].includes(open?.[0]),
          true,
        );
        assert.ok(!everyone.some(({ inputs }) => inputs["bucket"] === closed?.[0]));
      }
    });

    it("carry owner, stack and expiry", () => {
      const seed = named(/^one-seed$/)[0]?.inputs;
      assert.deepEqual(
        { ...(seed?.["tags"] ?? seed?.["labels"] ?? {}), Name: "" },
        { ...tagsOf(IDENTITY), Name: "" },
      );
    });
  });
}

describe("a cluster of AWS", function () {
  this.timeout(60_000);

  it("is administered by the roles named, and by whoever deploys where none is", async () => {
    const principals = async (administrators: readonly string[]) => {
      const { resources } = await registrations(() => {
        const region = cloudRegion("aws", "region", PLACES.aws);
        region.cluster("one", { ...clusterArgs(0), administrators });
        return pulumi.output({});
      }, "qa");
      return resources
        .filter(({ type }) => type === "aws:eks/accessEntry:AccessEntry")
        .map(({ inputs }) => inputs["principalArn"]);
    };
    assert.deepEqual(await principals([]), ["arn:aws:iam::111122223333:role/deployer"]);
    const named = ["arn:aws:iam::111122223333:role/ci", "arn:aws:iam::111122223333:user/ann"];
    assert.deepEqual((await principals(named)).sort(), named);
  });
});

describe("an environment read by another stack", function () {
  this.timeout(60_000);

  it("gives the services of its clusters from plain values", async () => {
    const { outputs } = await registerShipped("prod");
    const { clusters } = readEnvironment(outputs["environment"], "prod");
    const { resources } = await registrations(() => {
      clusters.forEach(({ name, cloud, region, facts }) => {
        const project = facts.cloud === "gcp" ? facts.project : undefined;
        const { provider } = cloudRegion(cloud, name, { region, project });
        const options = { providers: [provider] };
        clusterServices(facts).openPeerPorts(
          `${name}-alice`,
          { identity: IDENTITY, from: 8300, to: 8309 },
          options,
        );
      });
      return pulumi.output({});
    }, "alice");
    const rules = resources.filter(({ type }) => /:(SecurityGroupIngressRule|Firewall)$/.test(type));
    assert.deepEqual(
      rules
        .map(({ name, inputs }) => [name, inputs["securityGroupId"] ?? at(inputs, "targetTags", "0")])
        .sort(),
      [
        ["euw4-alice-tcp", "prod-euw4-peers"],
        ["euw4-alice-udp", "prod-euw4-peers"],
        ["use1-alice-tcp", "use1-peers-id"],
        ["use1-alice-udp", "use1-peers-id"],
        ["usw2-alice-tcp", "usw2-peers-id"],
        ["usw2-alice-udp", "usw2-peers-id"],
      ],
    );
    assert.ok(rules.every(({ provider }) => provider !== undefined));
  });

  it("comes through a reference to its stack", async () => {
    const { outputs } = await registerShipped("prod");
    const read = await registrations(() => ({ environment: environmentStack("prod") }), "alice", {
      prod: outputs,
    });
    assert.deepEqual(at(read.outputs, "environment", "document"), outputs["environment"]);
  });

  for (const [what, output, words] of [
    [
      "is not up",
      undefined,
      `TN2008 testnet:environment: the stack prod is not up, or is no environment of clusters
    given:   "prod"`,
    ],
    [
      "is of a version to come",
      { version: 3 },
      `TN2008 testnet:environment: the outputs of the stack prod cannot be read by this version
    given:   3`,
    ],
    [
      "is of a version before",
      { version: 1 },
      `TN2008 testnet:environment: the outputs of the stack prod cannot be read by this version
    given:   1`,
    ],
    [
      "lacks a field",
      { version: 2 },
      `TN2008 testnet:environment: the outputs of the stack prod cannot be read by this version
    given:   "stack"`,
    ],
  ] as const) {
    it(`is refused where it ${what}, with the command to run`, () => {
      assert.throws(() => readEnvironment(output, "prod"), {
        name: "TestnetError",
        message: `${words}
    allowed: a stack with the output \`environment\` of version 2
    to do:   Run \`testnet up prod\` with this version first.
    more:    docs/errors.md#tn2008`,
      });
    });
  }
});
