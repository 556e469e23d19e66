{{/*
The mail ports of the world, as a mapping of name: what serves it, on which container port of the daemon, and which of
the edge. The daemon's port of sieve is a listener that the chart adds, since the image's own reads no PROXY header.
*/}}
{{- define "mailstack.ports.all" -}}
smtp: {port: 25, server: mta, target: 25}
submissions: {port: 465, server: mta, target: 465}
submission: {port: 587, server: mta, target: 587}
imaps: {port: 993, server: mda, target: 31993}
imap: {port: 143, server: mda, target: 31143}
pop3s: {port: 995, server: mda, target: 31995}
pop3: {port: 110, server: mda, target: 31110}
sieve: {port: 4190, server: mda, target: 34190}
{{- end -}}

{{/*
The enabled ones, as a list in order of their port: {name, port, server, target, edge, nodePort}.
edge is the edge's own port: the port itself on the host network, else one above 10000, which needs no rights.
*/}}
{{- define "mailstack.ports.enabled" -}}
{{- $all := include "mailstack.ports.all" . | fromYaml -}}
{{- $byPort := dict -}}
{{- range $name, $given := .Values.ports -}}
{{- if $given.enabled -}}
{{- $port := get $all $name -}}
{{- $edge := add 10000 $port.port -}}
{{- if eq $.Values.edge.exposure "hostNetwork" }}{{ $edge = int $port.port }}{{ end -}}
{{- $_ := set $byPort (printf "%05d" (int $port.port)) (merge (dict "name" $name "edge" $edge "nodePort" $given.nodePort) $port) -}}
{{- end -}}
{{- end -}}
{{- range keys $byPort | sortAlpha }}
- {{- get $byPort . | toYaml | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Enabled ports of one server. Takes (list $ "mta"). */}}
{{- define "mailstack.ports.of" -}}
{{- $server := index . 1 -}}
{{- range include "mailstack.ports.enabled" (index . 0) | fromYamlArray }}
{{- if eq .server $server }}
- {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Ports of a component for the programs of this stack. Takes (list $ "mta"). */}}
{{- define "mailstack.ports.internal" -}}
{{- $component := index . 1 -}}
{{- if eq $component "mta" }}
- {name: inner-smtp, port: 25, target: 10025}
- {name: inner-submit, port: 587, target: 10587}
{{- else if eq $component "mda" }}
- {name: inner-imap, port: 143, target: 32143}
- {name: inner-sieve, port: 4190, target: 4190}
- {name: lmtp, port: 2003, target: 2003}
- {name: auth, port: 2004, target: 2004}
- {name: doveadm, port: 8080, target: 8080}
{{- else if eq $component "web" }}
- {name: http, port: 80, target: 8080}
{{- else if eq $component "filter" }}
- {name: milter, port: 11332, target: 11332}
- {name: controller, port: 11334, target: 11334}
{{- else if eq $component "unbound" }}
- {name: dns, port: 53, target: 5353, protocol: UDP}
- {name: dns-tcp, port: 53, target: 5353}
{{- else if eq $component "redis" }}
- {name: redis, port: 6379, target: 6379}
{{- else if eq $component "database" }}
- {name: {{ (index . 0).Values.database.driver }}, port: {{ include "mailstack.database.port" (index . 0) }}, target: {{ include "mailstack.database.port" (index . 0) }}}
{{- end }}
{{- end -}}

{{/* Where the programs of this stack find each other: host:port. Takes (list $ "mda" "inner-imap"). */}}
{{- define "mailstack.ports.address" -}}
{{- if ne (len .) 3 }}{{ fail "mailstack.ports.address takes (list $ component port)" }}{{ end -}}
{{- $root := index . 0 -}}
{{- $component := index . 1 -}}
{{- $wanted := index . 2 -}}
{{- $service := $component -}}
{{- if has $component (list "mta" "mda") }}{{ $service = printf "%s-internal" $component }}{{ end -}}
{{- range include "mailstack.ports.internal" (list $root $component) | fromYamlArray -}}
{{- if eq .name $wanted }}{{ include "mailstack.names.host" (list $root $service) }}:{{ .port }}{{ end -}}
{{- end -}}
{{- end -}}
