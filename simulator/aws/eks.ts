import type { Properties } from "../../plugin/provider";
import { all, cidr, matching, oneOf } from "../cloud/formats";
import { CloudError, type Made, type Model, type Seen } from "../cloud/model";
import { arn, isArn, model, object, strings, text, timestamp, trusts } from "./common";
import { clusterId, versionProblem } from "./eks-clusters";
import { ANY_SECURITY_GROUP } from "./firewall";
import { CLUSTERS } from "./quotas";
import { zoneId } from "./regions";
import { CLUSTER, KEY, NODE_GROUP, ROLE, SUBNET, VPC } from "./types";

const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** Ids of zones in which EKS has no control planes. */
const WITHOUT_EKS = new Set(["use1-az3", "usw1-az2", "cac1-az3"]);

const cluster = model({
  type: CLUSTER,
  title: "EKS Cluster",
  seconds: { create: 540, update: 180, delete: 150 },
  autoname: { property: "name", longest: 100 },
  defaults: { bootstrapSelfManagedAddons: true },
  formats: {
    name: matching(/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/, "1 to 100 letters, digits, hyphens and underscores"),
    "enabledClusterLogTypes[]": oneOf(...LOG_TYPES),
    "accessConfig.authenticationMode": oneOf("API", "API_AND_CONFIG_MAP", "CONFIG_MAP"),
    "kubernetesNetworkConfig.serviceIpv4Cidr": cidr(12, 24),
    "kubernetesNetworkConfig.ipFamily": oneOf("ipv4", "ipv6"),
    "vpcConfig.publicAccessCidrs[]": cidr(),
    "encryptionConfig.resources[]": oneOf("secrets"),
    "encryptionConfig.provider.keyArn": isArn,
    "upgradePolicy.supportType": oneOf("STANDARD", "EXTENDED"),
    roleArn: isArn,
  },
  references: {
    roleArn: { to: ROLE, by: ["arn"], loose: true },
    "vpcConfig.subnetIds[]": { to: SUBNET },
    "vpcConfig.securityGroupIds[]": ANY_SECURITY_GROUP,
    "encryptionConfig.provider.keyArn": { to: KEY, by: ["arn"], loose: true },
  },
  replacedBy: [
    ...["name", "roleArn", "kubernetesNetworkConfig.serviceIpv4Cidr", "kubernetesNetworkConfig.ipFamily"],
    ...[
      "bootstrapSelfManagedAddons",
      "accessConfig.bootstrapClusterCreatorAdminPermissions",
      "outpostConfig",
    ],
    ...["encryptionConfig"],
  ],
  quotas: [{ quota: CLUSTERS }],
  unique: {
    by: ["name"],
    per: "region",
    words: ({ inputs }) =>
      new CloudError(
        "ResourceInUseException",
        `Cluster already exists with name: ${text(inputs, "name")}`,
        409,
      ),
  },
  id: ({ inputs }) => text(inputs, "name"),
  outputs: clusterOutputs,
  computedInside: ["vpcConfig.vpcId", "vpcConfig.clusterSecurityGroupId"],
  admit: (made, previous) => {
    refuseVersion(made, previous?.attributes);
    refuseZones(made);
    refuseRole(made);
  },
  afterPut: async (made, clusters) => {
    const network = object(clusterOutputs(made)["kubernetesNetworkConfig"]);
    const vpc = vpcOf(made);
    const id = clusterId(made.site, text(made.inputs, "name"));
    const { endpoint, caPem } = await clusters.create({
      id,
      version: text(clusterOutputs(made), "version"),
      serviceCidr: text(network, "serviceIpv4Cidr"),
      // Pods have addresses of the VPC.
      podCidr: text(vpc?.inputs ?? {}, "cidrBlock"),
    });
    return { cluster: id, endpoint, ca: Buffer.from(caPem).toString("base64") };
  },
  admitDelete: ({ inputs }) => {
    if (inputs["deletionProtection"] !== true) return;
    throw new CloudError("InvalidRequestException", "Cluster has deletion protection enabled");
  },
  afterDelete: (made, clusters) => clusters.remove(clusterId(made.site, text(made.inputs, "name"))),
  notFound: (name) => new CloudError("ResourceNotFoundException", `No cluster found for name: ${name}.`, 404),
  inUse: (_, users) =>
    new CloudError(
      "ResourceInUseException",
      users.some(({ type }) => type === NODE_GROUP)
        ? "Cluster has nodegroups attached"
        : `Cluster is in use by ${users.map(({ id }) => id).join(", ")}`,
      409,
    ),
});

function clusterOutputs(made: Made): Properties {
  const { inputs, site, facts, hex } = made;
  const name = text(inputs, "name");
  const vpcConfig = object(inputs["vpcConfig"]);
  const isPublic = vpcConfig["endpointPublicAccess"] !== false;
  return {
    arn: arn("eks", site, `cluster/${name}`),
    status: "ACTIVE",
    version: text(inputs, "version") || "1.35",
    platformVersion: "eks.1",
    createdAt: timestamp(made),
    endpoint: facts["endpoint"] ?? "",
    certificateAuthority: { data: facts["ca"] ?? "" },
    identities: [
      {
        oidcs: [
          { issuer: `https://oidc.eks.${site.region}.amazonaws.com/id/${hex("oidc", 32).toUpperCase()}` },
        ],
      },
    ],
    accessConfig: {
      authenticationMode: "CONFIG_MAP",
      bootstrapClusterCreatorAdminPermissions: true,
      ...object(inputs["accessConfig"]),
    },
    kubernetesNetworkConfig: {
      serviceIpv4Cidr: "10.100.0.0/16",
      ipFamily: "ipv4",
      ...object(inputs["kubernetesNetworkConfig"]),
    },
    upgradePolicy: { supportType: "EXTENDED", ...object(inputs["upgradePolicy"]) },
    vpcConfig: {
      endpointPrivateAccess: false,
      endpointPublicAccess: true,
      ...(isPublic && { publicAccessCidrs: ["0.0.0.0/0"] }),
      ...vpcConfig,
      vpcId: vpcOf(made)?.id ?? "",
      clusterSecurityGroupId: `sg-0${hex("sg", 16)}`,
    },
  };
}

