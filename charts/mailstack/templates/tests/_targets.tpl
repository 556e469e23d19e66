{{/* Open mail ports as "name:host:port" by blanks: at the edge, the cluster's Traefik, or the servers themselves. */}}
{{- define "mailstack.tests.targets" -}}
{{- $targets := list -}}
{{- range include "mailstack.ports.enabled" . | fromYamlArray -}}
{{- $targets = append $targets (printf "%s:%s:%v" .name (include "mailstack.tests.host" (list $ .)) .port) -}}
{{- end -}}
{{- join " " $targets -}}
{{- end -}}

{{/* What no pod beside the stack's may reach, as "host:port" by blanks: the stack's own ports, and those that believe a header. */}}
{{- define "mailstack.tests.closed" -}}
{{- $closed := list -}}
{{- if ne .Values.edge.mode "direct" -}}
{{- range include "mailstack.ports.enabled" . | fromYamlArray }}{{ $closed = append $closed (printf "%s:%v" (include "mailstack.names.host" (list $ .server)) .port) }}{{ end -}}
{{- end -}}
{{- range list (list "mta" "inner-smtp") (list "mta" "inner-submit") (list "mda" "inner-imap") (list "mda" "lmtp") (list "mda" "auth") (list "filter" "milter") (list "redis" "redis") -}}
{{- $closed = append $closed (include "mailstack.ports.address" (concat (list $) .)) -}}
{{- end -}}
{{- join " " $closed -}}
{{- end -}}

{{/* Annotations of a test. */}}
{{- define "mailstack.tests.annotations" -}}
{{- merge (dict "helm.sh/hook" "test" "helm.sh/hook-delete-policy" "before-hook-creation") .Values.tests.annotations | toYaml -}}
{{- end -}}
