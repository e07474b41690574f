import type { Properties } from "../../plugin/provider";
import type { SimulatedNode } from "../clusters/contract";
import { addressIn, firstIndexIn, between, matching, oneOf } from "../cloud/formats";
import { CloudError, GROWN, type Made, type Model } from "../cloud/model";
import type { CloudRecord } from "../cloud/record";
import { arn, isArn, list, model, object, strings, text, trusts } from "./common";
import { benchmarkAddress } from "./compute";
import { clusterId } from "./eks-clusters";
import { hasPolicy } from "./identity";
import { machineOf, type Machine } from "./machines";
import { isPublic } from "./network";
import { ON_DEMAND_CPUS, SPOT_CPUS } from "./quotas";
import { CLUSTER, LAUNCH_TEMPLATE, NODE_GROUP, ROLE, SUBNET } from "./types";

/** The effects of taints as EKS and as Kubernetes names them. */
const EFFECTS: Readonly<Record<string, string>> = {
  NO_SCHEDULE: "NoSchedule",
  NO_EXECUTE: "NoExecute",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
};

const IMAGES = [
  ...[
    "AL2023_x86_64_STANDARD",
    "AL2023_ARM_64_STANDARD",
    "BOTTLEROCKET_x86_64",
    "BOTTLEROCKET_ARM_64",
    "CUSTOM",
  ],
];

export const nodeGroup: Model = model({
  type: NODE_GROUP,
  title: "EKS Node Group",
  seconds: { create: 120, update: 90, delete: 210 },
  autoname: { property: "nodeGroupName", longest: 63 },
  defaults: { capacityType: "ON_DEMAND", amiType: "AL2023_x86_64_STANDARD", forceUpdateVersion: false },
  formats: {
    nodeGroupName: matching(
      /^[0-9A-Za-z][A-Za-z0-9_-]{0,62}$/,
      "1 to 63 letters, digits, hyphens and underscores",
    ),
    amiType: oneOf(...IMAGES),
    capacityType: oneOf("ON_DEMAND", "SPOT"),
    nodeRoleArn: isArn,
    "scalingConfig.minSize": between(0, 450),
    "scalingConfig.maxSize": between(1, 450),
    "taints[].effect": oneOf(...Object.keys(EFFECTS)),
  },
  rules: (inputs) => {
    const { minSize, maxSize, desiredSize } = object(inputs["scalingConfig"]);
    const isBelow = (small: unknown, large: unknown) => Number(small ?? NaN) < Number(large ?? NaN);
    return {
      "scalingConfig.desiredSize":
        (isBelow(desiredSize, minSize) && "desired capacity can't be less than minimum size") ||
        (isBelow(maxSize, desiredSize) && "desired capacity can't be greater than max size"),
      "scalingConfig.maxSize":
        isBelow(maxSize, minSize) && "Minimum capacity can't be greater than maximum size",
    };
  },
  references: {
    clusterName: { to: CLUSTER },
    nodeRoleArn: { to: ROLE, by: ["arn"], loose: true },
    "subnetIds[]": { to: SUBNET },
    "launchTemplate.id": { to: LAUNCH_TEMPLATE, loose: true },
    "launchTemplate.name": { to: LAUNCH_TEMPLATE, by: ["name"], loose: true },
  },
  local: ["forceUpdateVersion"],
  replacedBy: [
    ...["clusterName", "nodeGroupName", "nodeGroupNamePrefix", "nodeRoleArn", "subnetIds", "instanceTypes"],
    ...["capacityType", "amiType", "diskSize", "remoteAccess", "launchTemplate.id", "launchTemplate.name"],
  ],
  quotas: [
    { quota: ON_DEMAND_CPUS, amount: (record) => cpusOf(record, "ON_DEMAND") },
    { quota: SPOT_CPUS, amount: (record) => cpusOf(record, "SPOT") },
  ],
  unique: {
    by: ["clusterName", "nodeGroupName"],
    per: "region",
    words: ({ inputs }) =>
      new CloudError(
        "ResourceInUseException",
        `NodeGroup already exists with name ${text(inputs, "nodeGroupName")} and cluster name ${text(inputs, "clusterName")}`,
        409,
      ),
  },
  id: ({ inputs }) => `${text(inputs, "clusterName")}:${text(inputs, "nodeGroupName")}`,
  outputs: (made) => {
    const { inputs, site, look, hex } = made;
    const [cluster, name] = [text(inputs, "clusterName"), text(inputs, "nodeGroupName")];
    const version = text(inputs, "version") || text(look.one(CLUSTER, cluster)?.attributes ?? {}, "version");
    return {
      arn: arn("eks", site, `nodegroup/${cluster}/${name}/${hex("arn", 8)}`),
      status: "ACTIVE",
      version,
      releaseVersion: `${version}.0-20261101`,
      instanceTypes: typesOf(made),
      resources: [
        { autoscalingGroups: [{ name: `eks-${name}-${hex("group", 8)}` }], remoteAccessSecurityGroupId: "" },
      ],
    };
  },
  admit: (made) => {
    refuseTypes(made);
    refuseSubnets(made);
    refuseRole(made);
  },
  afterPut: async (made, clusters) => {
    const { inputs, site } = made;
    const id = clusterId(site, text(inputs, "clusterName"));
    await clusters.setNodes(id, text(inputs, "nodeGroupName"), nodesOf(made, sizeOf(made)));
    return undefined;
  },
  pool: (made) => ({
    cluster: clusterId(made.site, text(made.inputs, "clusterName")),
    name: text(made.inputs, "nodeGroupName"),
    size: sizeOf(made),
    most: Number(object(made.inputs["scalingConfig"])["maxSize"] ?? 0),
    nodes: (size) => nodesOf(made, size),
  }),
  afterDelete: async ({ inputs, site }, clusters) => {
    const id = clusterId(site, text(inputs, "clusterName"));
    if ((await clusters.access(id)) === undefined) return;
    await clusters.setNodes(id, text(inputs, "nodeGroupName"), []);
  },
});

