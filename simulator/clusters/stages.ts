import { stringify } from "yaml";

/**
 * What the simulated kubelets and disks do, as stages of kwok, which brings none of its own. Containers start and jobs
 * finish at once; probes are never run. A pod with the annotation {@link FAIL_ANNOTATION} never becomes ready: what it
 * says stands as the reason in its status.
 */
export const FAIL_ANNOTATION = "rehearsal.testnet/fail";

/** Set on a pod that needs secrets when it has got them. */
export const SECRETS_ANNOTATION = "rehearsal.testnet/secrets";

/** Drivers that mount secrets of a cloud as files. */
export const SECRET_DRIVERS = ["secrets-store.csi.k8s.io", "secrets-store-gke.csi.k8s.io"] as const;

/** The environment variable that names the secret which a container writes. */
export const WRITTEN_SECRET = "SECRET_ID";

const NOW = "{{ Now | Quote }}";

interface Expression {
  readonly key: string;
  readonly operator: "Exists" | "DoesNotExist" | "In" | "NotIn";
  readonly values?: readonly string[];
}

const exists = (key: string): Expression => ({ key, operator: "Exists" });
const missing = (key: string): Expression => ({ key, operator: "DoesNotExist" });
const isIn = (key: string, ...values: string[]): Expression => ({ key, operator: "In", values });
const isNotIn = (key: string, ...values: string[]): Expression => ({ key, operator: "NotIn", values });

function stage(
  name: string,
  resource: { apiGroup: string; kind: string },
  matchExpressions: readonly Expression[],
  next: Readonly<Record<string, unknown>>,
): object {
  return {
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "Stage",
    metadata: { name },
    spec: { resourceRef: resource, selector: { matchExpressions }, next },
  };
}

const POD = { apiGroup: "v1", kind: "Pod" };
const NODE = { apiGroup: "v1", kind: "Node" };
const CLAIM = { apiGroup: "v1", kind: "PersistentVolumeClaim" };
const VOLUME = { apiGroup: "v1", kind: "PersistentVolume" };

const LIVING = missing(".metadata.deletionTimestamp");
const FAILS = `.metadata.annotations["${FAIL_ANNOTATION}"]`;
const READY = '.status.conditions.[] | select( .type == "Ready" ) | .status';

const NODE_READY = `
conditions:
{{ range NodeConditions }}
- lastHeartbeatTime: ${NOW}
  lastTransitionTime: ${NOW}
  message: {{ .message | Quote }}
  reason: {{ .reason | Quote }}
  status: {{ .status | Quote }}
  type: {{ .type | Quote }}
{{ end }}
phase: Running
`;

const CONTAINERS_RUN = `
containerStatuses:
{{ range .spec.containers }}
- image: {{ .image | Quote }}
  name: {{ .name | Quote }}
  ready: true
  started: true
  restartCount: 0
  state: { running: { startedAt: ${NOW} } }
{{ end }}
`;

const INIT_CONTAINERS_DONE = `
initContainerStatuses:
{{ range .spec.initContainers }}
- image: {{ .image | Quote }}
  name: {{ .name | Quote }}
  ready: true
  restartCount: 0
  {{ if eq .restartPolicy "Always" }}
  started: true
  state: { running: { startedAt: ${NOW} } }
  {{ else }}
  state: { terminated: { exitCode: 0, finishedAt: ${NOW}, reason: Completed, startedAt: ${NOW} } }
  {{ end }}
{{ end }}
`;

const ADDRESSES = `
{{ $hostIPs := NodeIPsWith .spec.nodeName }}
{{ with $hostIPs }}
hostIP: {{ index . 0 | Quote }}
hostIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
{{ $podIPs := PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) }}
{{ with $podIPs }}
podIP: {{ index . 0 | Quote }}
podIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
`;

const POD_READY = `
conditions:
- { lastTransitionTime: ${NOW}, status: "True", type: Initialized }
- { lastTransitionTime: ${NOW}, status: "True", type: Ready }
- { lastTransitionTime: ${NOW}, status: "True", type: ContainersReady }
{{ range .spec.readinessGates }}
- { lastTransitionTime: ${NOW}, status: "True", type: {{ .conditionType | Quote }} }
{{ end }}
${CONTAINERS_RUN}
${INIT_CONTAINERS_DONE}
${ADDRESSES}
phase: Running
startTime: ${NOW}
`;

