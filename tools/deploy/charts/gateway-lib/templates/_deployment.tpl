{{- define "gateway-lib.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "gateway-lib.metadata" . | nindent 2 }}
spec:
  {{- if not .Values.autoscaling.enabled }}
  replicas: {{ .Values.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  selector:
    matchLabels:
      {{- include "gateway-lib.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "gateway-lib.selector" . | nindent 8 }}
        app.kubernetes.io/part-of: facet
      annotations:
        # The environment and these files are read once: a change needs new pods.
        facet/configuration: {{ print (include "gateway-lib.variables" .) (include "gateway-lib.files" .) | sha256sum }}
        {{- with .Values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      {{- include "gateway-lib.pod" . | nindent 6 }}
{{- end }}
