import * as dns from "@pulumi/gcp/dns";
import * as pulumi from "@pulumi/pulumi";
import { TestnetComponent } from "../component";
import type { ClusterNetwork, DnsZone, PublicZoneArgs, RecordArgs } from "../contracts";
import { physicalName } from "../naming";

export interface GcpDnsZoneArgs extends PublicZoneArgs {
  readonly project: string;
  /** For a private zone: the networks that see it. */
  readonly networks?: readonly ClusterNetwork[];
}

/** A Cloud DNS zone: public, or private to the networks named. */
export class GcpDnsZone extends TestnetComponent implements DnsZone {
  readonly id: pulumi.Output<string>;
  readonly domain: string;
  readonly nameServers: pulumi.Output<string[]>;
  private readonly project: string;

  constructor(name: string, args: GcpDnsZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:gcp:DnsZone", name, args.identity, opts);
    const { networks, domain, identity, project } = args;
    const visible = networks === undefined ? "public" : "private";
    const zone = new dns.ManagedZone(
      name,
      {
        project,
        name: physicalName("managedZone", identity.stack, visible),
        dnsName: `${domain}.`,
        description: this.description,
        visibility: visible,
        forceDestroy: !identity.protect,
        ...(networks !== undefined && {
          privateVisibilityConfig: { networks: networks.map(({ id }) => ({ networkUrl: id })) },
        }),
        labels: this.tags,
      },
      this.statefulChild(),
    );
    this.project = project;
    this.id = zone.name;
    this.domain = domain;
    this.nameServers = networks === undefined ? zone.nameServers : pulumi.output([]);
    this.registerOutputs({ id: this.id, nameServers: this.nameServers });
  }

  record(name: string, args: RecordArgs, opts: pulumi.CustomResourceOptions = {}): dns.RecordSet {
    const { project, id: managedZone, domain } = this;
    return gcpRecord(name, { ...args, project, managedZone, domain }, this.child(opts));
  }
}

export interface GcpRecordArgs extends RecordArgs {
  readonly project: string;
  readonly managedZone: pulumi.Input<string>;
  readonly domain: string;
}

/** A record in any zone, also one that another stack made. */
export function gcpRecord(
  name: string,
  { project, managedZone, domain, label, type, ttlSeconds, values }: GcpRecordArgs,
  opts: pulumi.CustomResourceOptions,
): dns.RecordSet {
  return new dns.RecordSet(
    name,
    { project, managedZone, name: `${label}.${domain}.`, type, ttl: ttlSeconds, rrdatas: values },
    opts,
  );
}
