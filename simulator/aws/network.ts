import { cidr, contains, oneOf, overlaps } from "../cloud/formats";
import { CloudError, type Made, type Model } from "../cloud/model";
import { arn, dependencyViolation, hexId, list, model, object, strings, text } from "./common";
import { SUBNETS, VPCS } from "./quotas";
import { zoneId, zonesOf } from "./regions";
import {
  INTERNET_GATEWAY,
  LOAD_BALANCER,
  NODE_GROUP,
  ROUTE,
  ROUTE_TABLE,
  ROUTE_TABLE_ASSOCIATION,
  SUBNET,
  VPC,
} from "./types";

const vpc = model({
  type: VPC,
  title: "EC2 VPC",
  seconds: { create: 12, update: 11, delete: 1 },
  defaults: { enableDnsSupport: true, enableDnsHostnames: false, instanceTenancy: "default" },
  required: ["cidrBlock"],
  formats: { cidrBlock: cidr(16, 28), instanceTenancy: oneOf("default", "dedicated") },
  replacedBy: ["cidrBlock", "instanceTenancy", "ipv4IpamPoolId", "ipv4NetmaskLength"],
  quotas: [{ quota: VPCS }],
  id: hexId("vpc"),
  outputs: ({ id, site, hex }) => ({
    arn: arn("ec2", site, `vpc/${id}`),
    ownerId: site.account,
    mainRouteTableId: `rtb-0${hex("main", 16)}`,
    defaultRouteTableId: `rtb-0${hex("main", 16)}`,
    defaultNetworkAclId: `acl-0${hex("acl", 16)}`,
    defaultSecurityGroupId: `sg-0${hex("sg", 16)}`,
    dhcpOptionsId: `dopt-0${hex("dhcp", 16)}`,
  }),
  notFound: (id) => new CloudError("InvalidVpcID.NotFound", `The vpc ID '${id}' does not exist`),
  inUse: ({ id }) => dependencyViolation(`The vpc '${id}' has dependencies and cannot be deleted.`),
});

const subnet = model({
  type: SUBNET,
  title: "EC2 Subnet",
  seconds: { create: 11, update: 11, delete: 1 },
  required: ["cidrBlock"],
  formats: { cidrBlock: cidr(16, 28) },
  references: { vpcId: { to: VPC } },
  replacedBy: ["vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId", "ipv6Native", "outpostArn"],
  quotas: [{ quota: SUBNETS, within: ({ inputs }) => text(inputs, "vpcId") }],
  id: hexId("subnet"),
  outputs: ({ id, site, inputs }) => {
    const zone = text(inputs, "availabilityZone") || (zonesOf(site.region)[0] ?? "");
    return {
      arn: arn("ec2", site, `subnet/${id}`),
      ownerId: site.account,
      availabilityZone: zone,
      availabilityZoneId: zoneId(zone),
      privateDnsHostnameTypeOnLaunch: "ip-name",
    };
  },
  admit: refuseSubnet,
  notFound: (id) => new CloudError("InvalidSubnetID.NotFound", `The subnet ID '${id}' does not exist`),
  inUse: ({ id }) => dependencyViolation(`The subnet '${id}' has dependencies and cannot be deleted.`),
});

function refuseSubnet({ inputs, site, look, id }: Made): void {
  const block = text(inputs, "cidrBlock");
  const zone = text(inputs, "availabilityZone");
  const zones = zonesOf(site.region);
  if (zone !== "" && !zones.includes(zone)) {
    throw new CloudError(
      "InvalidParameterValue",
      `Value (${zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${zones.join(", ")}.`,
    );
  }
  const around = text(look.one(VPC, inputs["vpcId"])?.inputs ?? {}, "cidrBlock");
  if (!contains(around, block)) {
    throw new CloudError("InvalidSubnet.Range", `The CIDR '${block}' is invalid.`);
  }
  const others = look
    .all(SUBNET)
    .filter((other) => other.id !== id && other.inputs["vpcId"] === inputs["vpcId"]);
  if (others.some((other) => overlaps(text(other.inputs, "cidrBlock"), block))) {
    throw new CloudError("InvalidSubnet.Conflict", `The CIDR '${block}' conflicts with another subnet`);
  }
}

