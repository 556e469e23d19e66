{{/* Ports of the edge's container that are not mail's: names of entry points. On the host network web and websecure are the node's own. */}}
{{- define "mailstack.edge.ports" -}}
{{- if eq .Values.edge.exposure "hostNetwork" -}}
{web: 80, websecure: 443, ping: 8082, metrics: 19100}
{{- else -}}
{web: 8080, websecure: 8443, ping: 8082, metrics: 9100}
{{- end -}}
{{- end -}}

{{/* "true" where the webmail goes through the bundled edge. */}}
{{- define "mailstack.edge.hasWeb" -}}
{{- if eq .Values.web.exposure "edge" }}true{{ end -}}
{{- end -}}

{{/* "true" where the edge runs on the network of its node. */}}
{{- define "mailstack.edge.onHostNetwork" -}}
{{- if eq .Values.edge.exposure "hostNetwork" }}true{{ end -}}
{{- end -}}

{{/* "true" where it holds ports of its node, so that no second one fits beside it. */}}
{{- define "mailstack.edge.holdsNode" -}}
{{- if has .Values.edge.exposure (list "hostPort" "hostNetwork") }}true{{ end -}}
{{- end -}}

{{/* Traefik's static configuration: flags, and flags alone, since Traefik reads one source only. */}}
{{- define "mailstack.edge.args" -}}
{{- $ports := include "mailstack.edge.ports" . | fromYaml -}}
- --global.checkNewVersion=false
- --global.sendAnonymousUsage=false
- --log.level={{ .Values.edge.logLevel }}
- --log.format={{ .Values.edge.logFormat }}
{{- if .Values.edge.accessLog }}
- --accessLog=true
- --accessLog.format={{ .Values.edge.logFormat }}
{{- end }}
- --providers.file.directory=/etc/traefik/dynamic
- --providers.file.watch=true
- --ping=true
- --ping.entryPoint=ping
- --entryPoints.ping.address={{ if include "mailstack.edge.onHostNetwork" . }}127.0.0.1{{ end }}:{{ $ports.ping }}/tcp
{{- range include "mailstack.ports.enabled" . | fromYamlArray }}
- --entryPoints.{{ .name }}.address=:{{ .edge }}/tcp
{{- include "mailstack.edge.lifeCycleArgs" (list $ .name) }}
{{- include "mailstack.address.entryPointArgs" (list $ .name "mail") }}
{{- end }}
{{- if include "mailstack.edge.hasWeb" . }}
{{- range list "web" "websecure" }}
- --entryPoints.{{ . }}.address=:{{ get $ports . }}/tcp
# Traefik gives a request one minute, which an attachment on a slow line exceeds.
- --entryPoints.{{ . }}.transport.respondingTimeouts.readTimeout=10m
{{- include "mailstack.edge.lifeCycleArgs" (list $ .) }}
{{- include "mailstack.address.entryPointArgs" (list $ . "web") }}
{{- end }}
# A router that names no entry point would else land on the mail ports, and stall them.
- --entryPoints.websecure.asDefault=true
{{- end }}
{{- if .Values.edge.metrics.enabled }}
- --entryPoints.metrics.address=:{{ $ports.metrics }}/tcp
- --metrics.prometheus=true
- --metrics.prometheus.entryPoint=metrics
{{- end }}
{{- with .Values.edge.extraArgs }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/*
How an entry point ends: balancers learn first that the pod goes, then open sessions have what is left of the grace period. On ports
of the node nobody has to learn, and the next pod waits for this one to be gone. Takes (list $ "smtp").
*/}}
{{- define "mailstack.edge.lifeCycleArgs" -}}
{{- $grace := int (index . 0).Values.edge.terminationGracePeriodSeconds -}}
{{- $accept := min 10 (div $grace 4) | int -}}
{{- $rest := max 1 (sub (sub $grace $accept) 5) | int -}}
{{- if include "mailstack.edge.holdsNode" (index . 0) }}
{{- $accept = 0 }}
{{- $rest = min 10 $rest | int }}
{{- end }}
- --entryPoints.{{ index . 1 }}.transport.lifeCycle.requestAcceptGraceTimeout={{ $accept }}s
- --entryPoints.{{ index . 1 }}.transport.lifeCycle.graceTimeOut={{ $rest }}s
{{- end -}}

{{- define "mailstack.edge.container" -}}
{{- $ports := include "mailstack.edge.ports" . | fromYaml -}}
{{- $onNode := eq .Values.edge.exposure "hostPort" -}}
name: traefik
image: {{ include "mailstack.image" (list . .Values.edge.image) }}
imagePullPolicy: {{ .Values.edge.image.pullPolicy }}
args:
  {{- include "mailstack.edge.args" . | nindent 2 }}
ports:
  {{- range include "mailstack.ports.enabled" . | fromYamlArray }}
  - {name: {{ .name }}, containerPort: {{ .edge }}, protocol: TCP{{ if $onNode }}, hostPort: {{ .port }}{{ end }}}
  {{- end }}
  {{- if include "mailstack.edge.hasWeb" . }}
  - {name: web, containerPort: {{ $ports.web }}, protocol: TCP{{ if $onNode }}, hostPort: 80{{ end }}}
  - {name: websecure, containerPort: {{ $ports.websecure }}, protocol: TCP{{ if $onNode }}, hostPort: 443{{ end }}}
  {{- end }}
  - {name: ping, containerPort: {{ $ports.ping }}, protocol: TCP}
  {{- if .Values.edge.metrics.enabled }}
  - {name: metrics, containerPort: {{ $ports.metrics }}, protocol: TCP}
  {{- end }}
{{- $ping := dict "path" "/ping" "port" "ping" -}}
{{- if include "mailstack.edge.onHostNetwork" . }}{{ $_ := set $ping "host" "127.0.0.1" }}{{ end }}
readinessProbe:
  httpGet: {{ toJson $ping }}
  periodSeconds: 5
livenessProbe:
  httpGet: {{ toJson $ping }}
  periodSeconds: 15
  failureThreshold: 4
{{- if include "mailstack.edge.onHostNetwork" . }}
# Ports below 1024 of the node itself.
securityContext:
  capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}
{{- end }}
volumeMounts:
  - {name: dynamic, mountPath: /etc/traefik/dynamic, readOnly: true}
  - {name: tmp, mountPath: /tmp}
{{- end -}}

{{/*
One folder with routes and certificate: Traefik watches it, and the kubelet renews both in it. They stand one folder deeper, since
Traefik walks the folder of the present version (..2026_01_01…) as well as what stands beside it: routes.yaml at the top would be read
twice, with a warning for each route. A folder at the top is a link to one in there, and links to folders are not walked.
*/}}
{{- define "mailstack.edge.volumes" -}}
- name: dynamic
  projected:
    sources:
      - configMap:
          name: {{ include "mailstack.names.component" (list . "edge") }}
          items:
            - {key: routes.yaml, path: mailstack/routes.yaml}
      {{- if include "mailstack.edge.hasWeb" . }}
      - secret:
          name: {{ include "mailstack.names.tlsSecret" . }}
          items:
            - {key: tls.crt, path: mailstack/tls.crt}
            - {key: tls.key, path: mailstack/tls.key}
      {{- end }}
- name: tmp
  emptyDir: {}
{{- end -}}
