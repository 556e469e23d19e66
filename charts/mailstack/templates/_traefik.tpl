{{/*
Values for the official chart of the cluster's own Traefik: what its entry points need for this install. Two things follow from its
version: from chart 27 (Traefik 2.11) on expose is a mapping of Services, and from chart 28 (3.0) on a port has its timeouts.
*/}}
{{- define "mailstack.traefik.values" -}}
{{- $points := .Values.edge.existing.entryPoints -}}
{{- $onHost := .Values.edge.existing.hostNetwork -}}
ports:
  {{- range include "mailstack.ports.enabled" . | fromYamlArray }}
  {{ index $points .name }}:
    port: {{ ternary .port (add 10000 .port) $onHost }}
    {{- if $onHost }}
    hostPort: {{ .port }}
    {{- end }}
    exposedPort: {{ .port }}
    expose: {{ ternary "{default: true}" "true" (semverCompare ">=2.11-0" (default "3" $.Values.edge.existing.version)) }}
    protocol: TCP
    {{- with include "mailstack.address.traefikPort" (list $ "mail") }}
    {{- . | nindent 4 }}
    {{- end }}
  {{- end }}
{{- range $name, $port := dict "web" 80 "websecure" 443 }}
{{- with include "mailstack.traefik.webPort" (list $ $port) }}
  {{ index $points $name }}:
    {{- . | trim | nindent 4 }}
{{- end }}
{{- end }}
{{- with include "mailstack.traefik.arguments" . | fromYamlArray }}
additionalArguments:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{ include "mailstack.address.traefikService" . }}
{{- end -}}

{{/* What an entry point of the web needs. Takes (list $ 443). */}}
{{- define "mailstack.traefik.webPort" -}}
{{- $root := index . 0 -}}
{{- $isThree := include "mailstack.existing.isThree" $root -}}
{{- if $isThree }}
# A router that names no entry point lands on all of them unless some are the default, and an HTTPS router on a mail port stalls it.
asDefault: true
{{- end }}
{{- if $root.Values.edge.existing.hostNetwork }}
port: {{ index . 1 }}
hostPort: {{ index . 1 }}
{{- end }}
{{- if eq $root.Values.web.exposure "edge" }}
{{- with include "mailstack.address.traefikPort" (list $root "web") }}
{{ . }}
{{- end }}
{{- if $isThree }}
# Traefik gives a request one minute, which an attachment on a slow line exceeds.
transport:
  respondingTimeouts:
    readTimeout: 10m
{{- end }}
{{- end }}
{{- end -}}

{{/* Timeouts as arguments, for a chart whose ports have none. */}}
{{- define "mailstack.traefik.arguments" -}}
{{- $points := .Values.edge.existing.entryPoints -}}
{{- if not (include "mailstack.existing.isThree" .) }}
{{- range include "mailstack.ports.enabled" . | fromYamlArray }}
{{- include "mailstack.address.readTimeoutArg" (list $ (index $points .name)) }}
{{- end }}
{{- if eq .Values.web.exposure "edge" }}
- --entryPoints.{{ $points.web }}.transport.respondingTimeouts.readTimeout=10m
- --entryPoints.{{ $points.websecure }}.transport.respondingTimeouts.readTimeout=10m
{{- end }}
{{- end }}
{{- end -}}