const internetGateway = model({
  type: INTERNET_GATEWAY,
  title: "EC2 Internet Gateway",
  seconds: { create: 1, delete: 10 },
  references: { vpcId: { to: VPC } },
  replacedBy: [],
  unique: {
    by: ["vpcId"],
    per: "region",
    words: ({ id, inputs }) =>
      new CloudError(
        "InvalidParameterValue",
        `Network ${text(inputs, "vpcId")} already has an internet gateway attached, besides ${id}`,
      ),
  },
  id: hexId("igw"),
  outputs: ({ id, site }) => ({ arn: arn("ec2", site, `internet-gateway/${id}`), ownerId: site.account }),
  admitDelete: ({ inputs, look }) => {
    const isHere = (id: string) => look.one(SUBNET, id)?.inputs["vpcId"] === inputs["vpcId"];
    const balanced = look.all(LOAD_BALANCER).flatMap(({ inputs: balancer }) => balancedSubnets(balancer));
    const mapped =
      look.all(NODE_GROUP).some(({ inputs: group }) => strings(group["subnetIds"]).some(isHere)) ||
      balanced.some(isHere);
    if (!mapped) return;
    throw dependencyViolation(
      `Network ${text(inputs, "vpcId")} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    );
  },
  notFound: (id) =>
    new CloudError("InvalidInternetGatewayID.NotFound", `The internetGateway ID '${id}' does not exist`),
});

const routeTable = model({
  type: ROUTE_TABLE,
  title: "EC2 Route Table",
  seconds: { create: 1, delete: 1 },
  references: { vpcId: { to: VPC }, "routes[].gatewayId": { to: INTERNET_GATEWAY, loose: true } },
  formats: { "routes[].cidrBlock": cidr() },
  replacedBy: ["vpcId"],
  id: hexId("rtb"),
  outputs: ({ id, site, inputs }) => ({
    arn: arn("ec2", site, `route-table/${id}`),
    ownerId: site.account,
    routes: list(inputs["routes"]),
  }),
  notFound: (id) =>
    new CloudError("InvalidRouteTableID.NotFound", `The routeTable ID '${id}' does not exist`),
  inUse: ({ id }) => dependencyViolation(`The routeTable '${id}' has dependencies and cannot be deleted.`),
});

const TARGETS = [
  ...["gatewayId", "natGatewayId", "networkInterfaceId", "transitGatewayId", "vpcEndpointId"],
  ...[
    "vpcPeeringConnectionId",
    "egressOnlyGatewayId",
    "carrierGatewayId",
    "localGatewayId",
    "coreNetworkArn",
  ],
];

const route = model({
  type: ROUTE,
  title: "Route",
  seconds: { create: 1, delete: 1 },
  formats: { destinationCidrBlock: cidr() },
  rules: (inputs) => ({
    destinationCidrBlock:
      ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"].filter(
        (name) => name in inputs,
      ).length > 1 && "only one destination can be set",
    gatewayId: TARGETS.filter((name) => name in inputs).length > 1 && "only one target can be set",
  }),
  references: {
    // A route goes with its table, and stays as a black hole when its gateway goes.
    routeTableId: { to: ROUTE_TABLE, cascade: true },
    gatewayId: { to: INTERNET_GATEWAY, loose: true },
  },
  replacedBy: ["routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"],
  unique: {
    by: ["routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock"],
    per: "region",
    words: ({ inputs }) =>
      new CloudError(
        "RouteAlreadyExists",
        `The route identified by ${text(inputs, "destinationCidrBlock") || text(inputs, "destinationIpv6CidrBlock")} already exists.`,
      ),
  },
  id: ({ inputs, hex }) => `r-${text(inputs, "routeTableId")}${parseInt(hex("id", 8), 16)}`,
  outputs: () => ({ origin: "CreateRoute", state: "active" }),
  admit: ({ inputs, look }) => {
    const gateway = look.one(INTERNET_GATEWAY, inputs["gatewayId"]);
    const table = look.one(ROUTE_TABLE, inputs["routeTableId"]);
    if (gateway === undefined || gateway.inputs["vpcId"] === table?.inputs["vpcId"]) return;
    throw new CloudError(
      "InvalidParameterValue",
      `route table ${table?.id ?? ""} and network gateway ${gateway.id} belong to different networks`,
    );
  },
});

const routeTableAssociation = model({
  type: ROUTE_TABLE_ASSOCIATION,
  title: "Route Table Association",
  seconds: { create: 1, delete: 1 },
  rules: (inputs) => ({
    subnetId:
      "subnetId" in inputs && "gatewayId" in inputs && "only one of subnetId and gatewayId can be set",
  }),
  references: { routeTableId: { to: ROUTE_TABLE }, subnetId: { to: SUBNET, cascade: true } },
  replacedBy: ["subnetId", "gatewayId"],
  unique: {
    by: ["subnetId", "gatewayId"],
    per: "region",
    words: ({ inputs }) =>
      new CloudError(
        "Resource.AlreadyAssociated",
        `the specified association for route table ${text(inputs, "routeTableId")} conflicts with an existing association`,
      ),
  },
  id: hexId("rtbassoc"),
});

/** The subnets a load balancer has its interfaces in. */
export function balancedSubnets(inputs: Made["inputs"]): string[] {
  const mapped = list(inputs["subnetMappings"]).map((mapping) => text(object(mapping), "subnetId"));
  return [...strings(inputs["subnets"]), ...mapped];
}

/** Whether machines in a subnet reach the internet. */
export function isPublic(look: Made["look"], subnetId: string): boolean {
  const association = look.all(ROUTE_TABLE_ASSOCIATION).find(({ inputs }) => inputs["subnetId"] === subnetId);
  const table = look.one(ROUTE_TABLE, association?.inputs["routeTableId"]);
  if (table === undefined) return false;
  const inline = list(table.inputs["routes"]).map(object);
  const separate = look.all(ROUTE).filter(({ inputs }) => inputs["routeTableId"] === table.id);
  return (
    inline.some((one) => one["cidrBlock"] === "0.0.0.0/0" && "gatewayId" in one) ||
    separate.some(({ inputs }) => inputs["destinationCidrBlock"] === "0.0.0.0/0" && "gatewayId" in inputs)
  );
}

export const NETWORK: readonly Model[] = [
  vpc,
  subnet,
  internetGateway,
  routeTable,
  route,
  routeTableAssociation,
];
