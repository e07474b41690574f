import type * as pulumi from "@pulumi/pulumi";
import type { CloudName } from "./contracts/cloud";
import type { Cluster, ClusterArgs } from "./contracts/cluster";
import type {
  Artifacts,
  ArtifactsArgs,
  DnsZone,
  PrivateZoneArgs,
  PublicZoneArgs,
  Registry,
  RegistryArgs,
} from "./contracts/stores";

/**
 * Where the clouds meet: what a region, a cluster, a registry, a zone and a bucket of any cloud are to the rest of the
 * program. Each cloud implements this in its own folder; components/clouds.ts picks one.
 */
export type * from "./contracts/cloud";
export * from "./contracts/cluster";
export * from "./contracts/cluster-services";
export * from "./contracts/stores";

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
