import { matching } from "../cloud/formats";
import { CloudError, type Made, type Model, type Reference } from "../cloud/model";
import { model, NAMED, object, text } from "./common";
import { BUCKET, CLUSTER, CRYPTO_KEY, REPOSITORY, SECRET, SECRET_MEMBER, SERVICE_ACCOUNT } from "./types";

const isRole = matching(
  /^(roles\/[a-zA-Z0-9.]+|(projects|organizations)\/[^/]+\/roles\/[\w.]+)$/,
  "not a role such as roles/storage.objectViewer",
);

const isMember = matching(
  /^(allUsers|allAuthenticatedUsers|(user|serviceAccount|group|domain|projectOwner|projectEditor|projectViewer):.+|principal(Set)?:\/\/.+)$/,
  "not a member such as serviceAccount:NAME@PROJECT.iam.gserviceaccount.com",
);

/** Somebody's role on something. */
function membership(type: string, on: string, target?: Readonly<Record<string, Reference>>): Model {
  const [path] = Object.keys(target ?? {});
  return model({
    type,
    title: "IAM Member",
    seconds: { create: 6, delete: 6 },
    formats: { role: isRole, member: isMember },
    ...(target !== undefined && { references: target }),
    replacedBy: "all",
    ...(path === undefined && { global: true }),
    id: ({ inputs, site }) => {
      const parent = path === undefined ? site.account : text(inputs, path);
      const condition = text(object(inputs["condition"]), "title");
      return [parent, text(inputs, "role"), text(inputs, "member"), condition]
        .filter((part) => part !== "")
        .join("/");
    },
    outputs: ({ hex }) => ({ etag: hex("etag", 12) }),
    admit: (made) => refuseMember(made, on),
  });
}

function refuseMember({ inputs, site, look }: Made, on: string): void {
  const member = text(inputs, "member");
  const email = member.replace(/^serviceAccount:/, "");
  const isOurs = email !== member && email.endsWith(`@${site.account}.iam.gserviceaccount.com`);
  if (isOurs && look.one(SERVICE_ACCOUNT, email, "email") === undefined) {
    throw new CloudError("badRequest", `Service account ${email} does not exist.`);
  }
  const [, pool] = /workloadIdentityPools\/([^/]+\.svc\.id\.goog)\//.exec(member) ?? [];
  // The pool of a project comes into being with its first cluster that has workload identity.
  const hasPool = look
    .all(CLUSTER)
    .some((cluster) => object(cluster.inputs["workloadIdentityConfig"])["workloadPool"] === pool);
  if (pool !== undefined && !hasPool) {
    throw new CloudError(
      "badRequest",
      `Identity Pool does not exist (${pool}). Please check that you specified a valid resource name as returned in the \`name\` attribute in the configuration API.`,
    );
  }
  const isPublic = member === "allUsers" || member === "allAuthenticatedUsers";
  const bucket = on === "bucket" ? look.one(BUCKET, inputs["bucket"]) : undefined;
  if (isPublic && bucket?.inputs["publicAccessPrevention"] === "enforced") {
    throw new CloudError(
      "conditionNotMet",
      "The member bindings allUsers and allAuthenticatedUsers are not allowed since public access prevention is enforced.",
      412,
    );
  }
}

export const MEMBERS: readonly Model[] = [
  membership("gcp:projects/iAMMember:IAMMember", "project"),
  membership("gcp:artifactregistry/repositoryIamMember:RepositoryIamMember", "repository", {
    repository: { to: REPOSITORY, by: [...NAMED, "repositoryId"], cascade: true },
  }),
  membership("gcp:storage/bucketIAMMember:BucketIAMMember", "bucket", {
    bucket: { to: BUCKET, cascade: true },
  }),
  membership(SECRET_MEMBER, "secret", {
    secretId: { to: SECRET, by: ["id", "secretId", "name"], cascade: true },
  }),
  membership("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", "key", {
    cryptoKeyId: { to: CRYPTO_KEY, cascade: true },
  }),
];
