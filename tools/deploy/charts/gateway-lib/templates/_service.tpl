{{/* Clients get the public port only: the management port is reached pod by pod. */}}
{{- define "gateway-lib.service" -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "gateway-lib.metadata" . | nindent 2 }}
  {{- with .Values.service.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: {{ .Values.service.type }}
  selector:
    {{- include "gateway-lib.selector" . | nindent 4 }}
  ports:
    - name: public
      port: {{ .Values.port }}
      targetPort: public
      appProtocol: {{ ternary "https" "http" (not (empty .Values.tls.secretName)) }}
{{- end }}

{{- define "gateway-lib.disruption" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "gateway-lib.metadata" . | nindent 2 }}
spec:
  maxUnavailable: {{ .Values.disruption.maxUnavailable }}
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "gateway-lib.selector" . | nindent 6 }}
{{- end }}

{{- define "gateway-lib.autoscaler" -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  {{- include "gateway-lib.metadata" . | nindent 2 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "gateway-lib.name" . }}
  minReplicas: {{ .Values.autoscaling.minReplicas }}
  maxReplicas: {{ .Values.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ .Values.autoscaling.targetCPUPercent }}
  behavior:
    # Fewer instances mean a larger share of local limits for each: not at every lull.
    scaleDown:
      stabilizationWindowSeconds: 300
{{- end }}
