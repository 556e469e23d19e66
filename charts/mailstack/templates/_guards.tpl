{{/*
Refusals: what the schema cannot say, since it takes several values together or what the cluster has. Each guard is a template that
gives one text a line, or nothing: the value's path, what is wrong, what to write. A guard that is not in this list is never asked.
*/}}
{{- define "mailstack.guards" -}}
- hostname
- objectNames
- certificate
- keySize
- challenges
- front
- balancerNetworks
- podNetworks
- nodeNetworks
- balancerPorts
- oneFamily
- exposure
- nodePorts
- podSecurity
- direct
- existing
- bundledVersion
- extraArgs
- doorAnnotations
- environment
- mainCf
- localNetworks
- secrets
- sieve
- database
- databaseUser
- databaseVersion
- relay
- oauth
- rspamdNetworks
- setup
- ports
- truehop
- monitoring
- policyComponents
{{- end -}}

{{/* --- names and certificates ------------------------------------------------------------------ */}}

{{- define "mailstack.guard.hostname" -}}
{{- if not .Values.hostname }}
hostname: is empty; write the name that clients connect to and that stands in your MX record, for instance mail.example.com
{{- else if not (contains "." .Values.hostname) }}
hostname: {{ .Values.hostname }} is no name that the internet can find; write it with its domain, for instance {{ .Values.hostname }}.example.com
{{- end }}
{{- end -}}

{{/* Names of Services begin with a letter and hold no dot; a release may be called otherwise. */}}
{{- define "mailstack.guard.objectNames" -}}
{{- if not (regexMatch "^[a-z][-a-z0-9]*$" (include "mailstack.fullname" .)) }}
fullnameOverride: is empty, and no Service may have a name that begins with the release's, {{ .Release.Name }}; write a name of letters, digits and dashes that begins with a letter, for instance mail
{{- end }}
{{- end -}}

{{- define "mailstack.guard.certificate" -}}
{{- $tls := .Values.tls }}
{{- if not $tls.source }}
tls.source: is empty; write certManager (with tls.certManager.issuerRef.name), existingSecret (with tls.existingSecret), or selfSigned for a trial
{{- else if and (eq $tls.source "existingSecret") (not $tls.existingSecret) }}
tls.existingSecret: is empty though tls.source is existingSecret; write the name of a Secret with tls.crt and tls.key
{{- else if and (ne $tls.source "existingSecret") $tls.existingSecret }}
tls.existingSecret: is not used with tls.source {{ $tls.source }}; write tls.source: existingSecret, or leave it out
{{- else if and (eq $tls.source "certManager") (not $tls.certManager.issuerRef.name) }}
tls.certManager.issuerRef.name: is empty; write the name of your Issuer, and kind: ClusterIssuer where it is one
{{- else if and (eq $tls.source "selfSigned") (not (include "mailstack.cluster.isLive" .)) }}
tls.source: selfSigned needs a cluster that keeps the certificate, and here there is none (helm template, Argo CD); write certManager or existingSecret
{{- end }}
{{- end -}}

{{- define "mailstack.guard.keySize" -}}
{{- $manager := .Values.tls.certManager }}
{{- $sizes := ternary (list 256 384 521) (list 2048 3072 4096 8192) (eq $manager.keyAlgorithm "ECDSA") }}
{{- if and (eq .Values.tls.source "certManager") (not (has (int $manager.keySize) $sizes)) }}
tls.certManager.keySize: {{ $manager.keySize }} is no size of a key by {{ $manager.keyAlgorithm }}; write {{ first $sizes }}, or one of {{ rest $sizes | join ", " }}
{{- end }}
{{- end -}}

{{- define "mailstack.guard.challenges" -}}
{{- if .Values.tls.certManager.http01 }}
{{- if not .Values.tls.source }}
{{- else if ne .Values.tls.source "certManager" }}
tls.certManager.http01: nobody asks for challenges with tls.source {{ .Values.tls.source }}; write tls.source: certManager, or leave it off
{{- else if or (ne .Values.edge.mode "bundled") (ne .Values.web.exposure "edge") }}
tls.certManager.http01: the edge of this chart does not hold port 80 (edge.mode {{ .Values.edge.mode }}, web.exposure {{ .Values.web.exposure }}); leave it off and let your Ingress controller answer challenges
{{- end }}
{{- end }}
{{- end -}}

{{/* --- credentials ------------------------------------------------------------------------------- */}}

{{- define "mailstack.guard.secrets" -}}
{{- $seed := .Values.secrets.seed }}
{{- if and $seed (lt (len $seed) 20) }}
secrets.seed: has {{ len $seed }} characters, and every password follows from it; write at least 20 random ones, for instance from: openssl rand -hex 24
{{- end }}
{{- if not (or $seed (include "mailstack.cluster.isLive" .)) }}
{{- $lost := list }}
{{- range include "mailstack.secrets.generated" . | fromYamlArray }}
{{- $lost = append $lost (ternary "setup.existingSecret" (ternary "database.mode: external" (printf "secrets.%s.existingSecret" .) (eq . "databaseRoot")) (eq . "admin")) }}
{{- end }}
{{- if $lost }}
secrets.seed: is empty, and without a cluster (helm template, Argo CD) each rendering would make new passwords; write a seed of at least 20 random characters, or your own Secrets: {{ join ", " $lost }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "mailstack.guard.sieve" -}}
{{- if eq .Values.mda.sieve.outbound "clientCertificate" }}
{{- if and (eq (include "mailstack.sieve.source" .) "generated") (not (include "mailstack.cluster.isLive" .)) }}
mda.sieve.outbound: clientCertificate needs a cluster that keeps the certificate, and here there is none (helm template, Argo CD); write tls.source: certManager, or mda.sieve.existingSecret, or mda.sieve.outbound: localOnly
{{- end }}
{{- else if .Values.mda.sieve.existingSecret }}
mda.sieve.existingSecret: is not used with mda.sieve.outbound {{ .Values.mda.sieve.outbound }}; write clientCertificate, or leave it out
{{- end }}
{{- end -}}

