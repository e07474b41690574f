import type { Properties } from "../../plugin/provider";
import { between, cidr, matching, oneOf } from "../cloud/formats";
import { CloudError, type Made, type Model, type Opening, type Reference } from "../cloud/model";
import { arn, dependencyViolation, hexId, list, model, object, strings, text } from "./common";
import { RULES, SECURITY_GROUPS } from "./quotas";
import { CLUSTER, SECURITY_GROUP, VPC } from "./types";

/** A security group of the program, one that EKS made for a cluster, or the default one of a VPC. */
export const ANY_SECURITY_GROUP: Reference = {
  to: [SECURITY_GROUP, CLUSTER, VPC],
  by: ["id", "vpcConfig.clusterSecurityGroupId", "defaultSecurityGroupId"],
};

const securityGroup = model({
  type: SECURITY_GROUP,
  title: "EC2 Security Group",
  seconds: { create: 3, delete: 1 },
  autoname: { property: "name", longest: 255 },
  defaults: { description: "Managed by Pulumi" },
  formats: {
    name: matching(/^(?!sg-).{1,255}$/, "1 to 255 characters that do not begin with sg-"),
    description: matching(/^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{0,255}$/, "a character is not allowed"),
    "ingress[].cidrBlocks[]": cidr(),
    "egress[].cidrBlocks[]": cidr(),
  },
  references: { vpcId: { to: VPC } },
  replacedBy: ["name", "namePrefix", "description", "vpcId"],
  quotas: [{ quota: SECURITY_GROUPS }],
  unique: {
    by: ["name", "vpcId"],
    per: "region",
    words: ({ inputs }) =>
      new CloudError(
        "InvalidGroup.Duplicate",
        `The security group '${text(inputs, "name")}' already exists for VPC '${text(inputs, "vpcId")}'`,
      ),
  },
  id: hexId("sg"),
  outputs: ({ id, site, inputs }) => ({
    arn: arn("ec2", site, `security-group/${id}`),
    ownerId: site.account,
    ingress: list(inputs["ingress"]),
    egress: list(inputs["egress"]),
  }),
  openings: inlineOpenings,
  notFound: (id) => new CloudError("InvalidGroup.NotFound", `The security group '${id}' does not exist`),
  inUse: ({ id }) => dependencyViolation(`resource ${id} has a dependent object`),
});

/** Takes over the group that every VPC has, and empties it; deleting it only forgets it. */
const defaultSecurityGroup = model({
  type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  title: "EC2 Default Security Group",
  seconds: { create: 2, delete: 0 },
  required: ["vpcId"],
  references: { vpcId: { to: VPC, cascade: true } },
  replacedBy: ["vpcId"],
  id: ({ inputs, look }) => text(look.one(VPC, inputs["vpcId"])?.attributes ?? {}, "defaultSecurityGroupId"),
  outputs: ({ id, site, inputs }) => ({
    arn: arn("ec2", site, `security-group/${id}`),
    ownerId: site.account,
    name: "default",
    description: "default VPC security group",
    ingress: list(inputs["ingress"]),
    egress: list(inputs["egress"]),
  }),
  openings: inlineOpenings,
});

function inlineOpenings({ inputs }: Made): Opening[] {
  return list(inputs["ingress"])
    .map(object)
    .filter((rule) =>
      [...strings(rule["cidrBlocks"]), ...strings(rule["ipv6CidrBlocks"])].some((block) => isWorld(block)),
    )
    .map(opening);
}

function isWorld(block: unknown): boolean {
  return block === "0.0.0.0/0" || block === "::/0";
}

function opening(rule: Properties): Opening {
  const protocol = text(rule, "ipProtocol") || text(rule, "protocol");
  const everything = protocol === "-1";
  const [from, to] = [rule["fromPort"], rule["toPort"]];
  return {
    protocol: everything ? "all" : protocol,
    from: everything || typeof from !== "number" ? 0 : from,
    to: everything || typeof to !== "number" ? 65535 : to,
  };
}

const PEERS = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];

function rule(direction: "Ingress" | "Egress"): Model {
  return model({
    type: `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
    title: `VPC Security Group ${direction} Rule`,
    seconds: { create: 1, delete: 1 },
    formats: {
      cidrIpv4: cidr(),
      ipProtocol: oneOf("tcp", "udp", "icmp", "icmpv6", "-1"),
      fromPort: between(-1, 65535),
      toPort: between(-1, 65535),
    },
    rules: (inputs) => ({
      cidrIpv4:
        PEERS.filter((name) => name in inputs).length > 1 &&
        `Only one of ${PEERS.join(", ")} can be configured`,
      toPort: Number(inputs["toPort"] ?? 0) < Number(inputs["fromPort"] ?? 0) && "toPort is below fromPort",
      fromPort:
        ["tcp", "udp"].includes(text(inputs, "ipProtocol")) &&
        inputs["fromPort"] === undefined &&
        "fromPort and toPort are required for tcp and udp",
    }),
    references: {
      // Rules go with their group.
      securityGroupId: { ...ANY_SECURITY_GROUP, cascade: true },
      referencedSecurityGroupId: { ...ANY_SECURITY_GROUP, loose: false },
    },
    replacedBy: ["securityGroupId"],
    quotas: [{ quota: RULES, within: ({ inputs }) => `${text(inputs, "securityGroupId")} ${direction}` }],
    unique: {
      by: ["securityGroupId", "ipProtocol", "fromPort", "toPort", ...PEERS],
      per: "region",
      words: ({ inputs }) =>
        new CloudError(
          "InvalidPermission.Duplicate",
          `the specified rule "peer: ${PEERS.map((name) => text(inputs, name)).join("")}, ${text(inputs, "ipProtocol").toUpperCase()}, from port: ${String(inputs["fromPort"])}, to port: ${String(inputs["toPort"])}, ALLOW" already exists`,
        ),
    },
    id: hexId("sgr"),
    outputs: ({ id, site }) => ({
      arn: arn("ec2", site, `security-group-rule/${id}`),
      securityGroupRuleId: id,
    }),
    admit: ({ inputs }) => {
      if (PEERS.some((name) => name in inputs)) return;
      throw new CloudError("MissingParameter", `The request must contain one of ${PEERS.join(", ")}`);
    },
    ...(direction === "Ingress" && {
      openings: ({ inputs }) =>
        isWorld(inputs["cidrIpv4"]) || isWorld(inputs["cidrIpv6"]) ? [opening(inputs)] : [],
    }),
  });
}

export const FIREWALL: readonly Model[] = [
  securityGroup,
  defaultSecurityGroup,
  rule("Ingress"),
  rule("Egress"),
];
