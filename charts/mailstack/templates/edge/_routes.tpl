{{/* Traefik's dynamic configuration. Mail goes through as it comes: its servers hold the certificate, as STARTTLS needs. */}}
{{- define "mailstack.edge.routes" -}}
{{- $mail := include "mailstack.ports.enabled" . | fromYamlArray -}}
{{- if $mail }}
tcp:
  routers:
    {{- range $mail }}
    {{ .name }}:
      entryPoints: [{{ .name }}]
      rule: HostSNI(`*`)
      service: {{ .name }}
    {{- end }}
  services:
    {{- range $mail }}
    {{ .name }}:
      loadBalancer:
        serversTransport: mail
        servers:
          - address: {{ include "mailstack.names.host" (list $ .server) }}:{{ .port }}
    {{- end }}
  serversTransports:
    mail:
      {{- include "mailstack.address.transport" . | nindent 6 }}
{{- end }}
{{- if include "mailstack.edge.hasWeb" . }}
{{ include "mailstack.edge.webRoutes" . }}
{{- end }}
{{- end -}}

{{/* A rule for the names of the webmail. */}}
{{- define "mailstack.edge.hostRule" -}}
{{- $rules := list -}}
{{- range concat (list .Values.hostname) .Values.web.extraHostnames }}{{ $rules = append $rules (printf "Host(`%s`)" .) }}{{ end -}}
{{- if gt (len $rules) 1 }}({{ join " || " $rules }}){{ else }}{{ first $rules }}{{ end -}}
{{- end -}}

{{/*
The names that challenges come for, as {host, id}. Each has a solver pod of its own, which answers for no other name; cert-manager marks
it with a checksum of the name. A wildcard cannot be proven this way.
*/}}
{{- define "mailstack.edge.challenges" -}}
{{- range include "mailstack.tls.names" . | fromYamlArray }}
{{- if not (hasPrefix "*" .) }}
- {host: {{ . }}, id: {{ adler32sum . | quote }}}
{{- end }}
{{- end }}
{{- end -}}

{{- define "mailstack.edge.webRoutes" -}}
{{- $http := .Values.edge.http -}}
{{- $hosts := include "mailstack.edge.hostRule" . -}}
http:
  routers:
    {{- if .Values.tls.certManager.http01 }}
    # Challenges come by HTTP, and have to be answered before anything is sent on to HTTPS.
    {{- range include "mailstack.edge.challenges" . | fromYamlArray }}
    acme-{{ .id }}:
      entryPoints: [web]
      rule: Host(`{{ .host }}`) && PathPrefix(`/.well-known/acme-challenge/`)
      priority: 1000
      service: acme-{{ .id }}
    {{- end }}
    {{- end }}
    {{- if $http.redirect }}
    redirect:
      entryPoints: [web]
      rule: PathPrefix(`/`)
      priority: 1
      middlewares: [redirect]
      service: noop@internal
    {{- else }}
    plain:
      entryPoints: [web]
      rule: {{ $hosts }} && !PathPrefix(`/rspamd`)
      service: web
    {{- end }}
    web:
      entryPoints: [websecure]
      rule: {{ $hosts }} && !PathPrefix(`/rspamd`)
      {{- if $http.hsts.enabled }}
      middlewares: [hsts]
      {{- end }}
      service: web
      tls: {options: web}
    {{- if .Values.web.rspamdNetworks }}
    rspamd:
      entryPoints: [websecure]
      rule: {{ $hosts }} && PathPrefix(`/rspamd`)
      middlewares: [rspamd{{ if $http.hsts.enabled }}, hsts{{ end }}]
      service: web
      tls: {options: web}
    {{- end }}
  {{- if or $http.redirect $http.hsts.enabled .Values.web.rspamdNetworks }}
  middlewares:
    {{- if $http.redirect }}
    redirect:
      redirectScheme: {scheme: https, permanent: true}
    {{- end }}
    {{- if $http.hsts.enabled }}
    hsts:
      headers:
        stsSeconds: {{ $http.hsts.maxAge | int64 }}
        stsIncludeSubdomains: {{ $http.hsts.includeSubdomains }}
    {{- end }}
    {{- with .Values.web.rspamdNetworks }}
    rspamd:
      ipAllowList:
        sourceRange:
          {{- include "mailstack.address.cidrs" . | nindent 10 }}
    {{- end }}
  {{- end }}
  services:
    web:
      loadBalancer:
        servers:
          - url: http://{{ include "mailstack.ports.address" (list . "web" "http") }}
    {{- if .Values.tls.certManager.http01 }}
    {{- range include "mailstack.edge.challenges" . | fromYamlArray }}
    acme-{{ .id }}:
      loadBalancer:
        servers:
          - url: http://{{ include "mailstack.names.host" (list $ (printf "acme-%s" .id)) }}:8089
    {{- end }}
    {{- end }}
tls:
  stores:
    default:
      defaultCertificate:
        certFile: /etc/traefik/dynamic/mailstack/tls.crt
        keyFile: /etc/traefik/dynamic/mailstack/tls.key
  options:
    {{- /* TLS by the name that a client asks for; the default serves those that ask for none. */}}
    {{- range list "default" "web" }}
    {{ . }}:
      {{- include "mailstack.edge.tlsOptions" $ | nindent 6 }}
    {{- end }}
{{- end -}}

{{/* Mozilla's profiles, release 6.0. */}}
{{- define "mailstack.edge.tlsOptions" -}}
{{- if eq .Values.edge.http.tlsProfile "modern" -}}
minVersion: VersionTLS13
curvePreferences: [X25519MLKEM768, X25519, CurveP256, CurveP384]
{{- else -}}
minVersion: VersionTLS12
cipherSuites:
  - TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
  - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
  - TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
  - TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
  - TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
  - TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
curvePreferences: [X25519MLKEM768, X25519, CurveP256, CurveP384]
{{- end -}}
{{- end -}}
