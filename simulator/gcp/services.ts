import { matching, oneOf } from "../cloud/formats";
import { CloudError, type Made, type Model } from "../cloud/model";
import { decimal, inUse, isName, model, object, projectNumber, text, timestamp } from "./common";
import { isStorageLocation } from "./regions";
import { CRYPTO_KEY, KEY_RING, REPOSITORY, SECRET, SERVICE_ACCOUNT } from "./types";

const account = model({
  type: SERVICE_ACCOUNT,
  title: "service account",
  global: true,
  seconds: { create: 8, update: 5, delete: 2 },
  defaults: { disabled: false },
  formats: {
    accountId: matching(
      /^[a-z]([-a-z0-9]{4,28}[a-z0-9])$/,
      "6 to 30 lower-case letters, digits and hyphens, beginning with a letter",
    ),
    displayName: matching(/^.{0,100}$/s, "at most 100 characters"),
    description: matching(/^.{0,256}$/s, "at most 256 characters"),
  },
  replacedBy: ["accountId"],
  unique: {
    by: ["accountId"],
    per: "account",
    words: ({ inputs, site }) =>
      new CloudError(
        "alreadyExists",
        `Service account ${text(inputs, "accountId")} already exists within project projects/${site.account}.`,
        409,
      ),
  },
  id: (made) => `projects/${made.site.account}/serviceAccounts/${email(made)}`,
  outputs: (made) => ({
    email: email(made),
    member: `serviceAccount:${email(made)}`,
    name: made.id,
    uniqueId: decimal(made, "unique"),
  }),
});

function email({ inputs, site }: Made): string {
  return `${text(inputs, "accountId")}@${site.account}.iam.gserviceaccount.com`;
}

const repository = model({
  type: REPOSITORY,
  title: "Repository",
  seconds: { create: 12, update: 3, delete: 8 },
  defaults: { mode: "STANDARD_REPOSITORY" },
  required: ["location"],
  formats: {
    repositoryId: isName(),
    format: oneOf("DOCKER", "MAVEN", "NPM", "APT", "YUM", "PYTHON", "KFP", "GO", "GENERIC"),
    location: (value) =>
      isStorageLocation(String(value)) ? undefined : `location ${String(value)} does not exist`,
    "cleanupPolicies[].action": oneOf("DELETE", "KEEP"),
  },
  replacedBy: ["repositoryId", "location", "format", "mode", "kmsKeyName"],
  unique: {
    by: ["location", "repositoryId"],
    per: "account",
    words: () => new CloudError("alreadyExists", "the repository already exists", 409),
  },
  id: ({ inputs, site }) =>
    `projects/${site.account}/locations/${text(inputs, "location")}/repositories/${text(inputs, "repositoryId")}`,
  outputs: (made) => ({
    name: text(made.inputs, "repositoryId"),
    registryUri: `${text(made.inputs, "location")}-docker.pkg.dev/${made.site.account}/${text(made.inputs, "repositoryId")}`,
    createTime: timestamp(made),
    updateTime: timestamp(made),
  }),
  notFound: (name) => new CloudError("notFound", `Requested entity was not found: ${name}.`, 404),
});

const secret = model({
  type: SECRET,
  secret: { property: "secretId", others: { replication: { auto: {} } } },
  title: "Secret",
  global: true,
  seconds: { create: 2, update: 2, delete: 2 },
  formats: {
    secretId: matching(/^[a-zA-Z0-9_-]{1,255}$/, "1 to 255 letters, digits, hyphens and underscores"),
  },
  rules: (inputs) => {
    const replication = object(inputs["replication"]);
    return {
      replication: Object.keys(replication).length !== 1 && "exactly one of auto and userManaged must be set",
      ttl: "ttl" in inputs && "expireTime" in inputs && "only one of ttl and expireTime can be set",
    };
  },
  replacedBy: ["secretId", "replication"],
  unique: {
    by: ["secretId"],
    per: "account",
    words: ({ id }) => new CloudError("alreadyExists", `Secret [${id}] already exists.`, 409),
  },
  id: ({ inputs, site }) => `projects/${site.account}/secrets/${text(inputs, "secretId")}`,
  outputs: (made) => ({
    name: `projects/${projectNumber(made.site.account)}/secrets/${text(made.inputs, "secretId")}`,
    createTime: timestamp(made),
  }),
  notFound: (name) => new CloudError("notFound", `Secret [${name}] not found.`, 404),
});

const keyRing = model({
  type: KEY_RING,
  title: "KeyRing",
  seconds: { create: 2, delete: 0 },
  required: ["name"],
  formats: { name: matching(/^[a-zA-Z0-9_-]{1,63}$/, "1 to 63 letters, digits, hyphens and underscores") },
  replacedBy: "all",
  unique: {
    by: ["location", "name"],
    per: "account",
    words: ({ id }) => new CloudError("alreadyExists", `KeyRing ${id} already exists.`, 409),
    // What is deleted is forgotten by the provider only: the cloud keeps it for ever.
    outlives: ({ id }) => new CloudError("alreadyExists", `KeyRing ${id} already exists.`, 409),
  },
  id: ({ inputs, site }) =>
    `projects/${site.account}/locations/${text(inputs, "location")}/keyRings/${text(inputs, "name")}`,
  notFound: (name) => new CloudError("notFound", `KeyRing ${name} not found.`, 404),
  inUse,
});

const cryptoKey = model({
  type: CRYPTO_KEY,
  title: "CryptoKey",
  seconds: { create: 2, update: 2, delete: 1 },
  required: ["name"],
  defaults: { purpose: "ENCRYPT_DECRYPT", destroyScheduledDuration: "2592000s" },
  formats: {
    name: matching(/^[a-zA-Z0-9_-]{1,63}$/, "1 to 63 letters, digits, hyphens and underscores"),
    purpose: oneOf("ENCRYPT_DECRYPT", "ASYMMETRIC_SIGN", "ASYMMETRIC_DECRYPT", "MAC"),
    rotationPeriod: (value) => {
      const [, seconds] = /^(\d+)(?:\.\d+)?s$/.exec(String(value)) ?? [];
      return Number(seconds ?? 0) >= 86400
        ? undefined
        : "rotationPeriod must be seconds ending with s, at least 86400s";
    },
  },
  references: { keyRing: { to: KEY_RING } },
  replacedBy: ["name", "keyRing", "purpose", "importOnly", "destroyScheduledDuration"],
  unique: {
    by: ["keyRing", "name"],
    per: "account",
    words: ({ id }) => new CloudError("alreadyExists", `CryptoKey ${id} already exists.`, 409),
    // What is deleted is forgotten by the provider only: the cloud keeps it for ever.
    outlives: ({ id }) => new CloudError("alreadyExists", `CryptoKey ${id} already exists.`, 409),
  },
  id: ({ inputs }) => `${text(inputs, "keyRing")}/cryptoKeys/${text(inputs, "name")}`,
  outputs: ({ id }) => ({ primaries: [{ name: `${id}/cryptoKeyVersions/1`, state: "ENABLED" }] }),
  notFound: (name) => new CloudError("notFound", `CryptoKey ${name} not found.`, 404),
});

export const SERVICES: readonly Model[] = [account, repository, secret, keyRing, cryptoKey];
