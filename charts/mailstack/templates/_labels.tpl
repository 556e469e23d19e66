{{/* Labels that select a component's pods. Never change them: a selector cannot be changed. Takes (list $ "mta"). */}}
{{- define "mailstack.labels.selector" -}}
{{- if ne (len .) 2 }}{{ fail "mailstack.labels.selector takes (list $ component)" }}{{ end -}}
app.kubernetes.io/name: {{ include "mailstack.name" (index . 0) }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* Labels of a component's objects. Takes (list $ "mta"). */}}
{{- define "mailstack.labels" -}}
{{- $root := index . 0 -}}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "mailstack.labels.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: mailstack
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
{{- end -}}

{{/*
Metadata of an object: name, namespace, labels, and annotations where there are any.
Takes (dict "root" $ "component" "mta" "name" "…"? "labels" {}? "annotations" {}?).
*/}}
{{- define "mailstack.metadata" -}}
name: {{ default (include "mailstack.names.component" (list .root .component)) .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- merge (dict) (default dict .labels) (include "mailstack.labels" (list .root .component) | fromYaml) | toYaml | nindent 2 }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
