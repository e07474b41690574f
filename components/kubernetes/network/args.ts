import type { Provider } from "@pulumi/kubernetes/provider";
import type * as pulumi from "@pulumi/pulumi";
import type { NetworkPlan } from "../../../protocols/plan";
import type { Identity } from "../../component";
import type { LoadBalancerService, SecretProviderClassSpec } from "../../contracts";

/** What a network needs of one cluster to stand in it: the same for a cluster of any cloud and for a bare kubeconfig. */
export interface ClusterTarget {
  /** Name in the environment, as the plan's workloads give it. */
  readonly name: string;
  readonly provider: Provider;
  /** Undefined for the cluster's default. */
  readonly storageClass: string | undefined;
  /** Whether the cluster knows the kinds of the Prometheus operator. */
  readonly monitored: boolean;
  /**
   * A cluster that we did not make: its nodes carry none of our labels and may have no public address. Its daemons then run
   * on any node, and advertise the inner address of one that has no other. Default: false.
   */
  readonly bare?: boolean;
  /** How the bundle of private files of a daemon comes into its pod. */
  readonly secretVolume: (daemon: string) => SecretVolume;
}

/** Where a pod finds the file BUNDLE_FILE. */
export interface SecretVolume {
  /** What the secret is called in its manager, for the words of a pod that does not find it. Default: the pod's name. */
  readonly secretName?: string;
  /** The SecretProviderClass to be made for it; undefined where none is needed. */
  readonly providerClass: SecretProviderClassSpec | undefined;
  /** The pod's volume, without its name. */
  readonly source: (providerClass: string) => Readonly<Record<string, unknown>>;
}

/** A file that all daemons of a network share, e.g. a genesis file. */
export interface SharedFile {
  /** Relative to `{{shared}}`. */
  readonly path: string;
  /** Of the bytes, uncompressed. */
  readonly sha256: pulumi.Input<string>;
  readonly source:
    | { readonly kind: "inline"; /** base64 of gzip */ readonly gzip: pulumi.Input<string> }
    | {
        readonly kind: "download";
        /** the file plain or gzipped; with `.b64` at the end of its name, as base64 */ readonly url: pulumi.Input<string>;
      };
}

/** A network in one cluster: everything of the plan whose `cluster` is this one. */
export interface ClusterNetworkArgs {
  readonly identity: Identity;
  readonly plan: NetworkPlan;
  readonly cluster: ClusterTarget;
  /** Public parts of keys by the reference that stands for them, e.g. `peer-id seed-1`. */
  readonly publicKeys: Readonly<Record<string, string>>;
  readonly genesisTime: pulumi.Input<number>;
  readonly shared: readonly SharedFile[];
  /** Reserved addresses of all entrances of the network, by pod; empty where there are none. */
  readonly addresses: Readonly<Record<string, pulumi.Input<string>>>;
  /** Pods of this cluster whose Service is a load balancer. */
  readonly loadBalancers: Readonly<Record<string, LoadBalancerService>>;
  /** What the pods of a daemon wait for, e.g. the right to read its secret. */
  readonly after: (daemon: string) => readonly pulumi.Resource[];
  /** Where an image is pulled from, by its reference in the plan. */
  readonly image: (reference: string) => pulumi.Input<string>;
}
