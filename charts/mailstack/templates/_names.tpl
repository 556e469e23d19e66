{{/* The chart's name in labels. */}}
{{- define "mailstack.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* What the names of all objects begin with. 40 characters leave room for component, pod number and revision hash. */}}
{{- define "mailstack.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Name of a component's objects. Takes (list $ "mta"). */}}
{{- define "mailstack.names.component" -}}
{{- if ne (len .) 2 }}{{ fail "mailstack.names.component takes (list $ component)" }}{{ end -}}
{{- printf "%s-%s" (include "mailstack.fullname" (index . 0)) (index . 1) -}}
{{- end -}}

{{/* Host name of a Service of this release, whole, so that no search list is walked. Takes (list $ "mta"). */}}
{{- define "mailstack.names.host" -}}
{{- $root := index . 0 -}}
{{- printf "%s.%s.svc.%s" (include "mailstack.names.component" .) $root.Release.Namespace $root.Values.clusterDomain -}}
{{- end -}}

{{/* Name of the Secret with the certificate for mail and web. */}}
{{- define "mailstack.names.tlsSecret" -}}
{{- if eq .Values.tls.source "existingSecret" -}}
{{- .Values.tls.existingSecret -}}
{{- else -}}
{{- include "mailstack.names.component" (list . "tls") -}}
{{- end -}}
{{- end -}}

{{/* Name of a component's ServiceAccount. Takes (list $ "mta"). */}}
{{- define "mailstack.names.serviceAccount" -}}
{{- $account := (index (index . 0).Values (index . 1)).serviceAccount -}}
{{- if $account.create -}}
{{- default (include "mailstack.names.component" .) $account.name -}}
{{- else -}}
{{- default "default" $account.name -}}
{{- end -}}
{{- end -}}

{{/* Name of a component's claim. Takes (list $ "mta"). */}}
{{- define "mailstack.names.claim" -}}
{{- $persistence := (index (index . 0).Values (index . 1)).persistence -}}
{{- default (include "mailstack.names.component" .) $persistence.existingClaim -}}
{{- end -}}

{{/* The domain below which hostname stands: example.com of mail.example.com. */}}
{{- define "mailstack.names.domain" -}}
{{- $labels := splitList "." .Values.hostname -}}
{{- if gt (len $labels) 2 }}{{ rest $labels | join "." }}{{ else }}{{ .Values.hostname }}{{ end -}}
{{- end -}}

{{- define "mailstack.names.postmaster" -}}
{{- default (printf "postmaster@%s" (include "mailstack.names.domain" .)) .Values.postmaster -}}
{{- end -}}

{{/* The name mail clients are told: for sending (mta) or reading (mda). Takes (list $ "mta"). */}}
{{- define "mailstack.names.public" -}}
{{- $root := index . 0 -}}
{{- if eq $root.Values.edge.mode "direct" -}}
{{- default $root.Values.hostname (index $root.Values.edge.direct (printf "%sHostname" (index . 1))) -}}
{{- else -}}
{{- $root.Values.hostname -}}
{{- end -}}
{{- end -}}
