import { Provider, type ProviderArgs } from "@pulumi/aws/provider";
import type {
  Artifacts,
  ArtifactsArgs,
  CloudRegion,
  Cluster,
  ClusterArgs,
  DnsZone,
  Metered,
  PrivateZoneArgs,
  PublicZoneArgs,
  Quota,
  Registry,
  RegistryArgs,
} from "../contracts";
import { AwsArtifacts } from "./artifacts";
import { AwsDnsZone } from "./dns-zone";
import { EksCluster } from "./eks-cluster";
import { awsQuotas } from "./quotas";
import { AwsRegistry } from "./registry";

/** A region of AWS behind a provider of its own. */
export class AwsRegion implements CloudRegion {
  readonly cloud = "aws";
  readonly provider: Provider;

  constructor(
    name: string,
    readonly region: string,
  ) {
    this.provider = new Provider(name, { region: region as ProviderArgs["region"] });
  }

  cluster(name: string, args: ClusterArgs): Cluster {
    return new EksCluster(name, args, this.region, this.provider);
  }

  registry(name: string, args: RegistryArgs): Registry {
    return new AwsRegistry(name, args, this.region, this.options);
  }

  publicZone(name: string, args: PublicZoneArgs): DnsZone {
    return new AwsDnsZone(name, args, this.options);
  }

  privateZone(name: string, args: PrivateZoneArgs): DnsZone {
    return new AwsDnsZone(name, args, this.options);
  }

  artifacts(name: string, args: ArtifactsArgs): Artifacts {
    return new AwsArtifacts(name, args, this.options);
  }

  quotas(of: readonly Metered[]): Promise<readonly Quota[]> {
    return awsQuotas(of, this.region, this.provider);
  }

  private get options() {
    return { providers: [this.provider] };
  }
}
