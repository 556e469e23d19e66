{{/* Refusals of values that would decide again what _address.tpl decides. */}}

{{- define "mailstack.guard.extraArgs" -}}
{{- range .Values.edge.extraArgs }}
{{- $flag := lower . }}
{{- if regexMatch "proxyprotocol|forwardedheaders|trustedips" $flag }}
edge.extraArgs: {{ . }} states who is believed, which clientAddress decides; leave it out and write clientAddress.front and clientAddress.balancerNetworks
{{- else if regexMatch "^-*(configfile|providers\\.file|entrypoints\\.[^.]+\\.address)" $flag }}
edge.extraArgs: {{ . }} takes the place of what the chart sets; leave it out
{{- else if regexMatch "^-*providers\\.[^.=]+" $flag }}
edge.extraArgs: {{ . }} lets others add routes to the mail ports, of which clientAddress knows nothing; leave it out, and give such routes to a Traefik of their own
{{- end }}
{{- end }}
{{- end -}}

{{/* The annotations by which the Service of a front is told of PROXY, and those for truehop. */}}
{{- define "mailstack.guard.doorAnnotations" -}}
{{- $own := (include "mailstack.address.facts" . | fromYaml).annotations | default dict }}
{{- range $where := list "annotations" "mailAnnotations" "webAnnotations" }}
{{- range $key, $value := get $.Values.edge.service $where }}
{{- if hasPrefix "truehop/" $key }}
edge.service.{{ $where }}: {{ $key }} follows from clientAddress; leave it out and write clientAddress.front
{{- else if and (hasKey $own $key) (ne (toString $value) (toString (get $own $key))) }}
edge.service.{{ $where }}: {{ $key }}: {{ $value }} contradicts clientAddress.front {{ include "mailstack.address.front" $ }}, which needs {{ get $own $key }}; leave it out
{{- else if and (not (hasKey $own $key)) (regexMatch "proxy-?protocol|send-proxy" (lower $key)) (not (has (toString $value) (list "" "false" "none"))) }}
edge.service.{{ $where }}: {{ $key }} asks for a PROXY header behind clientAddress.front's back; leave it out and write clientAddress.front
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "mailstack.guard.environment" -}}
{{- $decided := dict
      "MTA_UPSTREAM_PROXY" "clientAddress and edge.mode" "MDA_UPSTREAM_PROXY" "clientAddress and edge.mode"
      "TRUSTED_PROXIES" "clientAddress" "ROUNDCUBE_PROXY_WHITELIST" "clientAddress" "SYMFONY_TRUSTED_HEADERS" "clientAddress"
      "SYMFONY_TRUSTED_PROXIES" "clientAddress" "MYNETWORKS" "mta.myNetworks" }}
{{- range $component := include "mailstack.components" . | fromYamlArray }}
{{- range (index $.Values $component).extraEnv }}
{{- if hasKey $decided .name }}
{{ $component }}.extraEnv: {{ .name }} follows from {{ get $decided .name }}; leave it out and write that
{{- else if and (eq $component "edge") (hasPrefix "TRAEFIK_" (upper .name)) }}
edge.extraEnv: {{ .name }} does nothing, since Traefik reads no variables beside arguments; write edge.extraArgs
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "mailstack.guard.mainCf" -}}
{{- $decided := dict
      "smtpd_upstream_proxy_protocol" "clientAddress and edge.mode" "postscreen_upstream_proxy_protocol" "clientAddress and edge.mode"
      "smtpd_authorized_xclient_hosts" "clientAddress, and XCLIENT would let others state an address"
      "smtpd_authorized_xforward_hosts" "clientAddress, and XFORWARD would let others state an address"
      "mynetworks" "mta.myNetworks" "mynetworks_style" "mta.myNetworks" "message_size_limit" "mta.messageSizeLimit"
      "relayhost" "mta.relay.host" "recipient_delimiter" "recipientDelimiter" "myhostname" "hostname"
      "smtpd_recipient_restrictions" "the image, which keeps this server from relaying"
      "smtpd_relay_restrictions" "the image, which keeps this server from relaying" }}
{{- range $name, $_ := .Values.mta.mainCf }}
{{- if hasKey $decided $name }}
mta.mainCf: {{ $name }} follows from {{ get $decided $name }}; leave it out
{{- end }}
{{- end }}
{{- end -}}

{{/* An address of the edge or of a pod is no proof of anything, and every client would have it where the address is lost. */}}
{{- define "mailstack.guard.localNetworks" -}}
{{- $shared := dict
      "pod" (include "mailstack.address.podNetworks" . | fromYamlArray)
      "node" (include "mailstack.address.nodeNetworks" . | fromYamlArray)
      "balancer" (include "mailstack.address.balancerNetworks" . | fromYamlArray) }}
{{- range $path, $own := dict "mta.myNetworks" .Values.mta.myNetworks "filter.localNetworks" .Values.filter.localNetworks }}
{{- range $network := $own }}
{{- range $whose, $networks := $shared }}
{{- range $networks }}
{{- if include "mailstack.cidr.overlap" (list $network .) }}
{{ $path }}: {{ $network }} holds addresses of the {{ $whose }} network {{ . }}, so whoever comes from there would be spared checks; leave it out, or write the single addresses you mean
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
