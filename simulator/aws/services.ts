import { between, json, matching, oneOf, shorterThan } from "../cloud/formats";
import { CloudError, type Model } from "../cloud/model";
import { arn, isArn, list, model, object, text } from "./common";
import { CLUSTER, KEY, REPOSITORY, SECRET } from "./types";

const key = model({
  type: KEY,
  title: "KMS Key",
  seconds: { create: 10, update: 10, delete: 1 },
  defaults: { keyUsage: "ENCRYPT_DECRYPT", customerMasterKeySpec: "SYMMETRIC_DEFAULT", isEnabled: true },
  formats: {
    policy: json("Statement"),
    deletionWindowInDays: between(7, 30),
    keyUsage: oneOf("ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"),
    rotationPeriodInDays: between(90, 2560),
    description: shorterThan(8192),
  },
  local: ["deletionWindowInDays", "bypassPolicyLockoutSafetyCheck"],
  replacedBy: ["keyUsage", "customerMasterKeySpec", "multiRegion", "customKeyStoreId", "xksKeyId"],
  id: ({ hex }) => [hex("a", 8), hex("b", 4), `4${hex("c", 3)}`, `8${hex("d", 3)}`, hex("e", 12)].join("-"),
  outputs: ({ id, site, inputs }) => ({
    arn: arn("kms", site, `key/${id}`),
    keyId: id,
    policy: text(inputs, "policy") || ownerPolicy(site.account),
    rotationPeriodInDays: inputs["enableKeyRotation"] === true ? (inputs["rotationPeriodInDays"] ?? 365) : 0,
  }),
  notFound: (id) => new CloudError("NotFoundException", `Invalid keyId '${id}'`),
});

