{{/*
A component's claim: an object of its own, so that it may grow and outlive the workload. Takes (list $ "mta").
A StatefulSet's own claim templates could neither be changed nor be deleted with the release.
*/}}
{{- define "mailstack.claim" -}}
{{- $root := index . 0 -}}
{{- $persistence := (index $root.Values (index . 1)).persistence -}}
{{- if and $persistence.enabled (not $persistence.existingClaim) -}}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  {{- $annotations := merge (dict) $persistence.annotations (include "mailstack.secrets.keep" $root | fromYaml) (default dict (include "mailstack.claim.annotations" . | fromYaml)) }}
  {{- include "mailstack.metadata" (dict "root" $root "component" (index . 1) "labels" $persistence.labels "annotations" $annotations) | nindent 2 }}
spec:
  accessModes:
    {{- toYaml $persistence.accessModes | nindent 4 }}
  {{- with $persistence.storageClass }}
  storageClassName: {{ . | quote }}
  {{- end }}
  resources:
    requests:
      storage: {{ $persistence.size }}
{{- end -}}
{{- end -}}

{{/* The database's claim records whose files it holds. Takes (list $ "mta"). */}}
{{- define "mailstack.claim.annotations" -}}
{{- if eq (index . 1) "database" -}}
mailstack/database: {{ printf "%s-%s" (index . 0).Values.database.driver (include "mailstack.database.major" (index . 0)) }}
{{- end -}}
{{- end -}}

{{/* The volume behind it. Takes (list $ "mta"). */}}
{{- define "mailstack.claim.volume" -}}
{{- $persistence := (index (index . 0).Values (index . 1)).persistence -}}
name: data
{{- if $persistence.enabled }}
persistentVolumeClaim:
  claimName: {{ include "mailstack.names.claim" . }}
{{- else }}
emptyDir: {}
{{- end }}
{{- end -}}
