{{/* Refusals about how a client's address travels. */}}

{{- define "mailstack.guard.front" -}}
{{- $front := include "mailstack.address.front" . }}
{{- $known := keys (.Files.Get "files/fronts.yaml" | fromYaml) | sortAlpha }}
{{- if not $front }}
clientAddress.front: is empty, and whether a client's address reaches the cluster depends on what stands before it; write one of {{ join ", " $known }}, external (a balancer of yours that sends PROXY), or none (clients reach the nodes themselves)
{{- else if not (has $front (concat $known (list "external" "none"))) }}
clientAddress.front: {{ $front }} is not known; write one of {{ join ", " $known }}, external (a balancer of yours that sends PROXY), or none (clients reach the nodes themselves)
{{- else if and (eq $front "klipper") (eq (toString .Values.edge.service.allocateLoadBalancerNodePorts) "false") }}
edge.service.allocateLoadBalancerNodePorts: klipper hands connections to the node ports; leave it out
{{- else if and (eq $front "none") (eq .Values.edge.exposure "LoadBalancer") (ne .Values.edge.mode "existing") }}
clientAddress.front: none does not go with edge.exposure LoadBalancer; write what the balancer is, or edge.exposure: hostPort, hostNetwork or NodePort
{{- end }}
{{- end -}}

{{/* "true" where the front is one that can be judged by; else guard front says enough. */}}
{{- define "mailstack.guard.frontIsKnown" -}}
{{- $front := include "mailstack.address.front" . -}}
{{- if or (has $front (list "external" "none")) (hasKey (.Files.Get "files/fronts.yaml" | fromYaml) $front) }}true{{ end -}}
{{- end -}}

{{- define "mailstack.guard.balancerNetworks" -}}
{{- $networks := .Values.clientAddress.balancerNetworks }}
{{- $front := include "mailstack.address.front" . }}
{{- if and (include "mailstack.address.arrivesByProxy" .) (not $networks) }}
clientAddress.balancerNetworks: is empty, and a PROXY header counts only from a sender that is trusted; write the addresses from which {{ $front }} reaches the edge, for instance [10.0.0.0/16] for a private network or [192.0.2.4/32]
{{- else if and $networks (include "mailstack.guard.frontIsKnown" .) (not (include "mailstack.address.arrivesByProxy" .)) }}
clientAddress.balancerNetworks: {{ $front }} sends no PROXY header, so nobody may be trusted to send one; leave it out, or write clientAddress.front: external where a balancer of yours sends one
{{- end }}
{{- end -}}

{{/* Where the pods' networks are needed: by the edge, or by an Ingress controller in pods. */}}
{{- define "mailstack.guard.podNetworks" -}}
{{- $byEdge := and (ne .Values.edge.mode "direct") (not (include "mailstack.address.edgeOnHost" .)) }}
{{- $byIngress := and (eq .Values.web.exposure "ingress") (not .Values.web.ingress.networks) }}
{{- if and (or $byEdge $byIngress) (not (include "mailstack.address.podNetworks" . | fromYamlArray)) }}
clientAddress.podNetworks: {{ ternary "the nodes name none (their podCIDRs are absent)" "is empty, and clientAddress.platform too" .Values.clientAddress.discover }}; write the network that pods have, as one of these shows it: {{ include "mailstack.guard.findNetwork" . }}
{{- end }}
{{- end -}}

{{/* How to find the pods' network, by network plug-in. On one line, since it stands in a refusal. */}}
{{- define "mailstack.guard.findNetwork" -}}
{{- $ways := list
      "(flannel, kubenet, most) kubectl get nodes -o jsonpath='{.items[*].spec.podCIDRs}'"
      "(Calico) kubectl get ippools.crd.projectcalico.org -o jsonpath='{.items[*].spec.cidr}'"
      "(Cilium) kubectl get ciliumnodes -o jsonpath='{.items[*].spec.ipam.podCIDRs}'"
      "(kubeadm) kubectl -n kube-system get cm kubeadm-config -o yaml | grep podSubnet"
      "(EKS, Azure CNI: the VPC's subnets) kubectl get pods -A -o jsonpath='{.items[*].status.podIP}'" -}}
{{- join "; " $ways -}}
{{- end -}}

