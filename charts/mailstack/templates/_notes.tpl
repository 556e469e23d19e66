{{/* What an install prints: what a template can know, and the commands that show the rest. */}}

{{- define "mailstack.notes.door" -}}
{{- $front := include "mailstack.address.front" . -}}
HOW CLIENTS COME IN
{{- if eq .Values.edge.mode "direct" }}
  mta and mda are LoadBalancers of their own behind {{ $front }}; nothing sends PROXY.
{{- else if eq .Values.edge.mode "existing" }}
  Through the Traefik {{ .Values.edge.existing.version }} of namespace {{ .Values.edge.existing.namespace }}, which sends PROXY v2 to mta and mda.
{{- else }}
  Through {{ include "mailstack.names.component" (list . "edge") }} ({{ .Values.edge.exposure }}{{ if $front }}, front {{ $front }}{{ end }}), which sends PROXY v2 to mta and mda.
{{- end }}
{{- if include "mailstack.address.arrivesByProxy" . }}
  The client's address arrives in a PROXY header, believed from {{ include "mailstack.address.balancerNetworks" . | fromYamlArray | join ", " }} alone.
{{- else }}
  The client's address arrives in the packets (externalTrafficPolicy Local where there is a Service).
{{- end }}
  Ports:
{{- range include "mailstack.ports.enabled" . | fromYamlArray }} {{ .port }}{{ end }}
{{- if eq .Values.web.exposure "edge" }} 80 443{{ end }}
{{- if and (ne .Values.edge.mode "direct") .Values.clientAddress.discover }}
  The pod networks were read from the nodes: {{ include "mailstack.address.podNetworks" . | fromYamlArray | join ", " }}. After adding a node, upgrade once.
{{- end }}
  Pod Security level that the namespace has to grant: {{ if and (eq .Values.edge.mode "bundled") (has .Values.edge.exposure (list "hostPort" "hostNetwork")) }}privileged (edge.exposure {{ .Values.edge.exposure }}){{ else }}baseline (mta runs as root){{ end }}
    kubectl get namespace {{ .Release.Namespace }} -L pod-security.kubernetes.io/enforce
{{ end -}}

{{/* Whose address the world's names have. */}}
{{- define "mailstack.notes.holder" -}}
{{- $existing := .Values.edge.existing -}}
{{- if or (include "mailstack.address.edgeOnHost" .) (and (eq .Values.edge.mode "bundled") (eq .Values.edge.exposure "hostPort")) -}}
{{ print " the nodes: kubectl get nodes -o wide" }}
{{- else if eq .Values.edge.mode "existing" -}}
{{ printf " your Traefik: kubectl -n %s get svc %s" $existing.namespace $existing.serviceName }}
{{- else -}}
{{- if eq .Values.edge.exposure "NodePort" }} what stands before the node ports of{{ end }}: kubectl -n {{ .Release.Namespace }} get svc
{{- if eq .Values.edge.mode "direct" }} {{ include "mailstack.names.component" (list . "mta") }} {{ include "mailstack.names.component" (list . "mda") }}
{{- else }} {{ include "mailstack.names.component" (list . "edge") }}{{ if eq .Values.web.exposure "edge" }} {{ include "mailstack.names.component" (list . "edge-web") }}{{ end }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "mailstack.notes.records" -}}
{{- $domain := include "mailstack.names.domain" . -}}
{{- $mta := include "mailstack.names.public" (list . "mta") -}}
{{- $mda := include "mailstack.names.public" (list . "mda") -}}
RECORDS TO PUBLISH, for each domain that you take mail for (here {{ $domain }})
  {{ $mta }}.  A, AAAA  the address of{{ include "mailstack.notes.holder" . }}
{{- if ne $mta $mda }}
  {{ $mda }}.  A, AAAA  likewise
{{- end }}
{{- if and (eq .Values.web.exposure "ingress") (not (has .Values.hostname (list $mta $mda))) }}
  {{ .Values.hostname }}.  A, AAAA  the address of your Ingress controller
{{- end }}
  {{ $domain }}.  MX  10 {{ $mta }}.
{{- if .Values.mta.relay.host }}
  {{ $domain }}.  TXT  SPF as {{ .Values.mta.relay.host }} wants it, since mail leaves from there
{{- else }}
  {{ $domain }}.  TXT  "v=spf1 mx -all"  once you know that mail leaves from the same address (below)
{{- end }}
  _dmarc.{{ $domain }}.  TXT  "v=DMARC1; p=none; rua=mailto:{{ include "mailstack.names.postmaster" . }}"
  dkim._domainkey.{{ $domain }}.  TXT  as printed by: kubectl -n {{ .Release.Namespace }} exec deploy/{{ include "mailstack.names.component" (list . "web") }} -- /opt/admin/bin/console dkim:setup {{ $domain }} --enable  (once the domain is there)
{{- range include "mailstack.ports.enabled" . | fromYamlArray }}
{{- if has .name (list "submissions" "submission" "imaps" "imap" "pop3s" "pop3" "sieve") }}
  _{{ .name }}._tcp.{{ $domain }}.  SRV  0 1 {{ .port }} {{ ternary $mta $mda (eq .server "mta") }}.
{{- end }}
{{- end }}
{{- if ne .Values.web.exposure "none" }}
  autoconfig.{{ $domain }}.  CNAME  {{ .Values.hostname }}.  and write autoconfig.{{ $domain }} into web.extraHostnames
{{- end }}
{{ end -}}

