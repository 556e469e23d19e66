{{- define "mailstack.mda.env" -}}
- name: MAILNAME
  value: {{ include "mailstack.names.public" (list . "mda") }}
- name: POSTMASTER
  value: {{ include "mailstack.names.postmaster" . }}
- name: RECIPIENT_DELIMITER
  value: {{ .Values.recipientDelimiter | quote }}
- name: MTA_SMTP_ADDRESS
  value: {{ include "mailstack.ports.address" (list . "mta" "inner-smtp") }}
- name: FILTER_WEB_ADDRESS
  value: {{ include "mailstack.ports.address" (list . "filter" "controller") }}
{{ include "mailstack.secrets.env" (list . "CONTROLLER_PASSWORD" "controller") }}
{{ include "mailstack.secrets.env" (list . "DOVEADM_API_KEY" "doveadm") }}
{{ include "mailstack.database.env" . }}
{{ include "mailstack.address.mdaEnv" . }}
{{- end -}}

{{- define "mailstack.mda.container" -}}
name: mda
image: {{ include "mailstack.image" (list . .Values.mda.image) }}
imagePullPolicy: {{ .Values.mda.image.pullPolicy }}
env:
  {{- include "mailstack.mda.env" . | nindent 2 }}
ports:
  {{- range include "mailstack.ports.of" (list . "mda") | fromYamlArray }}
  - {name: {{ .name }}, containerPort: {{ .target }}, protocol: TCP}
  {{- end }}
  {{- range include "mailstack.ports.internal" (list . "mda") | fromYamlArray }}
  - {name: {{ .name }}, containerPort: {{ .target }}, protocol: TCP}
  {{- end }}
# All ask a listener that reads no PROXY header, and nothing but Dovecot: that a database is away is no reason to restart.
startupProbe:
  tcpSocket: {port: inner-imap}
  periodSeconds: 5
  failureThreshold: 60
readinessProbe:
  tcpSocket: {port: inner-imap}
  periodSeconds: 10
  timeoutSeconds: 5
livenessProbe:
  tcpSocket: {port: inner-imap}
  periodSeconds: 30
  timeoutSeconds: 10
  failureThreshold: 4
volumeMounts:
  - {name: data, mountPath: /srv/vmail}
  - {name: runtime, mountPath: /run/dovecot, subPath: run}
  - {name: runtime, mountPath: /tmp, subPath: tmp}
  - {name: settings, mountPath: /etc/dovecot/conf.d/05-mailstack-auth.conf, subPath: 05-mailstack-auth.conf, readOnly: true}
  - {name: settings, mountPath: /etc/dovecot/conf.d/60-mailstack.conf, subPath: 60-mailstack.conf, readOnly: true}
  - {name: tls, mountPath: /etc/dovecot/tls, readOnly: true}
{{- if eq .Values.mda.sieve.outbound "clientCertificate" }}
  - {name: sieve, mountPath: /etc/dovecot/sieve-client, readOnly: true}
{{- end }}
{{- end -}}

{{- define "mailstack.mda.volumes" -}}
- {{- include "mailstack.claim.volume" (list . "mda") | nindent 2 }}
- name: runtime
  emptyDir: {}
- name: settings
  configMap:
    name: {{ include "mailstack.names.component" (list . "mda") }}
- name: tls
  secret:
    secretName: {{ include "mailstack.names.tlsSecret" . }}
    items:
      - {key: tls.crt, path: tls.crt}
      - {key: tls.key, path: tls.key}
{{- if eq .Values.mda.sieve.outbound "clientCertificate" }}
- {{- include "mailstack.sieve.volume" . | nindent 2 }}
{{- end }}
{{- end -}}