{{- define "mailstack.guard.nodeNetworks" -}}
{{- if and (include "mailstack.address.edgeOnHost" .) (not .Values.clientAddress.nodeNetworks) }}
clientAddress.nodeNetworks: is empty, and an edge on the host network connects to the mail servers with its node's address; write the nodes' addresses as pods see them, for instance [192.0.2.10/32, 192.0.2.11/32]. Where the network plug-in has a bridge (flannel, also k3s) a node's own connections carry the first addresses of its pod range, for instance [10.42.0.0/32, 10.42.0.1/32]
{{- end }}
{{- end -}}

{{- define "mailstack.guard.balancerPorts" -}}
{{- $limit := (include "mailstack.address.facts" . | fromYaml).ports }}
{{- if and $limit (eq .Values.edge.exposure "LoadBalancer") (ne .Values.edge.mode "direct") }}
{{- $annotations := merge (dict) .Values.edge.service.mailAnnotations .Values.edge.service.annotations }}
{{- $type := get $annotations $limit.annotation | default $limit.default }}
{{- $most := get $limit.most $type | int }}
{{- $count := len (include "mailstack.ports.enabled" . | fromYamlArray) }}
{{- /* The cluster's own Traefik has one Service, with the web's two ports. */}}
{{- if eq .Values.edge.mode "existing" }}{{ $count = add $count 2 }}{{ end }}
{{- if and $most (gt $count $most) }}
ports: {{ $count }} are on{{ if eq .Values.edge.mode "existing" }} (with the web's two){{ end }}, and a balancer of type {{ $type }} carries {{ $most }}; switch some off, or write edge.service.mailAnnotations: {{ printf "{%s: %s}" $limit.annotation (include "mailstack.guard.largerType" (list $limit.most $count)) }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The smallest type that carries so many ports. Takes (list {type: ports} count). */}}
{{- define "mailstack.guard.largerType" -}}
{{- $found := dict "type" "a larger type" "ports" 1000000 -}}
{{- $count := index . 1 -}}
{{- range $type, $ports := index . 0 -}}
{{- if and (ge (int $ports) (int $count)) (lt (int $ports) (int $found.ports)) }}{{ $found = dict "type" $type "ports" $ports }}{{ end -}}
{{- end -}}
{{- $found.type -}}
{{- end -}}

{{- define "mailstack.guard.oneFamily" -}}
{{- $facts := include "mailstack.address.facts" . | fromYaml }}
{{- if and $facts.oneFamily (or (eq .Values.service.ipFamilyPolicy "RequireDualStack") (gt (len .Values.service.ipFamilies) 1)) }}
service.ipFamilyPolicy: an IPv6 client of {{ include "mailstack.address.front" . }} reaches an IPv4 pod with the balancer's address, so its own would be lost; write SingleStack
{{- end }}
{{- end -}}

{{- define "mailstack.guard.exposure" -}}
{{- $front := include "mailstack.address.front" . }}
{{- if and (ne .Values.edge.exposure "LoadBalancer") (ne .Values.edge.mode "existing") (include "mailstack.guard.frontIsKnown" .) (not (has $front (list "none" "external"))) }}
edge.exposure: {{ .Values.edge.exposure }} does not go through {{ $front }}; write LoadBalancer, or clientAddress.front: none, or external for a balancer of yours
{{- end }}
{{- if and (eq .Values.edge.mode "direct") (has .Values.edge.exposure (list "hostPort" "hostNetwork")) }}
edge.exposure: {{ .Values.edge.exposure }} is the bundled edge's; with edge.mode direct write LoadBalancer or NodePort
{{- end }}
{{- end -}}

{{- define "mailstack.guard.nodePorts" -}}
{{- $seen := dict }}
{{- $asked := dict }}
{{- range $name, $port := .Values.ports }}
{{- if and $port.enabled $port.nodePort }}{{ $_ := set $asked (printf "ports.%s.nodePort" $name) $port.nodePort }}{{ end }}
{{- end }}
{{- range $name, $port := .Values.edge.service.webNodePorts }}
{{- if $port }}{{ $_ := set $asked (printf "edge.service.webNodePorts.%s" $name) $port }}{{ end }}
{{- end }}
{{- range $path, $port := $asked }}
{{- $key := toString (int $port) }}
{{- if hasKey $seen $key }}
{{ $path }}: {{ $key }} is {{ get $seen $key }} too; write another one
{{- end }}
{{- $_ := set $seen $key $path }}
{{- end }}
{{- if and $asked (or (eq .Values.edge.mode "existing") (has .Values.edge.exposure (list "hostPort" "hostNetwork"))) }}
{{ keys $asked | sortAlpha | first }}: no Service of this install has node ports (edge.mode {{ .Values.edge.mode }}, edge.exposure {{ .Values.edge.exposure }}); leave it out
{{- end }}
{{- end -}}

{{/* Ports of a node, or its network, are what Pod Security calls privileged; only asked where that is wanted. */}}
{{- define "mailstack.guard.podSecurity" -}}
{{- if and (eq .Values.edge.mode "bundled") (has .Values.edge.exposure (list "hostPort" "hostNetwork")) }}
{{- $labels := dig "metadata" "labels" dict (lookup "v1" "Namespace" "" .Release.Namespace) }}
{{- $level := get $labels "pod-security.kubernetes.io/enforce" }}
{{- if has $level (list "baseline" "restricted") }}
edge.exposure: {{ .Values.edge.exposure }} needs Pod Security level privileged, and namespace {{ .Release.Namespace }} enforces {{ $level }}; run: kubectl label namespace {{ .Release.Namespace }} --overwrite pod-security.kubernetes.io/enforce=privileged, or write edge.exposure: LoadBalancer or NodePort
{{- end }}
{{- end }}
{{- end -}}

{{- define "mailstack.guard.direct" -}}
{{- if eq .Values.edge.mode "direct" }}
{{- if include "mailstack.address.arrivesByProxy" . }}
edge.mode: direct has nobody who reads a PROXY header, and {{ include "mailstack.address.front" . }} hides the client's address without one; write edge.mode: bundled
{{- end }}
{{- if eq .Values.web.exposure "edge" }}
web.exposure: there is no edge with edge.mode direct; write ingress, or none
{{- end }}
{{- if not .Values.edge.direct.mdaHostname }}
edge.direct.mdaHostname: is empty, and mta and mda have an address each; write the name under which mailboxes are read, for instance imap.{{ include "mailstack.names.domain" . }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "mailstack.guard.existing" -}}
{{- if eq .Values.edge.mode "existing" }}
{{- $version := .Values.edge.existing.version }}
{{- if not $version }}
edge.existing.version: is empty, and how Traefik is told to send PROXY depends on it; write its version, as: kubectl -n {{ .Values.edge.existing.namespace }} get pods -o jsonpath='{.items[*].spec.containers[*].image}'
{{- else if semverCompare "=3.5.2" $version }}
edge.existing.version: Traefik 3.5.2 states its own address in place of the client's; move it to 3.5.3 or newer
{{- else if semverCompare "<2.4-0" $version }}
edge.existing.version: Traefik {{ $version }} cannot send a PROXY header; move it to 2.4 or newer, or write edge.mode: bundled
{{- end }}
{{- end }}
{{- end -}}

{{- define "mailstack.guard.bundledVersion" -}}
{{- $tag := .Values.edge.image.tag | toString }}
{{- if and (eq .Values.edge.mode "bundled") (regexMatch "^v?[0-9]+(\\.[0-9]+)*" $tag) }}
{{- /* A tag without all three numbers is the newest of those that begin with it. */}}
{{- $version := regexFind "[0-9]+(\\.[0-9]+){0,2}" $tag }}
{{- if lt (len (splitList "." $version)) 3 }}{{ $version = print $version ".999" }}{{ end }}
{{- if semverCompare "<3.5.3-0" $version }}
edge.image.tag: Traefik {{ $tag }} is not told of PROXY as this chart does it (3.5.3 and newer are); write v3.6.24, or newer
{{- end }}
{{- end }}
{{- end -}}
