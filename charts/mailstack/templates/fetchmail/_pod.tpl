{{- define "mailstack.fetchmail.env" -}}
{{ include "mailstack.redis.env" . }}
# Straight into the mailboxes: what is fetched has been received once and need not be refused again.
- name: FETCHMAIL_USE_LMTP
  value: "true"
- name: FETCHMAIL_SMTP_ADDRESS
  value: {{ include "mailstack.ports.address" (list . "mda" "lmtp") }}
{{- end -}}

{{- define "mailstack.fetchmail.container" -}}
name: fetchmail
image: {{ include "mailstack.image" (list . .Values.fetchmail.image) }}
imagePullPolicy: {{ .Values.fetchmail.image.pullPolicy }}
# Arguments, since the image reads no variables for them.
args:
  - --interval
  - {{ .Values.fetchmail.interval | int | quote }}
  {{- if eq (first .Values.service.ipFamilies | default "IPv4") "IPv6" }}
  # Its health is asked for at the pod's first address.
  - --server
  - "::"
  {{- end }}
env:
  {{- include "mailstack.fetchmail.env" . | nindent 2 }}
ports:
  - {name: health, containerPort: 3000, protocol: TCP}
startupProbe:
  httpGet: {path: /healthz, port: health}
  periodSeconds: 2
  timeoutSeconds: 5
  failureThreshold: 60
readinessProbe:
  httpGet: {path: /healthz, port: health}
  periodSeconds: 10
  timeoutSeconds: 5
livenessProbe:
  httpGet: {path: /healthz, port: health}
  periodSeconds: 30
  timeoutSeconds: 10
  failureThreshold: 4
volumeMounts:
  - {name: runtime, mountPath: /run/fetchmailmgr}
{{- end -}}

{{- define "mailstack.fetchmail.volumes" -}}
- name: runtime
  emptyDir: {}
{{- end -}}
