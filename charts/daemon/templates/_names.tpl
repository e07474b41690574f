{{/* Labels that say what something is. */}}
{{- define "daemon.names" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: {{ .Values.network }}
testnet/network: {{ .Values.network }}
testnet/cluster: {{ .Values.cluster | toJson }}
testnet/pool: {{ .Values.pool }}
{{- end }}

{{/* Labels of every object but pods. */}}
{{- define "daemon.labels" -}}
{{ include "daemon.names" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- range $name, $value := .Values.labels }}
{{ $name }}: {{ $value | toJson }}
{{- end }}
{{- end }}

{{/* Labels that say to which pod something belongs. Takes (pod). */}}
{{- define "daemon.whose" -}}
app.kubernetes.io/component: {{ .role }}
testnet/role: {{ .role }}
testnet/daemon: {{ .name }}
{{- end }}

{{/* Labels of a pod: nothing in them changes while the network lives, for that would start every daemon again. Takes (root, pod). */}}
{{- define "daemon.podLabels" -}}
{{ include "daemon.names" (index . 0) }}
{{ include "daemon.whose" (index . 1) }}
{{- end }}

{{/* Labels of what stands beside a pod. Takes (root, pod). */}}
{{- define "daemon.besideLabels" -}}
{{ include "daemon.labels" (index . 0) }}
{{ include "daemon.whose" (index . 1) }}
{{- end }}

{{/* By what Services, policies and controllers find a pod. Takes (root, pod). */}}
{{- define "daemon.selector" -}}
testnet/network: {{ (index . 0).Values.network }}
testnet/daemon: {{ (index . 1).name }}
{{- end }}

{{/* The claim of a container's volume: of its era, so that a new chain starts with an empty one. Takes (root, container). */}}
{{- define "daemon.claim" -}}
data-e{{ (index . 0).Values.era }}-{{ (index . 1).name }}
{{- end }}

{{- define "daemon.scripts" -}}
{{ .Release.Name }}-scripts
{{- end }}

{{/* A text as YAML in which Kubernetes expands nothing: it would take $(NAME) for a variable, and $$ for $. */}}
{{- define "daemon.literal" -}}
{{ . | replace "$" "$$" | toJson }}
{{- end }}

{{/* Whether a pod talks to the API server. Takes (pod). Empty for no. */}}
{{- define "daemon.asksNode" -}}
{{- range .lookups }}{{ if eq .kind "node" }}yes{{ end }}{{ end }}
{{- end }}

{{/* Whether a pod has a port of its machine. Takes (pod). Empty for no. */}}
{{- define "daemon.isPublic" -}}
{{- range .containers }}{{ range .ports }}{{ if .public }}yes{{ end }}{{ end }}{{ end }}
{{- end }}

{{/* Ports of a Service. */}}
{{- define "daemon.ports" -}}
{{- range . }}
- name: {{ .name }}
  port: {{ .number }}
  targetPort: {{ .number }}
  protocol: {{ .protocol }}
{{- end }}
{{- end }}
