import * as ec2 from "@pulumi/aws/ec2";
import { getAvailabilityZonesOutput } from "@pulumi/aws/getAvailabilityZones";
import * as pulumi from "@pulumi/pulumi";
import { blockOf, cidr, formatCidr } from "../cidr";
import { type Identity, TestnetComponent } from "../component";

export interface AwsNetworkArgs {
  readonly identity: Identity;
  readonly cidr: string;
  readonly zones: readonly string[] | undefined;
  readonly zoneCount: number;
}

/** Zones where EKS cannot place a control plane. */
const WITHOUT_CONTROL_PLANE = ["use1-az3", "usw1-az2", "cac1-az3"];

/** A VPC is cut into four, so that a zone can be added without moving the others. */
const SUBNET_BITS = 2;

/**
 * A VPC with one public subnet in each zone. Nodes have public addresses, as peers must reach them, so there is no NAT
 * gateway to pay for. The default security group is emptied: what names no group can be reached by nothing.
 */
export class AwsNetwork extends TestnetComponent {
  readonly vpcId: pulumi.Output<string>;
  readonly subnetIds: readonly pulumi.Output<string>[];
  /** What must be there before a machine can reach the internet. */
  readonly routes: readonly pulumi.Resource[];

  constructor(name: string, args: AwsNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:aws:Network", name, args.identity, opts);
    const vpc = new ec2.Vpc(
      name,
      { cidrBlock: args.cidr, enableDnsHostnames: true, enableDnsSupport: true, tags: this.named(name) },
      this.child(),
    );
    new ec2.DefaultSecurityGroup(
      `${name}-default`,
      { vpcId: vpc.id, ingress: [], egress: [], tags: this.named(`${name}-default`) },
      this.child(),
    );
    const gateway = new ec2.InternetGateway(
      `${name}-gateway`,
      { vpcId: vpc.id, tags: this.named(name) },
      this.child(),
    );
    const table = new ec2.RouteTable(
      `${name}-routes`,
      { vpcId: vpc.id, tags: this.named(name) },
      this.child(),
    );
    const route = new ec2.Route(
      `${name}-internet`,
      { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      this.child(),
    );
    const subnets = this.zonesOf(args).map((zone, index) => this.subnet(name, args, vpc, table, zone, index));

    this.vpcId = vpc.id;
    this.subnetIds = subnets.map(({ subnet }) => subnet.id);
    this.routes = [route, ...subnets.map(({ association }) => association)];
    this.registerOutputs({ vpcId: this.vpcId, subnetIds: this.subnetIds });
  }

  private subnet(
    name: string,
    args: AwsNetworkArgs,
    vpc: ec2.Vpc,
    table: ec2.RouteTable,
    zone: pulumi.Input<string>,
    index: number,
  ) {
    const whole = cidr(args.cidr);
    const subnet = new ec2.Subnet(
      `${name}-public-${index + 1}`,
      {
        vpcId: vpc.id,
        availabilityZone: zone,
        cidrBlock: formatCidr(blockOf(whole, whole.prefix + SUBNET_BITS, index)),
        mapPublicIpOnLaunch: true,
        tags: { ...this.named(`${name}-public-${index + 1}`), "kubernetes.io/role/elb": "1" },
      },
      this.child(),
    );
    const association = new ec2.RouteTableAssociation(
      `${name}-public-${index + 1}`,
      { subnetId: subnet.id, routeTableId: table.id },
      this.child(),
    );
    return { subnet, association };
  }

  /** The zones named, else the first ones the account has. Which name stands for which building differs by account. */
  private zonesOf({ zones, zoneCount }: AwsNetworkArgs): readonly pulumi.Input<string>[] {
    if (zones !== undefined) return zones;
    const available = getAvailabilityZonesOutput(
      {
        state: "available",
        filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
        excludeZoneIds: WITHOUT_CONTROL_PLANE,
      },
      { parent: this },
    );
    return Array.from({ length: zoneCount }, (_, index) =>
      available.names.apply((names) => {
        const zone = names[index];
        if (zone === undefined) {
          throw new pulumi.ResourceError(
            `${zoneCount} zones are wanted, the region has only ${names.join(", ")}`,
            this,
            true,
          );
        }
        return zone;
      }),
    );
  }
}
