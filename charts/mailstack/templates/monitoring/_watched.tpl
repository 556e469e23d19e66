{{/* The components that serve metrics. */}}
{{- define "mailstack.monitoring.watched" -}}
{{- if and (eq .Values.edge.mode "bundled") .Values.edge.metrics.enabled }}
- edge
{{- end }}
{{- if .Values.truehop.logs.enabled }}
- truehop
{{- end }}
{{- end -}}
