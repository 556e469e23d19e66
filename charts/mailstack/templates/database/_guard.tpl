{{/*
A sentence where the claim says that it holds another database, or another version of it, than the values ask for; else nothing. Where
no cluster answers, the pod's init container says so.
*/}}
{{- define "mailstack.guard.databaseVersion" -}}
{{- if and (eq .Values.database.mode "bundled") .Values.database.persistence.enabled -}}
{{- $name := include "mailstack.names.claim" (list . "database") -}}
{{- $found := dig "metadata" "annotations" "mailstack/database" "" (lookup "v1" "PersistentVolumeClaim" .Release.Namespace $name) -}}
{{- $wanted := printf "%s-%s" .Values.database.driver (include "mailstack.database.major" .) -}}
{{- if and $found (ne $found $wanted) -}}
{{- if hasPrefix .Values.database.driver $found -}}
database.images.{{ .Values.database.driver }}.tag: the claim {{ $name }} holds files of {{ $found }}, not of {{ $wanted }}, and files of one version are not for another; write the tag it had, dump the database, and load the dump into a new claim (database.persistence.existingClaim)
{{- else -}}
database.driver: the claim {{ $name }} holds files of {{ $found }}, not of {{ $wanted }}; write the driver it had, or another claim (database.persistence.existingClaim)
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
