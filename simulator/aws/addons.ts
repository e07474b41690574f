import type { Clusters } from "../clusters/contract";
import { json, matching, oneOf } from "../cloud/formats";
import { CloudError, type Made, type Model, type Seen } from "../cloud/model";
import { arn, isArn, model, text, timestamp, trusts } from "./common";
import { clusterId } from "./eks-clusters";
import { desiredSize } from "./node-groups";
import { ADDON, CLUSTER, NODE_GROUP, POD_IDENTITY_ASSOCIATION, ROLE } from "./types";

/** Add-ons of EKS with their default versions; those with `pods` need a machine to become healthy. */
const ADDONS: Readonly<Record<string, { readonly version: string; readonly pods?: true }>> = {
  "vpc-cni": { version: "v1.21.1-eksbuild.1" },
  "kube-proxy": { version: "v1.35.0-eksbuild.2" },
  coredns: { version: "v1.13.1-eksbuild.1", pods: true },
  "eks-pod-identity-agent": { version: "v1.3.10-eksbuild.1" },
  "aws-ebs-csi-driver": { version: "v1.54.0-eksbuild.1", pods: true },
  "aws-secrets-store-csi-driver-provider": { version: "v2.2.2-eksbuild.1" },
  "eks-node-monitoring-agent": { version: "v1.4.2-eksbuild.1" },
  "metrics-server": { version: "v0.8.0-eksbuild.6", pods: true },
  "snapshot-controller": { version: "v8.3.0-eksbuild.1", pods: true },
  "external-dns": { version: "v0.19.0-eksbuild.3", pods: true },
  "cert-manager": { version: "v1.19.1-eksbuild.1", pods: true },
  "kube-state-metrics": { version: "v2.17.0-eksbuild.4", pods: true },
  "prometheus-node-exporter": { version: "v1.10.2-eksbuild.1" },
};

const addon = model({
  type: ADDON,
  title: "EKS Add-On",
  seconds: { create: 40, update: 40, delete: 20 },
  formats: {
    addonVersion: matching(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/, "a version such as v1.2.3-eksbuild.1"),
    configurationValues: json(),
    resolveConflictsOnCreate: oneOf("NONE", "OVERWRITE"),
    resolveConflictsOnUpdate: oneOf("NONE", "OVERWRITE", "PRESERVE"),
    serviceAccountRoleArn: isArn,
    "podIdentityAssociations[].roleArn": isArn,
  },
  references: {
    clusterName: { to: CLUSTER, cascade: true },
    serviceAccountRoleArn: { to: ROLE, by: ["arn"], loose: true },
    "podIdentityAssociations[].roleArn": { to: ROLE, by: ["arn"], loose: true },
  },
  local: ["resolveConflictsOnCreate", "resolveConflictsOnUpdate", "preserve"],
  replacedBy: ["clusterName", "addonName"],
  unique: {
    by: ["clusterName", "addonName"],
    per: "region",
    words: () => new CloudError("ResourceInUseException", "Addon already exists.", 409),
  },
  id: ({ inputs }) => `${text(inputs, "clusterName")}:${text(inputs, "addonName")}`,
  outputs: (made) => {
    const { inputs, site, hex } = made;
    const name = text(inputs, "addonName");
    return {
      arn: arn("eks", site, `addon/${text(inputs, "clusterName")}/${name}/${hex("arn", 8)}`),
      addonVersion: text(inputs, "addonVersion") || (ADDONS[name]?.version ?? ""),
      createdAt: timestamp(made),
      modifiedAt: timestamp(made),
    };
  },
  admit: refuseAddon,
  afterPut: async (made, clusters) => {
    await tellCluster(made, clusters, addonsOf(made));
    return undefined;
  },
  afterDelete: (made, clusters) => tellCluster(made, clusters, addonsOf(made)),
});

function refuseAddon({ inputs, look }: Made): void {
  const name = text(inputs, "addonName");
  const known = ADDONS[name];
  if (known === undefined) {
    throw new CloudError(
      "InvalidParameterException",
      `Addon ${name} specified is not supported in ${text(look.one(CLUSTER, inputs["clusterName"])?.attributes ?? {}, "version")} kubernetes version`,
    );
  }
  const isHere = (group: Seen) => group.inputs["clusterName"] === inputs["clusterName"];
  const runs = look.all(NODE_GROUP).some((group) => isHere(group) && desiredSize(group.inputs) > 0);
  if (known.pods !== true || runs) return;
  throw new CloudError(
    "InsufficientNumberOfReplicas",
    "unexpected state 'DEGRADED', wanted target 'ACTIVE'. last error: InsufficientNumberOfReplicas: The add-on is unhealthy because it doesn't have the desired number of replicas.",
  );
}

function addonsOf({ inputs, look }: Made): string[] {
  const here = look.all(ADDON).filter((other) => other.inputs["clusterName"] === inputs["clusterName"]);
  return here.map((other) => text(other.inputs, "addonName")).sort();
}

async function tellCluster({ inputs, site }: Made, clusters: Clusters, names: string[]): Promise<void> {
  const id = clusterId(site, text(inputs, "clusterName"));
  if ((await clusters.access(id)) !== undefined) await clusters.setAddons(id, names);
}

const podIdentityAssociation = model({
  type: POD_IDENTITY_ASSOCIATION,
  title: "EKS Pod Identity Association",
  seconds: { create: 1, delete: 1 },
  formats: { roleArn: isArn, namespace: isKubernetesName, serviceAccount: isKubernetesName },
  references: {
    clusterName: { to: CLUSTER, cascade: true },
    roleArn: { to: ROLE, by: ["arn"], loose: true },
  },
  replacedBy: ["clusterName", "namespace", "serviceAccount"],
  unique: {
    by: ["clusterName", "namespace", "serviceAccount"],
    per: "region",
    words: ({ id }) => new CloudError("ResourceInUseException", `Association already exists: ${id}`, 409),
  },
  id: ({ hex }) => `a-${hex("id", 17)}`,
  outputs: ({ id, inputs, site }) => ({
    associationId: id,
    associationArn: arn("eks", site, `podidentityassociation/${text(inputs, "clusterName")}/${id}`),
  }),
  admit: ({ inputs, look }) => {
    const role = look.one(ROLE, inputs["roleArn"], "arn");
    if (role === undefined || trusts(role.attributes, "pods.eks.amazonaws.com")) return;
    throw new CloudError(
      "InvalidParameterException",
      "Trust policy of the role provided is not valid: it must allow pods.eks.amazonaws.com to assume and tag the role",
    );
  },
});

function isKubernetesName(value: unknown): string | undefined {
  return matching(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, "not a name of Kubernetes")(value);
}

export const ADD_ONS: readonly Model[] = [addon, podIdentityAssociation];