function vpcOf({ inputs, look }: Made): Seen | undefined {
  const [first] = strings(object(inputs["vpcConfig"])["subnetIds"]);
  return look.one(VPC, look.one(SUBNET, first)?.inputs["vpcId"]);
}

function refuseVersion(made: Made, previous: Properties | undefined): void {
  const problem = versionProblem(
    text(clusterOutputs(made), "version"),
    previous && text(previous, "version"),
  );
  if (problem !== undefined) throw new CloudError("InvalidParameterException", problem);
}

function refuseZones({ inputs, look }: Made): void {
  const ids = strings(object(inputs["vpcConfig"])["subnetIds"]);
  const subnets = ids.map((id) => look.one(SUBNET, id)).filter((one) => one !== undefined);
  const zones = new Set(subnets.map(({ attributes }) => text(attributes, "availabilityZone")));
  if (zones.size < 2) {
    throw new CloudError(
      "InvalidParameterException",
      "Subnets specified must be in at least two different AZs",
    );
  }
  if (new Set(subnets.map((subnet) => subnet.inputs["vpcId"])).size > 1) {
    throw new CloudError("InvalidParameterException", "Subnets specified must belong to the same VPC");
  }
  const without = [...zones].find((zone) => WITHOUT_EKS.has(zoneId(zone)));
  if (without === undefined) return;
  throw new CloudError(
    "UnsupportedAvailabilityZoneException",
    `Cannot create cluster '${text(inputs, "name")}' because ${without}, the targeted availability zone, does not currently have sufficient capacity to support the cluster.`,
  );
}

function refuseRole({ inputs, look }: Made): void {
  const role = look.one(ROLE, inputs["roleArn"], "arn");
  if (role === undefined || trusts(role.attributes, "eks.amazonaws.com")) return;
  throw new CloudError(
    "InvalidParameterException",
    `Role with arn: ${text(inputs, "roleArn")}, could not be assumed because it does not exist or the trusted entity is not correct`,
  );
}

const accessEntry = model({
  type: "aws:eks/accessEntry:AccessEntry",
  title: "EKS Access Entry",
  seconds: { create: 1, delete: 1 },
  defaults: { type: "STANDARD" },
  formats: {
    principalArn: all(isArn, matching(/:(role|user)\//, "not the ARN of a role or user")),
    type: oneOf("STANDARD", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "EC2", "HYBRID_LINUX"),
    "kubernetesGroups[]": matching(
      /^(?!system:|eks:|aws:|amazon:|iam:)/,
      "must not begin with system:, eks:, aws:, amazon: or iam:",
    ),
  },
  references: { clusterName: { to: CLUSTER, cascade: true } },
  replacedBy: ["clusterName", "principalArn", "type"],
  unique: {
    by: ["clusterName", "principalArn"],
    per: "region",
    words: () =>
      new CloudError(
        "ResourceInUseException",
        "The specified access entry resource is already in use on this cluster.",
        409,
      ),
  },
  id: ({ inputs }) => `${text(inputs, "clusterName")}:${text(inputs, "principalArn")}`,
  outputs: (made) => {
    const { inputs, site, hex } = made;
    const principal = text(inputs, "principalArn");
    return {
      accessEntryArn: arn(
        "eks",
        site,
        `access-entry/${text(inputs, "clusterName")}/role/${site.account}/${principal.split("/").at(-1) ?? ""}/${hex("entry", 8)}`,
      ),
      userName: text(inputs, "userName") || principal,
      createdAt: timestamp(made),
      modifiedAt: timestamp(made),
    };
  },
  admit: ({ inputs, look }) => {
    const config = object(look.one(CLUSTER, inputs["clusterName"])?.attributes["accessConfig"]);
    if (config["authenticationMode"] !== "CONFIG_MAP") return;
    throw new CloudError(
      "InvalidRequestException",
      "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
    );
  },
});

const accessPolicyAssociation = model({
  type: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
  title: "EKS Access Policy Association",
  seconds: { create: 1, delete: 1 },
  formats: {
    principalArn: isArn,
    policyArn: matching(/^arn:aws:eks::aws:cluster-access-policy\/Amazon\w+$/, "not an access policy of EKS"),
    "accessScope.type": oneOf("cluster", "namespace"),
  },
  references: { clusterName: { to: CLUSTER, cascade: true } },
  replacedBy: "all",
  id: ({ inputs }) =>
    ["clusterName", "principalArn", "policyArn"].map((name) => text(inputs, name)).join("#"),
  outputs: (made) => ({ associatedAt: timestamp(made), modifiedAt: timestamp(made) }),
  admit: ({ inputs, look }) => {
    const { clusterName, principalArn } = inputs;
    const entries = look.all("aws:eks/accessEntry:AccessEntry");
    const isEntry = (entry: Seen) =>
      entry.inputs["clusterName"] === clusterName && entry.inputs["principalArn"] === principalArn;
    if (entries.some(isEntry)) return;
    throw new CloudError(
      "ResourceNotFoundException",
      "The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.",
      404,
    );
  },
});

export const EKS: readonly Model[] = [cluster, accessEntry, accessPolicyAssociation];
