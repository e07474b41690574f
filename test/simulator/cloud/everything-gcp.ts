import * as docker from "@pulumi/docker";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

const PROJECT = "example-testnets";

/** One or more resources of every type of GCP that is simulated. */
export function everythingOfGcp(): gcp.artifactregistry.Repository {
  const provider = new gcp.Provider("gcp", { project: PROJECT, region: "europe-west4" });
  const opts = { provider };
  const account = new gcp.serviceaccount.Account("nodes", { accountId: "dev-nodes" }, opts);
  const role = new gcp.projects.IAMMember(
    "nodes",
    { project: PROJECT, role: "roles/container.defaultNodeServiceAccount", member: account.member },
    opts,
  );
  const network = new gcp.compute.Network("net", { name: "dev", autoCreateSubnetworks: false }, opts);
  const cluster = gke({ opts, network, account, role });
  const ports = ["10000-10999"];
  new gcp.compute.Firewall(
    "peers",
    {
      network: network.id,
      allows: [
        { protocol: "tcp", ports },
        { protocol: "udp", ports },
      ],
      sourceRanges: ["0.0.0.0/0"],
      targetTags: ["peers"],
    },
    opts,
  );
  new gcp.compute.Address("seed", { region: "europe-west4" }, opts);
  const repository = new gcp.artifactregistry.Repository(
    "images",
    { repositoryId: "dev", location: "europe-west4", format: "DOCKER" },
    opts,
  );
  new gcp.artifactregistry.RepositoryIamMember(
    "images",
    {
      repository: repository.name,
      location: "europe-west4",
      role: "roles/artifactregistry.reader",
      member: account.member,
    },
    opts,
  );
  const zone = new gcp.dns.ManagedZone("zone", { name: "dev", dnsName: "dev.example.org." }, opts);
  new gcp.dns.RecordSet(
    "seed",
    { managedZone: zone.name, name: "seed.dev.example.org.", type: "A", ttl: 60, rrdatas: ["198.18.0.1"] },
    opts,
  );
  storage(opts, account, cluster);
  return repository;
}

interface Opts {
  readonly provider: gcp.Provider;
}

interface ClusterGround {
  readonly opts: Opts;
  readonly network: gcp.compute.Network;
  readonly account: gcp.serviceaccount.Account;
  readonly role: gcp.projects.IAMMember;
}

function gke({ opts, network, account, role }: ClusterGround): gcp.container.Cluster {
  const subnetwork = new gcp.compute.Subnetwork(
    "net",
    {
      network: network.id,
      region: "europe-west4",
      ipCidrRange: "10.10.0.0/20",
      secondaryIpRanges: [
        { rangeName: "pods", ipCidrRange: "10.20.0.0/16" },
        { rangeName: "services", ipCidrRange: "10.30.0.0/20" },
      ],
    },
    opts,
  );
  const cluster = new gcp.container.Cluster(
    "gke",
    {
      name: "dev",
      location: "europe-west4",
      nodeLocations: ["europe-west4-a", "europe-west4-b"],
      network: network.id,
      subnetwork: subnetwork.id,
      ipAllocationPolicy: { clusterSecondaryRangeName: "pods", servicesSecondaryRangeName: "services" },
      minMasterVersion: "1.35",
      removeDefaultNodePool: true,
      initialNodeCount: 1,
      deletionProtection: false,
      masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
      workloadIdentityConfig: { workloadPool: `${PROJECT}.svc.id.goog` },
      secretManagerConfig: { enabled: true },
    },
    opts,
  );
  new gcp.container.NodePool(
    "nodes",
    {
      name: "nodes",
      cluster: cluster.id,
      nodeCount: 1,
      nodeConfig: { machineType: "e2-standard-2", diskSizeGb: 20, serviceAccount: account.email },
    },
    { ...opts, dependsOn: [role] },
  );
  return cluster;
}

function storage(opts: Opts, account: gcp.serviceaccount.Account, cluster: gcp.container.Cluster): void {
  const bucket = new gcp.storage.Bucket(
    "files",
    { name: "dev-files", location: "EU", uniformBucketLevelAccess: true },
    opts,
  );
  new gcp.storage.BucketIAMMember(
    "files",
    { bucket: bucket.name, role: "roles/storage.objectViewer", member: "allUsers" },
    opts,
  );
  new gcp.storage.BucketObject("file", { bucket: bucket.name, name: "readme", content: "hello" }, opts);
  const secret = new gcp.secretmanager.Secret("secret", { secretId: "dev", replication: { auto: {} } }, opts);
  const number = gcp.organizations.getProjectOutput({ projectId: PROJECT }, opts).number;
  const pool = `projects/x/locations/global/workloadIdentityPools/${PROJECT}.svc.id.goog`;
  const member = number.apply(
    (digits) => `principal://iam.googleapis.com/${pool.replace("/x/", `/${digits}/`)}/subject/ns/a/sa/b`,
  );
  new gcp.secretmanager.SecretIamMember(
    "secret",
    { secretId: secret.secretId, role: "roles/secretmanager.secretAccessor", member },
    { ...opts, dependsOn: [cluster] },
  );
  const ring = new gcp.kms.KeyRing("ring", { name: "dev", location: "europe-west4" }, opts);
  const key = new gcp.kms.CryptoKey(
    "key",
    { name: "dev", keyRing: ring.id, rotationPeriod: "7776000s" },
    opts,
  );
  new gcp.kms.CryptoKeyIAMMember(
    "key",
    { cryptoKeyId: key.id, role: "roles/cloudkms.cryptoKeyEncrypterDecrypter", member: account.member },
    opts,
  );
}

/** A resource of every type of Docker that is simulated. */
export function everythingOfDocker(repository: gcp.artifactregistry.Repository): void {
  const opts = { provider: new docker.Provider("docker", {}) };
  const name = "registry.example.org/dev/geth";
  new docker.Image("image", { imageName: `${name}:1`, skipPush: true, build: { context: "." } }, opts);
  const pulled = new docker.RemoteImage("pulled", { name: `${name}:2` }, opts);
  const targetImage = pulumi.interpolate`europe-west4-docker.pkg.dev/${PROJECT}/${repository.name}/geth:3`;
  const tag = new docker.Tag("tag", { sourceImage: pulled.name, targetImage }, opts);
  new docker.RegistryImage("pushed", { name: tag.targetImage }, opts);
}
