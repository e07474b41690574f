import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import type { NetworkRelease } from "../../../components/kubernetes/network/releases";
import type { KubeObject } from "../../../simulator/kube/client";
import { APPLY, type KubeClient } from "../../../simulator/kube/client";
import { resolveTools } from "../../../tools/resolve";

const CHART = path.join(__dirname, "..", "..", "..", "charts", "daemon");

/** Objects of a release as real Helm renders them. @throws with Helm's words what it refuses */
export async function rendered(
  directory: string,
  namespace: string,
  { name, values }: Pick<NetworkRelease, "name"> & { readonly values: unknown },
): Promise<KubeObject[]> {
  const { helm } = await resolveTools(["helm"]);
  const file = path.join(directory, `${name}.json`);
  fs.writeFileSync(file, JSON.stringify(values));
  const { stdout } = await promisify(execFile)(
    helm.path,
    ["template", name, CHART, "--namespace", namespace, "--values", file],
    { maxBuffer: 64 * 1024 * 1024, env: { PATH: process.env["PATH"], HOME: directory } },
  );
  return parseAllDocuments(stdout).map((document) => document.toJS() as KubeObject);
}

const RESOURCES: Readonly<Record<string, string>> = {
  ConfigMap: "configmaps",
  Service: "services",
  ServiceAccount: "serviceaccounts",
  PersistentVolumeClaim: "persistentvolumeclaims",
  StatefulSet: "statefulsets",
  Deployment: "deployments",
  Lease: "leases",
  Role: "roles",
  RoleBinding: "rolebindings",
  ClusterRole: "clusterroles",
  ClusterRoleBinding: "clusterrolebindings",
  NetworkPolicy: "networkpolicies",
  PodDisruptionBudget: "poddisruptionbudgets",
  SecretProviderClass: "secretproviderclasses",
};

/** Where an object is in the API. */
export function pathOf(namespace: string, { apiVersion, kind, metadata }: KubeObject): string {
  const resource = RESOURCES[kind];
  if (resource === undefined) throw new Error(`the chart makes a ${kind}, which this test does not know`);
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const inside = kind.startsWith("Cluster") ? "" : `/namespaces/${namespace}`;
  return `${group}${inside}/${resource}/${metadata.name}`;
}

/** Applies an object as strictly as the API server can. */
export function applyStrictly(client: KubeClient, namespace: string, body: KubeObject): Promise<KubeObject> {
  const query = { fieldManager: "test", force: "true", fieldValidation: "Strict" };
  const path = pathOf(namespace, body);
  return client.request({ method: "PATCH", path, query, body, contentType: APPLY });
}

export type Json = Readonly<Record<string, unknown>>;

/** What stands at a path such as `spec.template.spec`. */
export function at(object: unknown, where: string): unknown {
  return where.split(".").reduce<unknown>((inner, key) => (inner as Json | undefined)?.[key], object);
}

export interface PodSpec {
  containers: Json[];
  initContainers: Json[];
  volumes: Json[];
  [key: string]: unknown;
}

/** The pod of a StatefulSet or Deployment. */
export function podSpec(object: KubeObject): PodSpec {
  return at(object, "spec.template.spec") as PodSpec;
}
