{{/*
"true" where a cluster answers look-ups, nothing where the chart is only rendered (helm template, Argo CD). Asks for what exists
wherever the release may go: the namespace's default account, or, before the namespace is made, the namespace default.
*/}}
{{- define "mailstack.cluster.isLive" -}}
{{- if lookup "v1" "ServiceAccount" .Release.Namespace "default" -}}
true
{{- else if lookup "v1" "Namespace" "" "default" -}}
true
{{- end -}}
{{- end -}}

{{/* The components that this install has, in the order of the call graph. */}}
{{- define "mailstack.components" -}}
{{- if eq .Values.edge.mode "bundled" }}
- edge
{{- end }}
- mta
- mda
- web
- filter
- unbound
- redis
{{- if eq .Values.database.mode "bundled" }}
- database
{{- end }}
{{- if .Values.fetchmail.enabled }}
- fetchmail
{{- end }}
{{- if .Values.truehop.logs.enabled }}
- truehop
{{- end }}
{{- end -}}
