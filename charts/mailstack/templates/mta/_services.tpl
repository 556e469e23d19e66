{{/*
Postfix' master.cf, in place of the image's: its services, 465, and two listeners for programs of this stack, which send no PROXY
header. What main.cf says holds for all of them; each line of options is what differs.
*/}}
{{- define "mailstack.mta.services" -}}
{{- $open := dict -}}
{{- range include "mailstack.ports.of" (list . "mta") | fromYamlArray }}{{ $_ := set $open .name true }}{{ end -}}
# service  type  private unpriv chroot wakeup maxproc command
{{- if $open.smtp }}
smtp       inet  n       -      n      -      -       smtpd
{{- end }}
{{- if $open.submission }}
submission inet  n       -      n      -      -       smtpd
  -o syslog_name=postfix/submission
  -o smtpd_tls_security_level=encrypt
  {{- include "mailstack.mta.submission" . | nindent 2 }}
{{- end }}
{{- if $open.submissions }}
465        inet  n       -      n      -      -       smtpd
  -o syslog_name=postfix/submissions
  -o smtpd_tls_wrappermode=yes
  {{- include "mailstack.mta.submission" . | nindent 2 }}
{{- end }}
# The webmail: one address for many people, so the limits per client are off.
10587      inet  n       -      n      -      -       smtpd
  -o syslog_name=postfix/webmail
  {{ include "mailstack.address.postfixInner" . }}
  -o smtpd_tls_security_level=encrypt
  -o smtpd_client_connection_rate_limit=0
  -o smtpd_client_connection_count_limit=0
  {{- include "mailstack.mta.submission" . | nindent 2 }}
# Mail that filter rules of mailboxes send.
10025      inet  n       -      n      -      -       smtpd
  -o syslog_name=postfix/sieve
  {{ include "mailstack.address.postfixInner" . }}
  -o smtpd_client_connection_rate_limit=0
  -o smtpd_client_connection_count_limit=0
{{- if eq .Values.mda.sieve.outbound "clientCertificate" }}
  -o smtpd_tls_ask_ccert=yes
  -o smtpd_tls_CAfile=/etc/postfix/sieve-ca/ca.crt
  -o smtpd_relay_restrictions=permit_tls_all_clientcerts,reject_unauth_destination
  -o smtpd_recipient_restrictions=permit_tls_all_clientcerts,reject_unauth_destination
{{- end }}
{{- end -}}

{{- define "mailstack.mta.submission" -}}
-o smtpd_sasl_auth_enable=yes
-o smtpd_tls_auth_only=yes
-o smtpd_reject_unlisted_recipient=no
-o smtpd_sender_restrictions=reject_sender_login_mismatch,permit_sasl_authenticated,reject
-o smtpd_relay_restrictions=
-o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
-o milter_macro_daemon_name=ORIGINATING
-o smtpd_hide_client_session=yes
{{- end -}}
