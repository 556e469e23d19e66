{{/* Address families, the same for every Service. */}}
{{- define "mailstack.service.families" -}}
ipFamilyPolicy: {{ .Values.service.ipFamilyPolicy }}
{{- with .Values.service.ipFamilies }}
ipFamilies:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/*
A component's Service for the programs of this stack. Takes (dict "root" $ "component" "mta" "name" "mta-internal"?).
*/}}
{{- define "mailstack.service.internal" -}}
{{- $root := .root -}}
{{- $values := index $root.Values .component -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "mailstack.metadata" (dict "root" $root "component" .component "name" (include "mailstack.names.component" (list $root (default .component .name))) "labels" $values.service.labels "annotations" $values.service.annotations) | nindent 2 }}
spec:
  type: ClusterIP
  {{- if eq .component "web" }}
  {{- include "mailstack.address.families" (list $root (include "mailstack.address.webNetworks" $root)) | nindent 2 }}
  {{- else }}
  {{- include "mailstack.service.families" $root | nindent 2 }}
  {{- end }}
  selector:
    {{- include "mailstack.labels.selector" (list $root .component) | nindent 4 }}
  ports:
    {{- range include "mailstack.ports.internal" (list $root .component) | fromYamlArray }}
    - name: {{ .name }}
      port: {{ .port }}
      targetPort: {{ .name }}
      protocol: {{ default "TCP" .protocol }}
    {{- end }}
{{- end -}}

{{/*
The Service of a mail server's ports for the world: behind the edge, or by mode direct the door itself.
Takes (list $ "mta"). Nothing where no port of it is open.
*/}}
{{- define "mailstack.service.public" -}}
{{- $root := index . 0 -}}
{{- $component := index . 1 -}}
{{- $values := index $root.Values $component -}}
{{- $ports := include "mailstack.ports.of" . | fromYamlArray -}}
{{- if $ports -}}
{{- $door := dict "annotations" dict "spec" (dict "type" "ClusterIP") -}}
{{- if eq $root.Values.edge.mode "direct" }}{{ $door = include "mailstack.address.service" (list $root "mail") | fromYaml }}{{ end -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "mailstack.metadata" (dict "root" $root "component" $component "labels" $values.service.labels "annotations" (merge (dict) $values.service.annotations (default dict $door.annotations))) | nindent 2 }}
spec:
  {{- toYaml $door.spec | nindent 2 }}
  {{- if eq $root.Values.edge.mode "direct" }}
  {{- include "mailstack.service.families" $root | nindent 2 }}
  {{- else }}
  {{- include "mailstack.address.families" (list $root (include "mailstack.address.edgeNetworks" $root)) | nindent 2 }}
  {{- end }}
  selector:
    {{- include "mailstack.labels.selector" . | nindent 4 }}
  ports:
    {{- range $ports }}
    - name: {{ .name }}
      port: {{ .port }}
      targetPort: {{ .name }}
      protocol: TCP
      {{- if and .nodePort (eq $root.Values.edge.mode "direct") }}
      nodePort: {{ .nodePort }}
      {{- end }}
    {{- end }}
{{- end -}}
{{- end -}}
