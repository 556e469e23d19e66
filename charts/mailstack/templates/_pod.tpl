{{/*
A pod template's metadata. Takes (dict "root" $ "component" "mta" "annotations" {}?).
Labels hold no version, so that an upgrade of the chart alone rolls no pod.
*/}}
{{- define "mailstack.pod.metadata" -}}
{{- $values := index .root.Values .component -}}
labels:
  {{- merge (dict) (include "mailstack.labels.selector" (list .root .component) | fromYaml) $values.podLabels (include "mailstack.pod.meshLabels" .root | fromYaml) | toYaml | nindent 2 }}
{{- with merge (dict) $values.podAnnotations (default dict .annotations) (include "mailstack.pod.meshAnnotations" .root | fromYaml) }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* A mesh's proxy would be the client that the mail servers see. */}}
{{- define "mailstack.pod.meshLabels" -}}
{{- if not .Values.meshInjection -}}
sidecar.istio.io/inject: "false"
{{- end -}}
{{- end -}}
{{- define "mailstack.pod.meshAnnotations" -}}
{{- if not .Values.meshInjection -}}
linkerd.io/inject: disabled
{{- end -}}
{{- end -}}

{{/*
A pod's spec, with all that the component's values may add or replace.
Takes (dict "root" $ "component" "mta" "container" {…} "containers" […]? "initContainers" […]? "volumes" […]?
"spec" {…}? "podSecurityContext" {…}? "hasToken" true?): container is the main one, containers stand beside it, spec holds further fields of the pod, and
podSecurityContext, as the container's own securityContext, what a value may not change.
*/}}
{{- define "mailstack.pod.spec" -}}
{{- $root := .root -}}
{{- $values := index $root.Values .component -}}
serviceAccountName: {{ include "mailstack.names.serviceAccount" (list $root .component) }}
automountServiceAccountToken: {{ default false .hasToken }}
{{- with include "mailstack.pod.pullSecrets" $root | fromYamlArray }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
# Services of the namespace would be put into the environment, where REDIS_PORT and DB_PORT mean something else.
enableServiceLinks: false
terminationGracePeriodSeconds: {{ $values.terminationGracePeriodSeconds }}
{{- with $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- $context := deepCopy (default dict $values.podSecurityContext) }}
{{- range $key, $value := .podSecurityContext }}{{ $_ := set $context $key $value }}{{ end }}
{{- with $context }}
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
{{- with default (include "mailstack.pod.spread" . | fromYaml) $values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- $selector := dict "labelSelector" (dict "matchLabels" (include "mailstack.labels.selector" (list $root $.component) | fromYaml)) }}
  {{- range . }}
  - {{- merge (dict) . $selector | toYaml | nindent 4 }}
  {{- end }}
{{- end }}
{{- with .spec }}
{{ toYaml . }}
{{- end }}
{{- with concat $values.extraInitContainers (default list .initContainers) }}
initContainers:
  {{- include "mailstack.merge.by" (list "name" . $values.extraInitContainers) | nindent 2 }}
{{- end }}
containers:
  {{- $main := include "mailstack.pod.container" (dict "root" $root "component" .component "container" .container) | fromYaml }}
  {{- include "mailstack.merge.by" (list "name" (concat (list $main) (default list .containers)) $values.extraContainers) | nindent 2 }}
{{- with concat (default list .volumes) $values.extraVolumes }}
volumes:
  {{- include "mailstack.merge.by" (list "name" . $values.extraVolumes) | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "mailstack.pod.pullSecrets" -}}
{{- range .Values.global.imagePullSecrets }}
- name: {{ if kindIs "string" . }}{{ . }}{{ else }}{{ .name }}{{ end }}
{{- end }}
{{- end -}}

{{/* Components with replicas prefer different nodes. Takes (dict "root" $ "component" "web" …). */}}
{{- define "mailstack.pod.spread" -}}
{{- if has .component (list "edge" "web" "unbound") -}}
podAntiAffinity:
  preferredDuringSchedulingIgnoredDuringExecution:
    - weight: 1
      podAffinityTerm:
        topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            {{- include "mailstack.labels.selector" (list .root .component) | nindent 12 }}
{{- end -}}
{{- end -}}

{{/*
A component's main container, with what its values add. Takes (dict "root" $ "component" "mta" "container" {…}),
the container with image, env, ports, volumeMounts and probes as the component wants them.
*/}}
{{- define "mailstack.pod.container" -}}
{{- $values := index .root.Values .component -}}
{{- $container := .container -}}
{{- with include "mailstack.merge.by" (list "name" (default list $container.env) $values.extraEnv) | fromYamlArray }}{{ $_ := set $container "env" . }}{{ end -}}
{{- with concat (default list $container.envFrom) $values.extraEnvFrom }}{{ $_ := set $container "envFrom" . }}{{ end -}}
{{- with include "mailstack.merge.by" (list "mountPath" (default list $container.volumeMounts) $values.extraVolumeMounts) | fromYamlArray }}{{ $_ := set $container "volumeMounts" . }}{{ end -}}
{{- with $values.resources }}{{ $_ := set $container "resources" . }}{{ end -}}
{{- $context := deepCopy (default dict $values.securityContext) -}}
{{- range $key, $value := $container.securityContext }}{{ $_ := set $context $key $value }}{{ end -}}
{{- with $context }}{{ $_ := set $container "securityContext" . }}{{ end -}}
{{- range $kind, $probe := $values.probes -}}
{{- if $probe }}{{ $_ := set $container (printf "%sProbe" $kind) $probe }}{{ else }}{{ $_ := unset $container (printf "%sProbe" $kind) }}{{ end -}}
{{- end -}}
{{- toYaml $container -}}
{{- end -}}