/** Machines the group runs now. */
export function desiredSize(inputs: Properties): number {
  const { minSize, desiredSize: desired } = object(inputs["scalingConfig"]);
  return Number(desired ?? minSize ?? 0);
}

/** With the machines that came because pods found no place. */
function sizeOf({ inputs, facts }: Pick<Made, "inputs" | "facts">): number {
  return desiredSize(inputs) + Number(facts[GROWN] ?? 0);
}

function cpusOf({ inputs, facts }: CloudRecord, capacity: string): number {
  if ((text(inputs, "capacityType") || "ON_DEMAND") !== capacity) return 0;
  const [type = "t3.medium"] = strings(inputs["instanceTypes"]);
  return sizeOf({ inputs, facts }) * (machineOf(type)?.cpus ?? 0);
}

function typesOf({ inputs, look }: Made): string[] {
  const given = strings(inputs["instanceTypes"]);
  if (given.length > 0) return given;
  const template = object(inputs["launchTemplate"]);
  const found =
    look.one(LAUNCH_TEMPLATE, template["id"]) ?? look.one(LAUNCH_TEMPLATE, template["name"], "name");
  return [text(found?.inputs ?? {}, "instanceType") || "t3.medium"];
}

function refuseTypes(made: Made): void {
  const types = typesOf(made);
  const unknown = types.filter((type) => machineOf(type) === undefined);
  if (unknown.length > 0) {
    throw new CloudError(
      "InvalidParameterException",
      `The following supplied instance types do not exist: [${unknown.join(", ")}]`,
    );
  }
  const image = text(made.inputs, "amiType");
  const misfit = types.find((type) => image !== "CUSTOM" && machineOf(type)?.arm !== image.includes("ARM"));
  if (misfit === undefined) return;
  throw new CloudError(
    "InvalidParameterException",
    `[${misfit}] is not a valid instance type for requested amiType ${image}`,
  );
}

