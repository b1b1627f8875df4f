{{/* Whole folders, not single files (subPath): only folders follow a change of their object. */}}
{{- define "gateway-lib.volumes" -}}
{{- with .Values.apiKeys.secretName }}
- name: api-keys
  secret: { secretName: {{ . }}, defaultMode: 0440 }
{{- end }}
{{- with .Values.tls.secretName }}
- name: tls
  secret: { secretName: {{ . }}, defaultMode: 0440 }
{{- end }}
{{- if or .Values.tiers .Values.routes }}
- name: files
  configMap: { name: {{ include "gateway-lib.name" . }}-files }
{{- end }}
{{- end }}

{{- define "gateway-lib.mounts" -}}
{{- if .Values.apiKeys.secretName }}
- { name: api-keys, mountPath: /etc/facet/api-keys, readOnly: true }
{{- end }}
{{- if .Values.tls.secretName }}
- { name: tls, mountPath: /etc/facet/tls, readOnly: true }
{{- end }}
{{- if or .Values.tiers .Values.routes }}
- { name: files, mountPath: /etc/facet/files, readOnly: true }
{{- end }}
{{- end }}
