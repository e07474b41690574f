import type { ClusterEnvironment } from "../../stacks/config/environment";
import { at, list, type Registered, text } from "./mocks";

/**
 * What must hold of everything an environment registers. Each policy returns the resources that break it, in words; an
 * empty list is a pass. The tests also show each of them to fail on a resource made to break it.
 */
export type Policy = (resources: readonly Registered[], environment: ClusterEnvironment) => string[];

type Rule = (resource: Registered, environment: ClusterEnvironment) => string | undefined;

/** A policy of the resources of some types. */
function policy(type: RegExp, rule: Rule): Policy {
  return (resources, environment) =>
    resources
      .filter((resource) => resource.custom && type.test(resource.type))
      .flatMap((resource) => {
        const reason = rule(resource, environment);
        return reason === undefined ? [] : [`${resource.type} ${resource.name}: ${reason}`];
      });
}

const ANYONE = ["0.0.0.0/0", "::/0"];

/** Nothing but p2p ports is open to the world, and those only on nodes of daemons. */
const openings: readonly Policy[] = [
  policy(/:SecurityGroupIngressRule$/, ({ inputs }, { peerPorts }) => {
    if (!ANYONE.includes(text(inputs["cidrIpv4"] ?? inputs["cidrIpv6"]))) return undefined;
    if (!["tcp", "udp"].includes(text(inputs["ipProtocol"]))) return "every protocol is open";
    if (inputs["fromPort"] !== peerPorts?.from || inputs["toPort"] !== peerPorts?.to) {
      return "not the p2p ports";
    }
    return text(inputs["securityGroupId"]).endsWith("-peers-id") ? undefined : "not only nodes of daemons";
  }),
  policy(/:(SecurityGroup|DefaultSecurityGroup)$/, ({ inputs }) =>
    list(inputs["ingress"]).length > 0 ? "rules within a group" : undefined,
  ),
  policy(/^gcp:.*:Firewall$/, ({ inputs }, { peerPorts }) => {
    if (list(inputs["targetTags"]).length !== 1) return "not only nodes of daemons";
    const ports = list(inputs["allows"]).flatMap((allow) => list(at(allow, "ports")));
    const wanted = `${String(peerPorts?.from)}-${String(peerPorts?.to)}`;
    return ports.length === 1 && ports[0] === wanted ? undefined : "not the p2p ports";
  }),
  policy(/:(LoadBalancer|Listener|Ingress|Service)$/, () => "nothing of the environment is published"),
];

/** No API server is public without a list of who may reach it. */
const apiServers: readonly Policy[] = [
  policy(/^aws:eks.*:Cluster$/, ({ inputs }) => {
    const cidrs = list(at(inputs, "vpcConfig", "publicAccessCidrs"));
    return cidrs.length > 0 && !cidrs.some((cidr) => text(cidr).endsWith("/0")) ? undefined : "open to all";
  }),
  policy(/^gcp:container.*:Cluster$/, ({ inputs }) => {
    const blocks = list(at(inputs, "masterAuthorizedNetworksConfig", "cidrBlocks"));
    if (blocks.length === 0) return "open to all";
    return blocks.some((block) => text(at(block, "cidrBlock")).endsWith("/0")) ? "open to all" : undefined;
  }),
];

/** Actions that can only be asked of everything. */
const ASKS = /^(autoscaling|ec2):(Describe|Get)|^eks:DescribeNodegroup$/;

/** No right is wider than what it is for. */
const rights: readonly Policy[] = [
  policy(/:(RolePolicy|Policy|BucketPolicy)$/, ({ inputs }) => {
    for (const statement of allowing(text(inputs["policy"]))) {
      const actions = list(statement["Action"]).map(text);
      if (actions.some((action) => action.includes("*"))) return `wildcard action ${actions.join(", ")}`;
      const everything = list(statement["Resource"]).includes("*");
      if (
        everything &&
        statement["Condition"] === undefined &&
        !actions.every((action) => ASKS.test(action))
      ) {
        return `every resource for ${actions.join(", ")}`;
      }
    }
    return undefined;
  }),
  policy(/^aws:iam.*:Role$/, ({ inputs }) => {
    const [statement] = allowing(text(inputs["assumeRolePolicy"]));
    const service = text(at(statement, "Principal", "Service"));
    if (service === "pods.eks.amazonaws.com" && at(statement, "Condition", "StringEquals") === undefined) {
      return "any pod may take it on";
    }
    return service.endsWith(".amazonaws.com") ? undefined : "trusts more than a service";
  }),
  policy(/^aws:iam.*:RolePolicyAttachment$/, ({ inputs }) =>
    /Administrator|FullAccess|PowerUser/.test(text(inputs["policyArn"])) ? "too wide a policy" : undefined,
  ),
  policy(/^gcp:.*:(IAMMember|SecretIamMember|RepositoryIamMember|BucketIAMMember)$/, ({ inputs }) => {
    const role = text(inputs["role"]);
    if (/^roles\/(owner|editor)$|[aA]dmin$/.test(role)) return `too wide a role ${role}`;
    const readsJoin = role === "roles/storage.legacyObjectReader";
    return text(inputs["member"]).startsWith("all") && !readsJoin ? `anyone has ${role}` : undefined;
  }),
];

