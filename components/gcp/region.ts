import { Provider } from "@pulumi/gcp/provider";
import type {
  Artifacts,
  ArtifactsArgs,
  CloudRegion,
  Cluster,
  ClusterArgs,
  DnsZone,
  PrivateZoneArgs,
  PublicZoneArgs,
  Quota,
  Registry,
  RegistryArgs,
} from "../contracts";
import { GcpArtifacts } from "./artifacts";
import { GcpDnsZone } from "./dns-zone";
import { GkeCluster, type GkeLocation } from "./gke-cluster";
import { GcpRegistry } from "./registry";

/** A region of GCP in one project, behind a provider of its own. */
export class GcpRegion implements CloudRegion {
  readonly cloud = "gcp";
  readonly provider: Provider;

  constructor(
    name: string,
    private readonly location: GkeLocation,
  ) {
    this.provider = new Provider(name, { project: location.project, region: location.region });
  }

  get region(): string {
    return this.location.region;
  }

  cluster(name: string, args: ClusterArgs): Cluster {
    return new GkeCluster(name, args, this.location, this.provider);
  }

  registry(name: string, args: RegistryArgs): Registry {
    return new GcpRegistry(name, { ...args, ...this.location }, this.options);
  }

  publicZone(name: string, args: PublicZoneArgs): DnsZone {
    return new GcpDnsZone(name, { ...args, project: this.location.project }, this.options);
  }

  privateZone(name: string, args: PrivateZoneArgs): DnsZone {
    return new GcpDnsZone(name, { ...args, project: this.location.project }, this.options);
  }

  artifacts(name: string, args: ArtifactsArgs): Artifacts {
    return new GcpArtifacts(name, { ...args, ...this.location }, this.options);
  }

  /**
   * None: GCP tells quotas by an API of its own (cloudquotas) that a project must have enabled, under ids that differ by
   * family of machines. Where it is off, every preview would fail for the sake of the check.
   */
  quotas(): Promise<readonly Quota[]> {
    return Promise.resolve([]);
  }

  private get options() {
    return { providers: [this.provider] };
  }
}
