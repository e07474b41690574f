import { proveRule } from "./cases";
import { type Shown, UNKNOWN } from "./judge";

const rights = (statement: object, type = "aws:iam/rolePolicy:RolePolicy"): Shown => ({
  type,
  inputs: { policy: JSON.stringify({ Statement: [{ Effect: "Allow", ...statement }] }) },
});
const member = (role: string, who: string, type = "gcp:projects/iAMMember:IAMMember"): Shown => ({
  type,
  inputs: { role, member: who },
});

proveRule("no-wildcard-rights", [
  {
    what: "one action on one secret",
    shown: rights({ Action: "secretsmanager:GetSecretValue", Resource: "arn:aws:secretsmanager:x" }),
  },
  {
    what: "a document that is not known yet",
    shown: { type: "aws:iam/rolePolicy:RolePolicy", inputs: { policy: UNKNOWN } },
  },
  {
    what: "every action of a service",
    shown: rights({ Action: ["s3:*"], Resource: "arn:aws:s3:::x" }),
    says: /s3:\* is a wildcard/,
  },
  {
    what: "an action on everything",
    shown: rights({ Action: "secretsmanager:GetSecretValue", Resource: "*" }),
    says: /on every resource/,
  },
  { what: "reading what there is", shown: rights({ Action: "ec2:DescribeInstances", Resource: "*" }) },
  {
    what: "everything but one action",
    shown: rights({ NotAction: "iam:*", Resource: "arn:x" }),
    says: /NotAction/,
  },
  {
    what: "published files",
    shown: rights(
      { Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::x/join/*" },
      "aws:s3/bucketPolicy:BucketPolicy",
    ),
  },
  {
    what: "files that everyone may write",
    shown: rights(
      { Principal: { AWS: "*" }, Action: "s3:PutObject", Resource: "arn:aws:s3:::x/*" },
      "aws:s3/bucketPolicy:BucketPolicy",
    ),
    says: /everyone may s3:PutObject/,
  },
  {
    what: "a role for everyone",
    shown: {
      type: "aws:iam/role:Role",
      inputs: {
        assumeRolePolicy: JSON.stringify({ Statement: { Effect: "Allow", Principal: { AWS: "*" } } }),
      },
    },
    says: /take the role on/,
  },
  {
    what: "an administrator",
    shown: {
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      inputs: { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    },
    says: /administrators/,
  },
  {
    what: "a role of GCP for one account",
    shown: member("roles/artifactregistry.reader", "serviceAccount:x"),
  },
  ...["owner", "editor", "viewer"].map((role) => ({
    what: `the basic role ${role}`,
    shown: member(`roles/${role}`, "user:x"),
    says: /more rights/,
  })),
  {
    what: "allUsers who read published files",
    shown: member("roles/storage.objectViewer", "allUsers", "gcp:storage/bucketIAMMember:BucketIAMMember"),
  },
  {
    what: "allUsers who read secrets",
    shown: member(
      "roles/secretmanager.secretAccessor",
      "allUsers",
      "gcp:secretmanager/secretIamMember:SecretIamMember",
    ),
    says: /allUsers/,
  },
  {
    what: "a role of a cluster with every verb",
    shown: {
      type: "kubernetes:rbac.authorization.k8s.io/v1:Role",
      inputs: { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["*"] }] },
    },
    says: /\* for verbs/,
  },
  {
    what: "a binding to cluster-admin",
    shown: {
      type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
      inputs: { roleRef: { name: "cluster-admin" } },
    },
    says: /everything/,
  },
]);
