import type * as pulumi from "@pulumi/pulumi";
import type { Identity } from "../component";
import type { CloudName, ClusterNetwork } from "./cloud";

/** Registries, zones and buckets. */

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
