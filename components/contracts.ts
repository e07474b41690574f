import type { Provider } from "@pulumi/kubernetes/provider";
import type * as pulumi from "@pulumi/pulumi";
import type { Identity } from "./component";

/**
 * Where the clouds meet: what a region, a cluster, a registry, a zone and a bucket of any cloud are to the rest of the
 * program. Each cloud implements this in its own folder; components/clouds.ts picks one.
 */

/** A cloud, by the name a stack file gives it. */
export type CloudName = "aws" | "gcp";

/** A cloud's own things in one region, behind one explicit provider. */
export interface CloudRegion {
  readonly cloud: CloudName;
  readonly region: string;
  /** What everything here is made with. */
  readonly provider: pulumi.ProviderResource;
  cluster(name: string, args: ClusterArgs): Cluster;
  registry(name: string, args: RegistryArgs): Registry;
  publicZone(name: string, args: PublicZoneArgs): DnsZone;
  privateZone(name: string, args: PrivateZoneArgs): DnsZone;
  artifacts(name: string, args: ArtifactsArgs): Artifacts;
  /** What the account may have here of these, asked of the cloud. What the cloud cannot be asked is left out. */
  quotas(of: readonly Metered[]): Promise<readonly Quota[]>;
}

/** What clouds limit in a region, as far as clusters need it. */
export type Metered = "onDemandCpus" | "spotCpus" | "networks" | "clusters";

/** How much an account may have of something in a region. How much of that is taken already, it does not tell. */
export interface Quota {
  readonly of: Metered;
  /** As the cloud's console calls it. */
  readonly name: string;
  /** As the cloud's API calls it. */
  readonly code: string;
  readonly allowed: number;
  /** What to do to have it raised to so much. */
  readonly raise: (to: number) => string;
}

/** Ranges of one cluster, disjoint from those of every other cluster of the environment. */
export interface ClusterAddresses {
  readonly pods: string;
  /** Where pods have a range beside the nodes' (GKE). On EKS nodes and pods share `pods`. */
  readonly nodes: string;
  readonly services: string;
}

export interface NodePoolArgs {
  readonly name: string;
  readonly machine: string;
  readonly architecture: "x86_64" | "arm64";
  readonly min: number;
  readonly max: number;
  /** Cheap machines that the cloud may take away at any time. */
  readonly spot: boolean;
  readonly diskGiB: number;
  /** Whether daemons run here: only these pools' machines can be reached by peers. */
  readonly peers: boolean;
}

export interface ClusterArgs {
  readonly identity: Identity;
  /** Minor version, e.g. `1.35`. */
  readonly version: string;
  /** Zones by name; where they are left out, the cloud is asked for `zoneCount` of them. */
  readonly zones: readonly string[] | undefined;
  readonly zoneCount: number;
  readonly addresses: ClusterAddresses;
  readonly nodePools: readonly NodePoolArgs[];
  /** CIDR blocks that may reach the API server from outside. */
  readonly apiAccess: readonly string[];
  /** Identities of the cloud that administer the cluster; empty for the one that deploys. */
  readonly administrators: readonly string[];
  readonly logRetentionDays: number;
  readonly chartSource: ChartSource;
}

/** Where Helm charts come from: their public repositories, an OCI registry, or a directory of `.tgz` files. */
export type ChartSource =
  | { readonly from: "repository" }
  | { readonly from: "oci"; readonly url: string }
  | { readonly from: "path"; readonly path: string };

/** A Kubernetes cluster of any cloud. */
export interface Cluster {
  readonly name: string;
  readonly cloud: CloudName;
  readonly region: string;
  /** The name in the cloud. */
  readonly clusterName: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  /** A secret: not for a password in it, there is none, but because it tells the way in. */
  readonly kubeconfig: pulumi.Output<string>;
  /** For objects in the cluster. */
  readonly provider: Provider;
  /** For what `services` make in the cloud. */
  readonly cloudProvider: pulumi.ProviderResource;
  readonly podCidr: string;
  readonly nodePools: readonly NodePool[];
  /** Encrypted, bound when first used, deleted with its claim. */
  readonly storageClass: string;
  /** What pods wait for: the node pools that have machines from the start. */
  readonly nodesReady: readonly pulumi.Resource[];
  /** What pods with volumes wait for: nodes and the driver, which must also outlive the volumes it makes. */
  readonly volumesReady: readonly pulumi.Resource[];
  /** What objects of the kind SecretProviderClass wait for. */
  readonly secretsReady: readonly pulumi.Resource[];
  readonly network: ClusterNetwork;
  /** Who its nodes are to the cloud: a role on AWS, a service account on GCP. */
  readonly nodeIdentity: pulumi.Output<string>;
  readonly services: ClusterServices;
}

