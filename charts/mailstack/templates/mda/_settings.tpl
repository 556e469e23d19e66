{{/*
A file beside the image's own settings of Dovecot: a listener for the webmail, which sends no PROXY header, ManageSieve for the
world, whose listener in the image reads none, and how mail of filter rules is sent.
*/}}
{{- define "mailstack.mda.settings" -}}
service imap-login {
  inet_listener inner_imap {
    port = 32143
  }
}
{{- if .Values.ports.sieve.enabled }}

service managesieve-login {
  inet_listener sieve_public {
    port = 34190
    haproxy = {{ include "mailstack.address.dovecotSwitch" . }}
  }
}
{{- end }}
{{- if eq .Values.mda.sieve.outbound "clientCertificate" }}

submission_ssl = starttls
ssl_client_cert_file = /etc/dovecot/sieve-client/tls.crt
ssl_client_key_file = /etc/dovecot/sieve-client/tls.key
{{- end }}
{{- end -}}
