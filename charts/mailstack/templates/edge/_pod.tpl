{{/* Container ports of the edge for the web: the ports themselves on the host network. */}}
{{- define "mailstack.edge.webPorts" -}}
{{- if eq .Values.edge.exposure "hostNetwork" -}}
{web: 80, websecure: 443}
{{- else -}}
{web: 8080, websecure: 8443}
{{- end -}}
{{- end -}}

{{/* "true" where the webmail goes through the bundled edge. */}}
{{- define "mailstack.edge.hasWeb" -}}
{{- if eq .Values.web.exposure "edge" }}true{{ end -}}
{{- end -}}

{{/* "true" where the edge binds ports of its node. */}}
{{- define "mailstack.edge.onHost" -}}
{{- if eq .Values.edge.exposure "hostNetwork" }}true{{ end -}}
{{- end -}}

{{/* Traefik's static configuration: flags, and flags alone, since Traefik reads one source only. */}}
{{- define "mailstack.edge.args" -}}
- --global.checkNewVersion=false
- --global.sendAnonymousUsage=false
- --log.level={{ .Values.edge.logLevel }}
{{- if .Values.edge.accessLog }}
- --accessLog=true
{{- end }}
- --providers.file.directory=/etc/traefik/dynamic
- --providers.file.watch=true
- --ping=true
- --ping.entryPoint=ping
- --entryPoints.ping.address=:8082/tcp
{{- range include "mailstack.ports.enabled" . | fromYamlArray }}
- --entryPoints.{{ .name }}.address=:{{ .edge }}/tcp
{{- include "mailstack.address.entryPointArgs" (list $ .name "mail") }}
{{- end }}
{{- if include "mailstack.edge.hasWeb" . }}
{{- $web := include "mailstack.edge.webPorts" . | fromYaml }}
- --entryPoints.web.address=:{{ $web.web }}/tcp
{{- include "mailstack.address.entryPointArgs" (list . "web" "web") }}
- --entryPoints.websecure.address=:{{ $web.websecure }}/tcp
# A router that names no entry point would else land on the mail ports, and stall them.
- --entryPoints.websecure.asDefault=true
{{- include "mailstack.address.entryPointArgs" (list . "websecure" "web") }}
{{- end }}
{{- if .Values.edge.metrics.enabled }}
- --entryPoints.metrics.address=:9100/tcp
- --metrics.prometheus=true
- --metrics.prometheus.entryPoint=metrics
{{- end }}
{{- with .Values.edge.extraArgs }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "mailstack.edge.container" -}}
{{- $onHost := eq .Values.edge.exposure "hostPort" -}}
name: traefik
image: {{ include "mailstack.image" (list . .Values.edge.image) }}
imagePullPolicy: {{ .Values.edge.image.pullPolicy }}
args:
  {{- include "mailstack.edge.args" . | nindent 2 }}
ports:
  {{- range include "mailstack.ports.enabled" . | fromYamlArray }}
  - {name: {{ .name }}, containerPort: {{ .edge }}, protocol: TCP{{ if $onHost }}, hostPort: {{ .port }}{{ end }}}
  {{- end }}
  {{- if include "mailstack.edge.hasWeb" . }}
  {{- $web := include "mailstack.edge.webPorts" . | fromYaml }}
  - {name: web, containerPort: {{ $web.web }}, protocol: TCP{{ if $onHost }}, hostPort: 80{{ end }}}
  - {name: websecure, containerPort: {{ $web.websecure }}, protocol: TCP{{ if $onHost }}, hostPort: 443{{ end }}}
  {{- end }}
  - {name: ping, containerPort: 8082, protocol: TCP}
  {{- if .Values.edge.metrics.enabled }}
  - {name: metrics, containerPort: 9100, protocol: TCP}
  {{- end }}
readinessProbe:
  httpGet: {path: /ping, port: ping}
  periodSeconds: 5
livenessProbe:
  httpGet: {path: /ping, port: ping}
  periodSeconds: 15
  failureThreshold: 4
{{- with include "mailstack.edge.onHost" . }}
# Ports below 1024 of the node itself.
securityContext:
  capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}
{{- end }}
volumeMounts:
  - {name: dynamic, mountPath: /etc/traefik/dynamic, readOnly: true}
  - {name: tmp, mountPath: /tmp}
{{- end -}}

{{/* One folder with routes and certificate: Traefik watches it, and the kubelet renews both in it. */}}
{{- define "mailstack.edge.volumes" -}}
- name: dynamic
  projected:
    sources:
      - configMap:
          name: {{ include "mailstack.names.component" (list . "edge") }}
      {{- if include "mailstack.edge.hasWeb" . }}
      - secret:
          name: {{ include "mailstack.names.tlsSecret" . }}
          items:
            - {key: tls.crt, path: tls.crt}
            - {key: tls.key, path: tls.key}
      {{- end }}
- name: tmp
  emptyDir: {}
{{- end -}}
