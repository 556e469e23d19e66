{{/* "true" where there is something to set up. */}}
{{- define "mailstack.setup.isNeeded" -}}
{{- if or .Values.setup.admin .Values.setup.dkimDomains }}true{{ end -}}
{{- end -}}

{{/*
The spec of a pod that runs a PHP script with the webmail's image: the setup, and helm's tests. Where the web may run, it may run too.
Takes (dict "root" $ "name" "setup" "script" "setup.php" "env" […] "config" "mail-setup").
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
  - name: {{ .name }}
    image: {{ include "mailstack.image" (list $root $web.image) }}
    imagePullPolicy: {{ $web.image.pullPolicy }}
    args: [php, /etc/mailstack/{{ .script }}]
    {{- with .env }}
    env:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    resources:
      requests: {cpu: 20m, memory: 64Mi}
    {{- with $web.securityContext }}
    securityContext:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    volumeMounts:
      {{- include "mailstack.web.scratch" $root | nindent 6 }}
      - {name: scripts, mountPath: /etc/mailstack, readOnly: true}
volumes:
  - name: scratch
    emptyDir: {}
  - name: scripts
    configMap:
      name: {{ .config }}
{{- end -}}
