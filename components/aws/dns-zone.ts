import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { TestnetComponent } from "../component";
import type { ClusterNetwork, DnsZone, PublicZoneArgs, RecordArgs } from "../contracts";

export interface AwsDnsZoneArgs extends PublicZoneArgs {
  /** For a private zone: the networks that see it. */
  readonly networks?: readonly ClusterNetwork[];
}

/** A Route 53 zone: public, or private to the networks named. */
export class AwsDnsZone extends TestnetComponent implements DnsZone {
  readonly id: pulumi.Output<string>;
  readonly domain: string;
  readonly nameServers: pulumi.Output<string[]>;

  constructor(name: string, args: AwsDnsZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:aws:DnsZone", name, args.identity, opts);
    const { networks, domain, identity } = args;
    const zone = new route53.Zone(
      name,
      {
        name: domain,
        comment: `testnet environment ${identity.stack}`,
        forceDestroy: !identity.protect,
        ...(networks !== undefined && {
          vpcs: networks.map(({ id, region }) => ({ vpcId: id, vpcRegion: region })),
        }),
        tags: this.tags,
      },
      this.statefulChild(),
    );
    this.id = zone.zoneId;
    this.domain = domain;
    this.nameServers = networks === undefined ? zone.nameServers : pulumi.output([]);
    this.registerOutputs({ id: this.id, nameServers: this.nameServers });
  }

  record(name: string, args: RecordArgs, opts: pulumi.CustomResourceOptions = {}): route53.Record {
    return awsRecord(name, { ...args, zoneId: this.id, domain: this.domain }, this.child(opts));
  }
}

export interface AwsRecordArgs extends RecordArgs {
  readonly zoneId: pulumi.Input<string>;
  readonly domain: string;
}

/** A record in any zone, also one that another stack made. */
export function awsRecord(
  name: string,
  { zoneId, domain, label, type, ttlSeconds, values }: AwsRecordArgs,
  opts: pulumi.CustomResourceOptions,
): route53.Record {
  return new route53.Record(
    name,
    { zoneId, name: `${label}.${domain}`, type, ttl: ttlSeconds, records: values },
    opts,
  );
}
