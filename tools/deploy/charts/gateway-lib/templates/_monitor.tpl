{{/* Prometheus reads each pod's management port through a service of its own, which has no address. */}}
{{- define "gateway-lib.monitor" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "gateway-lib.name" . }}-metrics
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "gateway-lib.labels" . | nindent 4 }}
    app.kubernetes.io/component: metrics
spec:
  clusterIP: None
  selector:
    {{- include "gateway-lib.selector" . | nindent 4 }}
  ports:
    - name: management
      port: {{ .Values.managementPort }}
      targetPort: management
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ include "gateway-lib.name" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "gateway-lib.labels" . | nindent 4 }}
    {{- with .Values.serviceMonitor.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  jobLabel: app.kubernetes.io/name
  selector:
    matchLabels:
      {{- include "gateway-lib.selector" . | nindent 6 }}
      app.kubernetes.io/component: metrics
  endpoints:
    - port: management
      path: /metrics
      interval: {{ .Values.serviceMonitor.interval }}
{{- end }}
