{{/* What differs between the two: {user, data, run, env, args, ready, dump, load}. */}}
{{- define "mailstack.database.facts" -}}
{{- $values := .Values.database -}}
{{- $pod := printf "%s-0" (include "mailstack.names.component" (list . "database")) -}}
{{- $exec := printf "kubectl -n %s exec" .Release.Namespace -}}
{{- if eq $values.driver "pgsql" -}}
# Alpine's numbering of users, or Debian's.
user: {{ ternary 70 999 (contains "alpine" $values.images.pgsql.tag) }}
mount: {name: data, mountPath: /var/lib/postgresql}
run: /var/run/postgresql
env:
  - name: POSTGRES_DB
    value: {{ $values.name | quote }}
  - name: POSTGRES_USER
    value: {{ $values.user | quote }}
  {{- include "mailstack.secrets.env" (list . "POSTGRES_PASSWORD" "database") | nindent 2 }}
  - name: POSTGRES_INITDB_ARGS
    value: --encoding=UTF8
  # As images from 18 on have it; earlier ones would write to a folder that no claim is behind.
  - name: PGDATA
    value: /var/lib/postgresql/{{ include "mailstack.database.major" . }}/docker
args: []
# By TCP, since while the image prepares an empty volume the server answers on its socket only.
ready: 'pg_isready --quiet --host=127.0.0.1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB"'
dump: {{ $exec }} {{ $pod }} -- pg_dump -Fc -U {{ $values.user }} {{ $values.name }} >mail.dump
load: {{ $exec }} -i {{ $pod }} -- pg_restore --clean --if-exists -U {{ $values.user }} -d {{ $values.name }} <mail.dump
{{- else -}}
user: 999
mount: {name: data, mountPath: /var/lib/mysql, subPath: mysql}
run: /var/run/mysqld
env:
  - name: MYSQL_DATABASE
    value: {{ $values.name | quote }}
  - name: MYSQL_USER
    value: {{ $values.user | quote }}
  {{- include "mailstack.secrets.env" (list . "MYSQL_PASSWORD" "database") | nindent 2 }}
  {{- include "mailstack.secrets.env" (list . "MYSQL_ROOT_PASSWORD" "databaseRoot") | nindent 2 }}
  # From inside the pod only.
  - name: MYSQL_ROOT_HOST
    value: localhost
# Names of clients are looked up by nobody: the network policy lets no question out, and each would have to time out.
args: [--character-set-server=utf8mb4, --skip-name-resolve]
ready: 'MYSQL_PWD="$MYSQL_PASSWORD" mysqladmin --host=127.0.0.1 --user="$MYSQL_USER" --silent ping'
dump: {{ $exec }} {{ $pod }} -- sh -c 'MYSQL_PWD="$MYSQL_ROOT_PASSWORD" exec mysqldump -u root --single-transaction "$MYSQL_DATABASE"' >mail.sql
load: {{ $exec }} -i {{ $pod }} -- sh -c 'MYSQL_PWD="$MYSQL_ROOT_PASSWORD" exec mysql -u root "$MYSQL_DATABASE"' <mail.sql
{{- end -}}
{{- end -}}

{{/* Fields of the pod that depend on the image, where the values leave them open. */}}
{{- define "mailstack.database.spec" -}}
{{- if not .Values.database.podSecurityContext -}}
{{- $user := (include "mailstack.database.facts" . | fromYaml).user -}}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ $user }}
  runAsGroup: {{ $user }}
  fsGroup: {{ $user }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- end -}}
{{- end -}}

{{- define "mailstack.database.securityContext" -}}
{{- default (dict "allowPrivilegeEscalation" false "readOnlyRootFilesystem" true "capabilities" (dict "drop" (list "ALL"))) .Values.database.securityContext | toYaml -}}
{{- end -}}

{{- define "mailstack.database.container" -}}
{{- $facts := include "mailstack.database.facts" . | fromYaml -}}
{{- $image := include "mailstack.database.image" . | fromYaml -}}
name: database
image: {{ include "mailstack.image" (list . $image) }}
imagePullPolicy: {{ $image.pullPolicy }}
{{- with $facts.args }}
args:
  {{- toYaml . | nindent 2 }}
{{- end }}
env:
  {{- toYaml $facts.env | nindent 2 }}
ports:
  {{- range include "mailstack.ports.internal" (list . "database") | fromYamlArray }}
  - {name: {{ .name }}, containerPort: {{ .target }}, protocol: TCP}
  {{- end }}
# After a crash it repairs its files before it answers; to be shot at that would be the next crash.
startupProbe:
  exec:
    command: [/bin/sh, -c, {{ $facts.ready | squote }}]
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 720
readinessProbe:
  exec:
    command: [/bin/sh, -c, {{ $facts.ready | squote }}]
  periodSeconds: 10
  timeoutSeconds: 5
livenessProbe:
  tcpSocket: {port: {{ .Values.database.driver }}}
  periodSeconds: 30
  timeoutSeconds: 10
  failureThreshold: 6
securityContext:
  {{- include "mailstack.database.securityContext" . | nindent 2 }}
volumeMounts:
  - {{- toYaml $facts.mount | nindent 4 }}
  - {name: scratch, mountPath: {{ $facts.run }}, subPath: run}
  - {name: scratch, mountPath: /tmp, subPath: tmp}
{{- end -}}

{{- define "mailstack.database.initContainers" -}}
{{- $facts := include "mailstack.database.facts" . | fromYaml -}}
{{- $image := include "mailstack.database.image" . | fromYaml -}}
- name: check
  image: {{ include "mailstack.image" (list . $image) }}
  imagePullPolicy: {{ $image.pullPolicy }}
  command: [/bin/sh, /etc/mailstack/check.sh]
  env:
    - {name: DRIVER, value: {{ .Values.database.driver }}}
    - {name: MAJOR, value: {{ include "mailstack.database.major" . | quote }}}
    - {name: TAG, value: {{ $image.tag | quote }}}
    - {name: CLAIM, value: {{ include "mailstack.names.claim" (list . "database") }}}
    - {name: NAMESPACE, value: {{ .Release.Namespace }}}
    - {name: WEB, value: {{ include "mailstack.names.component" (list . "web") }}}
    - {name: DUMP, value: {{ $facts.dump | quote }}}
    - {name: LOAD, value: {{ $facts.load | quote }}}
  resources:
    requests: {cpu: 10m, memory: 16Mi}
  securityContext:
    {{- include "mailstack.database.securityContext" . | nindent 4 }}
  terminationMessagePolicy: FallbackToLogsOnError
  volumeMounts:
    - {name: data, mountPath: /volume}
    - {name: config, mountPath: /etc/mailstack, readOnly: true}
{{- end -}}

{{- define "mailstack.database.volumes" -}}
- {{- include "mailstack.claim.volume" (list . "database") | nindent 2 }}
- name: scratch
  emptyDir: {}
- name: config
  configMap:
    name: {{ include "mailstack.names.component" (list . "database") }}
{{- end -}}
