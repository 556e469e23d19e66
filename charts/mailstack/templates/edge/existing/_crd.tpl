{{/* The API group of an existing Traefik: the old one is gone since 3.0, the new one came with 2.10. */}}
{{- define "mailstack.existing.apiVersion" -}}
{{- ternary "traefik.io/v1alpha1" "traefik.containo.us/v1alpha1" (semverCompare ">=2.10-0" (default "3" .Values.edge.existing.version)) -}}
{{- end -}}

{{/* "true" for Traefik 3 and later. */}}
{{- define "mailstack.existing.isThree" -}}
{{- if semverCompare ">=3.0-0" (default "3" .Values.edge.existing.version) }}true{{ end -}}
{{- end -}}

{{/* Metadata of an object for Traefik. Takes (dict "root" $ "name" "smtp"). */}}
{{- define "mailstack.existing.metadata" -}}
{{- include "mailstack.metadata" (dict "root" .root "component" "edge" "name" (include "mailstack.names.component" (list .root .name))) -}}
{{- end -}}

{{/* TLS of the webmail; the curve that is newest is not known to every Traefik, so curves are left to it. */}}
{{- define "mailstack.existing.tlsOptions" -}}
{{- omit (include "mailstack.edge.tlsOptions" . | fromYaml) "curvePreferences" | toYaml -}}
{{- end -}}
