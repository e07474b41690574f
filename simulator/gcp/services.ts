import { createHash } from "node:crypto";
import { isIPv4 } from "node:net";
import { between, matching, oneOf } from "../cloud/formats";
import { CloudError, type Made, type Model, type Seen } from "../cloud/model";
import {
  alreadyExists,
  decimal,
  inUse,
  isName,
  model,
  NAMED,
  object,
  projectNumber,
  strings,
  text,
  timestamp,
} from "./common";
import { isStorageLocation } from "./regions";
import {
  BUCKET,
  CRYPTO_KEY,
  KEY_RING,
  MANAGED_ZONE,
  NETWORK,
  REPOSITORY,
  SECRET,
  SERVICE_ACCOUNT,
} from "./types";

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

const isDnsName = matching(
  /^(?=.{1,254}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{1,63}\.$/,
  "must be a domain name that ends with a dot",
);

const managedZone = model({
  type: MANAGED_ZONE,
  title: "ManagedZone",
  global: true,
  seconds: { create: 3, update: 3, delete: 2 },
  autoname: { property: "name", longest: 63, lower: true },
  defaults: { visibility: "public", description: "Managed by Pulumi", forceDestroy: false },
  formats: { name: isName(), dnsName: isDnsName, visibility: oneOf("public", "private") },
  references: { "privateVisibilityConfig.networks[].networkUrl": { to: NETWORK, by: NAMED } },
  local: ["forceDestroy"],
  replacedBy: ["name", "dnsName", "visibility"],
  unique: { by: ["name"], per: "account", words: ({ id }) => alreadyExists(id) },
  id: ({ inputs, site }) => `projects/${site.account}/managedZones/${text(inputs, "name")}`,
  outputs: (made) => {
    const letter = "abcde"[parseInt(made.hex("servers", 2), 16) % 5] ?? "a";
    const isPublic = text(made.inputs, "visibility") !== "private";
    return {
      nameServers: isPublic
        ? [1, 2, 3, 4].map((n) => `ns-cloud-${letter}${n}.googledomains.com.`)
        : ["ns-gcp-private.googledomains.com."],
      managedZoneId: decimal(made, "number"),
      creationTime: timestamp(made),
    };
  },
  admitDelete: ({ inputs, id, look }) => {
    const isHere = ({ inputs: record }: Seen) =>
      [text(inputs, "name"), id].includes(text(record, "managedZone"));
    if (inputs["forceDestroy"] === true || !look.all(RECORD_SET).some(isHere)) return;
    throw new CloudError(
      "containerNotEmpty",
      `The resource named '${text(inputs, "name")}' cannot be deleted because it contains one or more 'resource records'.`,
    );
  },
  notFound: (name) =>
    new CloudError("notFound", `The 'parameters.managedZone' resource named '${name}' does not exist.`, 404),
});

const RECORD_SET = "gcp:dns/recordSet:RecordSet";

const recordSet = model({
  type: RECORD_SET,
  title: "RecordSet",
  global: true,
  seconds: { create: 5, update: 5, delete: 5 },
  formats: {
    name: (value) => isDnsName(String(value).replace(/^\*\./, "")),
    type: oneOf(
      "A",
      "AAAA",
      "CAA",
      "CNAME",
      "DNSKEY",
      "DS",
      "HTTPS",
      "MX",
      "NAPTR",
      "NS",
      "PTR",
      "SOA",
      "SPF",
      "SRV",
      "SVCB",
      "TXT",
    ),
    ttl: between(0, 2147483647),
  },
  references: { managedZone: { to: MANAGED_ZONE, by: NAMED, cascade: true } },
  replacedBy: ["managedZone", "name", "type"],
  unique: {
    by: ["managedZone", "name", "type"],
    per: "account",
    words: ({ inputs }) =>
      new CloudError(
        "alreadyExists",
        `The resource 'entity.change.additions[0]' named '${text(inputs, "name")} (${text(inputs, "type")})' already exists`,
        409,
      ),
  },
  id: ({ inputs, site }) =>
    `projects/${site.account}/managedZones/${text(inputs, "managedZone")}/rrsets/${text(inputs, "name")}/${text(inputs, "type")}`,
  admit: ({ inputs, look }) => {
    const zone = NAMED.map((by) => look.one(MANAGED_ZONE, inputs["managedZone"], by)).find(
      (one) => one !== undefined,
    );
    const [name, domain] = [text(inputs, "name"), text(zone?.inputs ?? {}, "dnsName")];
    if (name !== domain && !name.endsWith(`.${domain}`)) {
      throw new CloudError("invalid", `Invalid value for 'entity.change.additions[0].name': '${name}'`);
    }
    const wrong = strings(inputs["rrdatas"]).find((value) => text(inputs, "type") === "A" && !isIPv4(value));
    if (wrong !== undefined) {
      throw new CloudError("invalid", `Invalid value for 'entity.change.additions[0].rrdata[0]': '${wrong}'`);
    }
  },
});

const bucket = model({
  type: BUCKET,
  title: "Bucket",
  seconds: { create: 2, delete: 2 },
  autoname: { property: "name", longest: 63, lower: true },
  defaults: {
    storageClass: "STANDARD",
    uniformBucketLevelAccess: false,
    publicAccessPrevention: "inherited",
    forceDestroy: false,
  },
  formats: {
    name: matching(
      /^(?!goog)(?!.*google)[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/,
      "3 to 63 lower-case letters, digits, hyphens, underscores and dots",
    ),
    location: (value) =>
      isStorageLocation(String(value))
        ? undefined
        : `The specified location constraint is not valid: ${String(value)}`,
    storageClass: oneOf("STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE", "MULTI_REGIONAL", "REGIONAL"),
    publicAccessPrevention: oneOf("inherited", "enforced"),
  },
  references: { "encryption.defaultKmsKeyName": { to: CRYPTO_KEY, loose: true } },
  local: ["forceDestroy"],
  replacedBy: ["name", "location"],
  unique: {
    by: ["name"],
    per: "world",
    words: () =>
      new CloudError(
        "conflict",
        "Your previous request to create the named bucket succeeded and you already own it.",
        409,
      ),
  },
  id: ({ inputs }) => text(inputs, "name"),
  outputs: (made) => ({
    location: text(made.inputs, "location").toUpperCase(),
    url: `gs://${text(made.inputs, "name")}`,
    selfLink: `https://www.googleapis.com/storage/v1/b/${text(made.inputs, "name")}`,
    projectNumber: Number(projectNumber(made.site.account)),
    timeCreated: timestamp(made),
    updated: timestamp(made),
  }),
  admitDelete: ({ inputs, id, look }) => {
    if (
      inputs["forceDestroy"] === true ||
      !look.all(BUCKET_OBJECT).some((one) => one.inputs["bucket"] === id)
    ) {
      return;
    }
    throw new CloudError(
      "conflict",
      `Error trying to delete bucket ${id} containing objects without \`force_destroy\` set to true`,
      409,
    );
  },
  notFound: (name) => new CloudError("notFound", `The specified bucket does not exist: ${name}.`, 404),
});

const BUCKET_OBJECT = "gcp:storage/bucketObject:BucketObject";

const bucketObject = model({
  type: BUCKET_OBJECT,
  title: "object",
  seconds: { create: 1, delete: 1 },
  autoname: { property: "name", longest: 1024 },
  defaults: { storageClass: "STANDARD" },
  rules: (inputs) => ({
    content: "content" in inputs && "source" in inputs && "only one of content and source can be set",
  }),
  references: { bucket: { to: BUCKET, cascade: true } },
  replacedBy: ["bucket", "name", "content", "source", "contentType", "cacheControl"],
  id: ({ inputs }) => `${text(inputs, "bucket")}-${text(inputs, "name")}`,
  outputs: (made) => {
    const content = text(made.inputs, "content") || JSON.stringify(made.inputs["source"] ?? "");
    const hash = createHash("md5").update(content).digest("base64");
    const link = `https://storage.googleapis.com/${text(made.inputs, "bucket")}/${text(made.inputs, "name")}`;
    return {
      outputName: text(made.inputs, "name"),
      md5hash: hash,
      detectMd5hash: hash,
      crc32c: made.hex("crc", 8),
      contentType: text(made.inputs, "contentType") || "text/plain; charset=utf-8",
      generation: parseInt(made.hex("generation", 12), 16),
      mediaLink: link,
      selfLink: link,
    };
  },
});

const secret = model({
  type: SECRET,
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
  },
  id: ({ inputs }) => `${text(inputs, "keyRing")}/cryptoKeys/${text(inputs, "name")}`,
  outputs: ({ id }) => ({ primaries: [{ name: `${id}/cryptoKeyVersions/1`, state: "ENABLED" }] }),
  notFound: (name) => new CloudError("notFound", `CryptoKey ${name} not found.`, 404),
});

export const SERVICES: readonly Model[] = [
  ...[account, repository, managedZone, recordSet, bucket, bucketObject, secret, keyRing, cryptoKey],
];
