{{/*
How the client's address travels: the only place that derives PROXY switches, trust lists and traffic policies. All of it
follows from the values clientAddress, edge.mode, edge.exposure, edge.existing and web.exposure.

The facts about balancers stand in files/fronts.yaml.
*/}}

{{/* --- what the values say ------------------------------------------------------------------- */}}

{{/* What stands before the cluster: an id of files/fronts.yaml, external, none, or nothing where nobody said it. */}}
{{- define "mailstack.address.front" -}}
{{- if .Values.clientAddress.front -}}
{{- .Values.clientAddress.front -}}
{{- else if and (eq .Values.clientAddress.platform "k3s") (eq .Values.edge.exposure "LoadBalancer") -}}
klipper
{{- else if ne .Values.edge.exposure "LoadBalancer" -}}
none
{{- end -}}
{{- end -}}

{{/* What is known of it, as a mapping. */}}
{{- define "mailstack.address.facts" -}}
{{- $front := include "mailstack.address.front" . -}}
{{- if eq $front "external" -}}
arrives: proxy
{{- else if has $front (list "" "none") -}}
arrives: network
{{- else -}}
{{- get (.Files.Get "files/fronts.yaml" | fromYaml) $front | toYaml -}}
{{- end -}}
{{- end -}}

{{/* "true" where the edge is handed the client's address in a PROXY header. */}}
{{- define "mailstack.address.arrivesByProxy" -}}
{{- if eq (include "mailstack.address.facts" . | fromYaml).arrives "proxy" }}true{{ end -}}
{{- end -}}

{{/* "true" where the edge hands it on in a PROXY header: always, but without an edge for mail. */}}
{{- define "mailstack.address.sendsProxy" -}}
{{- if ne .Values.edge.mode "direct" }}true{{ end -}}
{{- end -}}

{{/* "true" where the edge's own packets carry a node's address. */}}
{{- define "mailstack.address.edgeOnHost" -}}
{{- if or (and (eq .Values.edge.mode "bundled") (eq .Values.edge.exposure "hostNetwork")) (and (eq .Values.edge.mode "existing") .Values.edge.existing.hostNetwork) }}true{{ end -}}
{{- end -}}

{{/* A list of networks without their reasons; an address alone is a network of one, since policies take nothing else. Takes the list. */}}
{{- define "mailstack.address.cidrs" -}}
{{- $cidrs := list -}}
{{- range . -}}
{{- $cidr := . -}}
{{- if not (kindIs "string" .) }}{{ $cidr = .cidr }}{{ end -}}
{{- if not (contains "/" $cidr) }}{{ $cidr = printf "%s/%s" $cidr (ternary "128" "32" (contains ":" $cidr)) }}{{ end -}}
{{- $cidrs = append $cidrs $cidr -}}
{{- end -}}
{{- toYaml $cidrs -}}
{{- end -}}

{{/* The pods' networks: as written, as the nodes say, or as the platform has them by default. */}}
{{- define "mailstack.address.podNetworks" -}}
{{- if .Values.clientAddress.podNetworks -}}
{{- include "mailstack.address.cidrs" .Values.clientAddress.podNetworks -}}
{{- else if .Values.clientAddress.discover -}}
{{- $found := list -}}
{{- range (lookup "v1" "Node" "" "").items }}{{ $found = concat $found (dig "spec" "podCIDRs" list .) }}{{ end -}}
{{- $found | uniq | sortAlpha | toYaml -}}
{{- else -}}
{{- get (dict "k3s" (list "10.42.0.0/16") "kubeadm" (list "10.244.0.0/16") "kind" (list "10.244.0.0/16")) .Values.clientAddress.platform | default list | toYaml -}}
{{- end -}}
{{- end -}}

{{- define "mailstack.address.nodeNetworks" -}}
{{- include "mailstack.address.cidrs" .Values.clientAddress.nodeNetworks -}}
{{- end -}}

{{- define "mailstack.address.balancerNetworks" -}}
{{- include "mailstack.address.cidrs" .Values.clientAddress.balancerNetworks -}}
{{- end -}}

{{/* Where the edge's connections to the mail servers and the webmail come from. */}}
{{- define "mailstack.address.edgeNetworks" -}}
{{- if include "mailstack.address.edgeOnHost" . -}}
{{- include "mailstack.address.nodeNetworks" . -}}
{{- else -}}
{{- include "mailstack.address.podNetworks" . -}}
{{- end -}}
{{- end -}}

{{/* Where the webmail's visitors' requests come from: the edge, an Ingress controller, or nobody. */}}
{{- define "mailstack.address.webNetworks" -}}
{{- if eq .Values.web.exposure "edge" -}}
{{- include "mailstack.address.edgeNetworks" . -}}
{{- else if eq .Values.web.exposure "none" -}}
[127.0.0.1/32]
{{- else if .Values.web.ingress.networks -}}
{{- include "mailstack.address.cidrs" .Values.web.ingress.networks -}}
{{- else -}}
{{- include "mailstack.address.podNetworks" . -}}
{{- end -}}
{{- end -}}

