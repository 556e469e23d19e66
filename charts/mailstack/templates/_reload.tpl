{{/*
A container beside a daemon that sees when the certificate is renewed and has the daemon read it: it shares the daemon's user and
process space and needs no capability and no right in the cluster. Takes (list $ "mta").
*/}}
{{- define "mailstack.reload.container" -}}
{{- $root := index . 0 -}}
{{- $component := index . 1 -}}
{{- $values := index $root.Values $component -}}
{{- $daemon := get (include "mailstack.reload.daemons" $root | fromYaml) $component -}}
name: reload
image: {{ include "mailstack.image" (list $root $values.image) }}
imagePullPolicy: {{ $values.image.pullPolicy }}
command: [/bin/sh, -c]
args:
  - |
    # The kubelet renews mounted Secrets within a minute or so; then the daemon is told.
    trap 'exit 0' TERM INT
    state() { cat {{ $daemon.watch }}/* 2>/dev/null | cksum; }
    known=$(state)
    while :; do
      sleep {{ $root.Values.tls.reloadInterval | int }} & wait $!
      now=$(state)
      [ "$now" = "$known" ] && continue
      if kill -HUP "$(cat {{ $daemon.pid }} | tr -d ' ')"; then
        known=$now
        echo "certificate renewed: {{ $component }} reloads"
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
  - {name: tls, mountPath: {{ $daemon.watch }}, readOnly: true}
  - {{ toYaml $daemon.mount | nindent 4 }}
{{- end -}}

{{- define "mailstack.reload.daemons" -}}
mta:
  user: 0
  pid: /var/spool/postfix/pid/master.pid
  watch: /etc/postfix/tls
  mount: {name: data, mountPath: /var/spool/postfix, readOnly: true}
mda:
  user: 1000
  pid: /run/dovecot/master.pid
  watch: /etc/dovecot/tls
  mount: {name: runtime, mountPath: /run/dovecot, subPath: run, readOnly: true}
{{- end -}}
