{{/* The ConfigMap's content: files that take the places of the image's. */}}
{{- define "mailstack.web.files" -}}
Caddyfile: |
  {{- include "mailstack.web.caddyfile" . | nindent 2 }}
{{- range list "config.inc.php" "init.php" }}
{{ . }}: |
  {{- $.Files.Get (printf "files/web/%s" .) | trim | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "mailstack.web.env" -}}
- name: MAILNAME
  value: {{ include "mailstack.names.public" (list . "mta") }}
- name: MDA_IMAP_ADDRESS
  value: {{ include "mailstack.ports.address" (list . "mda" "inner-imap") }}
- name: MDA_MANAGESIEVE_ADDRESS
  value: {{ include "mailstack.ports.address" (list . "mda" "inner-sieve") }}
- name: MDA_DOVEADM_ADDRESS
  value: {{ include "mailstack.ports.address" (list . "mda" "doveadm") }}
{{ include "mailstack.secrets.env" (list . "DOVEADM_API_KEY" "doveadm") }}
- name: MTA_SMTP_SUBMISSION_ADDRESS
  value: {{ include "mailstack.ports.address" (list . "mta" "inner-submit") }}
- name: FILTER_WEB_ADDRESS
  value: {{ include "mailstack.ports.address" (list . "filter" "controller") }}
{{ include "mailstack.secrets.env" (list . "CONTROLLER_PASSWORD" "controller") }}
{{ include "mailstack.database.env" . }}
- name: DB_SERVER_VERSION
  value: {{ include "mailstack.database.serverVersion" . | quote }}
{{ include "mailstack.redis.env" . }}
{{ include "mailstack.secrets.env" (list . "ROUNDCUBE_DES_KEY" "roundcube") }}
- name: ROUNDCUBE_MAX_MESSAGE_SIZE
  value: {{ .Values.mta.messageSizeLimit | int64 | quote }}
# The image has the plug-in for filter rules log what it says to the server, passwords as well. Roundcube takes the word false for true.
- name: ROUNDCUBE_MANAGESIEVE_DEBUG
  value: "0"
{{- with .Values.web.hostAddresses }}
- name: MAILSERVER_HOST_IPS
  value: {{ join "," . | quote }}
{{- end }}
{{- if .Values.web.oauth.enabled }}
{{ include "mailstack.web.oauthEnv" . }}
{{- end }}
{{ include "mailstack.address.webEnv" . }}
{{- end -}}

{{- define "mailstack.web.oauthEnv" -}}
{{- $oauth := .Values.web.oauth -}}
- name: OAUTH_ENABLED
  value: "true"
- name: OAUTH_CLIENT_ID
  value: {{ $oauth.clientId | quote }}
- name: OAUTH_CLIENT_SECRET
  valueFrom:
    secretKeyRef: {name: {{ $oauth.existingSecret }}, key: {{ $oauth.key }}}
- name: OAUTH_CLIENT_SCOPES
  value: {{ $oauth.scopes | quote }}
- name: OAUTH_AUTHORIZATION_URL
  value: {{ $oauth.authorizationUrl | quote }}
- name: OAUTH_ACCESS_TOKEN_URL
  value: {{ $oauth.accessTokenUrl | quote }}
- name: OAUTH_INFOS_URL
  value: {{ $oauth.infosUrl | quote }}
- name: OAUTH_ADMIN_GROUP
  value: {{ $oauth.adminGroup | quote }}
{{- with $oauth.buttonText }}
- name: OAUTH_BUTTON_TEXT
  value: {{ . | quote }}
{{- end }}
- name: OAUTH_CREATE_USER
  value: {{ $oauth.createUser | quote }}
{{- end -}}

{{- define "mailstack.web.container" -}}
name: web
image: {{ include "mailstack.image" (list . .Values.web.image) }}
imagePullPolicy: {{ .Values.web.image.pullPolicy }}
env:
  # The init container has done it.
  - name: SKIP_INIT
    value: "true"
  {{- include "mailstack.web.env" . | nindent 2 }}
ports:
  {{- range include "mailstack.ports.internal" (list . "web") | fromYamlArray }}
  - {name: {{ .name }}, containerPort: {{ .target }}, protocol: TCP}
  {{- end }}
# An answer of Caddy's own: that a database is away is no reason to restart.
startupProbe:
  httpGet: {path: /-/alive, port: http}
  periodSeconds: 2
  timeoutSeconds: 5
  failureThreshold: 60
livenessProbe:
  httpGet: {path: /-/alive, port: http}
  periodSeconds: 30
  timeoutSeconds: 10
  failureThreshold: 4
# A page that PHP makes, so that no visitor is sent to a pod that cannot serve one.
readinessProbe:
  httpGet: {path: /login, port: http}
  periodSeconds: 10
  timeoutSeconds: 5
volumeMounts:
  {{- include "mailstack.web.scratch" . | nindent 2 }}
  - {name: config, mountPath: /etc/frankenphp/Caddyfile, subPath: Caddyfile, readOnly: true}
  - {name: config, mountPath: /opt/roundcube/config/config.inc.php, subPath: config.inc.php, readOnly: true}
{{- end -}}

{{/* Folders that the programs write to. Of the certificate nothing is needed here: only the profile that is not served is signed by it. */}}
{{- define "mailstack.web.scratch" -}}
- {name: scratch, mountPath: /tmp, subPath: tmp}
- {name: scratch, mountPath: /opt/admin/var/cache/prod, subPath: admin-cache}
- {name: scratch, mountPath: /opt/admin/var/log, subPath: admin-log}
- {name: scratch, mountPath: /opt/roundcube/temp, subPath: webmail-temp}
- {name: scratch, mountPath: /opt/roundcube/logs, subPath: webmail-logs}
{{- end -}}

{{- define "mailstack.web.initContainers" -}}
{{- $given := dict "root" . "component" "web" "container" (include "mailstack.web.initContainer" . | fromYaml) -}}
- {{- omit (include "mailstack.pod.container" $given | fromYaml) "startupProbe" "livenessProbe" "readinessProbe" | toYaml | nindent 2 }}
{{- end -}}

{{/* Prepares the database. What is added to the main container, an authority's certificate or a setting of the database, holds here too. */}}
{{- define "mailstack.web.initContainer" -}}
name: init
image: {{ include "mailstack.image" (list . .Values.web.image) }}
imagePullPolicy: {{ .Values.web.image.pullPolicy }}
# By way of the image's entrypoint, which sets what the console needs; it ends with /usr/local/lib/init.sh.
args: [php, /etc/mailstack/init.php]
env:
  {{- include "mailstack.web.env" . | nindent 2 }}
volumeMounts:
  {{- include "mailstack.web.scratch" . | nindent 2 }}
  - {name: config, mountPath: /opt/roundcube/config/config.inc.php, subPath: config.inc.php, readOnly: true}
  - {name: config, mountPath: /etc/mailstack/init.php, subPath: init.php, readOnly: true}
{{- end -}}

{{- define "mailstack.web.volumes" -}}
- name: scratch
  emptyDir: {}
- name: config
  configMap:
    name: {{ include "mailstack.names.component" (list . "web") }}
{{- end -}}
