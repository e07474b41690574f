import type { Properties } from "../../plugin/provider";
import type { Clusters, SimulatedNode } from "../clusters/contract";
import type { CloudRecord, Site } from "./record";
import type { ResourceShape, Shapes } from "./shapes";

/** Why a value is not accepted; undefined when it is. */
export type Format = (value: unknown) => string | undefined;

/** A property that names another resource. */
export interface Reference {
  /** Resource types, one of which must hold the value ... */
  readonly to: string | readonly string[];
  /** ... in one of these attributes, by path. @default id */
  readonly by?: readonly string[];
  /** Whether the other one can go while this one exists. @default false */
  readonly loose?: boolean;
  /** Goes with the other one. Implies loose. */
  readonly cascade?: boolean;
  /** Values that name nothing of ours, such as policies of the cloud's own. */
  readonly except?: (value: string) => boolean;
}

/** A limit of the cloud, in whose words it is refused. */
export interface Quota {
  readonly id: string;
  readonly name: string;
  readonly limit: number;
  readonly per: "region" | "account" | "parent";
  readonly words: (limit: number, site: Site) => CloudError;
}

export interface QuotaUse {
  readonly quota: Quota;
  /** How much of it a resource takes. @default 1 */
  readonly amount?: (record: CloudRecord) => number;
  /** What the limit is counted within, where it is per parent. */
  readonly within?: (record: CloudRecord) => string;
}

/** A name the provider makes up when the program gives none. */
export interface Autoname {
  readonly property: string;
  /** Longest name that is made up. */
  readonly longest: number;
  readonly lower?: boolean;
  readonly suffix?: string;
}

/** How a secret of a type is made by hand. */
export interface SecretKind {
  /** The input that names it. */
  readonly property: string;
  /** Inputs that it needs beside its name. */
  readonly others: Properties;
}

/** What a type is. All types of all clouds work by the same rules (lifecycle.ts); this says what differs. */
export interface Model {
  /** Token, e.g. `aws:ec2/vpc:Vpc`. */
  readonly type: string;
  /** As the provider's messages call it, e.g. `EC2 VPC`. */
  readonly title: string;
  /** How long it takes, in real clouds, as a rule. */
  readonly seconds: { readonly create: number; readonly update?: number; readonly delete?: number };
  readonly autoname?: Autoname;
  /** Inputs that the cloud asks for beyond those the SDK asks for. */
  readonly required?: readonly string[];
  /** Values of inputs that are not given. */
  readonly defaults?: Properties;
  /** By property path; `[]` stands for every element of a list. */
  readonly formats?: Readonly<Record<string, Format>>;
  /** What is wrong between inputs, by property. Sees no value that is unknown: those are left out. */
  readonly rules?: (inputs: Properties) => Readonly<Record<string, string | false | undefined>>;
  readonly references?: Readonly<Record<string, Reference>>;
  /** Inputs whose change makes a new resource. */
  readonly replacedBy: readonly string[] | "all";
  /** Inputs that only tell the provider how to behave: the cloud never sees them and cannot change them. */
  readonly local?: readonly string[];
  /** Two of one type cannot have the same of this. */
  readonly unique?: Unique;
  readonly quotas?: readonly QuotaUse[];
  /** Of the type that keeps secret values. */
  readonly secret?: SecretKind;
  /** Services without regions. */
  readonly global?: boolean;
  readonly id: (made: Made) => string;
  /** What the cloud computes, deterministic for one resource. What is left out is empty. */
  readonly outputs?: (made: Made) => Properties;
  /** What the cloud computes inside of inputs, by path, e.g. `vpcConfig.vpcId`: not known before it is made. */
  readonly computedInside?: readonly string[];
  /** Refusals that need to see other resources. Throws {@link CloudError}. */
  readonly admit?: (made: Made, previous: CloudRecord | undefined) => void;
  /** What is done beside writing it down; returns facts to keep. */
  readonly afterPut?: (made: Made, clusters: Clusters) => Promise<Properties | undefined>;
  /** Refusals to delete. Throws {@link CloudError}. */
  readonly admitDelete?: (made: Made) => void;
  readonly afterDelete?: (made: Made, clusters: Clusters) => Promise<void>;
  /** The cloud's words when one is not there. */
  readonly notFound?: (value: string) => CloudError;
  /** The cloud's words when one is deleted that others stand on. */
  readonly inUse?: (made: Made, users: readonly CloudRecord[]) => CloudError;
  /** Rules of a firewall that let in the whole world, for the report. */
  readonly openings?: (made: Made) => Opening[];
  /** Of machines of a cluster: how many there are, and what more of them would be. */
  readonly pool?: (made: Made) => MachinePool;
  /** How the world gets in, for the report. */
  readonly entrances?: (made: Made) => Entrance[];
}

export interface Unique {
  readonly by: readonly string[];
  readonly per: "region" | "account" | "world";
  readonly words: (made: Made) => CloudError;
  /** What the API says to whoever wants the name of a deleted one again, where it stays taken. */
  readonly outlives?: (made: Made) => CloudError | undefined;
}

/** Ports open to every address. */
export interface Opening {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
}

