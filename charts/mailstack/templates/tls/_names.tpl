{{/* Every name that the certificate has to hold, once each. */}}
{{- define "mailstack.tls.names" -}}
{{- $names := list .Values.hostname (include "mailstack.names.public" (list . "mta")) (include "mailstack.names.public" (list . "mda")) -}}
{{- concat $names .Values.web.extraHostnames .Values.tls.extraNames | uniq | toYaml -}}
{{- end -}}

{{/* A stored Secret's data, or nothing. Takes (list $ "name"). */}}
{{- define "mailstack.tls.stored" -}}
{{- dig "data" dict (lookup "v1" "Secret" (index . 0).Release.Namespace (index . 1)) | toYaml -}}
{{- end -}}