function allowing(document: string): Record<string, unknown>[] {
  const { Statement } = JSON.parse(document) as { Statement: Record<string, unknown>[] };
  return Statement.filter((statement) => statement["Effect"] === "Allow").map((statement) => ({
    ...statement,
    Action: [statement["Action"]].flat(),
    Resource: [statement["Resource"]].flat(),
  }));
}

/** Disks are encrypted. GCP does that by itself. */
const disks: readonly Policy[] = [
  policy(/:LaunchTemplate$/, ({ inputs }) => {
    const mappings = list(inputs["blockDeviceMappings"]);
    const plain = mappings.some((mapping) => at(mapping, "ebs", "encrypted") !== "true");
    return mappings.length === 0 || plain ? "a disk is not encrypted" : undefined;
  }),
  policy(/:StorageClass$/, ({ inputs }) =>
    inputs["provisioner"] === "ebs.csi.aws.com" && at(inputs, "parameters", "encrypted") !== "true"
      ? "volumes are not encrypted"
      : undefined,
  ),
];

/** Pods do not get at the rights of their node. */
const metadata: readonly Policy[] = [
  policy(/:LaunchTemplate$/, ({ inputs }) =>
    at(inputs, "metadataOptions", "httpTokens") === "required" &&
    at(inputs, "metadataOptions", "httpPutResponseHopLimit") === 1
      ? undefined
      : "metadata without a token, or from pods",
  ),
  policy(/^gcp:container.*:NodePool$/, ({ inputs }) =>
    at(inputs, "nodeConfig", "workloadMetadataConfig", "mode") === "GKE_METADATA" &&
    at(inputs, "nodeConfig", "shieldedInstanceConfig", "enableSecureBoot") === true
      ? undefined
      : "metadata of the machine, or not shielded",
  ),
];

/** Types that take no tags of their own. */
const UNTAGGABLE =
  /^pulumi:|:(Route|RouteTableAssociation|RolePolicy|RolePolicyAttachment|Alias|LifecyclePolicy|AccessPolicyAssociation|Bucket[A-Z]\w+|Network|Subnetwork|Firewall|Account|\w*IAMMember|\w*IamMember|Record|RecordSet)$/;

/** Everything says whose it is and until when, those without tags in their description. */
const ownership: readonly Policy[] = [
  policy(/./, ({ type, inputs }, { owner, expires }) => {
    if (UNTAGGABLE.test(type) || type === "kubernetes:helm.sh/v3:Release") return undefined;
    const tags = [
      inputs["tags"],
      inputs["labels"],
      inputs["resourceLabels"],
      at(inputs, "nodeConfig", "resourceLabels"),
      at(inputs, "metadata", "labels"),
    ].find((candidate) => at(candidate, "testnet-owner") !== undefined);
    const right = at(tags, "testnet-owner") === owner && at(tags, "testnet-expires") === expires;
    return right && at(tags, "testnet-stack") !== undefined ? undefined : "without owner, expiry or stack";
  }),
  policy(/^gcp:(compute|serviceaccount).*:(Network|Subnetwork|Firewall|Account)$/, ({ inputs }, { owner }) =>
    text(inputs["description"]).includes(`owner ${owner}`) ? undefined : "without owner",
  ),
];

/** No resource is left to a default provider, and none of a child is without its parent. */
const belonging: readonly Policy[] = [
  policy(/^(?!pulumi:)/, ({ provider }) => (provider === undefined ? "a default provider" : undefined)),
  policy(/^(?!pulumi:providers:(aws|docker|gcp))/, ({ parent, name }) => {
    if (parent === undefined) return "without a parent";
    return name === parent.name || name.startsWith(`${parent.name}-`) || parentIsWider(name, parent)
      ? undefined
      : `not named after its parent ${parent.name}`;
  }),
];

/** A pool's parts are named after the pool, which is named after the cluster. */
function parentIsWider(name: string, { parent }: Registered): boolean {
  return parent !== undefined && (name.startsWith(`${parent.name}-`) || parentIsWider(name, parent));
}

export const POLICIES: Readonly<Record<string, Policy>> = Object.fromEntries(
  Object.entries({
    "nothing but p2p ports is open to the world": openings,
    "no API server is public without an allow-list": apiServers,
    "no right is wider than what it is for": rights,
    "disks are encrypted": disks,
    "pods do not get at the rights of their node": metadata,
    "everything says whose it is and until when": ownership,
    "everything has its parent and a provider of ours": belonging,
  }).map(([name, policies]) => [
    name,
    (resources: readonly Registered[], environment: ClusterEnvironment) =>
      policies.flatMap((each) => each(resources, environment)),
  ]),
);