/** What the world comes in by: an address, a load balancer on addresses, a name. */
export type Entrance =
  | {
      readonly kind: "address";
      readonly address: string;
      readonly region: string;
      /** Logical name of what stands on it. */
      readonly usedBy: string | undefined;
    }
  | {
      readonly kind: "loadBalancer";
      readonly region: string;
      readonly addresses: readonly string[];
      readonly ports: readonly { readonly number: number; readonly protocol: string }[];
    }
  | {
      readonly kind: "record";
      /** Without a dot at the end. */
      readonly fqdn: string;
      readonly type: string;
      readonly values: readonly string[];
      readonly ttlSeconds: number;
    };

/** A resource as a model sees it. */
export interface Made {
  readonly inputs: Properties;
  readonly id: string;
  readonly site: Site;
  readonly name: string;
  readonly createdAt: number;
  /** How often it was updated. */
  readonly revision: number;
  readonly facts: Properties;
  /** Letters and digits that stay the same for this resource. */
  readonly hex: (label: string, length: number) => string;
  readonly look: Look;
}

/** Other resources of the same cloud and account. */
export interface Look {
  all(type: string): readonly Seen[];
  /** The resource with this value in an attribute. */
  one(type: string, value: unknown, by?: string): Seen | undefined;
  /** Resources of another cloud, in all accounts and regions: for what is reached by its address in the world. */
  abroad(cloud: string, type: string): readonly Seen[];
}

export interface Seen extends Made {
  readonly attributes: Properties;
  readonly record: CloudRecord;
}

/** What a cloud's API says when it says no. */
export class CloudError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
    this.name = "CloudError";
  }
}

/** What a data source may know beside its arguments. */
export interface Asked {
  /** The provider's configuration. */
  readonly config: Properties;
  readonly look: Look;
  /** A quota as it is enforced. */
  readonly limitOf: (quota: Quota) => number;
}

/** A data source. @throws Refused in the provider's words */
export type CloudFunction = (args: Properties, site: Site, asked: Asked) => object;

/** Who a pod is to the cloud of its cluster. */
export interface PodIdentity {
  readonly cluster: Seen;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** How pods of a cloud's clusters mount secrets of its manager as files (Secrets Store CSI). */
export interface SecretMounts {
  /** Name of the CSI driver. */
  readonly driver: string;
  /** What a SecretProviderClass calls the cloud. */
  readonly provider: string;
  /** Secrets a SecretProviderClass asks for, as it names them. @throws CloudError for parameters that nobody understands */
  readonly asked: (parameters: Readonly<Record<string, string>>) => readonly string[];
  /** The secret of a name, for the pods of a cluster. */
  readonly find: (
    name: string,
    cluster: Seen,
    parameters: Readonly<Record<string, string>>,
  ) => Seen | undefined;
  /** The cloud's words where the pod may not. */
  readonly refusal: (pod: PodIdentity, secret: Seen, may: "read" | "write") => string | undefined;
  /** The cloud's words where there is no such secret, or it has no value. */
  readonly missing: (name: string) => string;
}

/** What a Service of the type LoadBalancer asks for. */
export interface BalancedService {
  readonly loadBalancerIP: string | undefined;
  readonly loadBalancerClass: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  readonly protocols: readonly string[];
}

/** How Services of the type LoadBalancer get their address. */
export interface ServiceBalancers {
  /** The reserved address a Service gets. @throws CloudError in the cloud's words where it gets none */
  readonly addressOf: (service: BalancedService, name: string, cluster: Seen) => Seen;
  /** The fact of an address that names the Service on it. */
  readonly servedFact: string;
}

/** The fact of a pool: how many machines came because pods found no place. */
export const GROWN = "grown";

/** Machines that come by themselves where pods find no place. */
export interface MachinePool {
  /** Id of the cluster. */
  readonly cluster: string;
  readonly name: string;
  /** Machines it has, and may have. */
  readonly size: number;
  readonly most: number;
  /** All machines of a pool of so many. */
  readonly nodes: (size: number) => readonly SimulatedNode[];
}

/** A simulated cloud: its types and what they have in common. */
export interface Cloud {
  readonly name: string;
  /** Whether resources of one region see none of another. */
  readonly regionsApart: boolean;
  readonly shapes: Shapes;
  readonly models: Readonly<Record<string, Model>>;
  readonly functions: Readonly<Record<string, CloudFunction>>;
  /** What is wrong with the provider's configuration. */
  readonly checkConfig: (config: Properties) => string | undefined;
  /** Where resources go that do not say so themselves. */
  readonly site: (config: Properties, inputs: Properties, model: Model) => Site;
  /** What the provider's configuration adds to the inputs. */
  readonly enrich: (config: Properties, inputs: Properties, shape: ResourceShape) => Properties;
  /** Outputs that all types with the property have. */
  readonly commonOutputs: (made: Made, shape: ResourceShape) => Properties;
  /** The provider's whole message. */
  readonly say: (verb: string, model: Model, name: string, error: CloudError) => string;
  /** What the API says on a bad day. */
  readonly outage: CloudError;
  /** Of clouds with a secret manager and clusters. */
  readonly mounts?: SecretMounts;
  /** Of clouds whose clusters make load balancers by themselves. */
  readonly balancers?: ServiceBalancers;
}
