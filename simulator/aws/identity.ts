import { all, between, json, matching } from "../cloud/formats";
import { CloudError, type Made, type Model } from "../cloud/model";
import { arn, isArn, model, text, timestamp } from "./common";
import { ROLES } from "./quotas";
import { ROLE, ROLE_POLICY, ROLE_POLICY_ATTACHMENT } from "./types";

/** Policies of AWS's own that clusters and nodes need. */
const MANAGED = new Set(
  [
    ...["AmazonEKSClusterPolicy", "AmazonEKSVPCResourceController", "AmazonEKSServicePolicy"],
    ...["AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy", "AmazonEKS_CNI_Policy"],
    ...["AmazonEC2ContainerRegistryReadOnly", "AmazonEC2ContainerRegistryPullOnly"],
    ...["AmazonEC2ContainerRegistryPowerUser", "AmazonSSMManagedInstanceCore", "CloudWatchAgentServerPolicy"],
    ...["service-role/AmazonEBSCSIDriverPolicy", "service-role/AmazonEBSCSIDriverPolicyV2"],
  ].map((name) => `arn:aws:iam::aws:policy/${name}`),
);

const noSuchRole = (name: string) =>
  new CloudError("NoSuchEntity", `The role with name ${name} cannot be found.`, 404);

const isRoleName = matching(/^[\w+=,.@-]{1,64}$/, "1 to 64 letters, digits and +=,.@-_");

const role = model({
  type: ROLE,
  title: "IAM Role",
  global: true,
  seconds: { create: 1, delete: 1 },
  autoname: { property: "name", longest: 64 },
  defaults: { path: "/", maxSessionDuration: 3600, forceDetachPolicies: false },
  formats: {
    name: isRoleName,
    assumeRolePolicy: json("Statement"),
    maxSessionDuration: between(3600, 43200),
    description: matching(/^[\s\S]{0,1000}$/, "at most 1000 characters"),
    permissionsBoundary: isArn,
  },
  local: ["forceDetachPolicies"],
  replacedBy: ["name", "namePrefix", "path"],
  quotas: [{ quota: ROLES }],
  unique: {
    by: ["name"],
    per: "account",
    words: ({ inputs }) =>
      new CloudError("EntityAlreadyExists", `Role with name ${text(inputs, "name")} already exists.`, 409),
  },
  id: ({ inputs }) => text(inputs, "name"),
  outputs: (made) => ({
    arn: arn("iam", made.site, `role${text(made.inputs, "path")}${text(made.inputs, "name")}`),
    uniqueId: `AROA${made.hex("unique", 17).toUpperCase()}`,
    createDate: timestamp(made),
    ...(typeof made.inputs["assumeRolePolicy"] === "object" && {
      assumeRolePolicy: JSON.stringify(made.inputs["assumeRolePolicy"]),
    }),
  }),
  notFound: noSuchRole,
  inUse: (_, users) => {
    const [first] = users;
    return new CloudError(
      "DeleteConflict",
      first?.type === ROLE_POLICY
        ? "Cannot delete entity, must delete policies first."
        : "Cannot delete entity, must detach all policies first.",
      409,
    );
  },
});

const rolePolicy = model({
  type: ROLE_POLICY,
  title: "IAM Role Policy",
  global: true,
  seconds: { create: 1, delete: 1 },
  autoname: { property: "name", longest: 128 },
  formats: {
    name: matching(/^[\w+=,.@-]{1,128}$/, "1 to 128 letters, digits and +=,.@-_"),
    policy: json("Statement"),
  },
  references: { role: { to: ROLE } },
  replacedBy: ["name", "namePrefix", "role"],
  unique: {
    by: ["role", "name"],
    per: "account",
    words: ({ inputs }) =>
      new CloudError(
        "EntityAlreadyExists",
        `The role policy with name ${text(inputs, "name")} already exists.`,
        409,
      ),
  },
  id: ({ inputs }) => `${text(inputs, "role")}:${text(inputs, "name")}`,
  outputs: ({ inputs }) =>
    typeof inputs["policy"] === "object" ? { policy: JSON.stringify(inputs["policy"]) } : {},
});

const rolePolicyAttachment = model({
  type: ROLE_POLICY_ATTACHMENT,
  title: "IAM Role Policy Attachment",
  global: true,
  seconds: { create: 1, delete: 1 },
  formats: { policyArn: all(isArn, matching(/:policy\//, "not the ARN of a policy")) },
  references: { role: { to: ROLE } },
  replacedBy: "all",
  unique: {
    by: ["role", "policyArn"],
    per: "account",
    words: ({ inputs }) =>
      new CloudError(
        "EntityAlreadyExists",
        `The policy ${text(inputs, "policyArn")} is already attached to ${text(inputs, "role")}.`,
        409,
      ),
  },
  id: ({ inputs }) => `${text(inputs, "role")}/${text(inputs, "policyArn")}`,
  admit: ({ inputs }) => {
    const policy = text(inputs, "policyArn");
    if (MANAGED.has(policy)) return;
    throw new CloudError("NoSuchEntity", `Policy ${policy} does not exist or is not attachable.`, 404);
  },
});

/** Whether a role has one of AWS's own policies. */
export function hasPolicy(look: Made["look"], roleName: string, ...names: readonly string[]): boolean {
  const wanted = names.map((name) => `arn:aws:iam::aws:policy/${name}`);
  return look
    .all(ROLE_POLICY_ATTACHMENT)
    .some(({ inputs }) => inputs["role"] === roleName && wanted.includes(text(inputs, "policyArn")));
}

export const IDENTITY: readonly Model[] = [role, rolePolicy, rolePolicyAttachment];
