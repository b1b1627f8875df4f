{{- define "gateway-lib.pod" -}}
# Longer than the longest drain. There is no preStop hook: the gateway itself serves on for DRAIN_DELAY_MS after SIGTERM.
terminationGracePeriodSeconds: {{ div (add .Values.drain.delayMs .Values.drain.graceMs 5999) 1000 }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
topologySpreadConstraints:
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - topologyKey: {{ . }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "gateway-lib.selector" $ | nindent 8 }}
  {{- end }}
containers:
  {{- include "gateway-lib.container" . | nindent 2 }}
{{- with include "gateway-lib.volumes" . }}
volumes:
  {{- . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "gateway-lib.container" -}}
- name: gateway
  image: {{ printf "%s/%s:%s" .Values.image.registry .Chart.Name (.Values.image.tag | default .Chart.AppVersion) }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  securityContext:
    allowPrivilegeEscalation: false
    readOnlyRootFilesystem: true
    capabilities:
      drop: [ALL]
  ports:
    - name: public
      containerPort: {{ .Values.port }}
    - name: management
      containerPort: {{ .Values.managementPort }}
  envFrom:
    - configMapRef:
        name: {{ include "gateway-lib.name" . }}
    {{- range .Values.envFromSecrets }}
    - secretRef:
        name: {{ . }}
    {{- end }}
  # Up to 30 s to start; then liveness asks only whether the process answers, readiness whether to send it requests.
  startupProbe:
    {{- include "gateway-lib.probe" "live" | nindent 4 }}
    periodSeconds: 1
    failureThreshold: 30
  livenessProbe:
    {{- include "gateway-lib.probe" "live" | nindent 4 }}
    periodSeconds: 10
    failureThreshold: 3
  readinessProbe:
    {{- include "gateway-lib.probe" "ready" | nindent 4 }}
    periodSeconds: 5
    failureThreshold: 1
  resources:
    {{- toYaml .Values.resources | nindent 4 }}
  {{- with include "gateway-lib.mounts" . }}
  volumeMounts:
    {{- . | nindent 4 }}
  {{- end }}
{{- end }}

{{- define "gateway-lib.probe" -}}
httpGet:
  path: /health/{{ . }}
  port: management
timeoutSeconds: 2
{{- end }}
