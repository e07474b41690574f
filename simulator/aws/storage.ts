import { createHash } from "node:crypto";
import type { Properties } from "../../plugin/provider";
import { json, matching, oneOf } from "../cloud/formats";
import { CloudError, type Made, type Model } from "../cloud/model";
import { isArn, model, object, policy, text } from "./common";
import { BUCKET, BUCKET_PUBLIC_ACCESS_BLOCK, KEY } from "./types";

const bucket = model({
  type: BUCKET,
  title: "S3 Bucket",
  seconds: { create: 2, delete: 1 },
  autoname: { property: "bucket", longest: 63, lower: true },
  defaults: { forceDestroy: false },
  formats: {
    bucket: matching(
      /^(?!xn--|sthree-|\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      "3 to 63 lower-case letters, digits, dots and hyphens",
    ),
  },
  local: ["forceDestroy"],
  replacedBy: ["bucket", "bucketPrefix", "objectLockEnabled"],
  unique: {
    by: ["bucket"],
    per: "world",
    words: () =>
      new CloudError(
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.",
        409,
      ),
  },
  id: ({ inputs }) => text(inputs, "bucket"),
  outputs: ({ inputs, site, hex }) => {
    const name = text(inputs, "bucket");
    return {
      arn: `arn:aws:s3:::${name}`,
      bucketDomainName: `${name}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${name}.s3.${site.region}.amazonaws.com`,
      bucketRegion: site.region,
      hostedZoneId: `Z${hex("zone", 13).toUpperCase()}`,
      requestPayer: "BucketOwner",
    };
  },
  admitDelete: ({ id, inputs, look }) => {
    const isHere = ({ inputs: other }: Made) => other["bucket"] === id;
    if (inputs["forceDestroy"] === true || !look.all(OBJECT).some(isHere)) return;
    throw new CloudError("BucketNotEmpty", "The bucket you tried to delete is not empty", 409);
  },
  notFound: (name) => new CloudError("NoSuchBucket", `The specified bucket does not exist: ${name}`, 404),
});

const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";

/** A setting of a bucket, which is there once and goes with it. */
function setting(type: string, title: string, more: Partial<Model> = {}): Model {
  return model({
    type,
    title,
    seconds: { create: 1, delete: 1 },
    replacedBy: ["bucket"],
    ...more,
    references: { bucket: { to: BUCKET, cascade: true }, ...more.references },
    unique: {
      by: ["bucket"],
      per: "world",
      words: ({ inputs }) =>
        new CloudError(
          "OperationAborted",
          `${title} of ${text(inputs, "bucket")} is managed by another resource`,
          409,
        ),
    },
    id: ({ inputs }) => text(inputs, "bucket"),
  });
}

const settings = [
  setting("aws:s3/bucketVersioning:BucketVersioning", "S3 Bucket Versioning", {
    formats: { "versioningConfiguration.status": oneOf("Enabled", "Suspended", "Disabled") },
  }),
  setting(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "S3 Bucket Server Side Encryption Configuration",
    {
      formats: {
        "rules[].applyServerSideEncryptionByDefault.sseAlgorithm": oneOf("AES256", "aws:kms", "aws:kms:dsse"),
      },
      references: {
        "rules[].applyServerSideEncryptionByDefault.kmsMasterKeyId": {
          to: KEY,
          by: ["arn", "keyId"],
          loose: true,
        },
      },
    },
  ),
  setting(BUCKET_PUBLIC_ACCESS_BLOCK, "S3 Bucket Public Access Block", {
    defaults: {
      blockPublicAcls: false,
      blockPublicPolicy: false,
      ignorePublicAcls: false,
      restrictPublicBuckets: false,
    },
    local: ["skipDestroy"],
  }),
  setting("aws:s3/bucketOwnershipControls:BucketOwnershipControls", "S3 Bucket Ownership Controls", {
    formats: { "rule.objectOwnership": oneOf("BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter") },
  }),
  setting("aws:s3/bucketPolicy:BucketPolicy", "S3 Bucket Policy", {
    formats: { policy: json("Statement") },
    outputs: ({ inputs }) =>
      typeof inputs["policy"] === "object" ? { policy: JSON.stringify(inputs["policy"]) } : {},
    admit: refusePublicPolicy,
  }),
];

/** New buckets block public policies unless they are told not to. */
function refusePublicPolicy({ inputs, look }: Made): void {
  const isPublic = policy(inputs["policy"]).statements.some(
    (statement) =>
      statement["Effect"] === "Allow" &&
      (statement["Principal"] === "*" || object(statement["Principal"])["AWS"] === "*") &&
      statement["Condition"] === undefined,
  );
  const block = look.one(BUCKET_PUBLIC_ACCESS_BLOCK, inputs["bucket"], "bucket");
  if (!isPublic || block?.inputs["blockPublicPolicy"] === false) return;
  throw new CloudError(
    "AccessDenied",
    "User is not authorized to perform: s3:PutBucketPolicy because public policies are blocked by the BlockPublicPolicy block public access setting.",
    403,
  );
}

const bucketObject = model({
  type: OBJECT,
  title: "S3 Object",
  seconds: { create: 1, delete: 1 },
  defaults: { storageClass: "STANDARD", forceDestroy: false },
  formats: { kmsKeyId: isArn },
  rules: (inputs) => ({
    content:
      ["content", "contentBase64", "source"].filter((name) => name in inputs).length > 1 &&
      "only one of content, contentBase64 and source can be set",
  }),
  references: { bucket: { to: BUCKET, by: ["id", "arn"], cascade: true } },
  replacedBy: ["bucket", "key"],
  required: ["key"],
  id: ({ inputs }) => `${text(inputs, "bucket")}/${text(inputs, "key")}`,
  outputs: ({ inputs, hex, revision }) => ({
    arn: `arn:aws:s3:::${text(inputs, "bucket")}/${text(inputs, "key")}`,
    etag: createHash("md5").update(contentOf(inputs)).digest("hex"),
    versionId: hex(`version ${revision}`, 32),
    contentType: text(inputs, "contentType") || "application/octet-stream",
    serverSideEncryption: text(inputs, "serverSideEncryption") || "AES256",
  }),
});

function contentOf(inputs: Properties): string {
  return text(inputs, "content") || text(inputs, "contentBase64") || JSON.stringify(inputs["source"] ?? "");
}

export const STORAGE: readonly Model[] = [bucket, ...settings, bucketObject];
