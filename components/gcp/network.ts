import * as compute from "@pulumi/gcp/compute";
import type * as pulumi from "@pulumi/pulumi";
import { type Identity, TestnetComponent } from "../component";
import type { ClusterAddresses } from "../contracts";
import { physicalName } from "../naming";

export interface GcpNetworkArgs {
  readonly identity: Identity;
  readonly cluster: string;
  readonly region: string;
  readonly addresses: ClusterAddresses;
}

/** Names of the ranges that pods and services get their addresses from. */
export const SECONDARY_RANGES = { pods: "pods", services: "services" } as const;

/**
 * A VPC network with one subnet: nodes, pods and services each have a range. Nodes have public addresses, so there is no
 * Cloud NAT to pay for. Without a firewall rule nothing gets in.
 */
export class GcpNetwork extends TestnetComponent {
  readonly network: compute.Network;
  readonly subnetwork: compute.Subnetwork;

  constructor(name: string, args: GcpNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:gcp:Network", name, args.identity, opts);
    const { stack } = args.identity;
    this.network = new compute.Network(
      name,
      {
        name: physicalName("gcpNetwork", stack, args.cluster),
        description: this.description,
        autoCreateSubnetworks: false,
        routingMode: "REGIONAL",
      },
      this.child(),
    );
    this.subnetwork = new compute.Subnetwork(
      `${name}-nodes`,
      {
        name: physicalName("gcpNetwork", stack, args.cluster, "nodes"),
        description: this.description,
        network: this.network.id,
        region: args.region,
        ipCidrRange: args.addresses.nodes,
        secondaryIpRanges: [
          { rangeName: SECONDARY_RANGES.pods, ipCidrRange: args.addresses.pods },
          { rangeName: SECONDARY_RANGES.services, ipCidrRange: args.addresses.services },
        ],
        privateIpGoogleAccess: true,
      },
      this.child(),
    );
    this.registerOutputs({ network: this.network.id });
  }
}
