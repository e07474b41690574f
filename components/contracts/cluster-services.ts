import type * as pulumi from "@pulumi/pulumi";
import type { Identity } from "../component";

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
