{{- define "mailstack.mta.env" -}}
- name: MAILNAME
  value: {{ include "mailstack.names.public" (list . "mta") }}
{{- /* Postfix reads an IPv6 network without brackets as the name of a table, and then takes no mail at all. */}}
- name: MYNETWORKS
  value: {{ regexReplaceAll "([^ /]*:[^ /]*)" (join " " .Values.mta.myNetworks) "[${1}]" | quote }}
- name: RECIPIENT_DELIMITER
  value: {{ .Values.recipientDelimiter | quote }}
- name: FILTER_MIME
  value: {{ .Values.mta.filterMime | quote }}
- name: WAITSTART_TIMEOUT
  value: {{ .Values.mta.waitTimeout }}
- name: MDA_LMTP_ADDRESS
  value: {{ include "mailstack.ports.address" (list . "mda" "lmtp") }}
- name: MDA_AUTH_ADDRESS
  value: {{ include "mailstack.ports.address" (list . "mda" "auth") }}
- name: FILTER_MILTER_ADDRESS
  value: {{ include "mailstack.ports.address" (list . "filter" "milter") }}
{{- with .Values.mta.relay.host }}
- name: RELAYHOST
  value: {{ . | quote }}
{{- end }}
{{- if and .Values.mta.relay.host .Values.mta.relay.existingSecret }}
- name: RELAY_PASSWD_FILE
  value: /etc/postfix/relay/passwd
{{- end }}
{{ include "mailstack.database.env" . }}
{{ include "mailstack.address.mtaEnv" . }}
{{- end -}}

{{- define "mailstack.mta.container" -}}
name: mta
image: {{ include "mailstack.image" (list . .Values.mta.image) }}
imagePullPolicy: {{ .Values.mta.image.pullPolicy }}
env:
  {{- include "mailstack.mta.env" . | nindent 2 }}
ports:
  {{- range include "mailstack.ports.of" (list . "mta") | fromYamlArray }}
  - {name: {{ .name }}, containerPort: {{ .target }}, protocol: TCP}
  {{- end }}
  {{- range include "mailstack.ports.internal" (list . "mta") | fromYamlArray }}
  - {name: {{ .name }}, containerPort: {{ .target }}, protocol: TCP}
  {{- end }}
# Both ask a listener that reads no PROXY header, and nothing but Postfix: that a database is away is no reason to restart.
# Ready is who greets: a setting that smtpd cannot read leaves the port open and silent. Who speaks before the greeting is turned away.
readinessProbe:
  exec:
    command: [/bin/sh, -c, "(sleep 2; echo QUIT) | nc -w 5 127.0.0.1 10025 | grep -q ^220"]
  periodSeconds: 10
  timeoutSeconds: 8
livenessProbe:
  tcpSocket: {port: inner-smtp}
  periodSeconds: 30
  timeoutSeconds: 10
  failureThreshold: 4
# Start-up waits for database, mda and filter in turn, and ends by itself when one does not come.
startupProbe:
  tcpSocket: {port: inner-smtp}
  periodSeconds: 5
  failureThreshold: 120
volumeMounts:
  - {name: data, mountPath: /var/spool/postfix}
  - {name: runtime, mountPath: /var/lib/postfix}
  - {name: config, mountPath: /etc/postfix}
  - {name: services, mountPath: /etc/postfix/master.cf, subPath: master.cf, readOnly: true}
  - {name: tls, mountPath: /etc/postfix/tls, readOnly: true}
{{- if eq .Values.mda.sieve.outbound "clientCertificate" }}
  - {name: sieve, mountPath: /etc/postfix/sieve, readOnly: true}
{{- end }}
{{- end -}}

{{/* The image's configuration is made writable, since its start-up writes settings there. */}}
{{- define "mailstack.mta.initContainers" -}}
- name: prepare
  image: {{ include "mailstack.image" (list . .Values.mta.image) }}
  imagePullPolicy: {{ .Values.mta.image.pullPolicy }}
  command: [/bin/sh, -ec]
  args:
    - |
      cp -a /etc/postfix/. /config/
      chown -R postfix /runtime
      chown postfix /spool
      chmod 700 /runtime /spool
      # Names of Services have no MX record and may be short, so the resolver of the pod is asked.
      postconf -c /config -e smtp_host_lookup=native lmtp_host_lookup=native
      postconf -c /config -e message_size_limit={{ .Values.mta.messageSizeLimit | int64 }}
      {{- range $name, $value := .Values.mta.mainCf }}
      postconf -c /config -e {{ printf "%s=%v" $name $value | replace "'" "'\\''" | squote }}
      {{- end }}
      {{- if and .Values.mta.relay.host .Values.mta.relay.existingSecret }}
      mkdir -p /config/relay
      printf '%s %s:%s\n' "$RELAY_HOST" "$RELAY_USER" "$RELAY_PASSWORD" >/config/relay/passwd
      {{- end }}
  {{- if and .Values.mta.relay.host .Values.mta.relay.existingSecret }}
  env:
    - name: RELAY_HOST
      value: {{ .Values.mta.relay.host | quote }}
    - name: RELAY_USER
      valueFrom:
        secretKeyRef: {name: {{ .Values.mta.relay.existingSecret }}, key: {{ .Values.mta.relay.usernameKey }}}
    - name: RELAY_PASSWORD
      valueFrom:
        secretKeyRef: {name: {{ .Values.mta.relay.existingSecret }}, key: {{ .Values.mta.relay.passwordKey }}}
  {{- end }}
  resources:
    requests: {cpu: 10m, memory: 32Mi}
  securityContext: {runAsUser: 0, runAsGroup: 0, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true}
  volumeMounts:
    - {name: config, mountPath: /config}
    - {name: runtime, mountPath: /runtime}
    - {name: data, mountPath: /spool}
{{- end -}}

{{- define "mailstack.mta.volumes" -}}
- {{- include "mailstack.claim.volume" (list . "mta") | nindent 2 }}
- name: runtime
  emptyDir: {}
- name: config
  emptyDir: {}
- name: services
  configMap:
    name: {{ include "mailstack.names.component" (list . "mta") }}
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
