/** How a kind stands in the paths of the API. */
export interface KindInfo {
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Kinds that a light cluster knows, by apiVersion: it has no discovery of its own. */
export const KNOWN_KINDS: Readonly<Record<string, readonly KindInfo[]>> = {
  v1: [
    cluster("Namespace"),
    cluster("Node"),
    cluster("PersistentVolume"),
    inNamespace("ConfigMap"),
    inNamespace("PersistentVolumeClaim"),
    inNamespace("Pod"),
    inNamespace("Secret"),
    inNamespace("Service"),
    inNamespace("ServiceAccount"),
  ],
  "apps/v1": [inNamespace("Deployment"), inNamespace("DaemonSet"), inNamespace("StatefulSet")],
  "batch/v1": [inNamespace("Job"), inNamespace("CronJob")],
  "coordination.k8s.io/v1": [inNamespace("Lease")],
  "monitoring.coreos.com/v1": [
    inNamespace("PodMonitor"),
    inNamespace("PrometheusRule"),
    inNamespace("ServiceMonitor"),
  ],
  "networking.k8s.io/v1": [{ kind: "NetworkPolicy", plural: "networkpolicies", namespaced: true }],
  "policy/v1": [inNamespace("PodDisruptionBudget")],
  "rbac.authorization.k8s.io/v1": [
    inNamespace("Role"),
    inNamespace("RoleBinding"),
    cluster("ClusterRole"),
    cluster("ClusterRoleBinding"),
  ],
  "scheduling.k8s.io/v1": [{ kind: "PriorityClass", plural: "priorityclasses", namespaced: false }],
  "secrets-store.csi.x-k8s.io/v1": [
    { kind: "SecretProviderClass", plural: "secretproviderclasses", namespaced: true },
  ],
  "storage.k8s.io/v1": [{ kind: "StorageClass", plural: "storageclasses", namespaced: false }],
};

function inNamespace(kind: string): KindInfo {
  return { kind, plural: `${kind.toLowerCase()}s`, namespaced: true };
}

function cluster(kind: string): KindInfo {
  return { kind, plural: `${kind.toLowerCase()}s`, namespaced: false };
}

/** Where the kinds of an apiVersion stand: `/api/v1`, `/apis/apps/v1`. */
export function groupPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}
