{{/*
Postfix' master.cf, in place of the image's: its services, 465, and two listeners for programs of this stack, which send no PROXY
header. What main.cf says holds for all of them, its switch for the PROXY header too; options are what differs.
*/}}
{{- define "mailstack.mta.services" -}}
{{- $open := dict -}}
{{- range include "mailstack.ports.of" (list . "mta") | fromYamlArray }}{{ $_ := set $open .name true }}{{ end -}}
# service   type       private unpriv chroot wakeup maxproc command

# From outside.
{{- if $open.smtp }}
smtp        inet       n       -      n      -      -       smtpd
{{- end }}
{{- if $open.submission }}
submission  inet       n       -      n      -      -       smtpd
  -o syslog_name=postfix/submission
  {{- include "mailstack.mta.submission" . | nindent 2 }}
{{- end }}
{{- if $open.submissions }}
# A number, since not every system knows the name submissions.
465         inet       n       -      n      -      -       smtpd
  -o syslog_name=postfix/submissions
  -o smtpd_tls_wrappermode=yes
  {{- include "mailstack.mta.submission" . | nindent 2 }}
{{- end }}

# From the webmail: one address for many people, so nothing is limited by client.
10587       inet       n       -      n      -      -       smtpd
  -o syslog_name=postfix/webmail
  -o smtpd_sasl_service=webmail
  {{ include "mailstack.address.postfixInner" . }}
  {{- include "mailstack.mta.unlimited" . | nindent 2 }}
  {{- include "mailstack.mta.submission" . | nindent 2 }}

# From mda: mail that filter rules send.
10025       inet       n       -      n      -      -       smtpd
  -o syslog_name=postfix/sieve
  {{ include "mailstack.address.postfixInner" . }}
  -o smtpd_sasl_auth_enable=no
  -o smtpd_hide_client_session=yes
  {{- include "mailstack.mta.unlimited" . | nindent 2 }}
{{- if eq .Values.mda.sieve.outbound "clientCertificate" }}
  {{- include "mailstack.mta.byCertificate" . | nindent 2 }}
{{- end }}

# The queue.
pickup      unix       n       -      n      60     1       pickup
cleanup     unix       n       -      n      -      0       cleanup
qmgr        unix       n       -      n      300    1       qmgr
rewrite     unix       -       -      n      -      -       trivial-rewrite
bounce      unix       -       -      n      -      0       bounce
defer       unix       -       -      n      -      0       bounce
trace       unix       -       -      n      -      0       bounce
verify      unix       -       -      n      -      1       verify
flush       unix       n       -      n      1000?  0       flush
showq       unix       n       -      n      -      -       showq

# The way out.
lmtp        unix       -       -      n      -      -       lmtp
smtp        unix       -       -      n      -      -       smtp
relay       unix       -       -      n      -      -       smtp
  -o syslog_name=postfix/relay
virtual     unix       -       n      n      -      -       virtual
error       unix       -       -      n      -      -       error
retry       unix       -       -      n      -      -       error
discard     unix       -       -      n      -      -       discard

# Helpers.
tlsmgr      unix       -       -      n      1000?  1       tlsmgr
anvil       unix       -       -      n      -      1       anvil
scache      unix       -       -      n      -      1       scache
proxymap    unix       -       -      n      -      -       proxymap
proxywrite  unix       -       -      n      -      1       proxymap
postlog     unix-dgram n       -      n      -      1       postlogd
{{- end -}}

{{/*
People who send: TLS, a login, and only addresses of their own. A process serves one of them: it keeps its connection to mda, and after
mda's restart the next one who logs in by it would be refused.
*/}}
{{- define "mailstack.mta.submission" -}}
-o smtpd_tls_security_level=encrypt
-o smtpd_tls_auth_only=yes
-o smtpd_sasl_auth_enable=yes
-o smtpd_reject_unlisted_recipient=no
-o smtpd_relay_restrictions=
-o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
-o smtpd_sender_restrictions=reject_sender_login_mismatch,permit_sasl_authenticated,reject
-o milter_macro_daemon_name=ORIGINATING
-o smtpd_hide_client_session=yes
-o max_use=1
{{- end -}}

{{- define "mailstack.mta.unlimited" -}}
-o smtpd_client_connection_count_limit=0
-o smtpd_client_connection_rate_limit=0
-o smtpd_client_message_rate_limit=0
-o smtpd_client_recipient_rate_limit=0
-o smtpd_client_auth_rate_limit=0
-o smtpd_client_new_tls_session_rate_limit=0
{{- end -}}

{{/*
Nobody is heard here but who shows a certificate of the authority that signs nothing else; he may write to everybody. The system's
authorities are left out, or any public certificate would do. To the filter such mail is what it is: written by an account of
this server, to be signed and not measured against SPF.
*/}}
{{- define "mailstack.mta.byCertificate" -}}
-o smtpd_tls_security_level=encrypt
-o smtpd_tls_cert_file=/etc/postfix/sieve/tls.crt
-o smtpd_tls_key_file=/etc/postfix/sieve/tls.key
-o smtpd_tls_ask_ccert=yes
-o smtpd_tls_ccert_verifydepth=1
-o smtpd_tls_CAfile=/etc/postfix/sieve/ca.crt
-o smtpd_tls_CApath=
-o tls_append_default_CA=no
-o smtpd_relay_restrictions=permit_tls_all_clientcerts,reject
-o {smtpd_recipient_restrictions=check_recipient_access {{ .Values.database.driver }}:/etc/postfix/sql/recipient-access.cf, permit_tls_all_clientcerts, reject}
-o milter_macro_defaults=auth_authen=sieve
-o milter_macro_daemon_name=ORIGINATING
{{- end -}}
