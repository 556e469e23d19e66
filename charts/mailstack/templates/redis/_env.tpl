{{/* Environment of those who use Redis. */}}
{{- define "mailstack.redis.env" -}}
{{- $address := splitList ":" (include "mailstack.ports.address" (list . "redis" "redis")) -}}
- name: REDIS_HOST
  value: {{ first $address }}
- name: REDIS_PORT
  value: {{ last $address | quote }}
{{ include "mailstack.secrets.env" (list . "REDIS_PASSWORD" "redis") }}
{{- end -}}