{{/* --- what the daemons are told -------------------------------------------------------------- */}}

{{/* Environment of the mta: it has no list of trusted senders, so network policies stand in for one. */}}
{{- define "mailstack.address.mtaEnv" -}}
- name: MTA_UPSTREAM_PROXY
  value: {{ ternary "true" "false" (and (eq (include "mailstack.address.sendsProxy" .) "true") (ne (include "mailstack.ports.of" (list . "mta") | trim) "")) | quote }}
{{- end -}}

{{- define "mailstack.address.mdaEnv" -}}
- name: MDA_UPSTREAM_PROXY
  value: {{ include "mailstack.address.sendsProxy" . | default "false" | quote }}
{{- if include "mailstack.address.sendsProxy" . }}
- name: TRUSTED_PROXIES
  value: {{ include "mailstack.address.edgeNetworks" . | fromYamlArray | join "," | quote }}
{{- end }}
{{- end -}}

{{/* Environment of the web: its administration and its webmail have a list each. */}}
{{- define "mailstack.address.webEnv" -}}
{{- $networks := include "mailstack.address.webNetworks" . | fromYamlArray -}}
- name: TRUSTED_PROXIES
  value: {{ $networks | join "," | quote }}
- name: ROUNDCUBE_PROXY_WHITELIST
  value: {{ $networks | toJson | quote }}
{{- if or (eq .Values.web.exposure "ingress") (and (eq .Values.web.exposure "edge") .Values.edge.http.redirect) }}
# Nobody comes without TLS, so cookies need not be had without it either.
- name: ROUNDCUBE_USE_HTTPS
  value: "1"
{{- end }}
{{- end -}}

{{/* An option of master.cf for listeners that programs of this stack talk to. */}}
{{- define "mailstack.address.postfixInner" -}}
-o smtpd_upstream_proxy_protocol=
{{- end -}}

{{/* yes or no for a Dovecot listener that the chart adds for the world. */}}
{{- define "mailstack.address.dovecotSwitch" -}}
{{- ternary "yes" "no" (eq (include "mailstack.address.sendsProxy" .) "true") -}}
{{- end -}}

{{/* --- what the edge is told ------------------------------------------------------------------- */}}

{{/*
Arguments of an entry point about addresses. A client that sends no header keeps a server-first session waiting until
readTimeout, so mail gets a short one. Takes (list $ "smtp" "mail"), the last being mail or web.
*/}}
{{- define "mailstack.address.entryPointArgs" -}}
{{- $root := index . 0 -}}
{{- if include "mailstack.address.arrivesByProxy" $root }}
- --entryPoints.{{ index . 1 }}.proxyProtocol.trustedIPs={{ include "mailstack.address.balancerNetworks" $root | fromYamlArray | join "," }}
{{- if eq (index . 2) "mail" }}
{{- include "mailstack.address.readTimeoutArg" (list $root (index . 1)) }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The short timeout of a mail entry point that may be sent a PROXY header. Takes (list $ "smtp"). */}}
{{- define "mailstack.address.readTimeoutArg" -}}
{{- if include "mailstack.address.arrivesByProxy" (index . 0) }}
- --entryPoints.{{ index . 1 }}.transport.respondingTimeouts.readTimeout=5s
{{- end }}
{{- end -}}

{{/* How the edge introduces clients to the mail servers: the body of a TCP servers transport. */}}
{{- define "mailstack.address.transport" -}}
proxyProtocol:
  version: 2
{{- end -}}

{{/*
How a route of an existing Traefik says the same: by a transport of its own (from 3.5.3 on) or beside the service. One that
reads the other form sends no header. "transport" or "service".
*/}}
{{- define "mailstack.address.existingForm" -}}
{{- ternary "transport" "service" (semverCompare ">=3.5.3-0" (default "0" .Values.edge.existing.version)) -}}
{{- end -}}

{{/*
A Service that the world connects to: {annotations, spec}. Takes (list $ "mail"), or (list $ "web").
*/}}
{{- define "mailstack.address.service" -}}
{{- $root := index . 0 -}}
{{- $values := $root.Values.edge -}}
{{- $facts := include "mailstack.address.facts" $root | fromYaml -}}
{{- $front := include "mailstack.address.front" $root -}}
{{- $type := ternary "NodePort" "LoadBalancer" (eq $values.exposure "NodePort") -}}
{{- $said := dict -}}
{{- if not (has $front (list "" "external" "none")) }}{{ $_ := set $said "truehop/front" $front }}{{ end -}}
annotations:
  {{- merge (dict) (get $values.service (printf "%sAnnotations" (index . 1))) $values.service.annotations (default dict $facts.annotations) $said | toYaml | nindent 2 }}
spec:
  type: {{ $type }}
  # The node that a connection reaches hands it on as it came; under Cluster it would put its own address there.
  externalTrafficPolicy: Local
  {{- if eq $type "LoadBalancer" }}
  {{- with default $facts.class $values.service.loadBalancerClass }}
  loadBalancerClass: {{ . }}
  {{- end }}
  {{- if not (kindIs "invalid" $values.service.allocateLoadBalancerNodePorts) }}
  allocateLoadBalancerNodePorts: {{ $values.service.allocateLoadBalancerNodePorts }}
  {{- end }}
  {{- with $values.service.loadBalancerSourceRanges }}
  loadBalancerSourceRanges:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
{{- end -}}

