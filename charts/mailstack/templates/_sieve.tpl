{{/*
Mail that filter rules send to the outside: mta and mda know each other by a certificate of an authority that signs nothing else, so
no address, and no other pod, may relay.
*/}}

{{/* The Secret with tls.crt, tls.key and ca.crt, which both of them mount. */}}
{{- define "mailstack.sieve.secretName" -}}
{{- default (include "mailstack.names.component" (list . "sieve")) .Values.mda.sieve.existingSecret -}}
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

{{/* The name in it, by which mda reaches mta. */}}
{{- define "mailstack.sieve.hostName" -}}
{{- include "mailstack.names.host" (list . "mta-internal") -}}
{{- end -}}

{{- define "mailstack.sieve.volume" -}}
name: sieve
secret:
  secretName: {{ include "mailstack.sieve.secretName" . }}
  items:
    - {key: tls.crt, path: tls.crt}
    - {key: tls.key, path: tls.key}
    - {key: ca.crt, path: ca.crt}
{{- end -}}
