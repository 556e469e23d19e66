{{/*
A component's network policy: nothing in, nothing out, but what stands here and in the values.
Takes (dict "root" $ "component" "mta" "ingress" […] "egress" […] "name" "…"?).
*/}}
{{- define "mailstack.policy" -}}
{{- $policy := .root.Values.networkPolicy -}}
{{- if $policy.enabled -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "mailstack.metadata" (dict "root" .root "component" .component) | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "mailstack.labels.selector" (list .root .component) | nindent 6 }}
  policyTypes: [Ingress, Egress]
  {{- with concat (default list .ingress) (get $policy.extraIngress .component | default list) }}
  ingress:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with concat (default list .egress) (get $policy.extraEgress .component | default list) }}
  egress:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
{{- end -}}

{{/* Peers by component. Takes (list $ "web" "mda" …). */}}
{{- define "mailstack.policy.peers" -}}
{{- $root := index . 0 -}}
{{- range rest . }}
- podSelector:
    matchLabels:
      {{- include "mailstack.labels.selector" (list $root .) | nindent 6 }}
{{- end }}
{{- end -}}

{{/* A rule of DNS, by port alone: where a cluster's name servers are is nothing that a chart knows. */}}
{{- define "mailstack.policy.dns" -}}
- ports:
    {{- range .Values.networkPolicy.dnsPorts }}
    - {port: {{ . }}, protocol: UDP}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
{{- end -}}

{{/* A rule towards ports of a component's pods. Takes (list $ "mda" 2003 2004). */}}
{{- define "mailstack.policy.to" -}}
- to:
    {{- include "mailstack.policy.peers" (list (index . 0) (index . 1)) | nindent 4 }}
  ports:
    {{- range rest (rest .) }}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
{{- end -}}

{{/* A rule from components to ports of one's own. Takes (list $ (list "web" "mda") 10025 10587). */}}
{{- define "mailstack.policy.from" -}}
- from:
    {{- include "mailstack.policy.peers" (concat (list (index . 0)) (index . 1)) | nindent 4 }}
  ports:
    {{- range rest (rest .) }}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
{{- end -}}

{{/* A rule towards the database, bundled or not. */}}
{{- define "mailstack.policy.toDatabase" -}}
{{- $port := include "mailstack.database.port" . -}}
{{- if eq .Values.database.mode "bundled" -}}
{{- include "mailstack.policy.to" (list . "database" $port) }}
{{- else -}}
- ports:
    - {port: {{ $port }}, protocol: TCP}
  {{- with include "mailstack.address.cidrs" .Values.database.external.networks | fromYamlArray }}
  to:
    {{- range . }}
    - ipBlock:
        cidr: {{ . }}
    {{- end }}
  {{- end }}
{{- end -}}
{{- end -}}

{{/* A rule towards the API server: a policy sees its own address and port, which are not those of its Service. */}}
{{- define "mailstack.policy.toApiServer" -}}
- ports:
    {{- range .Values.networkPolicy.apiPorts }}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
  {{- with include "mailstack.address.cidrs" .Values.networkPolicy.apiNetworks | fromYamlArray }}
  to:
    {{- range . }}
    - ipBlock:
        cidr: {{ . }}
    {{- end }}
  {{- end }}
{{- end -}}

{{/* A rule towards ports anywhere. Takes a list of ports. */}}
{{- define "mailstack.policy.toAnywhere" -}}
- ports:
    {{- range . }}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
{{- end -}}

{{/*
A rule for the ports of the world: from the edge, or, where there is none, from everybody. By ports without from, since an
ipBlock may or may not hold for what comes from outside. Takes (list $ "mta").
*/}}
{{- define "mailstack.policy.public" -}}
{{- $root := index . 0 -}}
{{- with include "mailstack.ports.of" . | fromYamlArray -}}
- ports:
    {{- range . }}
    - {port: {{ .target }}, protocol: TCP}
    {{- end }}
  {{- with include "mailstack.address.edgePeers" $root | fromYamlArray }}
  from:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
{{- end -}}
