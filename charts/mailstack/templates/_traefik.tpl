{{/*
Values for the official chart of the cluster's own Traefik: what its entry points need for this install. From chart 27 (Traefik 2.11) on
expose is a mapping of Services.
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
  {{- if eq .Values.web.exposure "edge" }}
  {{- with include "mailstack.address.traefikPort" (list . "web") }}
  {{ $points.web }}:
    {{- . | nindent 4 }}
  {{- end }}
  {{ $points.websecure }}:
    # A router that names no entry point would else land on the mail ports, and stall them.
    asDefault: true
    {{- with include "mailstack.address.traefikPort" (list . "web") }}
    {{- . | nindent 4 }}
    {{- end }}
  {{- end }}
{{ include "mailstack.address.traefikService" . }}
{{- end -}}
