{{/*
A container beside a daemon that sees when a certificate is renewed and has the daemon read it: it shares the daemon's user and process
space and needs no capability and no right in the cluster. The daemon is found by its name, since Postfix's pid file lies where a
user without capabilities cannot look. Takes (list $ "mta").
*/}}
{{- define "mailstack.reload.container" -}}
{{- $root := index . 0 -}}
{{- $component := index . 1 -}}
{{- $values := index $root.Values $component -}}
{{- $daemon := get (include "mailstack.reload.daemons" $root | fromYaml) $component -}}
{{- $mounts := list (dict "name" "tls" "mountPath" "/certificates/tls" "readOnly" true) -}}
{{- if eq $root.Values.mda.sieve.outbound "clientCertificate" }}{{ $mounts = append $mounts (dict "name" "sieve" "mountPath" "/certificates/sieve" "readOnly" true) }}{{ end -}}
name: reload
image: {{ include "mailstack.image" (list $root $values.image) }}
imagePullPolicy: {{ $values.image.pullPolicy }}
command: [/bin/sh, -eu, -c]
args:
  - |
    state() { cat /certificates/*/* 2>/dev/null | sha256sum; }
    server() {
      for process in /proc/[0-9]*; do
        read -r name 2>/dev/null <"$process/comm" || continue
        [ "$name" = {{ $daemon.process }} ] || continue
        echo "${process#/proc/}"
        return
      done
      return 1
    }
    trap 'exit 0' TERM INT
    known=$(state)
    while :; do
      sleep {{ $root.Values.tls.reloadInterval | int }} &
      wait $! || :
      now=$(state)
      [ "$now" != "$known" ] || continue
      if ! pid=$(server); then
        echo "a certificate was renewed, and {{ $daemon.process }} does not run yet"
      elif kill -HUP "$pid"; then
        echo "a certificate was renewed, {{ $daemon.process }} ($pid) reads it"
        known=$now
      fi
    done
resources:
  requests: {cpu: 5m, memory: 8Mi}
  limits: {memory: 32Mi}
securityContext:
  runAsUser: {{ $daemon.user }}
  runAsGroup: {{ $daemon.user }}
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
volumeMounts:
  {{- toYaml $mounts | nindent 2 }}
{{- end -}}

{{- define "mailstack.reload.daemons" -}}
mta: {process: master, user: 0}
mda: {process: dovecot, user: 1000}
{{- end -}}
