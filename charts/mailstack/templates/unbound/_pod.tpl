{{/*
unbound.conf in place of the image's, which listens on IPv4 alone, so that half of the answers would be missing where the Service has both
families, writes every name that is asked for into its log, and opens its remote control to the cluster. Who may ask is for the network
policy to say; a name server must believe nobody's address.
*/}}
{{- define "mailstack.unbound.settings" -}}
server:
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  logfile: ""
  log-queries: no
  port: 5353
  # Where a system has no IPv6 at all, the second is passed over.
  interface: 0.0.0.0
  interface: ::0
  access-control: 0.0.0.0/0 allow
  access-control: ::0/0 allow
  # Many pods have an IPv6 address that leads nowhere outside.
  prefer-ip4: yes
  trust-anchor-file: "/etc/unbound/root.key"

remote-control:
  control-enable: no
{{- end -}}

{{- define "mailstack.unbound.container" -}}
name: unbound
image: {{ include "mailstack.image" (list . .Values.unbound.image) }}
imagePullPolicy: {{ .Values.unbound.image.pullPolicy }}
ports:
  {{- range include "mailstack.ports.internal" (list . "unbound") | fromYamlArray }}
  - {name: {{ .name }}, containerPort: {{ .target }}, protocol: {{ default "TCP" .protocol }}}
  {{- end }}
# None asks for a name: whether the internet answers says nothing about this server.
startupProbe:
  tcpSocket: {port: dns-tcp}
  periodSeconds: 2
  failureThreshold: 30
readinessProbe:
  tcpSocket: {port: dns-tcp}
  periodSeconds: 10
  timeoutSeconds: 5
livenessProbe:
  tcpSocket: {port: dns-tcp}
  periodSeconds: 30
  timeoutSeconds: 10
  failureThreshold: 4
volumeMounts:
  - {name: config, mountPath: /etc/unbound/unbound.conf, subPath: unbound.conf, readOnly: true}
{{- end -}}

{{- define "mailstack.unbound.volumes" -}}
- name: config
  configMap:
    name: {{ include "mailstack.names.component" (list . "unbound") }}
{{- end -}}
