import type { Properties } from "../../plugin/provider";
import { all, between, matching, oneOf } from "../cloud/formats";
import { CloudError, type Made, type Model, type Seen } from "../cloud/model";
import { arn, isArn, list, model, object, strings, text } from "./common";
import { balancedSubnets, isPublic } from "./network";
import { LISTENERS, LOAD_BALANCERS, TARGET_GROUPS } from "./quotas";
import { EIP, LISTENER, LOAD_BALANCER, NODE_GROUP, SUBNET, TARGET_GROUP, VPC } from "./types";

const isName = all(
  matching(/^[a-zA-Z0-9-]{1,32}$/, "1 to 32 letters, digits and hyphens"),
  matching(/^[^-].*[^-]$|^[^-]$/, "must not begin or end with a hyphen"),
);

const isPort = between(1, 65535);

/** Protocols of network load balancers. */
const PROTOCOLS = ["TCP", "UDP", "TCP_UDP", "TLS"];

const loadBalancer = model({
  type: LOAD_BALANCER,
  title: "ELBv2 Load Balancer",
  seconds: { create: 150, update: 30, delete: 20 },
  autoname: { property: "name", longest: 32 },
  defaults: { internal: false, loadBalancerType: "application", ipAddressType: "ipv4" },
  formats: {
    name: all(isName, matching(/^(?!internal-)/, "must not begin with internal-")),
    loadBalancerType: oneOf("application", "gateway", "network"),
    ipAddressType: oneOf("ipv4", "dualstack", "dualstack-without-public-ipv4"),
  },
  rules: (inputs) => ({
    loadBalancerType:
      inputs["loadBalancerType"] !== "network" && "only load balancers of the type network are simulated",
    subnetMappings:
      inputs["internal"] === true &&
      mappingsOf(inputs).some((mapping) => "allocationId" in mapping) &&
      "an internal load balancer has no Elastic IP",
  }),
  references: {
    "subnets[]": { to: SUBNET },
    "subnetMappings[].subnetId": { to: SUBNET },
    "subnetMappings[].allocationId": { to: EIP },
  },
  replacedBy: ["name", "namePrefix", "internal", "loadBalancerType", "subnetMappings", "subnets"],
  quotas: [{ quota: LOAD_BALANCERS }],
  unique: {
    by: ["name"],
    per: "region",
    words: ({ inputs }) =>
      new CloudError(
        "DuplicateLoadBalancerName",
        `A load balancer with the same name '${text(inputs, "name")}' exists, but with different settings`,
      ),
  },
  id: ({ inputs, site, hex }) =>
    arn("elasticloadbalancing", site, `loadbalancer/net/${text(inputs, "name")}/${hex("id", 16)}`),
  outputs: (made) => {
    const { id, inputs, site, look } = made;
    const name = text(inputs, "name");
    const [first] = balancedSubnets(inputs);
    return {
      arn: id,
      arnSuffix: id.split(":loadbalancer/")[1],
      dnsName: `${name}-${made.hex("id", 16)}.elb.${site.region}.amazonaws.com`,
      zoneId: `Z${made.hex("zone", 13).toUpperCase()}`,
      vpcId: text(look.one(SUBNET, first)?.inputs ?? {}, "vpcId"),
    };
  },
  entrances: ({ id, inputs, site, look }) => {
    const addresses = mappingsOf(inputs).map((mapping) =>
      text(look.one(EIP, mapping["allocationId"])?.attributes ?? {}, "publicIp"),
    );
    const ports = look
      .all(LISTENER)
      .filter((listener) => listener.inputs["loadBalancerArn"] === id)
      .map((listener) => ({
        number: Number(listener.inputs["port"]),
        protocol: text(listener.inputs, "protocol"),
      }));
    return [{ kind: "loadBalancer", region: site.region, addresses, ports }];
  },
  admit: refuseBalancer,
  admitDelete: ({ inputs, id }) => {
    if (inputs["enableDeletionProtection"] !== true) return;
    throw new CloudError(
      "OperationNotPermitted",
      `Load balancer '${id}' cannot be deleted because deletion protection is enabled`,
    );
  },
  notFound: (name) => new CloudError("LoadBalancerNotFound", `Load balancer '${name}' not found`),
});

function mappingsOf(inputs: Properties): Properties[] {
  return list(inputs["subnetMappings"]).map(object);
}