{{- define "mailstack.notes.look" -}}
{{- $ns := .Release.Namespace -}}
{{- $mta := include "mailstack.names.component" (list . "mta") -}}
WHAT NO CHART CAN KNOW
  whether it all works            helm test {{ .Release.Name }} -n {{ $ns }}
{{- if .Values.networkPolicy.enabled }}
  whether policies are enforced   the same (test pod {{ include "mailstack.names.component" (list . "test-outsider") }})
{{- end }}
{{- if not .Values.mta.relay.host }}
  port 25 outward, and the address mail leaves from: the answer to EHLO names it; without one the port is closed to you
                                  kubectl -n {{ $ns }} exec {{ $mta }}-0 -c mta -- sh -c '(sleep 3; echo EHLO {{ include "mailstack.names.public" (list . "mta") }}; sleep 3; echo QUIT) | nc -w 9 gmail-smtp-in.l.google.com 25'
  its name (PTR)                  dig -x that address; it should be {{ include "mailstack.names.public" (list . "mta") }}
{{- end }}
  the client's address            connect from a place whose address you know, then look for it:
                                  kubectl -n {{ $ns }} logs {{ $mta }}-0 -c mta | grep 'connect from'
                                  kubectl -n {{ $ns }} logs {{ include "mailstack.names.component" (list . "mda") }}-0 -c mda | grep rip=
                                  or have truehop do both: truehop verify {{ include "mailstack.names.public" (list . "mda") }} --kube-context '' -n {{ $ns }}
{{- if .Values.truehop.logs.enabled }}
  whether it stays so             kubectl -n {{ $ns }} port-forward deploy/{{ include "mailstack.names.component" (list . "truehop") }} 9108, then http://localhost:9108/metrics
{{- end }}
{{ end -}}

{{- define "mailstack.notes.people" -}}
{{- $ns := .Release.Namespace -}}
PEOPLE
{{- if eq .Values.web.exposure "none" }}
  Webmail and administration are not open to the world: kubectl -n {{ $ns }} port-forward svc/{{ include "mailstack.names.component" (list . "web") }} 8080:80
{{- else }}
  administration  https://{{ .Values.hostname }}/
  webmail         https://{{ .Values.hostname }}/webmail/
{{- if and (eq .Values.web.exposure "ingress") (ne .Values.edge.mode "direct") }}
  Where your Ingress controller has another address than mail, {{ .Values.hostname }} cannot lead to both: write a name of its own into web.extraHostnames.
{{- end }}
{{- end }}
{{- if .Values.setup.admin }}
{{- $ref := include "mailstack.secrets.ref" (list . "admin") | fromYaml }}
  first account   {{ .Values.setup.admin }}, password: kubectl -n {{ $ns }} get secret {{ $ref.name }} -o jsonpath='{.data.{{ $ref.key | replace "." "\\." }}}' | base64 -d
{{- else }}
  first account   kubectl -n {{ $ns }} exec -it deploy/{{ include "mailstack.names.component" (list . "web") }} -- setup.sh
{{- end }}
{{ end -}}

{{- define "mailstack.notes.traefik" -}}
{{- if eq .Values.edge.mode "existing" -}}
WHAT YOUR TRAEFIK NEEDS
  Values for its official chart; each client's address rests on them:

{{ include "mailstack.traefik.values" . | indent 4 }}
{{- if semverCompare "<3.0-0" .Values.edge.existing.version }}
  asDefault is not known before Traefik 3.0: there, give every router of yours its entryPoints.
{{- end }}
{{ end -}}
{{- end -}}

{{/* What is not as it should be in use. */}}
{{- define "mailstack.notes.unsafe" -}}
{{- $lines := list -}}
{{- if eq .Values.tls.source "selfSigned" }}{{ $lines = append $lines "The certificate is signed by itself, for a trial: no mail client will trust it (tls.source)." }}{{ end -}}
{{- if not .Values.networkPolicy.enabled }}{{ $lines = append $lines "No network policies: every pod of the cluster may state any client's address to mta, which believes whoever sends a PROXY header (networkPolicy.enabled)." }}{{ end -}}
{{- range include "mailstack.components" . | fromYamlArray -}}
{{- $persistence := dig "persistence" dict (index $.Values .) -}}
{{- if and $persistence (not $persistence.enabled) }}{{ $lines = append $lines (printf "What %s holds is gone with its pod (%s.persistence.enabled)." . .) }}{{ end -}}
{{- end -}}
{{- if and (eq .Values.web.exposure "edge") (eq (include "mailstack.address.front" .) "klipper") (eq .Values.edge.mode "bundled") }}{{ $lines = append $lines (printf "k3s' own Traefik holds ports 80 and 443 unless you switched it off, and while it does, Service %s waits for them (write web.exposure: ingress and web.ingress.className: traefik)." (include "mailstack.names.component" (list . "edge-web"))) }}{{ end -}}
{{- if and (eq .Values.web.exposure "edge") (not .Values.edge.http.redirect) }}{{ $lines = append $lines "The webmail may be used without TLS (edge.http.redirect)." }}{{ end -}}
{{- if eq .Values.mda.sieve.outbound "localOnly" }}{{ $lines = append $lines "Vacation notes and redirects of filter rules reach this server's own mailboxes only (mda.sieve.outbound)." }}{{ end -}}
{{- if .Values.meshInjection }}{{ $lines = append $lines "A mesh's proxies would be the clients that the servers see (meshInjection)." }}{{ end -}}
{{- if gt (int .Values.web.replicas) 1 }}{{ $lines = append $lines "Each pod of the web signs its forms with a key of its own, so a visitor has to stay with one (sessionAffinity, or one replica)." }}{{ end -}}
{{- if $lines -}}
WHAT IS NOT AS IT SHOULD BE
{{- range $lines }}
  - {{ . }}
{{- end }}
{{ end -}}
{{- end -}}
