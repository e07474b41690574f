import { isWithin } from "../../plugin/difference";

/** Inputs that the API server does not let change: a new object is made. By kind; `*` for all. */
const IMMUTABLE: Readonly<Record<string, readonly string[]>> = {
  "*": ["apiVersion", "kind", "metadata.name", "metadata.namespace"],
  Job: [
    "spec.template",
    "spec.selector",
    "spec.completions",
    "spec.completionMode",
    "spec.podFailurePolicy",
    "spec.manualSelector",
  ],
  StorageClass: [
    "provisioner",
    "parameters",
    "reclaimPolicy",
    "volumeBindingMode",
    "mountOptions",
    "allowedTopologies",
  ],
  Deployment: ["spec.selector"],
  DaemonSet: ["spec.selector"],
  StatefulSet: ["spec.selector", "spec.serviceName", "spec.podManagementPolicy", "spec.volumeClaimTemplates"],
  PersistentVolumeClaim: ["spec.accessModes", "spec.storageClassName", "spec.volumeName", "spec.volumeMode"],
  RoleBinding: ["roleRef"],
  ClusterRoleBinding: ["roleRef"],
  PriorityClass: ["value", "preemptionPolicy"],
  // The provider replaces these unless it is told that they may change in place.
  ConfigMap: ["data", "binaryData"],
  Secret: ["type", "stringData", "data"],
};

/** Kinds whose contents change in place when the provider's configuration says so, by the option that says it. */
const MUTABLE_BY_OPTION: Readonly<Record<string, string>> = {
  ConfigMap: "enableConfigMapMutable",
  Secret: "enableSecretMutable",
};

/** Whether a change at `path` makes a new object. */
export function replacesObject(
  kind: string,
  path: string,
  options: Readonly<Record<string, unknown>>,
): boolean {
  const option = MUTABLE_BY_OPTION[kind];
  const mutable = option !== undefined && isTrue(options[option]);
  const above = [...(IMMUTABLE["*"] ?? []), ...(mutable ? [] : (IMMUTABLE[kind] ?? []))];
  return above.some((one) => isWithin(path, one) || isWithin(one, path));
}

/** Configuration of a provider arrives as JSON text. */
function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}
