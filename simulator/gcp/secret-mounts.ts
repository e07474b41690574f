import { parse } from "yaml";
import { CloudError, type SecretMounts } from "../cloud/model";
import { list, object, projectNumber, text } from "./common";
import { SECRET, SECRET_MEMBER } from "./types";

/** Roles that let read a version, or add one. */
const ROLES = {
  read: ["roles/secretmanager.secretAccessor", "roles/secretmanager.admin"],
  write: ["roles/secretmanager.secretVersionAdder", "roles/secretmanager.secretVersionManager"],
} as const;

const PERMISSIONS = { read: "secretmanager.versions.access", write: "secretmanager.versions.add" } as const;

/** The Secret Manager add-on of GKE, by Workload Identity Federation. */
export const secretMounts: SecretMounts = {
  driver: "secrets-store-gke.csi.k8s.io",
  provider: "gke",

  asked: ({ secrets = "" }) => {
    const named = list(parse(secrets)).map((one) => text(object(one), "resourceName"));
    const wrong = named.find(
      (name) => !/^projects\/[^/]+\/secrets\/[^/]+\/versions\/(latest|\d+)$/.test(name),
    );
    if (named.length === 0 || wrong !== undefined) {
      throw new CloudError("InvalidArgument", `secrets names no version of a secret: ${wrong ?? secrets}`);
    }
    return named;
  },

  find: (name, cluster) => {
    const id = name.replace(/\/versions\/.*$/, "");
    const secrets = cluster.look.all(SECRET);
    return secrets.find((secret) =>
      [secret.id, secret.attributes["name"], secret.inputs["secretId"]].includes(id),
    );
  },

  refusal: ({ cluster, namespace, serviceAccount }, secret, may) => {
    const { account } = cluster.site;
    const pool = text(object(cluster.inputs["workloadIdentityConfig"]), "workloadPool");
    const principal = `principal://iam.googleapis.com/projects/${projectNumber(account)}/locations/global/workloadIdentityPools/${pool}/subject/ns/${namespace}/sa/${serviceAccount}`;
    const isOn = (value: unknown) =>
      [secret.id, secret.attributes["name"], secret.inputs["secretId"]].includes(value);
    const isGranted = cluster.look
      .all(SECRET_MEMBER)
      .some(
        ({ inputs }) =>
          isOn(inputs["secretId"]) &&
          inputs["member"] === principal &&
          ROLES[may].some((role) => role === inputs["role"]),
      );
    if (pool !== "" && isGranted) return undefined;
    return `rpc error: code = PermissionDenied desc = Permission '${PERMISSIONS[may]}' denied for ${principal} on resource '${secret.id}' (or it may not exist).`;
  },

  missing: (name) => `rpc error: code = NotFound desc = Secret [${name}] not found or has no versions.`,
};