const POD_FAILED = `
conditions:
- { lastTransitionTime: ${NOW}, status: "False", type: Ready, reason: ContainersNotReady }
containerStatuses:
{{ $why := index .metadata.annotations "${FAIL_ANNOTATION}" }}
{{ range .spec.containers }}
- image: {{ .image | Quote }}
  name: {{ .name | Quote }}
  ready: false
  started: false
  restartCount: 3
  state: { waiting: { reason: CrashLoopBackOff, message: {{ $why | Quote }} } }
{{ end }}
startTime: ${NOW}
`;

const POD_COMPLETE = `
containerStatuses:
{{ range .spec.containers }}
- image: {{ .image | Quote }}
  name: {{ .name | Quote }}
  ready: false
  started: false
  restartCount: 0
  state: { terminated: { exitCode: 0, finishedAt: ${NOW}, reason: Completed, startedAt: ${NOW} } }
{{ end }}
phase: Succeeded
`;

const PROVISIONER = "volume.kubernetes.io/storage-provisioner";

const VOLUME_OF_CLAIM = `
apiVersion: v1
kind: PersistentVolume
metadata:
  name: pvc-{{ .metadata.uid }}
  annotations:
    pv.kubernetes.io/provisioned-by: {{ index .metadata.annotations "${PROVISIONER}" | Quote }}
spec:
  accessModes:
  {{ YAML .spec.accessModes 2 }}
  capacity:
  {{ YAML .spec.resources.requests 2 }}
  persistentVolumeReclaimPolicy: Delete
  storageClassName: {{ .spec.storageClassName | Quote }}
  volumeMode: {{ default "Filesystem" .spec.volumeMode | Quote }}
  csi:
    driver: {{ index .metadata.annotations "${PROVISIONER}" | Quote }}
    volumeHandle: {{ .metadata.uid | Quote }}
  claimRef:
    apiVersion: v1
    kind: PersistentVolumeClaim
    name: {{ .metadata.name | Quote }}
    namespace: {{ .metadata.namespace | Quote }}
    uid: {{ .metadata.uid | Quote }}
`;

/** A disk for each claim that a pod waits for; the controller manager binds the two. */
function volumeForClaim(): object {
  const wanted = [
    LIVING,
    missing(".spec.volumeName"),
    // Both: with the first alone the driver is not known yet, and cannot be changed later.
    exists('.metadata.annotations["volume.kubernetes.io/selected-node"]'),
    exists(`.metadata.annotations["${PROVISIONER}"]`),
  ];
  const document = stage("volume-provision", CLAIM, wanted, {}) as { spec: Record<string, unknown> };
  delete document.spec["next"];
  document.spec["steps"] = [{ apply: { template: VOLUME_OF_CLAIM } }];
  return document;
}

/** A pod that needs secrets starts when it has got them, any other at once. */
function podReady(secretsAreChecked: boolean): object[] {
  const waiting = [LIVING, missing(FAILS), isIn(".status.phase", "Pending"), isNotIn(READY, "True")];
  const ready = (name: string, ...more: Expression[]) =>
    stage(name, POD, [...waiting, ...more], { statusTemplate: POD_READY });
  if (!secretsAreChecked) return [ready("pod-ready")];
  const drivers = ".spec.volumes.[].csi.driver";
  const variables = ".spec.containers.[].env.[].name";
  return [
    ready("pod-ready", isNotIn(drivers, ...SECRET_DRIVERS), isNotIn(variables, WRITTEN_SECRET)),
    ready("pod-ready-with-secrets", exists(`.metadata.annotations["${SECRETS_ANNOTATION}"]`)),
  ];
}

/**
 * The stages as the text of a configuration of kwok.
 * @param secretsAreChecked whether somebody says of each pod that needs secrets that it has got them
 */
export function stages(secretsAreChecked: boolean): string {
  const all = [
    stage("node-ready", NODE, [isNotIn(READY, "True")], { statusTemplate: NODE_READY }),
    ...podReady(secretsAreChecked),
    stage(
      "pod-fail",
      POD,
      [LIVING, exists(FAILS), isIn(".status.phase", "Pending"), missing(".status.containerStatuses")],
      { statusTemplate: POD_FAILED },
    ),
    stage(
      "pod-complete",
      POD,
      [LIVING, isIn(".status.phase", "Running"), isIn(".metadata.ownerReferences.[].kind", "Job")],
      { statusTemplate: POD_COMPLETE },
    ),
    stage("pod-delete", POD, [exists(".metadata.deletionTimestamp")], { delete: true }),
    volumeForClaim(),
    stage("volume-delete", VOLUME, [isIn(".status.phase", "Released")], {
      finalizers: { empty: true },
      delete: true,
    }),
  ];
  return all.map((document) => stringify(document)).join("---\n");
}
