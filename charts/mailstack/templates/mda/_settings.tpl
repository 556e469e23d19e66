{{/*
A file beside the image's own settings of Dovecot: a listener for the webmail, which sends no PROXY header, ManageSieve for the
world, whose listener in the image reads none, and how mail of filter rules is sent.

The webmail's listener is a service of its own, since only its options can lift the limit of sessions per user and address for it. The
options of lmtp and imap stand there and not among the settings, so that the certificate is not shown to the database too.
*/}}
{{- define "mailstack.mda.settings" -}}
service imap-inner-login {
  executable = imap-login -o mail_max_userip_connections=0
  type = login
  protocol = imap
  user = vmail
  chroot =
  process_min_avail = 1
  client_limit = 100

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
{{- $options := "-o submission_ssl=starttls -o ssl_client_ca_file=/etc/dovecot/sieve-client/ca.crt -o ssl_client_cert_file=/etc/dovecot/sieve-client/tls.crt -o ssl_client_key_file=/etc/dovecot/sieve-client/tls.key" }}

service lmtp {
  executable = lmtp {{ $options }}
}
service imap {
  executable = imap {{ $options }}
}
{{- end }}
{{- end -}}

{{/*
All users of the webmail come from one address. Without this, one user's wrong passwords would delay the logins of all others there. It
stands before the image's own passdb, looks at no password, and lets Dovecot go on in every case; the ports are those of the socket, which no
PROXY header changes, and webmail is the service that the mta names for its port 10587.
*/}}
{{- define "mailstack.mda.authSettings" -}}
passdb inner {
  driver = static
  fields {
    noauthenticate = yes
    passdb_import = %{real_local_port | if('eq', '32143', 'nodelay=y', '')}%{real_local_port | if('eq', '4190', 'nodelay=y', '')}%{protocol | if('eq', 'webmail', 'nodelay=y', '')}
  }
}
{{- end -}}
