import { createHash } from "node:crypto";
import { matching, oneOf } from "../cloud/formats";
import { CloudError, type Model } from "../cloud/model";
import { model, projectNumber, text, timestamp } from "./common";
import { isStorageLocation } from "./regions";
import { BUCKET, CRYPTO_KEY } from "./types";

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
      md5hexhash: Buffer.from(hash, "base64").toString("hex"),
      detectMd5hash: hash,
      crc32c: made.hex("crc", 8),
      contentType: text(made.inputs, "contentType") || "text/plain; charset=utf-8",
      generation: parseInt(made.hex("generation", 12), 16),
      mediaLink: link,
      selfLink: link,
    };
  },
});

export const STORAGE: readonly Model[] = [bucket, bucketObject];
