{{- define "gateway-lib.network" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "gateway-lib.metadata" . | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "gateway-lib.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    {{- with .Values.networkPolicy.clients }}
    - from:
        {{- toYaml . | nindent 8 }}
      ports:
        - port: public
    {{- end }}
    {{- with .Values.networkPolicy.monitoring }}
    - from:
        {{- toYaml . | nindent 8 }}
      ports:
        - port: management
    {{- end }}
  egress:
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: kube-system
      ports:
        - { port: 53, protocol: UDP }
        - { port: 53, protocol: TCP }
    {{- with .Values.networkPolicy.upstreams }}
    - to:
        {{- toYaml . | nindent 8 }}
    {{- end }}
{{- end }}
