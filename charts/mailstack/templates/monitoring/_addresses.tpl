{{/* The pods of truehop, as labels of a metric. */}}
{{- define "mailstack.monitoring.reader" -}}
namespace="{{ .Release.Namespace }}",pod=~"{{ include "mailstack.names.component" (list . "truehop") }}-.*"
{{- end -}}

{{/*
Alerts from what truehop reads in the logs. Services that programs of the stack use rightly see pods, so only those are judged which the world
alone comes to; ManageSieve is the webmail's too. How many sessions tell nothing yet, and which share is no chance, is as in `truehop logs`
itself.
*/}}
{{- define "mailstack.monitoring.addressRules" -}}
{{- $name := include "mailstack.fullname" . -}}
{{- $reader := include "mailstack.monitoring.reader" . -}}
{{- $public := printf "%s,service=~\"smtpd|submissions?|postscreen|(imap|pop3)-login|http\"" $reader -}}
- alert: MailAddressesUnwatched
  expr: absent(truehop_logs_lines_total{ {{- $reader -}} })
  for: 15m
  labels: {severity: warning}
  annotations:
    summary: Nobody reads the logs of {{ $name }}; whether clients' addresses are right is not known.
- alert: MailLogsUnread
  expr: increase(truehop_logs_source_errors_total{ {{- $reader -}} }[15m]) > 0
  for: 30m
  labels: {severity: warning}
  annotations:
    summary: truehop fails again and again to read logs of {{ $name }}; its own log says why.
- alert: MailAddressShared
  expr: max(truehop_logs_accounts_of_one_address{ {{- $reader -}} }) >= 10
  for: 0m
  labels: {severity: warning}
  annotations:
    summary: '{{ `{{ $value }}` }} accounts of {{ $name }} came from one address within minutes.'
    description: Where it is a proxy's or a balancer's, clients' addresses are lost there. truehop logs names it.
- alert: MailClientsAreHops
  expr: |-
    sum by (program, service) (increase(truehop_logs_hop_sessions_total{ {{- $public -}} }[1h]))
    / sum by (program, service) (increase(truehop_logs_sessions_total{ {{- $public -}} }[1h])) > 0.5
    and sum by (program, service) (increase(truehop_logs_sessions_total{ {{- $public -}} }[1h])) >= 20
  for: 10m
  labels: {severity: critical}
  annotations:
    summary: "{{ `{{ $value | humanizePercentage }}` }} of the clients of {{ `{{ $labels.service }}` }} in {{ $name }} have a hop's address."
    description: The server records a hop instead of its clients. truehop path shows where the address is lost.
- alert: MailAddressesFell
  expr: |-
    max by (program, service) (max_over_time(truehop_logs_distinct_addresses{ {{- $public -}} }[30m]))
    <= 0.25 * max by (program, service) (quantile_over_time(0.5, truehop_logs_distinct_addresses{ {{- $public -}} }[1d] offset 30m))
    and max by (program, service) (quantile_over_time(0.5, truehop_logs_distinct_addresses{ {{- $public -}} }[1d] offset 30m)) >= 20
    and sum by (program, service) (rate(truehop_logs_sessions_total{ {{- $public -}} }[30m]))
    >= 0.5 * sum by (program, service) (rate(truehop_logs_sessions_total{ {{- $public -}} }[1d] offset 30m))
  for: 0m
  labels: {severity: warning}
  annotations:
    summary: '{{ `{{ $labels.service }}` }} in {{ $name }} sees far fewer addresses than usual, with as much traffic as ever.'
    description: Look at what changed in front of it, a proxy, a trust list, a traffic policy.
- alert: MailProxyErrors
  expr: |-
    sum by (message) (increase(truehop_logs_messages_total{ {{- $reader -}} ,message!~"{{ include "mailstack.monitoring.anybody" . }}"}[15m])) > 0
    or sum by (message) (increase(truehop_logs_messages_total{ {{- $reader -}} ,message=~"{{ include "mailstack.monitoring.anybody" . }}"}[15m])) > 100
  for: 0m
  labels: {severity: warning}
  annotations:
    summary: 'Servers of {{ $name }} complain about PROXY headers ({{ `{{ $labels.message }}` }}).'
    description: truehop logs explains the message, and says what to change.
{{- end -}}

{{/* Messages that scanners and probes cause as well, so that only many of them tell something. */}}
{{- define "mailstack.monitoring.anybody" -}}
postfix-header-end|dovecot-header-end|dovecot-wrong-version|traefik-reset|traefik-not-trusted|request-is-header
{{- end -}}