/** A private network, for private zones. */
export interface ClusterNetwork {
  readonly id: pulumi.Output<string>;
  readonly region: string;
}

export interface NodePool {
  readonly name: string;
  readonly machine: string;
  readonly peers: boolean;
  readonly spot: boolean;
  /** Labels of its nodes. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What the functions of a cluster need to know: plain values, so that a network stack can have them too. */
export type ClusterFacts =
  | {
      readonly cloud: "aws";
      readonly clusterName: pulumi.Input<string>;
      readonly clusterArn: pulumi.Input<string>;
      /** Security group of the nodes that daemons run on. */
      readonly peerSecurityGroup: pulumi.Input<string>;
      /** Auto Scaling groups of those nodes. */
      readonly peerScalingGroups: pulumi.Input<pulumi.Input<string>[]>;
      readonly vpcId: pulumi.Input<string>;
      /** Public subnets, one in each zone. */
      readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
      readonly region: string;
    }
  | {
      readonly cloud: "gcp";
      readonly project: string;
      readonly projectNumber: pulumi.Input<string>;
      readonly network: pulumi.Input<string>;
      /** Network tag of the nodes that daemons run on. */
      readonly peerTag: string;
      readonly region: string;
    };

/** What a cloud does for a cluster. `name` names the resource; `opts.parent` should be the component that asks. */
export interface ClusterServices {
  /** What another stack needs to have these services too. */
  readonly facts: ClusterFacts;
  /** Opens a contiguous range to the world, TCP and UDP, on the nodes daemons run on and nowhere else. */
  openPeerPorts(name: string, args: PeerPortsArgs, opts?: pulumi.ComponentResourceOptions): PeerPorts;
  /** An address that stays, for what the world calls by a name. */
  reserveAddress(
    name: string,
    args: { readonly identity: Identity },
    opts?: pulumi.ComponentResourceOptions,
  ): StaticAddress;
  /** A named place in the secret manager, empty: values are written by whoever makes them. */
  secret(
    name: string,
    args: { readonly identity: Identity },
    opts?: pulumi.ComponentResourceOptions,
  ): SecretPlace;
  /** Lets one Kubernetes service account read, or write, exactly the secrets named. */
  grantSecrets(name: string, args: SecretGrantArgs, opts?: pulumi.ComponentResourceOptions): SecretGrant;
  /** How pods mount secrets as files. */
  secretFiles(secrets: readonly SecretFile[]): SecretFiles;
  /**
   * The secret of a daemon: a bundle of its private files. `testnet keys create` made it; it is no resource of any stack.
   */
  daemonSecret(network: string, daemon: string): SecretPlace;
  /** Lets the service account of each daemon, which has the daemon's name, read that daemon's secret and no other. */
  grantDaemonSecrets(
    name: string,
    args: DaemonSecretsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ): DaemonSecretGrants;
  /** Leads a reserved address to the machine that its pod runs on, port for port. */
  exposeAddress(
    name: string,
    args: ExposeAddressArgs,
    opts?: pulumi.ComponentResourceOptions,
  ): AddressExposure;
  /** The container of a Job that makes a password and writes it into a secret that has none yet. */
  passwordWriter(secret: SecretPlace): PasswordWriter;
}

export interface PeerPortsArgs {
  readonly identity: Identity;
  /** First port. */
  readonly from: number;
  /** Last port. */
  readonly to: number;
}

export interface PeerPorts {
  readonly from: number;
  readonly to: number;
}

export interface StaticAddress {
  readonly address: pulumi.Output<string>;
  /** The cloud's own id of it. */
  readonly id: pulumi.Output<string>;
}

export interface SecretPlace {
  /** Its name in the secret manager. */
  readonly name: string;
  /** Its full id: ARN on AWS, resource name on GCP. */
  readonly id: pulumi.Output<string>;
}

export interface SecretGrantArgs {
  readonly identity: Identity;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly may: "read" | "write";
  readonly secrets: readonly SecretPlace[];
}

export interface SecretGrant {
  /** What pods that use the grant wait for. */
  readonly granted: readonly pulumi.Resource[];
}

export interface DaemonSecretsArgs {
  readonly identity: Identity;
  /** The network, which is also the namespace. */
  readonly network: string;
  readonly daemons: readonly string[];
}

export interface DaemonSecretGrants {
  /** What the pods of a daemon wait for. */
  readonly granted: ReadonlyMap<string, readonly pulumi.Resource[]>;
}

export interface ExposeAddressArgs {
  readonly identity: Identity;
  readonly address: StaticAddress;
  readonly ports: readonly { readonly number: number; readonly transports: readonly ("tcp" | "udp")[] }[];
}

/** How a reserved address leads to its pod. */
export interface AddressExposure {
  /** What the pod's Service needs to be of the type LoadBalancer on that address; undefined where the cloud's side is a resource. */
  readonly loadBalancer: LoadBalancerService | undefined;
}

export interface LoadBalancerService {
  readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
  readonly loadBalancerIP: pulumi.Input<string>;
  readonly loadBalancerClass: string | undefined;
}

/** Name of the file that holds a daemon's bundle of private files, in the mount of its secret. */
export const BUNDLE_FILE = "bundle.json";

/** A secret as a file in a pod. */
export interface SecretFile {
  readonly secret: SecretPlace;
  readonly fileName: string;
}

export interface SecretFiles {
  /** Name of the CSI driver. */
  readonly driver: string;
  /** `spec` of the SecretProviderClass. */
  readonly spec: SecretProviderClassSpec;
}

export interface SecretProviderClassSpec {
  readonly provider: string;
  readonly parameters: Readonly<Record<string, pulumi.Input<string>>>;
}

export interface PasswordWriter {
  readonly image: string;
  /** A shell script that may write below its `HOME` only. */
  readonly script: string;
  /** Never holds the password: that is made, used and forgotten inside the container. */
  readonly env: readonly { readonly name: string; readonly value: pulumi.Input<string> }[];
}

export interface RegistryArgs {
  readonly identity: Identity;
  /** Images the environment keeps. */
  readonly images: readonly string[];
  /** Days after which an image without a tag is removed. */
  readonly untaggedDays: number;
  /** Who may pull: `nodeIdentity` of the clusters of the region. */
  readonly readers: readonly pulumi.Input<string>[];
}

/** Images of one region. Nodes pull from their own cloud. */
export interface Registry {
  /** Address of each image, without tag. */
  readonly images: Readonly<Record<string, pulumi.Output<string>>>;
  readonly region: string;
}

export interface PublicZoneArgs {
  readonly identity: Identity;
  readonly domain: string;
}

export interface PrivateZoneArgs extends PublicZoneArgs {
  readonly networks: readonly ClusterNetwork[];
}

export interface DnsZone {
  readonly id: pulumi.Output<string>;
  readonly domain: string;
  /** What the parent domain must delegate to; empty for a private zone. */
  readonly nameServers: pulumi.Output<string[]>;
  /** Adds a record below the zone's domain. */
  record(name: string, args: RecordArgs, opts?: pulumi.CustomResourceOptions): pulumi.CustomResource;
}

/** A zone that another stack made. */
export interface ZoneFacts {
  readonly cloud: CloudName;
  readonly id: string;
  readonly domain: string;
  /** Of GCP only. */
  readonly project: string | undefined;
}

/** A bucket that another stack made. */
export interface ArtifactsFacts {
  readonly cloud: CloudName;
  /** Holds what the world may read. */
  readonly joinBucket: string;
  readonly joinUrl: string;
}

/** A text that the world may read at `<joinUrl>/<key>`. */
export interface PublishArgs {
  readonly key: string;
  readonly content: pulumi.Input<string>;
  readonly contentType: string;
}

export interface RecordArgs {
  /** Relative to the zone, e.g. `seed-1.alice`. */
  readonly label: string;
  readonly type: "A" | "AAAA" | "CNAME" | "TXT";
  readonly values: pulumi.Input<pulumi.Input<string>[]>;
  /** At most 60 where the address may move: one that moved is found again within a minute. */
  readonly ttlSeconds: number;
}

export interface ArtifactsArgs {
  readonly identity: Identity;
  /** Makes the bucket's name unique in the world: the environment's domain. */
  readonly uniqueBy: string;
}

/** Files of an environment: genesis files, and join bundles that the world may read. */
export interface Artifacts {
  readonly bucket: pulumi.Output<string>;
  /** The bucket that what was uploaded as `public` lies in. */
  readonly joinBucket: pulumi.Output<string>;
  /** Where it is read from, without trailing slash. */
  readonly joinUrl: pulumi.Output<string>;
  upload(name: string, args: UploadArgs, opts?: pulumi.CustomResourceOptions): pulumi.CustomResource;
}

export interface UploadArgs {
  readonly key: string;
  readonly content: pulumi.Input<string>;
  readonly contentType: string;
  /** Whether the world may read it. */
  readonly public: boolean;
}

/** Highest TTL of a name that may move. */
export const NAME_TTL_SECONDS = 60;

/** Labels by which pods choose nodes. */
export function nodeLabels(pool: { name: string; peers: boolean; spot: boolean }): Record<string, string> {
  return {
    "testnet/pool": pool.name,
    "testnet/peers": String(pool.peers),
    "testnet/spot": String(pool.spot),
  };
}
