import { between, matching, oneOf } from "../cloud/formats";
import { CloudError, type Made, type Model, type Seen } from "../cloud/model";
import { arn, hexId, list, model, object, text } from "./common";
import { ANY_SECURITY_GROUP } from "./firewall";
import { machineOf } from "./machines";
import { ADDRESSES } from "./quotas";
import { EIP, KEY, LAUNCH_TEMPLATE, LOAD_BALANCER } from "./types";

const launchTemplate = model({
  type: LAUNCH_TEMPLATE,
  title: "EC2 Launch Template",
  seconds: { create: 6, update: 2, delete: 1 },
  autoname: { property: "name", longest: 125 },
  formats: {
    name: matching(/^[a-zA-Z0-9().\-/_]{3,128}$/, "3 to 128 letters, digits and ().-/_"),
    "metadataOptions.httpTokens": oneOf("optional", "required"),
    "metadataOptions.httpEndpoint": oneOf("enabled", "disabled"),
    "metadataOptions.httpPutResponseHopLimit": between(1, 64),
    "blockDeviceMappings[].ebs.volumeType": oneOf("standard", "io1", "io2", "gp2", "gp3", "sc1", "st1"),
    "blockDeviceMappings[].ebs.volumeSize": between(1, 65536),
    "tagSpecifications[].resourceType": oneOf(
      "instance",
      "volume",
      "network-interface",
      "spot-instances-request",
    ),
  },
  references: {
    "vpcSecurityGroupIds[]": ANY_SECURITY_GROUP,
    "networkInterfaces[].securityGroups[]": ANY_SECURITY_GROUP,
    "blockDeviceMappings[].ebs.kmsKeyId": { to: KEY, by: ["arn", "keyId"], loose: true },
  },
  // Which version is the default, and how the provider moves it, the cloud does not keep.
  local: ["updateDefaultVersion"],
  replacedBy: ["name", "namePrefix"],
  unique: {
    by: ["name"],
    per: "region",
    words: ({ inputs }) =>
      new CloudError(
        "InvalidLaunchTemplateName.AlreadyExistsException",
        `Launch template name already in use: ${text(inputs, "name")}`,
      ),
  },
  id: hexId("lt"),
  outputs: ({ id, site, revision, inputs }) => ({
    arn: arn("ec2", site, `launch-template/${id}`),
    latestVersion: revision + 1,
    defaultVersion: inputs["updateDefaultVersion"] === true ? revision + 1 : (inputs["defaultVersion"] ?? 1),
  }),
  admit: ({ inputs }) => {
    const type = text(inputs, "instanceType");
    if (type === "" || machineOf(type) !== undefined) return;
    throw new CloudError(
      "InvalidInstanceType",
      `The following supplied instance types do not exist: [${type}]`,
    );
  },
  notFound: (id) =>
    new CloudError(
      "InvalidLaunchTemplateId.NotFound",
      `The specified launch template, with template ID ${id}, does not exist.`,
    ),
});

const elasticIp = model({
  type: EIP,
  title: "EC2 EIP",
  seconds: { create: 1, delete: 1 },
  defaults: { domain: "vpc" },
  formats: { domain: oneOf("vpc", "standard") },
  replacedBy: ["domain", "address", "networkBorderGroup", "publicIpv4Pool", "customerOwnedIpv4Pool"],
  quotas: [{ quota: ADDRESSES }],
  id: hexId("eipalloc"),
  outputs: ({ id, site, hex }: Made) => {
    const publicIp = benchmarkAddress(hex("address", 6));
    return {
      arn: arn("ec2", site, `elastic-ip/${id}`),
      allocationId: id,
      publicIp,
      publicDns: `ec2-${publicIp.replaceAll(".", "-")}.${site.region}.compute.amazonaws.com`,
      publicIpv4Pool: "amazon",
      networkBorderGroup: site.region,
    };
  },
  entrances: ({ id, site, hex, look }) => [
    {
      kind: "address",
      address: benchmarkAddress(hex("address", 6)),
      region: site.region,
      usedBy: look.all(LOAD_BALANCER).find(uses(id))?.name,
    },
  ],
  inUse: ({ id }) =>
    new CloudError(
      "InvalidIPAddress.InUse",
      `The address with allocation id [${id}] cannot be released because it is in use.`,
    ),
});

/** Whether a load balancer stands on an address. */
function uses(allocationId: string): (balancer: Seen) => boolean {
  return ({ inputs }) =>
    list(inputs["subnetMappings"]).some((mapping) => object(mapping)["allocationId"] === allocationId);
}

/** An address of the range kept for measurements (RFC 2544), which nobody on the internet has. */
export function benchmarkAddress(digits: string): string {
  const number = parseInt(digits, 16) % 2 ** 17;
  return `198.${18 + Math.floor(number / 65536)}.${Math.floor(number / 256) % 256}.${number % 256}`;
}

export const COMPUTE: readonly Model[] = [launchTemplate, elasticIp];
