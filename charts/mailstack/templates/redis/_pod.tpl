{{/*
Redis writes down each change within a second (append only). A dump that an earlier install left, it would pass over and overwrite when it
is first told so, hence the init container, which has the dump read and written down.
*/}}
{{- define "mailstack.redis.files" -}}
{{- range list "start.sh" "adopt.sh" }}
{{ . }}: |
  {{- $.Files.Get (printf "files/redis/%s" .) | trim | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "mailstack.redis.container" -}}
name: redis
image: {{ include "mailstack.image" (list . .Values.redis.image) }}
imagePullPolicy: {{ .Values.redis.image.pullPolicy }}
command: [/bin/sh, /etc/mailstack/start.sh]
workingDir: /data
env:
  {{- include "mailstack.secrets.env" (list . "REDIS_PASSWORD" "redis") | nindent 2 }}
ports:
  {{- range include "mailstack.ports.internal" (list . "redis") | fromYamlArray }}
  - {name: {{ .name }}, containerPort: {{ .target }}, protocol: TCP}
  {{- end }}
# What is on the volume is read first, however long that takes.
startupProbe:
  exec:
    command: &ping [/bin/sh, -c, 'REDISCLI_AUTH="$REDIS_PASSWORD" redis-cli ping | grep -q PONG']
  periodSeconds: 2
  timeoutSeconds: 5
  failureThreshold: 300
readinessProbe:
  exec:
    command: *ping
  periodSeconds: 10
  timeoutSeconds: 5
livenessProbe:
  tcpSocket: {port: redis}
  periodSeconds: 30
  timeoutSeconds: 10
  failureThreshold: 4
volumeMounts:
  - {name: data, mountPath: /data}
  - {name: config, mountPath: /etc/mailstack, readOnly: true}
{{- end -}}

{{- define "mailstack.redis.initContainers" -}}
- name: adopt
  image: {{ include "mailstack.image" (list . .Values.redis.image) }}
  imagePullPolicy: {{ .Values.redis.image.pullPolicy }}
  command: [/bin/sh, /etc/mailstack/adopt.sh]
  workingDir: /data
  {{- with .Values.redis.resources }}
  resources:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.redis.securityContext }}
  securityContext:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  volumeMounts:
    - {name: data, mountPath: /data}
    - {name: scratch, mountPath: /tmp}
    - {name: config, mountPath: /etc/mailstack, readOnly: true}
{{- end -}}

{{- define "mailstack.redis.volumes" -}}
- {{- include "mailstack.claim.volume" (list . "redis") | nindent 2 }}
- name: scratch
  emptyDir: {}
- name: config
  configMap:
    name: {{ include "mailstack.names.component" (list . "redis") }}
{{- end -}}
