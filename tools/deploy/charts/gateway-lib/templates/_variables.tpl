{{/* The environment of docs/configuration.md that is no secret. */}}
{{- define "gateway-lib.variables" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "gateway-lib.metadata" . | nindent 2 }}
data:
  {{- range $name, $value := .Values.env }}
  {{ $name }}: {{ $value | quote }}
  {{- end }}
  NODE_ENV: production
  # The pod's own address; the network policy keeps clients from the management port.
  HOST: 0.0.0.0
  PORT: {{ .Values.port | quote }}
  MANAGEMENT_HOST: 0.0.0.0
  MANAGEMENT_PORT: {{ .Values.managementPort | quote }}
  DRAIN_DELAY_MS: {{ int .Values.drain.delayMs | quote }}
  DRAIN_GRACE_MS: {{ int .Values.drain.graceMs | quote }}
  {{- if .Values.apiKeys.secretName }}
  API_KEYS_FILE: /etc/facet/api-keys/{{ .Values.apiKeys.key }}
  {{- end }}
  {{- if .Values.tls.secretName }}
  TLS_CERT_FILE: /etc/facet/tls/tls.crt
  TLS_KEY_FILE: /etc/facet/tls/tls.key
  {{- end }}
  {{- if .Values.tiers }}
  TIERS_FILE: /etc/facet/files/tiers.yaml
  {{- end }}
  {{- if .Values.routes }}
  ROUTES_FILE: /etc/facet/files/routes.yaml
  {{- end }}
{{- end }}

{{- define "gateway-lib.files" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "gateway-lib.name" . }}-files
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "gateway-lib.labels" . | nindent 4 }}
data:
  {{- with .Values.tiers }}
  tiers.yaml: |
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.routes }}
  routes.yaml: |
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