function refuseBalancer({ id, inputs, look }: Made): void {
  const subnets = balancedSubnets(inputs).map((one) => look.one(SUBNET, one));
  const zones = subnets.map((subnet) => text(subnet?.attributes ?? {}, "availabilityZone"));
  if (zones.length === 0 || ("subnets" in inputs && "subnetMappings" in inputs)) {
    throw new CloudError("ValidationError", "Either 'Subnets' or 'SubnetMappings' must be specified");
  }
  if (new Set(zones).size < zones.length) {
    throw new CloudError(
      "InvalidConfigurationRequest",
      "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
    );
  }
  if (new Set(subnets.map((subnet) => subnet?.inputs["vpcId"])).size > 1) {
    throw new CloudError("InvalidConfigurationRequest", "All subnets must belong to the same VPC");
  }
  const hidden = subnets.find((subnet) => subnet !== undefined && !isPublic(look, subnet.id));
  if (inputs["internal"] !== true && hidden !== undefined) {
    throw new CloudError(
      "InvalidSubnet",
      `VPC ${text(hidden.inputs, "vpcId")} has no internet gateway that subnet ${hidden.id} routes to`,
    );
  }
  const own = mappingsOf(inputs).flatMap((mapping) => strings([mapping["allocationId"] ?? []].flat()));
  const others = look
    .all(LOAD_BALANCER)
    .filter((other) => other.id !== id)
    .flatMap((other) => mappingsOf(other.inputs).map((mapping) => mapping["allocationId"]));
  const taken = own.find((one, index) => others.includes(one) || own.indexOf(one) !== index);
  if (taken === undefined) return;
  throw new CloudError("ResourceInUse", `The allocation ID '${taken}' is already in use`);
}

const targetGroup = model({
  type: TARGET_GROUP,
  title: "ELBv2 Target Group",
  seconds: { create: 2, update: 2, delete: 2 },
  autoname: { property: "name", longest: 32 },
  defaults: { targetType: "instance", deregistrationDelay: 300, proxyProtocolV2: false, slowStart: 0 },
  formats: {
    name: isName,
    port: isPort,
    protocol: oneOf(...PROTOCOLS),
    targetType: oneOf("instance", "ip", "alb"),
    preserveClientIp: oneOf("true", "false"),
    deregistrationDelay: (value) => between(0, 3600)(Number(value)),
    // UDP has nothing that answers: health is asked for by another protocol.
    "healthCheck.protocol": oneOf("TCP", "HTTP", "HTTPS"),
    "healthCheck.port": (value) => (value === "traffic-port" ? undefined : between(1, 65535)(Number(value))),
    "healthCheck.interval": between(5, 300),
  },
  rules: (inputs) => ({
    preserveClientIp:
      inputs["preserveClientIp"] === "false" &&
      ["UDP", "TCP_UDP"].includes(text(inputs, "protocol")) &&
      "client IP preservation cannot be disabled for UDP and TCP_UDP",
  }),
  required: ["port", "protocol", "vpcId"],
  references: { vpcId: { to: VPC, loose: true } },
  replacedBy: [
    "name",
    "namePrefix",
    "port",
    "protocol",
    "vpcId",
    "targetType",
    "protocolVersion",
    "ipAddressType",
  ],
  quotas: [{ quota: TARGET_GROUPS }],
  unique: {
    by: ["name"],
    per: "region",
    words: ({ inputs }) =>
      new CloudError(
        "DuplicateTargetGroupName",
        `A target group with the same name '${text(inputs, "name")}' exists, but with different settings`,
      ),
  },
  id: ({ inputs, site, hex }) =>
    arn("elasticloadbalancing", site, `targetgroup/${text(inputs, "name")}/${hex("id", 16)}`),
  outputs: ({ id, inputs }) => ({
    arn: id,
    arnSuffix: id.split(":").at(-1),
    ipAddressType: text(inputs, "ipAddressType") || "ipv4",
    protocolVersion: "",
    loadBalancingAlgorithmType: "",
    loadBalancingAnomalyMitigation: "off",
    loadBalancingCrossZoneEnabled: "use_load_balancer_configuration",
    preserveClientIp: text(inputs, "preserveClientIp") || "true",
    connectionTermination: inputs["connectionTermination"] ?? false,
  }),
  notFound: (name) => new CloudError("TargetGroupNotFound", `One or more target groups not found: ${name}`),
  inUse: ({ id }) =>
    new CloudError("ResourceInUse", `Target group '${id}' is currently in use by a listener or a rule`),
});

