{{- define "fullname" -}}
{{- if .Values.fullnameOverride -}}
{{ .Values.fullnameOverride }}
{{- else if contains "loki" .Release.Name -}}
{{ .Release.Name }}
{{- else -}}
{{ printf "%s-loki" .Release.Name | trunc 50 | trimSuffix "-" }}
{{- end -}}
{{- end -}}

{{- define "labels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .release }}
app.kubernetes.io/managed-by: Helm
rehearsal.testnet/stand-in: "true"
{{- end -}}
