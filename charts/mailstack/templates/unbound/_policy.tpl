{{/* A rule towards the stack's own name server. */}}
{{- define "mailstack.policy.toResolver" -}}
- to:
    {{- include "mailstack.policy.peers" (list . "unbound") | nindent 4 }}
  ports:
    - {port: 5353, protocol: UDP}
    - {port: 5353, protocol: TCP}
{{- end -}}
