import type { Provider } from "@pulumi/kubernetes/provider";
import type * as pulumi from "@pulumi/pulumi";
import type { Identity } from "../component";
import type { CloudName, ClusterNetwork } from "./cloud";
import type { ClusterServices } from "./cluster-services";

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

export interface NodePool {
  readonly name: string;
  readonly machine: string;
  readonly peers: boolean;
  readonly spot: boolean;
  /** Labels of its nodes. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Labels by which pods choose nodes. */
export function nodeLabels(pool: { name: string; peers: boolean; spot: boolean }): Record<string, string> {
  return {
    "testnet/pool": pool.name,
    "testnet/peers": String(pool.peers),
    "testnet/spot": String(pool.spot),
  };
}
