{{/* Everything of one gateway: an app's chart has one template of one line, which includes this. */}}
{{- define "gateway-lib.gateway" -}}
{{- $parts := list "variables" "deployment" "service" "disruption" -}}
{{- if or .Values.tiers .Values.routes }}{{ $parts = append $parts "files" }}{{ end -}}
{{- if .Values.autoscaling.enabled }}{{ $parts = append $parts "autoscaler" }}{{ end -}}
{{- if .Values.networkPolicy.enabled }}{{ $parts = append $parts "network" }}{{ end -}}
{{- if .Values.serviceMonitor.enabled }}{{ $parts = append $parts "monitor" }}{{ end -}}
{{- range $part := $parts }}
---
{{ include (printf "gateway-lib.%s" $part) $ }}
{{- end }}
{{- end }}

{{- define "gateway-lib.name" -}}
{{ eq .Release.Name .Chart.Name | ternary .Chart.Name (printf "%s-%s" .Release.Name .Chart.Name) | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "gateway-lib.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "gateway-lib.labels" -}}
{{ include "gateway-lib.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: facet
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "gateway-lib.metadata" -}}
name: {{ include "gateway-lib.name" . }}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "gateway-lib.labels" . | nindent 2 }}
{{- end }}
