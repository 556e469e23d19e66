{{/*
A file in place of the image's of the same name. Its DNS lines are repeated, since rspamd takes this file whole; and only from this folder
does the list of local networks replace rspamd's own, which holds all private addresses: in local.d it would be added to it.

Mail from a local network is not asked for SPF, DMARC, block lists or patience, and is signed with the sender domain's DKIM key. So a client
that arrives by the address of a node or a pod must not count as one. Mail that filter rules send is therefore not signed; a redirect
could otherwise lend the key to a forged message. People who log in, by webmail too, are known by their login.
*/}}
{{- define "mailstack.filter.options" -}}
{% if env.DNS_SERVERS %}
dns {
  nameserver = "{= env.DNS_SERVERS =}";
}
{% endif %}

local_addrs = {{ .Values.filter.localNetworks | default list | toJson }};
{{- end -}}

{{- define "mailstack.filter.env" -}}
- name: RSPAMD_DNS_SERVERS
  value: round-robin:{{ include "mailstack.ports.address" (list . "unbound" "dns") }}
{{ include "mailstack.redis.env" . }}
{{ include "mailstack.secrets.env" (list . "CONTROLLER_PASSWORD" "controller") }}
{{- end -}}

{{- define "mailstack.filter.container" -}}
name: filter
image: {{ include "mailstack.image" (list . .Values.filter.image) }}
imagePullPolicy: {{ .Values.filter.image.pullPolicy }}
env:
  {{- include "mailstack.filter.env" . | nindent 2 }}
ports:
  {{- range include "mailstack.ports.internal" (list . "filter") | fromYamlArray }}
  - {name: {{ .name }}, containerPort: {{ .target }}, protocol: TCP}
  {{- end }}
# All ask rspamd alone: that Redis is away is no reason to restart.
startupProbe:
  httpGet: {path: /, port: controller}
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 60
readinessProbe:
  httpGet: {path: /, port: controller}
  periodSeconds: 10
  timeoutSeconds: 5
livenessProbe:
  tcpSocket: {port: milter}
  periodSeconds: 30
  timeoutSeconds: 10
  failureThreshold: 4
volumeMounts:
  - {name: data, mountPath: /var/lib/rspamd}
  - {name: tmp, mountPath: /tmp}
  - {name: config, mountPath: /etc/rspamd/override.d/options.inc, subPath: options.inc, readOnly: true}
{{- end -}}

{{- define "mailstack.filter.volumes" -}}
- {{- include "mailstack.claim.volume" (list . "filter") | nindent 2 }}
- name: tmp
  emptyDir: {}
- name: config
  configMap:
    name: {{ include "mailstack.names.component" (list . "filter") }}
{{- end -}}
