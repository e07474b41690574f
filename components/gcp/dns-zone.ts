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
    return new dns.RecordSet(
      name,
      {
        project: this.project,
        managedZone: this.id,
        name: `${args.label}.${this.domain}.`,
        type: args.type,
        ttl: args.ttlSeconds,
        rrdatas: args.values,
      },
      this.child(opts),
    );
  }
}
