{{/*
Mail that filter rules send to the outside: the mta believes mda by a client certificate of an authority that signs nothing else,
so no address, and no other pod, may relay.
*/}}

{{- define "mailstack.sieve.secretName" -}}
{{- default (include "mailstack.names.component" (list . "sieve-client")) .Values.mda.sieve.existingSecret -}}
{{- end -}}

{{/* How the certificate comes about: existing, certManager or generated. */}}
{{- define "mailstack.sieve.source" -}}
{{- if .Values.mda.sieve.existingSecret -}}
existing
{{- else if eq .Values.tls.source "certManager" -}}
certManager
{{- else -}}
generated
{{- end -}}
{{- end -}}
