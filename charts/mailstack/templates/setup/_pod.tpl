{{/* "true" where there is something to set up. */}}
{{- define "mailstack.setup.isNeeded" -}}
{{- if or .Values.setup.admin .Values.setup.dkimDomains }}true{{ end -}}
{{- end -}}

{{/*
The spec of a pod that runs a PHP script with the webmail's image: the setup, and helm's tests. Where the web may run, it may run too.
Takes (dict "root" $ "name" "setup" "args" […]? "script" "setup.php" "env" […] "asWeb" true? "config" "mail-setup"). As the web it has all
that values add to the web's container, an authority's certificate or a setting of the database, and its environment.
*/}}
{{- define "mailstack.setup.spec" -}}
{{- $root := .root -}}
{{- $web := $root.Values.web -}}
restartPolicy: Never
automountServiceAccountToken: false
enableServiceLinks: false
{{- with include "mailstack.pod.pullSecrets" $root | fromYamlArray }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $web.podSecurityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $web.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $web.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
containers:
  - {{- include "mailstack.setup.container" . | nindent 4 }}
volumes:
  {{- $volumes := list (dict "name" "scratch" "emptyDir" dict) (dict "name" "scripts" "configMap" (dict "name" .config)) }}
  {{- include "mailstack.merge.by" (list "name" $volumes (ternary $web.extraVolumes list (eq (toString .asWeb) "true"))) | nindent 2 }}
{{- end -}}

{{/* Its container. Takes the same. */}}
{{- define "mailstack.setup.container" -}}
{{- $root := .root -}}
{{- $web := $root.Values.web -}}
{{- $container := dict
      "name" .name
      "image" (include "mailstack.image" (list $root $web.image))
      "imagePullPolicy" $web.image.pullPolicy
      "args" (default (list "php" (printf "/etc/mailstack/%s" .script)) .args)
      "volumeMounts" (append (include "mailstack.web.scratch" $root | fromYamlArray) (dict "name" "scripts" "mountPath" "/etc/mailstack" "readOnly" true)) -}}
{{- if .asWeb -}}
{{- $_ := set $container "env" (concat (include "mailstack.web.env" $root | fromYamlArray) .env) -}}
{{- $container = include "mailstack.pod.container" (dict "root" $root "component" "web" "container" $container) | fromYaml -}}
{{- $container = omit $container "startupProbe" "livenessProbe" "readinessProbe" -}}
{{- else -}}
{{- $_ := set $container "env" .env -}}
{{- with $web.securityContext }}{{ $_ := set $container "securityContext" . }}{{ end -}}
{{- $_ := set $container "resources" (dict "requests" (dict "cpu" "20m" "memory" "64Mi")) -}}
{{- end -}}
{{- toYaml $container -}}
{{- end -}}