function refuseSubnets({ inputs, look }: Made): void {
  const subnets = strings(inputs["subnetIds"]).map((id) => look.one(SUBNET, id));
  const name = text(inputs, "nodeGroupName");
  const withoutAddresses = subnets.filter(
    (subnet) =>
      subnet !== undefined && isPublic(look, subnet.id) && subnet.inputs["mapPublicIpOnLaunch"] !== true,
  );
  if (withoutAddresses.length > 0) {
    const ids = withoutAddresses.map((subnet) => subnet?.id).join(", ");
    throw new CloudError(
      "Ec2SubnetInvalidConfiguration",
      `One or more Amazon EC2 Subnets of [${ids}] for node group ${name} does not automatically assign public IP addresses to instances launched into it. If you want your instances to be assigned a public IP address, then you need to enable auto-assign public IP address for the subnet.`,
    );
  }
  if (desiredSize(inputs) > 0 && subnets.some((subnet) => subnet && !isPublic(look, subnet.id))) {
    throw notJoined();
  }
}

function refuseRole({ inputs, look }: Made): void {
  const role = look.one(ROLE, inputs["nodeRoleArn"], "arn");
  if (role === undefined) return;
  if (!trusts(role.attributes, "ec2.amazonaws.com")) {
    throw new CloudError(
      "InvalidParameterException",
      `Following required service principals [ec2.amazonaws.com] were not found in the trust relationships of nodeRole ${text(inputs, "nodeRoleArn")}`,
    );
  }
  const joins = hasPolicy(look, role.id, "AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy");
  if (!joins && desiredSize(inputs) > 0) throw notJoined();
}

function notJoined(): CloudError {
  return new CloudError("NodeCreationFailure", "Instances failed to join the kubernetes cluster");
}

function nodesOf(made: Made, size: number): SimulatedNode[] {
  const { inputs, look } = made;
  const [type = ""] = typesOf(made);
  const machine = machineOf(type);
  const subnets = strings(inputs["subnetIds"])
    .map((id) => look.one(SUBNET, id))
    .filter((one) => one !== undefined);
  if (machine === undefined || subnets.length === 0) return [];
  return Array.from({ length: size }, (_, index) => {
    const subnet = subnets[index % subnets.length] as (typeof subnets)[number];
    const zone = text(subnet.attributes, "availabilityZone");
    return node(made, { index, type, machine, zone, block: text(subnet.inputs, "cidrBlock") });
  });
}

interface Place {
  readonly index: number;
  readonly type: string;
  readonly machine: Machine;
  readonly zone: string;
  readonly block: string;
}

function node({ inputs, site, hex }: Made, { index, type, machine, zone, block }: Place): SimulatedNode {
  const group = `${text(inputs, "clusterName")}/${text(inputs, "nodeGroupName")}`;
  // AWS keeps the first four addresses of a subnet.
  const internalIp = addressIn(block, firstIndexIn(block, group, 4) + index);
  const name = `ip-${internalIp.replaceAll(".", "-")}.${site.region}.compute.internal`;
  return {
    name,
    zone,
    region: site.region,
    internalIp,
    externalIp: benchmarkAddress(hex(`external ${index}`, 6)),
    providerId: `aws:///${zone}/i-0${hex(`machine ${index}`, 16)}`,
    cpu: machine.cpus,
    memoryGiB: machine.memoryGiB,
    pods: type.endsWith(".large") ? 29 : machine.cpus < 16 ? 58 : 234,
    labels: {
      ...(object(inputs["labels"]) as Record<string, string>),
      "eks.amazonaws.com/nodegroup": text(inputs, "nodeGroupName"),
      "eks.amazonaws.com/capacityType": text(inputs, "capacityType"),
      "node.kubernetes.io/instance-type": type,
      "topology.kubernetes.io/region": site.region,
      "topology.kubernetes.io/zone": zone,
      "topology.ebs.csi.aws.com/zone": zone,
      "kubernetes.io/arch": machine.arm ? "arm64" : "amd64",
      "kubernetes.io/os": "linux",
      "kubernetes.io/hostname": name,
    },
    taints: list(inputs["taints"])
      .map(object)
      .map((taint) => ({
        key: text(taint, "key"),
        effect: EFFECTS[text(taint, "effect")] ?? "NoSchedule",
        ...(typeof taint["value"] === "string" && { value: taint["value"] }),
      })),
  };
}
