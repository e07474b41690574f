import assert from "node:assert/strict";
import type { Properties } from "../../../plugin/provider";
import { SmallWorld, type TestProvider } from "./small-world";

const NETWORK = "gcp:compute/network:Network";
const SUBNETWORK = "gcp:compute/subnetwork:Subnetwork";
const CLUSTER = "gcp:container/cluster:Cluster";
const POOL = "gcp:container/nodePool:NodePool";

describe("simulated GCP refuses", () => {
  let world: SmallWorld;
  let gcp: TestProvider;
  beforeEach(() => {
    world = new SmallWorld();
    gcp = world.gcp();
  });
  afterEach(() => world.close());

  const network = (name = "net") => gcp.create(NETWORK, { name, autoCreateSubnetworks: false });
  const subnetwork = (ipCidrRange: string, more: Properties = {}) =>
    gcp.create(SUBNETWORK, { network: "net", region: "europe-west4", ipCidrRange, ...more });
  const ranges = [
    { rangeName: "pods", ipCidrRange: "10.20.0.0/16" },
    { rangeName: "services", ipCidrRange: "10.30.0.0/20" },
  ];
  const cluster = (more: Properties = {}) =>
    gcp.create(CLUSTER, {
      name: "dev",
      location: "europe-west4",
      network: "net",
      subnetwork: "nodes",
      initialNodeCount: 1,
      removeDefaultNodePool: true,
      ipAllocationPolicy: { clusterSecondaryRangeName: "pods", servicesSecondaryRangeName: "services" },
      ...more,
    });
  const ground = async () => {
    await network();
    await subnetwork("10.0.0.0/20", { name: "nodes", secondaryIpRanges: ranges });
  };

  it("inputs that are unknown, missing or of the wrong form, before anything is made", () => {
    const wrong: [type: string, inputs: Properties, words: RegExp][] = [
      [NETWORK, { name: "Net" }, /lower-case letters, digits and hyphens/],
      [NETWORK, { autoCreate: false }, /an argument named 'autoCreate' is not expected here/],
      [
        "gcp:dns/managedZone:ManagedZone",
        { name: "z", dnsName: "example.org" },
        /must be a domain name that ends with a dot/,
      ],
      ["gcp:storage/bucket:Bucket", { name: "files", location: "mars" }, /location constraint is not valid/],
      [
        "gcp:storage/bucket:Bucket",
        { name: "files", location: "EU", labels: { Owner: "x" } },
        /the label "Owner"/,
      ],
      ["gcp:serviceaccount/account:Account", { accountId: "ab" }, /6 to 30 lower-case letters/],
      [CLUSTER, { location: "europe-west4" }, /one of nodePools and initialNodeCount/],
      [
        "gcp:compute/firewall:Firewall",
        { network: "net", allows: [{ protocol: "udp", ports: ["x"] }] },
        /a port or a range/,
      ],
    ];
    for (const [type, inputs, words] of wrong) {
      assert.match(
        gcp
          .check(type, inputs)
          .map(({ reason }) => reason)
          .join("\n"),
        words,
      );
    }
  });

  it("types and functions that are not modelled, and a region that does not exist", () => {
    assert.throws(() => gcp.check("gcp:sql/databaseInstance:DatabaseInstance", {}), /no model of gcp:sql/);
    assert.throws(() => gcp.provider.invoke("gcp:compute/getImage:getImage", {}), /no model of the function/);
    assert.throws(() => world.gcp("europe-east9"), /Unknown region: europe-east9/);
  });

  it("ranges that overlap, in a subnetwork and between two", async () => {
    await ground();
    await assert.rejects(
      subnetwork("10.20.1.0/24", { name: "other" }),
      /Error 400: Invalid IPCidrRange: 10.20.1.0\/24 conflicts with existing subnetwork 'nodes' in region 'europe-west4'/,
    );
    await assert.rejects(
      subnetwork("10.40.0.0/20", {
        name: "other",
        secondaryIpRanges: [{ rangeName: "a", ipCidrRange: "10.40.1.0/24" }],
      }),
      /Invalid IPCidrRange/,
    );
  });

  it("more addresses than the quota of the region", async () => {
    for (let index = 0; index < 8; index++) await gcp.create("gcp:compute/address:Address", {});
    await assert.rejects(
      gcp.create("gcp:compute/address:Address", {}),
      /Error 403: Quota 'STATIC_ADDRESSES' exceeded. Limit: 8.0 in region europe-west4., quotaExceeded/,
    );
  });

  it("a cluster of an unknown version or place, without its ranges, or of another project's pool", async () => {
    await ground();
    await assert.rejects(cluster({ minMasterVersion: "1.99" }), /Master version "1.99" is unsupported/);
    await assert.rejects(cluster({ location: "us-east-1" }), /Location "us-east-1" does not exist/);
    await assert.rejects(
      cluster({ nodeLocations: ["us-east1-b"] }),
      /Zone "us-east1-b" does not exist in region/,
    );
    await assert.rejects(
      cluster({ ipAllocationPolicy: { clusterSecondaryRangeName: "podz" } }),
      /secondary range "podz" does not exist/,
    );
    await assert.rejects(
      cluster({ workloadIdentityConfig: { workloadPool: "another-project.svc.id.goog" } }),
      /does not belong to project example-testnets/,
    );
  });

  it("machines that do not exist or exceed the quota, and to delete what is protected or in use", async () => {
    await ground();
    const made = await cluster();
    const pool = (machineType: string) =>
      gcp.create(POOL, { name: "nodes", cluster: made.id, nodeCount: 3, nodeConfig: { machineType } });
    await assert.rejects(pool("n9-standard-4"), /Machine type with name 'n9-standard-4' does not exist/);
    await assert.rejects(pool("e2-standard-16"), /resource "CPUS": request exceeds the quota of '24.0'/);
    await assert.rejects(gcp.delete(made), /deletion_protection is set to true/);
    const net = {
      id: "projects/example-testnets/global/networks/net",
      type: NETWORK,
      inputs: {},
      outputs: {},
    };
    await assert.rejects(gcp.delete(net), /is already being used by 'projects\/example-testnets/);
  });

  it("the name of a key ring that was deleted: the cloud keeps it", async () => {
    const ring = () => gcp.create("gcp:kms/keyRing:KeyRing", { name: "ring", location: "europe-west4" });
    await gcp.delete(await ring());
    await assert.rejects(ring(), /Error 409: KeyRing .*\/keyRings\/ring already exists/);
  });

  it("members that do not exist: accounts, and the identity pool before the first cluster", async () => {
    await gcp.create("gcp:secretmanager/secret:Secret", { secretId: "s", replication: { auto: {} } });
    const grant = (member: string) =>
      gcp.create("gcp:secretmanager/secretIamMember:SecretIamMember", {
        secretId: "s",
        role: "roles/x.y",
        member,
      });
    await assert.rejects(
      grant("serviceAccount:gone@example-testnets.iam.gserviceaccount.com"),
      /Service account gone@.* does not exist/,
    );
    await assert.rejects(
      grant(
        "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/example-testnets.svc.id.goog/subject/ns/a/sa/b",
      ),
      /Identity Pool does not exist \(example-testnets.svc.id.goog\)/,
    );
  });
});
