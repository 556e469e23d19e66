{{/* "true" where somebody has named an image of truehop, by which helm test verifies. */}}
{{- define "mailstack.truehop.isThere" -}}
{{- if .Values.truehop.image.repository }}true{{ end -}}
{{- end -}}

{{/* The configuration: which networks are hops' own, so that a client with an address in them is none. */}}
{{- define "mailstack.truehop.config" -}}
networks:
  {{- include "mailstack.address.networks" . | nindent 2 }}
{{- end -}}

{{/* Whose logs are read: of what takes clients' connections. An existing Traefik's are in another namespace, which the Role does not reach. */}}
{{- define "mailstack.truehop.selector" -}}
{{- $components := list "mta" "mda" "web" -}}
{{- if eq .Values.edge.mode "bundled" }}{{ $components = prepend $components "edge" }}{{ end -}}
app.kubernetes.io/name={{ include "mailstack.name" . }},app.kubernetes.io/instance={{ .Release.Name }},app.kubernetes.io/component in ({{ join "," $components }})
{{- end -}}

{{- define "mailstack.truehop.container" -}}
name: truehop
image: {{ include "mailstack.image" (list . .Values.truehop.image) }}
imagePullPolicy: {{ .Values.truehop.image.pullPolicy }}
args:
  - logs
  - --kube
  - --namespace
  - {{ .Release.Namespace }}
  - --selector
  - {{ include "mailstack.truehop.selector" . }}
  - --config
  - /etc/mailstack/truehop.yaml
  # What was said long before it began is nothing to be alarmed about now.
  - --since
  - 10m
  - --listen
  # It is asked at the pod's first address.
  - {{ ternary "[::]:9108" "0.0.0.0:9108" (eq (first .Values.service.ipFamilies | default "IPv4") "IPv6") | quote }}
  {{- with .Values.truehop.logs.extraArgs }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
ports:
  - {name: metrics, containerPort: 9108, protocol: TCP}
startupProbe:
  httpGet: {path: /-/ready, port: metrics}
  periodSeconds: 2
  failureThreshold: 30
readinessProbe:
  httpGet: {path: /-/ready, port: metrics}
  periodSeconds: 10
  timeoutSeconds: 5
livenessProbe:
  httpGet: {path: /-/healthy, port: metrics}
  periodSeconds: 30
  timeoutSeconds: 10
  failureThreshold: 4
volumeMounts:
  - {name: config, mountPath: /etc/mailstack, readOnly: true}
{{- end -}}

{{- define "mailstack.truehop.volumes" -}}
- name: config
  configMap:
    name: {{ include "mailstack.names.component" (list . "truehop") }}
{{- end -}}
