{{/*
Secrets: taken from where the values say, or generated once, kept by the cluster and derived from a seed where there is none.
*/}}

{{/* What can be generated, as a mapping of concern: its key in the generated Secret, and its length. */}}
{{- define "mailstack.secrets.all" -}}
database: {key: database-password, length: 32}
databaseRoot: {key: database-root-password, length: 32}
redis: {key: redis-password, length: 32}
controller: {key: controller-password, length: 32}
doveadm: {key: doveadm-api-key, length: 32}
roundcube: {key: roundcube-des-key, length: 24}
admin: {key: admin-password, length: 20}
{{- end -}}

{{- define "mailstack.secrets.generatedName" -}}
{{- include "mailstack.names.component" (list . "secrets") -}}
{{- end -}}

{{/* The concerns that this install generates, as a list. */}}
{{- define "mailstack.secrets.generated" -}}
{{- range $concern, $_ := include "mailstack.secrets.all" . | fromYaml }}
{{- if eq (include "mailstack.secrets.isNeeded" (list $ $concern)) "true" }}
{{- if not (include "mailstack.secrets.existing" (list $ $concern)) }}
- {{ $concern }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* "true" for a concern that this install has. Takes (list $ "database"). */}}
{{- define "mailstack.secrets.isNeeded" -}}
{{- $values := (index . 0).Values -}}
{{- $concern := index . 1 -}}
{{- if eq $concern "databaseRoot" -}}
{{- if and (eq $values.database.mode "bundled") (eq $values.database.driver "mysql") }}true{{ end -}}
{{- else if eq $concern "admin" -}}
{{- if $values.setup.admin }}true{{ end -}}
{{- else -}}
true
{{- end -}}
{{- end -}}

{{/* Name of the user's own Secret for a concern, if any. Takes (list $ "database"). */}}
{{- define "mailstack.secrets.existing" -}}
{{- $values := (index . 0).Values -}}
{{- $concern := index . 1 -}}
{{- if eq $concern "admin" -}}
{{- $values.setup.existingSecret -}}
{{- else if ne $concern "databaseRoot" -}}
{{- (index $values.secrets $concern).existingSecret -}}
{{- end -}}
{{- end -}}

{{/* Where a concern's secret is: name and key, for a secretKeyRef. Takes (list $ "database"). */}}
{{- define "mailstack.secrets.ref" -}}
{{- if ne (len .) 2 }}{{ fail "mailstack.secrets.ref takes (list $ concern)" }}{{ end -}}
{{- $values := (index . 0).Values -}}
{{- $concern := index . 1 -}}
{{- with include "mailstack.secrets.existing" . -}}
name: {{ . }}
key: {{ eq $concern "admin" | ternary $values.setup.key (dig $concern "key" "" $values.secrets) }}
{{- else -}}
name: {{ include "mailstack.secrets.generatedName" (index . 0) }}
key: {{ get (include "mailstack.secrets.all" . | fromYaml) $concern | dig "key" "" }}
{{- end -}}
{{- end -}}

{{/* An environment entry from a secret. Takes (list $ "DB_PASSWORD" "database"). */}}
{{- define "mailstack.secrets.env" -}}
- name: {{ index . 1 }}
  valueFrom:
    secretKeyRef:
      {{- include "mailstack.secrets.ref" (list (index . 0) (index . 2)) | nindent 6 }}
{{- end -}}

{{/*
A generated value: the one the cluster has, else one that follows from the seed, else a new one. Nothing where it could not be
kept: a guard refuses that. Letters and digits only, since the images paste passwords into addresses and command lines.
Takes (list $ {key, length}).
*/}}
{{- define "mailstack.secrets.value" -}}
{{- $root := index . 0 -}}
{{- $wanted := index . 1 -}}
{{- $stored := dig "data" dict (lookup "v1" "Secret" $root.Release.Namespace (include "mailstack.secrets.generatedName" $root)) -}}
{{- if hasKey $stored $wanted.key -}}
{{- get $stored $wanted.key | b64dec -}}
{{- else if $root.Values.secrets.seed -}}
{{- printf "%s/%s/%s/%s" $root.Values.secrets.seed $root.Release.Namespace (include "mailstack.fullname" $root) $wanted.key | sha256sum | trunc (int $wanted.length) -}}
{{- else if include "mailstack.cluster.isLive" $root -}}
{{- randAlphaNum (int $wanted.length) -}}
{{- end -}}
{{- end -}}

{{/* What keeps an object over uninstall, for Helm and for Argo CD. Annotations. */}}
{{- define "mailstack.secrets.keep" -}}
helm.sh/resource-policy: keep
argocd.argoproj.io/sync-options: Prune=false,Delete=false
{{- end -}}
