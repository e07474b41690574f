import assert from "node:assert/strict";
import { cloudRegion, clusterServices, dnsRecord, publish } from "../../components/clouds";
import type { Identity } from "../../components/component";
import type { CloudName, ClusterServices, AddressExposure } from "../../components/contracts";
import { readEnvironment } from "../../stacks/read-environment";
import { at, list, type Registered, registrations, text } from "./mocks";
import { registerShipped } from "./shipped";

/** What a network asks of the clouds of an environment that another stack made, on the one contract of both. */

const IDENTITY: Identity = { stack: "alice", owner: "ann", expires: "8-hours", protect: false };
const SEED_PORTS = [
  { number: 12_000, transports: ["tcp", "udp"] },
  { number: 12_001, transports: ["udp"] },
] as const;

/** What a network makes on the first cluster of that cloud in `prod`. */
async function onCluster(cloud: CloudName) {
  const { outputs } = await registerShipped("prod");
  const document = readEnvironment(outputs["environment"], "prod");
  const cluster = document.clusters.find((candidate) => candidate.cloud === cloud);
  assert.ok(cluster);
  const { facts } = cluster;
  const found: { exposure?: AddressExposure; services?: ClusterServices } = {};
  const { resources } = await registrations(() => {
    const project = facts.cloud === "gcp" ? facts.project : undefined;
    const { provider } = cloudRegion(cloud, "region", { region: cluster.region, project });
    const options = { providers: [provider] };
    const services = clusterServices(facts);
    const address = services.reserveAddress("seed", { identity: IDENTITY }, options);
    found.services = services;
    found.exposure = services.exposeAddress(
      "way",
      { identity: IDENTITY, address, ports: SEED_PORTS },
      options,
    );
    services.grantDaemonSecrets(
      "keys",
      { identity: IDENTITY, network: "alice", daemons: ["seed-1", "seed-2"] },
      options,
    );
    dnsRecord(
      "name",
      { cloud, id: "zone", domain: "example.org", project: "dns-project" },
      { label: "seed-1.alice", type: "A", values: [address.address], ttlSeconds: 60 },
      { provider },
    );
    publish(
      "file",
      { cloud, joinBucket: "join-bucket", joinUrl: "https://join.example.org" },
      { key: "alice/genesis.json", content: "{}", contentType: "text/plain" },
      {},
      { provider },
    );
    return {};
  }, "alice");
  const of = (type: RegExp) => resources.filter((resource) => type.test(resource.type));
  return { resources, of, ...found };
}

const named = (resources: readonly Registered[]) => resources.map(({ name }) => name).sort();

describe("what AWS does for a network", function () {
  this.timeout(60_000);
  let made: Awaited<ReturnType<typeof onCluster>>;
  before(async () => {
    made = await onCluster("aws");
  });

  it("leads the seed's own address to it, port for port, with the peers' addresses kept", () => {
    const [balancer] = made.of(/:LoadBalancer$/);
    assert.equal(at(balancer?.inputs, "subnetMappings", "0", "allocationId"), "eipalloc-1");
    assert.equal(balancer?.inputs["internal"], false);
    const ports = made.of(/:TargetGroup$/).map(({ inputs }) => {
      return [
        inputs["port"],
        inputs["protocol"],
        at(inputs, "healthCheck", "port"),
        inputs["preserveClientIp"],
      ];
    });
    assert.deepEqual(ports, [
      [12_000, "TCP_UDP", "12000", "true"],
      // Health is asked for by TCP, of a port that answers it.
      [12_001, "UDP", "12000", "true"],
    ]);
    const listeners = made.of(/:Listener$/).map(({ inputs }) => [inputs["port"], inputs["protocol"]]);
    assert.deepEqual(listeners, [
      [12_000, "TCP_UDP"],
      [12_001, "UDP"],
    ]);
    assert.equal(made.exposure?.loadBalancer, undefined);
  });

  it("sends it to the machines of daemons and no others", () => {
    const groups = made.of(/:Attachment$/).map(({ inputs }) => inputs["autoscalingGroupName"]);
    assert.deepEqual(groups, ["group-of-use1-daemons", "group-of-use1-daemons"]);
  });

  it("lets each daemon read its own secret, by the tags of its session", () => {
    const associations = made.of(/:PodIdentityAssociation$/);
    assert.deepEqual(
      associations.map(({ inputs }) => [inputs["namespace"], inputs["serviceAccount"]]),
      [
        ["alice", "seed-1"],
        ["alice", "seed-2"],
      ],
    );
    assert.equal(made.of(/^aws:iam.*:Role$/).length, 1);
    const policy = JSON.parse(text(made.of(/:RolePolicy$/)[0]?.inputs["policy"])) as unknown;
    assert.deepEqual(list(at(policy, "Statement", "0", "Resource")), [
      "arn:aws:secretsmanager:us-east-1:111122223333:secret:testnet/" +
        "${aws:PrincipalTag/kubernetes-namespace}/${aws:PrincipalTag/kubernetes-service-account}-??????",
    ]);
    const trust = JSON.parse(text(made.of(/^aws:iam.*:Role$/)[0]?.inputs["assumeRolePolicy"])) as unknown;
    assert.deepEqual(Object.keys(at(trust, "Statement", "0", "Condition", "StringEquals") as object).sort(), [
      "aws:RequestTag/eks-cluster-arn",
      "aws:RequestTag/kubernetes-namespace",
    ]);
    assert.equal(made.services?.daemonSecret("alice", "seed-1").name, "testnet/alice/seed-1");
  });

  it("writes into the zone and the bucket that the environment made", () => {
    const [record] = made.of(/:Record$/);
    assert.equal(record?.inputs["name"], "seed-1.alice.example.org");
    assert.equal(record.inputs["ttl"], 60);
    const [file] = made.of(/:BucketObjectv2$/);
    assert.deepEqual(
      [file?.inputs["bucket"], file?.inputs["key"]],
      ["join-bucket", "join/alice/genesis.json"],
    );
  });
});

describe("what GCP does for a network", function () {
  this.timeout(60_000);
  let made: Awaited<ReturnType<typeof onCluster>>;
  before(async () => {
    made = await onCluster("gcp");
  });

  it("has GKE lead the reserved address to the seed, TCP and UDP", () => {
    assert.deepEqual(named(made.of(/:(LoadBalancer|ForwardingRule|BackendService)$/)), []);
    assert.equal(made.exposure?.loadBalancer?.loadBalancerClass, "networking.gke.io/l4-regional-external");
  });

  it("lets each daemon read its own secret and no other", () => {
    const members = made.of(/:SecretIamMember$/).map(({ inputs }) => [inputs["secretId"], inputs["member"]]);
    assert.deepEqual(
      members.map(([secret, member]) => [secret, text(member).replace(/^.*\/subject\//, "")]),
      [
        ["projects/example-testnets/secrets/testnet_alice_seed-1", "ns/alice/sa/seed-1"],
        ["projects/example-testnets/secrets/testnet_alice_seed-2", "ns/alice/sa/seed-2"],
      ],
    );
  });

  it("writes into the zone and the bucket that the environment made", () => {
    const [record] = made.of(/:RecordSet$/);
    assert.deepEqual(
      [record?.inputs["name"], record?.inputs["managedZone"], record?.inputs["project"]],
      ["seed-1.alice.example.org.", "zone", "dns-project"],
    );
    const [file] = made.of(/:BucketObject$/);
    assert.deepEqual([file?.inputs["bucket"], file?.inputs["name"]], ["join-bucket", "alice/genesis.json"]);
  });
});
