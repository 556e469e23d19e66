{{/* Where each mail port is reached in the cluster: at the edge, the cluster's Traefik, or the server itself. Takes (list $ port), the port with its server. */}}
{{- define "mailstack.tests.host" -}}
{{- $root := index . 0 -}}
{{- $edge := $root.Values.edge -}}
{{- if eq $edge.mode "direct" -}}
{{- include "mailstack.names.host" (list $root (index . 1).server) -}}
{{- else if eq $edge.mode "existing" -}}
{{- printf "%s.%s.svc.%s" $edge.existing.serviceName $edge.existing.namespace $root.Values.clusterDomain -}}
{{- else -}}
{{- include "mailstack.names.host" (list $root "edge") -}}
{{- end -}}
{{- end -}}

{{/*
Arguments of `truehop verify` from a pod: every open port at the Service that leads to it, and the closed ones of the same Services. Whose
ports an existing Traefik has besides is its owner's business. The webmail is looked at where it goes through an edge of this chart.
*/}}
{{- define "mailstack.tests.verifyArgs" -}}
{{- $root := . -}}
{{- $open := list -}}
{{- range include "mailstack.ports.enabled" . | fromYamlArray }}{{ $open = append $open (int .port) }}{{ end -}}
{{- $closed := list -}}
{{- range $name, $port := include "mailstack.ports.all" . | fromYaml -}}
{{- if not (or (get $root.Values.ports $name).enabled (eq $root.Values.edge.mode "existing")) -}}
{{- $closed = append $closed (printf "%s:%v" (include "mailstack.tests.host" (list $root $port)) $port.port) -}}
{{- end -}}
{{- end -}}
- verify
- {{ .Values.hostname }}
- --from-inside
- --verbose
{{- if not .Values.truehop.verify.judgeChain }}
- --no-chain
{{- end }}
{{- range list (include "mailstack.names.public" (list . "mta")) (include "mailstack.names.public" (list . "mda")) | uniq }}
- --name={{ . }}
{{- end }}
{{- range include "mailstack.ports.enabled" . | fromYamlArray }}
- --port={{ .port }}={{ include "mailstack.tests.host" (list $root .) }}:{{ .port }}
{{- end }}
{{- if include "mailstack.address.arrivesByProxy" . }}
# LOCAL states no address, and without any header the greeting waits.
- --local-header={{ join "," $open }}
{{- end }}
{{- if and (eq .Values.edge.mode "bundled") (include "mailstack.edge.hasWeb" .) }}
{{- $web := include "mailstack.names.host" (list . "edge-web") }}
- --port=443={{ $web }}:443
{{- $open = append $open 443 }}
{{- if .Values.edge.http.redirect }}
- --port=80={{ $web }}:80
{{- $open = append $open 80 }}
{{- end }}
{{- end }}
- --expect-open={{ join "," $open }}
{{- with $closed }}
- --expect-closed={{ join "," . }}
{{- end }}
{{- end -}}

{{/* The spec of its pod: an image that is not the webmail's, with what values add to it. */}}
{{- define "mailstack.tests.verifySpec" -}}
{{- $values := .Values.truehop -}}
restartPolicy: Never
automountServiceAccountToken: false
enableServiceLinks: false
{{- with include "mailstack.pod.pullSecrets" . | fromYamlArray }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.podSecurityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- $container := dict
      "name" "verify"
      "image" (include "mailstack.image" (list . $values.image))
      "imagePullPolicy" $values.image.pullPolicy
      "args" (include "mailstack.tests.verifyArgs" . | fromYamlArray) }}
{{- $container = include "mailstack.pod.container" (dict "root" . "component" "truehop" "container" $container) | fromYaml }}
containers:
  - {{- omit $container "startupProbe" "livenessProbe" "readinessProbe" | toYaml | nindent 4 }}
{{- with $values.extraVolumes }}
volumes:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