function ownerPolicy(account: string): string {
  const statement = {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: "kms:*",
    Resource: "*",
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

const alias = model({
  type: "aws:kms/alias:Alias",
  title: "KMS Alias",
  seconds: { create: 1, delete: 1 },
  autoname: { property: "name", longest: 256 },
  formats: {
    name: matching(
      /^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/,
      "must begin with alias/ and not with alias/aws/",
    ),
  },
  references: { targetKeyId: { to: KEY, by: ["id", "arn"], cascade: true } },
  replacedBy: ["name", "namePrefix"],
  unique: {
    by: ["name"],
    per: "region",
    words: ({ inputs, site }) =>
      new CloudError(
        "AlreadyExistsException",
        `An alias with the name ${arn("kms", site, text(inputs, "name"))} already exists`,
      ),
  },
  id: ({ inputs }) => text(inputs, "name"),
  outputs: ({ inputs, site }) => {
    const target = text(inputs, "targetKeyId");
    return {
      arn: arn("kms", site, text(inputs, "name")),
      targetKeyArn: target.startsWith("arn:") ? target : arn("kms", site, `key/${target}`),
    };
  },
});

const RETENTION = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const logGroup = model({
  type: "aws:cloudwatch/logGroup:LogGroup",
  title: "CloudWatch Logs Log Group",
  seconds: { create: 1, delete: 1 },
  autoname: { property: "name", longest: 512 },
  defaults: { logGroupClass: "STANDARD", retentionInDays: 0, skipDestroy: false },
  formats: {
    name: matching(/^[.\-_/#A-Za-z0-9]{1,512}$/, "1 to 512 letters, digits and .-_/#"),
    retentionInDays: oneOf("0", ...RETENTION.map(String)),
    kmsKeyId: isArn,
  },
  references: { kmsKeyId: { to: KEY, by: ["arn"], loose: true } },
  local: ["skipDestroy"],
  replacedBy: ["name", "namePrefix", "logGroupClass"],
  unique: { by: ["name"], per: "region", words: () => logGroupExists() },
  id: ({ inputs }) => text(inputs, "name"),
  outputs: ({ inputs, site }) => ({ arn: arn("logs", site, `log-group:${text(inputs, "name")}`) }),
  admit: ({ inputs, look }, previous) => {
    // A control plane that logs makes its group itself when it is not there.
    const [, cluster] = /^\/aws\/eks\/(.+)\/cluster$/.exec(text(inputs, "name")) ?? [];
    const types = list(look.one(CLUSTER, cluster)?.inputs["enabledClusterLogTypes"]);
    if (previous === undefined && types.length > 0) throw logGroupExists();
  },
});

function logGroupExists(): CloudError {
  return new CloudError("ResourceAlreadyExistsException", "The specified log group already exists");
}

const repository = model({
  type: REPOSITORY,
  title: "ECR Repository",
  seconds: { create: 1, delete: 1 },
  autoname: { property: "name", longest: 256, lower: true },
  defaults: { imageTagMutability: "MUTABLE", forceDelete: false },
  formats: {
    name: matching(
      /^(?=.{2,256}$)(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
      "2 to 256 lower-case letters, digits, hyphens, underscores, dots and slashes",
    ),
    imageTagMutability: oneOf("MUTABLE", "IMMUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION"),
    "encryptionConfigurations[].encryptionType": oneOf("AES256", "KMS", "KMS_DSSE"),
  },
  references: { "encryptionConfigurations[].kmsKey": { to: KEY, by: ["arn"], loose: true } },
  local: ["forceDelete"],
  replacedBy: ["name", "encryptionConfigurations"],
  unique: {
    by: ["name"],
    per: "region",
    words: ({ inputs, site }) =>
      new CloudError(
        "RepositoryAlreadyExistsException",
        `The repository with name '${text(inputs, "name")}' already exists in the registry with id '${site.account}'`,
      ),
  },
  id: ({ inputs }) => text(inputs, "name"),
  outputs: ({ inputs, site }) => ({
    arn: arn("ecr", site, `repository/${text(inputs, "name")}`),
    registryId: site.account,
    repositoryUrl: `${site.account}.dkr.ecr.${site.region}.amazonaws.com/${text(inputs, "name")}`,
  }),
  notFound: (name) =>
    new CloudError(
      "RepositoryNotFoundException",
      `The repository with name '${name}' does not exist in the registry`,
    ),
});

const lifecyclePolicy = model({
  type: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  title: "ECR Lifecycle Policy",
  seconds: { create: 1, delete: 1 },
  formats: { policy: json("rules") },
  references: { repository: { to: REPOSITORY, cascade: true } },
  replacedBy: ["repository"],
  id: ({ inputs }) => text(inputs, "repository"),
  outputs: ({ inputs, site }) => ({
    registryId: site.account,
    ...(typeof inputs["policy"] === "object" && { policy: JSON.stringify(inputs["policy"]) }),
  }),
  admit: ({ inputs }) => {
    const { rules } = object(
      typeof inputs["policy"] === "string" ? JSON.parse(inputs["policy"]) : inputs["policy"],
    );
    const wrong = list(rules).find(
      (rule) => !("rulePriority" in object(rule)) || !("selection" in object(rule)),
    );
    if (wrong === undefined) return;
    throw new CloudError(
      "InvalidParameterException",
      "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure: a rule needs rulePriority and selection'",
    );
  },
});

const secret = model({
  type: SECRET,
  secret: { property: "name", others: {} },
  title: "Secrets Manager Secret",
  seconds: { create: 1, delete: 1 },
  autoname: { property: "name", longest: 512 },
  defaults: { recoveryWindowInDays: 30, forceOverwriteReplicaSecret: false },
  formats: {
    name: matching(/^[0-9A-Za-z/_+=.@-]{1,512}$/, "1 to 512 letters, digits and /_+=.@-"),
    recoveryWindowInDays: (value) => (value === 0 ? undefined : between(7, 30)(value)),
    policy: json("Statement"),
  },
  references: { kmsKeyId: { to: KEY, by: ["id", "arn"], loose: true } },
  local: ["recoveryWindowInDays", "forceOverwriteReplicaSecret"],
  replacedBy: ["name", "namePrefix"],
  unique: {
    by: ["name"],
    per: "region",
    words: ({ inputs }) =>
      new CloudError(
        "ResourceExistsException",
        `The operation failed because the secret ${text(inputs, "name")} already exists.`,
      ),
    outlives: ({ inputs }) =>
      inputs["recoveryWindowInDays"] === 0
        ? undefined
        : new CloudError(
            "InvalidRequestException",
            "You can't create this secret because a secret with this name is already scheduled for deletion.",
          ),
  },
  id: ({ inputs, site, hex }) =>
    arn("secretsmanager", site, `secret:${text(inputs, "name")}-${hex("suffix", 6)}`),
  outputs: ({ id, inputs }) => ({ arn: id, policy: text(inputs, "policy") }),
});

export const SERVICES: readonly Model[] = [key, alias, logGroup, repository, lifecyclePolicy, secret];
