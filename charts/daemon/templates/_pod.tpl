{{/* The pod of a StatefulSet or Deployment. Takes (root, pod). */}}
{{- define "daemon.pod" -}}
{{- $root := index . 0 -}}
{{- $pod := index . 1 -}}
metadata:
  labels:
    {{- include "daemon.podLabels" (list $root $pod) | nindent 4 }}
  annotations:
    kubectl.kubernetes.io/default-container: {{ (first $pod.containers).name }}
    testnet/scripts: {{ include "daemon.scriptsVersion" $root | toJson }}
    {{- if eq $pod.kind "many" }}
    # What it keeps on its machine is worth nothing: an idle machine may go.
    cluster-autoscaler.kubernetes.io/safe-to-evict: "true"
    {{- end }}
    {{- with $pod.keysVersion }}
    testnet/keys: {{ . | toJson }}
    {{- end }}
spec:
  serviceAccountName: {{ $pod.name }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ add $pod.graceSeconds 30 }}
  {{- with $pod.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    seccompProfile: { type: RuntimeDefault }
    {{- with $pod.group }}
    fsGroup: {{ . }}
    fsGroupChangePolicy: OnRootMismatch
    {{- end }}
  {{- include "daemon.spread" (list $root $pod) | nindent 2 }}
  initContainers:
    - name: tools
      image: {{ $root.Values.images.shell | toJson }}
      command: ["/bin/busybox", "cp", "/bin/busybox", "/testnet/bin/busybox"]
      securityContext:
        {{- include "daemon.restricted" (dict "uid" 65534 "gid" 65534) | nindent 8 }}
      resources:
        requests: { cpu: 10m, memory: 16Mi }
        limits: { memory: 64Mi }
      volumeMounts:
        - { name: tools, mountPath: /testnet/bin }
    {{- range $index, $container := $pod.containers }}
    {{- if or $pod.lookups $container.secrets $container.files $container.shared }}
    {{- include "daemon.prepare" (list $root $pod $container $index) | nindent 4 }}
    {{- end }}
    {{- end }}
    {{- if $pod.keeper }}
    {{- include "daemon.keeper" (list $root $pod) | nindent 4 }}
    {{- end }}
  containers:
    {{- range $index, $container := $pod.containers }}
    {{- include "daemon.container" (list $root $pod $container $index) | nindent 4 }}
    {{- end }}
  volumes:
    {{- include "daemon.volumes" (list $root $pod) | nindent 4 }}
{{- end }}

{{/* Changes when a script does. */}}
{{- define "daemon.scriptsVersion" -}}
{{- printf "%s%s%s" (.Files.Get "files/prepare.mjs") (.Files.Get "files/keeper.mjs") (.Files.Get "files/start.sh") | sha256sum | trunc 8 -}}
{{- end }}

{{/* Takes a user (uid, gid), or nothing for root. */}}
{{- define "daemon.restricted" -}}
allowPrivilegeEscalation: false
capabilities: { drop: [ALL] }
{{- if . }}
runAsNonRoot: true
runAsUser: {{ .uid }}
runAsGroup: {{ .gid }}
readOnlyRootFilesystem: true
{{- else }}
runAsUser: 0
{{- end }}
{{- end }}

{{- define "daemon.spread" -}}
{{- $root := index . 0 -}}
{{- if ne $root.Values.spread "none" -}}
topologySpreadConstraints:
  {{- /* Zones are a wish: a volume binds its pod to one, and a rule could keep it from ever starting again. */}}
  - topologyKey: topology.kubernetes.io/zone
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: { testnet/network: {{ $root.Values.network }}, testnet/pool: {{ $root.Values.pool }} }
  - topologyKey: kubernetes.io/hostname
    maxSkew: 1
    whenUnsatisfiable: {{ eq $root.Values.spread "hard" | ternary "DoNotSchedule" "ScheduleAnyway" }}
    labelSelector:
      matchLabels: { testnet/network: {{ $root.Values.network }}, testnet/pool: {{ $root.Values.pool }} }
{{- end }}
{{- end }}

{{/* Brings a container its files and addresses, as the container's own user. Takes (root, pod, container, index). */}}
{{- define "daemon.prepare" -}}
{{- $root := index . 0 -}}
{{- $pod := index . 1 -}}
{{- $container := index . 2 -}}
{{- $index := index . 3 -}}
{{- $asks := include "daemon.asksNode" $pod -}}
{{- $settings := dict "daemon" $container.name "network" $root.Values.network "lookups" $pod.lookups "secrets" $container.secrets "secretEnv" $container.secretEnv "files" $container.files -}}
{{- if $pod.bundle -}}{{- $_ := set $settings "secretName" $pod.bundle.name -}}{{- end -}}
{{- if $container.shared -}}{{- $_ := set $settings "shared" $root.Values.shared.files -}}{{- end -}}
- name: prepare-{{ $index }}
  image: {{ $root.Values.images.node | toJson }}
  command: [node, /testnet/scripts/prepare.mjs]
  env:
    - name: TESTNET_PREPARE
      value: {{ include "daemon.literal" (toJson $settings) }}
    {{- if $asks }}
    - name: TESTNET_NODE
      valueFrom: { fieldRef: { fieldPath: spec.nodeName } }
    {{- end }}
  securityContext:
    {{- include "daemon.restricted" $container.user | nindent 4 }}
  resources:
    requests: { cpu: 20m, memory: 64Mi }
    limits: { memory: 256Mi }
  volumeMounts:
    - { name: scripts, mountPath: /testnet/scripts, readOnly: true }
    - { name: run-{{ $index }}, mountPath: /testnet/run }
    - { name: data-{{ $index }}, mountPath: /data }
    {{- if $container.secrets }}
    - { name: bundle, mountPath: /bundle, readOnly: true }
    - { name: keys-{{ $index }}, mountPath: /keys }
    {{- end }}
    {{- if $container.shared }}
    - { name: shared-{{ $index }}, mountPath: /shared }
    {{- if $root.Values.shared.configMap }}
    - { name: inline, mountPath: /inline, readOnly: true }
    {{- end }}
    {{- end }}
    {{- if $asks }}
    - { name: account, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true }
    {{- end }}
{{- end }}

{{/* A sidecar that starts before the daemon and ends after it. Takes (root, pod). */}}
{{- define "daemon.keeper" -}}
{{- $root := index . 0 -}}
{{- $pod := index . 1 -}}
{{- $settings := merge (dict "namespace" $root.Release.Namespace "leases" $pod.keeper.leases "port" $pod.keeper.port) $root.Values.lease -}}
- name: keeper
  image: {{ $root.Values.images.node | toJson }}
  command: [node, /testnet/scripts/keeper.mjs]
  restartPolicy: Always
  env:
    - name: TESTNET_KEEPER
      value: {{ include "daemon.literal" (toJson $settings) }}
    - name: TESTNET_HOLDER
      valueFrom: { fieldRef: { fieldPath: metadata.uid } }
  # The daemon is not started before the leases are held; a predecessor may take an hour to end.
  startupProbe:
    httpGet: { path: /, port: {{ $pod.keeper.port }} }
    periodSeconds: 2
    failureThreshold: 1800
  livenessProbe:
    httpGet: { path: /alive, port: {{ $pod.keeper.port }} }
    periodSeconds: 10
    timeoutSeconds: 5
  securityContext:
    {{- include "daemon.restricted" (dict "uid" 1000 "gid" 1000) | nindent 4 }}
  resources:
    requests: { cpu: 10m, memory: 64Mi }
    limits: { memory: 128Mi }
  volumeMounts:
    - { name: scripts, mountPath: /testnet/scripts, readOnly: true }
    - { name: account, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true }
{{- end }}

{{/* The daemon itself. Takes (root, pod, container, index). */}}
{{- define "daemon.container" -}}
{{- $pod := index . 1 -}}
{{- $container := index . 2 -}}
{{- $index := index . 3 -}}
{{- $names := list -}}
{{- range $container.env -}}{{- $names = append $names .name -}}{{- end -}}
- name: {{ $container.name }}
  image: {{ $container.image | toJson }}
  command: [/testnet/bin/busybox, sh, /testnet/scripts/start.sh]
  args:
    {{- range $container.command }}
    - {{ include "daemon.literal" . }}
    {{- end }}
  env:
    - name: HOME
      value: {{ include "daemon.literal" $container.home }}
    {{- range $container.env }}
    - name: {{ .name }}
      value: {{ include "daemon.literal" .value }}
    {{- end }}
    - name: TESTNET_MARKED_ENV
      value: {{ join " " $names | toJson }}
    {{- if $container.leased }}
    - name: TESTNET_KEEPER
      value: http://127.0.0.1:{{ $pod.keeper.port }}/
    {{- end }}
  {{- with $container.ports }}
  ports:
    {{- range . }}
    - name: {{ .name }}
      containerPort: {{ .number }}
      protocol: {{ .protocol }}
      {{- if .public }}
      hostPort: {{ .number }}
      {{- end }}
    {{- end }}
  {{- end }}
  {{- include "daemon.probes" (list $pod $container) | nindent 2 }}
  securityContext:
    {{- include "daemon.restricted" $container.user | nindent 4 }}
  # No limit of the processor: a daemon that is held back falls behind its chain while cores are idle.
  resources:
    requests: { cpu: {{ $container.resources.cpuMilli }}m, memory: {{ $container.resources.memoryMiB }}Mi }
    limits: { memory: {{ $container.resources.memoryLimitMiB }}Mi }
  volumeMounts:
    - { name: tools, mountPath: /testnet/bin, readOnly: true }
    - { name: scripts, mountPath: /testnet/scripts, readOnly: true }
    - { name: run-{{ $index }}, mountPath: /testnet/run, readOnly: true }
    - { name: data-{{ $index }}, mountPath: /data }
    {{- if $container.secrets }}
    - { name: keys-{{ $index }}, mountPath: /keys }
    {{- end }}
    {{- if $container.shared }}
    - { name: shared-{{ $index }}, mountPath: /shared, readOnly: true }
    {{- end }}
    {{- if $container.user }}
    - { name: tmp-{{ $index }}, mountPath: /tmp }
    # Sockets and process ids, where the rest of the image is read-only.
    - { name: sockets-{{ $index }}, mountPath: /run }
    {{- if not (has $container.home (list "/" "/tmp" "/run" "/data")) }}
    - { name: home-{{ $index }}, mountPath: {{ $container.home | toJson }} }
    {{- end }}
    {{- end }}
{{- end }}

{{/* Takes a probe. */}}
{{- define "daemon.question" -}}
{{- if eq .kind "http" -}}
httpGet: { path: {{ .path | toJson }}, port: {{ .port }} }
{{- else if eq .kind "tcp" -}}
tcpSocket: { port: {{ .port }} }
{{- else -}}
exec: { command: [/testnet/bin/busybox, nc, -w, "3", 127.0.0.1, {{ .port | toString | toJson }}, -e, /testnet/bin/busybox, "true"] }
{{- end }}
timeoutSeconds: 5
{{- end }}

{{/*
A daemon is ready when it answers, alone or not: nothing asks whether it has peers. Takes (pod, container).
Where leases are held, the liveness probe asks the keeper, from the first second on: there is no startup probe, which would
put it off, and the daemon is killed at once instead of taking its time.
*/}}
{{- define "daemon.probes" -}}
{{- $pod := index . 0 -}}
{{- $container := index . 1 -}}
{{- with $container.probe -}}
readinessProbe:
  {{- include "daemon.question" . | nindent 2 }}
  periodSeconds: 10
  failureThreshold: 3
{{- end }}
{{- if $container.leased }}
livenessProbe:
  httpGet: { path: /, port: {{ $pod.keeper.port }} }
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 2
  terminationGracePeriodSeconds: 10
{{- else if $container.probe }}
startupProbe:
  {{- include "daemon.question" $container.probe | nindent 2 }}
  periodSeconds: 10
  failureThreshold: {{ div (add $container.startupSeconds 9) 10 }}
livenessProbe:
  {{- include "daemon.question" (merge (dict "kind" (eq $container.probe.kind "loopback" | ternary "loopback" "tcp")) $container.probe) | nindent 2 }}
  periodSeconds: 30
  failureThreshold: 10
{{- end }}
{{- end }}

{{- define "daemon.volumes" -}}
{{- $root := index . 0 -}}
{{- $pod := index . 1 -}}
- name: tools
  emptyDir: { sizeLimit: 16Mi }
- name: scripts
  configMap: { name: {{ include "daemon.scripts" $root }} }
{{- if $pod.bundle }}
- {{ merge (dict "name" "bundle") $pod.bundle.volume | toYaml | nindent 2 | trim }}
{{- end }}
{{- if or $pod.keeper (include "daemon.asksNode" $pod) }}
- name: account
  projected:
    sources:
      - serviceAccountToken: { path: token, expirationSeconds: 3600 }
      - configMap: { name: kube-root-ca.crt, items: [{ key: ca.crt, path: ca.crt }] }
{{- end }}
{{- $shared := false }}
{{- range $index, $container := $pod.containers }}
- name: run-{{ $index }}
  emptyDir: { medium: Memory, sizeLimit: 16Mi }
- name: data-{{ $index }}
  {{- if and (eq $pod.kind "one") $container.storageGiB }}
  persistentVolumeClaim: { claimName: {{ include "daemon.claim" (list $root $container) }} }
  {{- else }}
  emptyDir: {{ if $container.storageGiB }}{ sizeLimit: {{ $container.storageGiB }}Gi }{{ else }}{}{{ end }}
  {{- end }}
{{- if $container.secrets }}
- name: keys-{{ $index }}
  emptyDir: { medium: Memory, sizeLimit: 64Mi }
{{- end }}
{{- if $container.shared }}
{{- $shared = true }}
- name: shared-{{ $index }}
  emptyDir: {}
{{- end }}
{{- if $container.user }}
- name: tmp-{{ $index }}
  emptyDir: {}
- name: sockets-{{ $index }}
  emptyDir: { sizeLimit: 64Mi }
{{- if not (has $container.home (list "/" "/tmp" "/run" "/data")) }}
- name: home-{{ $index }}
  emptyDir: {}
{{- end }}
{{- end }}
{{- end }}
{{- if and $shared $root.Values.shared.configMap }}
- name: inline
  configMap: { name: {{ $root.Values.shared.configMap }} }
{{- end }}
{{- end }}
