import { Role } from "@pulumi/aws/iam/role";
import { at, type Check, type Findings, type Judged, list, matching, of, resourceRule, text } from "../rule";

/** Documents of AWS: of a role, a user, a group, or a thing that says itself who may use it. */
const AWS_DOCUMENT =
  /^aws:(iam\/(role|user|group)?[pP]olicy|s3\/bucketPolicy|secretsmanager\/secretPolicy|ecr\/repositoryPolicy|kms\/keyPolicy|sqs\/queuePolicy|sns\/topicPolicy):/;

const AWS_ATTACHMENT = /^aws:iam\/(role|user|group)?[pP]olicyAttachment:/;

/** AWS knows these actions for all resources only: they read what there is. */
const FOR_ALL_ONLY =
  /^(autoscaling|ec2|elasticloadbalancing):(Describe|Get)|^eks:(Describe|List)|^(sts:GetCallerIdentity|ecr:GetAuthorizationToken)$/;

/** The one thing the world may do: read what was published for it. */
const PUBLIC_ACTIONS = new Set(["s3:GetObject"]);

/** AWS's own policies that are for administrators. */
const TOO_WIDE = /\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$|FullAccess$/;

function onAws(): Check[] {
  return [
    matching(AWS_DOCUMENT, ({ type, props }) => {
      // A key's own policy speaks of that key: `*` means the key itself.
      const speaksOfItself = type.startsWith("aws:kms/");
      return allowing(at(props, "policy")).flatMap((statement) => judgeStatement(statement, speaksOfItself));
    }),
    of(Role, ({ assumeRolePolicy }) =>
      allowing(assumeRolePolicy).flatMap((statement) =>
        isEveryone(at(statement, "Principal")) ? ["assumeRolePolicy: everyone may take the role on"] : [],
      ),
    ),
    matching(AWS_ATTACHMENT, ({ props }) => {
      const policy = text(at(props, "policyArn")) ?? "";
      return TOO_WIDE.test(policy) ? [`policyArn: ${policy} is for administrators`] : [];
    }),
  ];
}

function judgeStatement(statement: unknown, speaksOfItself: boolean): Findings {
  const actions = many(at(statement, "Action"));
  const wide = actions.filter((action) => action.includes("*"));
  const isConditional = at(statement, "Condition") !== undefined;
  const isForAll = many(at(statement, "Resource")).includes("*") && !isConditional && !speaksOfItself;
  const notReading = actions.filter((action) => !FOR_ALL_ONLY.test(action));
  const forWorld = isEveryone(at(statement, "Principal")) && !isConditional;
  const notPublic = actions.filter((action) => !PUBLIC_ACTIONS.has(action));
  return [
    ...(wide.length > 0 && !speaksOfItself ? [`the action ${wide.join(", ")} is a wildcard`] : []),
    ...(at(statement, "NotAction") === undefined ? [] : ["NotAction allows every action but some"]),
    ...(isForAll && notReading.length > 0 ? [`${notReading.join(", ")} is allowed on every resource`] : []),
    ...(forWorld && notPublic.length > 0 ? [`everyone may ${notPublic.join(", ")}`] : []),
  ];
}

/** Statements that allow something, of a document as text or as a mapping. */
function allowing(document: unknown): unknown[] {
  const read = typeof document === "string" ? (JSON.parse(document) as unknown) : document;
  const statements = at(read, "Statement");
  return (Array.isArray(statements) ? list(statements) : [statements]).filter(
    (statement) => at(statement, "Effect") === "Allow",
  );
}

function many(value: unknown): string[] {
  return (Array.isArray(value) ? list(value) : [value]).flatMap((item) => text(item) ?? []);
}

function isEveryone(principal: unknown): boolean {
  return principal === "*" || many(at(principal, "AWS")).includes("*");
}

/** Memberships and bindings of every service of GCP. */
const GCP_RIGHT = /^gcp:.*:\w*I(AM|am)(Member|Binding)$/;

/** Basic roles hold thousands of rights, and those of administrators give rights away. */
const GCP_TOO_WIDE = /^roles\/(owner|editor|viewer)$|[aA]dmin$/;

/** Roles that read files which were published for the world. */
const GCP_PUBLIC = new Set(["roles/storage.objectViewer", "roles/storage.legacyObjectReader"]);

function onGcp(): Check[] {
  return [
    matching(GCP_RIGHT, ({ type, props }: Judged) => {
      const role = text(at(props, "role")) ?? "";
      const members = [...many(at(props, "member")), ...many(at(props, "members"))];
      const world = members.filter((member) => member === "allUsers" || member === "allAuthenticatedUsers");
      const isPublished = type.startsWith("gcp:storage/") && GCP_PUBLIC.has(role);
      return [
        ...(GCP_TOO_WIDE.test(role) ? [`role: ${role} holds more rights than any task needs`] : []),
        ...(world.length > 0 && !isPublished ? [`member: ${world.join(", ")} has ${role}`] : []),
      ];
    }),
    matching(/^gcp:.*:\w*I(AM|am)Policy$/, () => ["a whole policy takes away rights that others gave"]),
  ];
}

function inClusters(): Check[] {
  return [
    matching(/^kubernetes:rbac\.authorization\.k8s\.io\/v1:(Cluster)?Role$/, ({ props }) =>
      list(at(props, "rules")).flatMap((rule) => {
        const wild = ["apiGroups", "resources", "verbs"].filter((key) => many(at(rule, key)).includes("*"));
        return wild.length === 0 ? [] : [`a rule has * for ${wild.join(", ")}`];
      }),
    ),
    matching(/^kubernetes:rbac\.authorization\.k8s\.io\/v1:(Cluster)?RoleBinding$/, ({ props }) =>
      at(props, "roleRef", "name") === "cluster-admin" ? ["roleRef: cluster-admin may do everything"] : [],
    ),
  ];
}

/** Nobody gets more rights than a task needs. */
export const noWildcardRights = resourceRule(
  {
    name: "no-wildcard-rights",
    description: "No right is for every action, every resource or everyone.",
    enforcementLevel: "mandatory",
  },
  [...onAws(), ...onGcp(), ...inClusters()],
);
