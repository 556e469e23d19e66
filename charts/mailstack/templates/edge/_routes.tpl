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

{{- define "mailstack.edge.webRoutes" -}}
{{- $http := .Values.edge.http -}}
{{- $hosts := include "mailstack.edge.hostRule" . -}}
http:
  routers:
    {{- if .Values.tls.certManager.http01 }}
    # Challenges come by HTTP, and have to be answered before anything is sent on to HTTPS.
    acme:
      entryPoints: [web]
      rule: PathPrefix(`/.well-known/acme-challenge/`)
      priority: 1000
      service: acme
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
    acme:
      loadBalancer:
        servers:
          - url: http://{{ include "mailstack.names.host" (list . "acme") }}:8089
    {{- end }}
tls:
  stores:
    default:
      defaultCertificate:
        certFile: /etc/traefik/dynamic/tls.crt
        keyFile: /etc/traefik/dynamic/tls.key
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