{{/* --- database, relay, accounts -------------------------------------------------------------------- */}}

{{- define "mailstack.guard.database" -}}
{{- $external := .Values.database.external }}
{{- if eq .Values.database.mode "external" }}
{{- if not $external.host }}
database.external.host: is empty though database.mode is external; write the server's host name
{{- end }}
{{- if not $external.serverVersion }}
database.external.serverVersion: is empty, and the administration cannot find it out; write the server's major version, for instance {{ ternary "18" "8.4" (eq .Values.database.driver "pgsql") }}
{{- end }}
{{- if and $external.verifyCertificate (eq .Values.database.driver "pgsql") }}
database.external.verifyCertificate: the images can do it for mysql only, and mda would not start; leave it off for pgsql
{{- end }}
{{- else }}
{{- if $external.host }}
database.external.host: is not used with database.mode bundled; write database.mode: external, or leave it out
{{- end }}
{{- if not (include "mailstack.database.major" .) }}
database.images.{{ .Values.database.driver }}.tag: {{ get .Values.database.images .Values.database.driver | dig "tag" "" }} does not begin with a version, and whether it can read the files of the last one could not be known; write one that does, for instance {{ ternary "18-alpine" "8.4" (eq .Values.database.driver "pgsql") }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "mailstack.guard.databaseUser" -}}
{{- if and (eq .Values.database.mode "bundled") (eq .Values.database.driver "mysql") (eq .Values.database.user "root") }}
database.user: root is the administrator of the bundled MySQL, whose image refuses it; write another name, for instance mailserver
{{- end }}
{{- end -}}

{{- define "mailstack.guard.relay" -}}
{{- $relay := .Values.mta.relay }}
{{- if and $relay.existingSecret (not $relay.host) }}
mta.relay.host: is empty though mta.relay.existingSecret holds a login; write the relay, for instance [smtp.example.com]:587
{{- end }}
{{- end -}}

{{- define "mailstack.guard.oauth" -}}
{{- $oauth := .Values.web.oauth }}
{{- if $oauth.enabled }}
{{- range list "clientId" "existingSecret" "authorizationUrl" "accessTokenUrl" "infosUrl" }}
{{- if not (get $oauth .) }}
web.oauth.{{ . }}: is empty though web.oauth.enabled is true; write what your identity provider gave you
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "mailstack.guard.rspamdNetworks" -}}
{{- if and .Values.web.rspamdNetworks (ne .Values.web.exposure "edge") }}
web.rspamdNetworks: only the edge can tell who may open the page, and web.exposure is {{ .Values.web.exposure }}; write web.exposure: edge, or leave it out
{{- end }}
{{- end -}}

{{- define "mailstack.guard.setup" -}}
{{- $setup := .Values.setup }}
{{- if and $setup.existingSecret (not $setup.admin) }}
setup.admin: is empty though setup.existingSecret holds a password; write the administrator's address, for instance admin@{{ include "mailstack.names.domain" . }}
{{- end }}
{{- end -}}

{{/* --- the rest ------------------------------------------------------------------------------------ */}}

{{- define "mailstack.guard.ports" -}}
{{- if not (include "mailstack.ports.enabled" . | fromYamlArray) }}
ports: all are off; switch on at least one, for instance ports.smtp.enabled: true
{{- end }}
{{- end -}}

{{- define "mailstack.guard.monitoring" -}}
{{- $monitoring := .Values.monitoring }}
{{- $hasLogs := .Values.truehop.logs.enabled }}
{{- if and (or $monitoring.podMonitor.enabled $monitoring.prometheusRule.enabled) (not $hasLogs) }}
{{- $which := ternary "podMonitor" "prometheusRule" $monitoring.podMonitor.enabled }}
{{- if ne .Values.edge.mode "bundled" }}
monitoring.{{ $which }}.enabled: the metrics are those of the bundled edge and of truehop, and edge.mode is {{ .Values.edge.mode }}; write truehop.logs.enabled: true, or switch it off
{{- else if not .Values.edge.metrics.enabled }}
monitoring.{{ $which }}.enabled: there are no metrics; write edge.metrics.enabled: true, or truehop.logs.enabled: true
{{- end }}
{{- end }}
{{- if and $monitoring.dashboard.enabled (not $hasLogs) }}
monitoring.dashboard.enabled: the dashboard shows what truehop reads in the logs, and nobody reads them; write truehop.logs.enabled: true
{{- end }}
{{- end -}}

{{/* The setup's pods, and those of helm test, have policies too. */}}
{{- define "mailstack.guard.policyComponents" -}}
{{- $known := concat (include "mailstack.components" . | fromYamlArray) (list "test") }}
{{- if include "mailstack.truehop.isThere" . }}{{ $known = append $known "test-verify" }}{{ end }}
{{- if include "mailstack.setup.isNeeded" . }}{{ $known = append $known "setup" }}{{ end }}
{{- range $way := list "extraIngress" "extraEgress" }}
{{- range $component, $_ := get $.Values.networkPolicy $way }}
{{- if not (has $component $known) }}
networkPolicy.{{ $way }}.{{ $component }}: there is no such component here; write one of {{ join ", " $known }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
