{{- define "mailstack.database.port" -}}
{{- $default := ternary 5432 3306 (eq .Values.database.driver "pgsql") -}}
{{- if eq .Values.database.mode "external" }}{{ default $default .Values.database.external.port | int }}{{ else }}{{ $default }}{{ end -}}
{{- end -}}

{{- define "mailstack.database.host" -}}
{{- if eq .Values.database.mode "external" }}{{ .Values.database.external.host }}{{ else }}{{ include "mailstack.names.host" (list . "database") }}{{ end -}}
{{- end -}}

{{- define "mailstack.database.image" -}}
{{- get .Values.database.images .Values.database.driver | toYaml -}}
{{- end -}}

{{/* The bundled database's major version as its tag says: 18 of PostgreSQL, 8.4 of MySQL. */}}
{{- define "mailstack.database.major" -}}
{{- $tag := get .Values.database.images .Values.database.driver | dig "tag" "" | toString -}}
{{- regexFind (ternary "^[0-9]+" "^[0-9]+\\.[0-9]+" (eq .Values.database.driver "pgsql")) $tag -}}
{{- end -}}

{{- define "mailstack.database.serverVersion" -}}
{{- if eq .Values.database.mode "external" }}{{ .Values.database.external.serverVersion }}{{ else }}{{ include "mailstack.database.major" . }}{{ end -}}
{{- end -}}

{{/* Environment of those who use the database. */}}
{{- define "mailstack.database.env" -}}
- name: DB_DRIVER
  value: {{ .Values.database.driver }}
- name: DB_HOST
  value: {{ include "mailstack.database.host" . }}
- name: DB_PORT
  value: {{ include "mailstack.database.port" . | quote }}
- name: DB_NAME
  value: {{ .Values.database.name | quote }}
- name: DB_USER
  value: {{ .Values.database.user | quote }}
{{ include "mailstack.secrets.env" (list . "DB_PASSWORD" "database") }}
{{- if eq .Values.database.driver "mysql" }}
- name: DB_TLS_VERIFY_CERT
  value: {{ ternary "yes" "no" (and (eq .Values.database.mode "external") .Values.database.external.verifyCertificate) | quote }}
{{- end }}
{{- end -}}