function listenersOf(look: Made["look"], group: string): Seen[] {
  return look
    .all(LISTENER)
    .filter(({ inputs }) =>
      list(inputs["defaultActions"]).some((one) => object(one)["targetGroupArn"] === group),
    );
}

const listener = model({
  type: LISTENER,
  title: "ELBv2 Listener",
  seconds: { create: 2, update: 2, delete: 1 },
  formats: {
    port: isPort,
    protocol: oneOf(...PROTOCOLS),
    loadBalancerArn: isArn,
    "defaultActions[].type": oneOf("forward"),
    "defaultActions[].targetGroupArn": isArn,
  },
  required: ["port", "protocol"],
  references: {
    loadBalancerArn: { to: LOAD_BALANCER, cascade: true },
    "defaultActions[].targetGroupArn": { to: TARGET_GROUP },
  },
  replacedBy: ["loadBalancerArn"],
  quotas: [{ quota: LISTENERS, within: ({ inputs }) => text(inputs, "loadBalancerArn") }],
  unique: {
    by: ["loadBalancerArn", "port"],
    per: "region",
    words: ({ inputs }) =>
      new CloudError(
        "DuplicateListener",
        `A listener already exists on port ${String(inputs["port"])} for this load balancer '${text(inputs, "loadBalancerArn")}'`,
      ),
  },
  id: ({ inputs, hex }) =>
    `${text(inputs, "loadBalancerArn").replace(":loadbalancer/", ":listener/")}/${hex("id", 16)}`,
  outputs: ({ id }) => ({ arn: id }),
  admit: refuseListener,
});

function refuseListener({ id, inputs, look }: Made): void {
  const protocol = text(inputs, "protocol");
  for (const action of list(inputs["defaultActions"]).map(object)) {
    const group = look.one(TARGET_GROUP, action["targetGroupArn"]);
    if (group === undefined) continue;
    const wanted = protocol === "TLS" ? ["TCP", "TLS"] : [protocol];
    if (!wanted.includes(text(group.inputs, "protocol"))) {
      throw new CloudError(
        "IncompatibleProtocols",
        `The protocol ${protocol} of the listener does not fit the protocol ${text(group.inputs, "protocol")} of target group '${group.id}'`,
      );
    }
    const stranger = listenersOf(look, group.id).find(
      (other) => other.id !== id && other.inputs["loadBalancerArn"] !== inputs["loadBalancerArn"],
    );
    if (stranger !== undefined) {
      throw new CloudError(
        "TargetGroupAssociationLimit",
        `The following target groups cannot be associated with more than one load balancer: ${group.id}`,
      );
    }
  }
}

const GROUP_NAME = "resources[].autoscalingGroups[].name";

/** Registers the machines of an Auto Scaling group, those to come included, with a target group. */
const attachment = model({
  type: "aws:autoscaling/attachment:Attachment",
  title: "Auto Scaling Attachment",
  seconds: { create: 5, delete: 5 },
  formats: { lbTargetGroupArn: isArn },
  required: ["lbTargetGroupArn"],
  rules: (inputs) => ({ elb: "elb" in inputs && "classic load balancers are not simulated" }),
  references: {
    autoscalingGroupName: { to: NODE_GROUP, by: [GROUP_NAME], cascade: true },
    lbTargetGroupArn: { to: TARGET_GROUP, cascade: true },
  },
  replacedBy: "all",
  unique: {
    by: ["autoscalingGroupName", "lbTargetGroupArn"],
    per: "region",
    words: () => new CloudError("ValidationError", "The target group is already attached"),
  },
  id: ({ inputs, hex }) => `${text(inputs, "autoscalingGroupName")}-${hex("id", 26)}`,
  admit: refuseAttachment,
});

function refuseAttachment({ inputs, look }: Made): void {
  const group = look.one(TARGET_GROUP, inputs["lbTargetGroupArn"]);
  const nodes = look.one(NODE_GROUP, inputs["autoscalingGroupName"], GROUP_NAME);
  if (group === undefined || nodes === undefined) return;
  const [subnet] = strings(nodes.inputs["subnetIds"]);
  const vpc = look.one(SUBNET, subnet)?.inputs["vpcId"];
  const isForInstances = (text(group.inputs, "targetType") || "instance") === "instance";
  if (isForInstances && vpc === group.inputs["vpcId"]) return;
  throw new CloudError(
    "ValidationError",
    `Trying to attach target group '${group.id}' that is not of instances of ${String(vpc)}`,
  );
}

export const LOAD_BALANCING: readonly Model[] = [loadBalancer, targetGroup, listener, attachment];
