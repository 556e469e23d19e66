{{/*
FrankenPHP's Caddyfile, in place of the image's: the same webmail and administration, but the chart's own answers to mail programs that
ask for settings, the spam filter's page only where somebody may open it, and an address for probes that needs no database.

What the sites redirect to follows from the Host header and, where _address.tpl trusts the sender, from X-Forwarded-Proto; both arrive here
unchanged, since nothing in this file touches them.
*/}}
{{- define "mailstack.web.caddyfile" -}}
{
	admin off
	skip_install_trust

	frankenphp {
		php_ini {
			upload_max_filesize {{ .Values.mta.messageSizeLimit | int64 }}
			# The rest of a form comes on top.
			post_max_size {{ add (.Values.mta.messageSizeLimit | int64) 1048576 }}
		}
		{$FRANKENPHP_CONFIG}
	}

	order php_server before file_server
}

http://:8080 {
	encode zstd br gzip

	# PHP reads X_Forwarded_For as it does X-Forwarded-For, and not every proxy before this server takes the first one away.
	request_header -*_*

	handle /-/alive {
		respond "alive"
	}

	@autoconfig path /mail/config-v1.1.xml /.well-known/autoconfig/mail/config-v1.1.xml
	handle @autoconfig {
		header Content-Type "application/xml; charset=utf-8"
		respond <<XML
			{{- include "mailstack.web.autoconfig" . | replace "\n" "\n\t\t\t" | printf "\n%s" | replace "\n<?xml" "\n\t\t\t<?xml" }}
			XML
	}

	@autodiscover path /autodiscover/autodiscover.xml /Autodiscover/Autodiscover.xml
	handle @autodiscover {
		route {
			request_body {
				max_size 16KB
			}
			map "{query.emailaddress} {http.request.body}" {login} {
				"~(?is)(?:^|<EMailAddress>\s*)([\w.+-]+@[\w.-]+)(?:\s*</EMailAddress>|\s)" "<LoginName>${1}</LoginName>"
				default ""
			}
			header Content-Type "application/xml; charset=utf-8"
			respond <<XML
				{{- include "mailstack.web.autodiscover" . | replace "\n" "\n\t\t\t\t" | printf "\n%s" | replace "\n<?xml" "\n\t\t\t\t<?xml" }}
				XML
		}
	}

	# The image's profile for Apple's programs says 143 and 587 without TLS, and can be told nothing else.
	handle /mobileconfig* {
		header Content-Type "text/plain; charset=utf-8"
		respond <<TEXT
			There is no profile for this server. Add an account of the kind "other" with these settings; the user name is the whole address.
			{{- include "mailstack.web.settings" . | replace "\n" "\n\t\t\t" }}
			TEXT 404
	}

	handle_path /webmail* {
		root {$SERVER_ROOT}/webmail
		php_server {
			env PATH_INFO {http.matchers.file.remainder}
		}
	}

	handle /rspamd* {
		{{- if include "mailstack.web.opensFilter" . }}
		# Who may come here, the edge says, and for no other spelling than this. Caddy's paths also match /RSPAMD or //rspamd.
		@asTheEdgeReads vars_regexp {http.request.orig_uri} ^/rspamd([/?]|$)
		handle @asTheEdgeReads {
			redir /rspamd /rspamd/
			uri strip_prefix /rspamd
			reverse_proxy {$FILTER_WEB_ADDRESS}
		}
		{{- end }}
		respond "The spam filter's page is closed: web.rspamdNetworks says for whom it opens." 404
	}

	# An address of earlier releases.
	redir /manager/* /

	handle {
		root {$SERVER_ROOT}/manager
		php_server
	}
}
{{- end -}}

{{/* "true" where the spam filter's page is shown: only the edge knows who may see it. */}}
{{- define "mailstack.web.opensFilter" -}}
{{- if and (eq .Values.web.exposure "edge") .Values.web.rspamdNetworks }}true{{ end -}}
{{- end -}}
