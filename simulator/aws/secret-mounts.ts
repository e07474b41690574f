import { parse } from "yaml";
import { CloudError, type PodIdentity, type SecretMounts, type Seen } from "../cloud/model";
import { list, object, text } from "./common";
import { allows } from "./policies";
import { ADDON, POD_IDENTITY_ASSOCIATION, ROLE, ROLE_POLICY, SECRET } from "./types";

const ACTIONS = {
  read: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
  write: ["secretsmanager:PutSecretValue"],
} as const;

/** Hands pods the credentials of their associations. */
const AGENT = "eks-pod-identity-agent";

/** The AWS provider of the Secrets Store CSI driver, by EKS Pod Identity. */
export const secretMounts: SecretMounts = {
  driver: "secrets-store.csi.k8s.io",
  provider: "aws",

  asked: (parameters) => {
    if (parameters["usePodIdentity"] !== "true") {
      throw new CloudError(
        "InvalidParameter",
        "usePodIdentity is not set, and IAM roles of service accounts are not simulated",
      );
    }
    const objects = list(parse(parameters["objects"] ?? "")).map(object);
    if (objects.length === 0) throw new CloudError("InvalidParameter", "objects names no secret");
    return objects.map((one) => text(one, "objectName"));
  },

  find: (name, cluster, { region }) => {
    const here = region ?? cluster.site.region;
    const isNamed = ({ id, inputs }: Seen) => id === name || inputs["name"] === name;
    return cluster.look.all(SECRET).find((secret) => secret.site.region === here && isNamed(secret));
  },

  refusal: (pod, secret, may) => {
    const { cluster, namespace, serviceAccount } = pod;
    const hasAgent = cluster.look
      .all(ADDON)
      .some(({ inputs }) => inputs["clusterName"] === cluster.id && inputs["addonName"] === AGENT);
    if (!hasAgent) return `no credentials: the add-on ${AGENT} does not run in cluster ${cluster.id}`;
    const association = cluster.look
      .all(POD_IDENTITY_ASSOCIATION)
      .find(
        ({ inputs }) =>
          inputs["clusterName"] === cluster.id &&
          inputs["namespace"] === namespace &&
          inputs["serviceAccount"] === serviceAccount,
      );
    const role = association && cluster.look.one(ROLE, association.inputs["roleArn"], "arn");
    if (role === undefined) {
      return `no EKS Pod Identity association of service account ${namespace}/${serviceAccount} in cluster ${cluster.id}`;
    }
    return refusedTo(pod, role, secret, may);
  },

  missing: () => "ResourceNotFoundException: Secrets Manager can't find the specified secret.",
};

function refusedTo(pod: PodIdentity, role: Seen, secret: Seen, may: "read" | "write"): string | undefined {
  const tags = {
    "eks-cluster-arn": text(pod.cluster.attributes, "arn"),
    "eks-cluster-name": pod.cluster.id,
    "kubernetes-namespace": pod.namespace,
    "kubernetes-service-account": pod.serviceAccount,
  };
  const trust = [role.attributes["assumeRolePolicy"]];
  const untrusted = ["sts:AssumeRole", "sts:TagSession"].find(
    (action) => !allows(trust, { action, context: prefixed("aws:RequestTag/", tags) }),
  );
  if (untrusted !== undefined) {
    return `AccessDenied: pods.eks.amazonaws.com is not authorized to perform: ${untrusted} on resource: ${text(role.attributes, "arn")}`;
  }
  const rights = pod.cluster.look
    .all(ROLE_POLICY)
    .filter(({ inputs }) => inputs["role"] === role.id)
    .map(({ inputs }) => inputs["policy"]);
  const context = prefixed("aws:PrincipalTag/", tags);
  const denied = ACTIONS[may].find((action) => !allows(rights, { action, resource: secret.id, context }));
  if (denied === undefined) return undefined;
  return `AccessDeniedException: ${text(role.attributes, "arn")} is not authorized to perform: ${denied} on resource: ${secret.id} because no identity-based policy allows the ${denied} action`;
}

function prefixed(prefix: string, tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}${key}`, value]));
}
