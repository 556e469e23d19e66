{{/* No image is published, so a user has to have built one before anything can run by it. */}}
{{- define "mailstack.guard.truehop" -}}
{{- $image := .Values.truehop.image }}
{{- $account := .Values.truehop.serviceAccount }}
{{- if and .Values.truehop.logs.enabled (not $image.repository) }}
truehop.image.repository: is empty, and no image of truehop is published; build one by Containerfile (podman build -t registry.example.com/truehop:0.1.0 .), push it, and write its repository and tag, or leave truehop.logs.enabled off
{{- else if and $image.repository (not $image.tag) }}
truehop.image.tag: is empty, and {{ $image.repository }} is no image of this chart's version; write the tag that you built it with, for instance 0.1.0
{{- end }}
{{- if and .Values.truehop.logs.enabled (not $account.create) (not $account.name) }}
truehop.serviceAccount.name: is empty, and the account default of every pod here would be given the right to read logs; write the name of an account, or truehop.serviceAccount.create: true
{{- end }}
{{- end -}}