{{/* The same for a port in the values of Traefik's own chart. Takes (list $ "mail"), or (list $ "web"). */}}
{{- define "mailstack.address.traefikPort" -}}
{{- $root := index . 0 -}}
{{- if include "mailstack.address.arrivesByProxy" $root -}}
proxyProtocol:
  trustedIPs:
    {{- include "mailstack.address.balancerNetworks" $root | nindent 4 }}
{{- if and (eq (index . 1) "mail") (include "mailstack.existing.isThree" $root) }}
transport:
  respondingTimeouts:
    readTimeout: 5s
{{- end }}
{{- end -}}
{{- end -}}

{{/* And for its Service, or its pods on the host network. */}}
{{- define "mailstack.address.traefikService" -}}
{{- if .Values.edge.existing.hostNetwork -}}
hostNetwork: true
# Ports below 1024 of the node itself.
podSecurityContext: {runAsNonRoot: false, runAsUser: 0, runAsGroup: 0}
securityContext:
  capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}
# A port of a node has room for one.
updateStrategy:
  rollingUpdate: {maxUnavailable: 1, maxSurge: 0}
service:
  enabled: false
{{- else -}}
{{- $door := include "mailstack.address.service" (list . "mail") | fromYaml -}}
service:
  {{- with $door.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- /* LoadBalancer is that chart's own default; another type stands elsewhere before chart 40 (Traefik 3.7). */}}
  {{- $spec := omit $door.spec "type" }}
  {{- if ne $door.spec.type "LoadBalancer" }}
  {{- if semverCompare ">=3.7-0" (default "4" .Values.edge.existing.version) }}{{ $spec = $door.spec }}{{ else }}
  type: {{ $door.spec.type }}
  {{- end }}
  {{- end }}
  spec:
    {{- toYaml $spec | nindent 4 }}
{{- end -}}
{{- end -}}

{{/*
Families of a Service whose servers believe what these networks say: where they are of one family, the edge must not come by the other, or
it would be a stranger there. Takes (list $ networks), the networks as YAML text.
*/}}
{{- define "mailstack.address.families" -}}
{{- $families := list -}}
{{- range index . 1 | fromYamlArray }}{{ $families = append $families (ternary "IPv6" "IPv4" (contains ":" .)) }}{{ end -}}
{{- if eq (len (uniq $families)) 1 -}}
ipFamilyPolicy: SingleStack
ipFamilies: [{{ first $families }}]
{{- else -}}
{{- include "mailstack.service.families" (index . 0) -}}
{{- end -}}
{{- end -}}

{{/* --- what network policies and the linter are told -------------------------------------------- */}}

{{/* Peers that may connect to ports which believe a PROXY header or a forwarded one: the edge alone. */}}
{{- define "mailstack.address.edgePeers" -}}
{{- if include "mailstack.address.edgeOnHost" . }}
{{- range include "mailstack.address.nodeNetworks" . | fromYamlArray }}
- ipBlock:
    cidr: {{ . }}
{{- end }}
{{- else if eq .Values.edge.mode "bundled" }}
- podSelector:
    matchLabels:
      {{- include "mailstack.labels.selector" (list . "edge") | nindent 6 }}
{{- else if eq .Values.edge.mode "existing" }}
- namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: {{ .Values.edge.existing.namespace }}
  podSelector:
    matchLabels:
      {{- toYaml .Values.edge.existing.podLabels | nindent 6 }}
{{- end }}
{{- end -}}

{{/* Peers that may connect to the webmail. */}}
{{- define "mailstack.address.webPeers" -}}
{{- $ingress := .Values.web.ingress -}}
{{- if eq .Values.web.exposure "edge" }}
{{- include "mailstack.address.edgePeers" . }}
{{- else if eq .Values.web.exposure "ingress" }}
- namespaceSelector:
    {{- if $ingress.namespace }}
    matchLabels:
      kubernetes.io/metadata.name: {{ $ingress.namespace }}
    {{- else }} {}
    {{- end }}
  {{- with $ingress.podLabels }}
  podSelector:
    matchLabels:
      {{- toYaml . | nindent 6 }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* What no manifest shows, for truehop: the networks of the cluster. An annotation's value. */}}
{{- define "mailstack.address.networks" -}}
{{- $networks := dict -}}
{{- with include "mailstack.address.podNetworks" . | fromYamlArray }}{{ $_ := set $networks "pods" . }}{{ end -}}
{{- with include "mailstack.address.nodeNetworks" . | fromYamlArray }}{{ $_ := set $networks "nodes" . }}{{ end -}}
{{- with include "mailstack.address.balancerNetworks" . | fromYamlArray }}{{ $_ := set $networks "loadBalancers" . }}{{ end -}}
{{- toYaml $networks -}}
{{- end -}}
