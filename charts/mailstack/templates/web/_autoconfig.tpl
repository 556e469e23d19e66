{{/*
What mail programs are told about this server: the ports that are open and nothing else. The image's own documents announce 143 and 587
whether they are open or not, and know no port with TLS from the first byte, which comes first here.
*/}}

{{/* The servers in order of preference, as a list: {type, host, port, implicit}. */}}
{{- define "mailstack.web.servers" -}}
{{- $root := . -}}
{{- $open := dict -}}
{{- range include "mailstack.ports.enabled" . | fromYamlArray }}{{ $_ := set $open .name . }}{{ end -}}
{{- range $name := list "imaps" "imap" "pop3s" "pop3" "submissions" "submission" }}
{{- with get $open $name }}
- type: {{ trimSuffix "s" $name | replace "submission" "smtp" }}
  host: {{ include "mailstack.names.public" (list $root .server) }}
  port: {{ .port }}
  implicit: {{ hasSuffix "s" $name }}
{{- end }}
{{- end }}
{{- end -}}

{{/* For Thunderbird and many others, which put the address in themselves. */}}
{{- define "mailstack.web.autoconfig" -}}
<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="{{ include "mailstack.names.domain" . }}">
    <domain>{{ include "mailstack.names.domain" . }}</domain>
    <displayName>{{ .Values.hostname }}</displayName>
    <displayShortName>{{ include "mailstack.names.domain" . }}</displayShortName>
    {{- range include "mailstack.web.servers" . | fromYamlArray }}
    {{- $element := ternary "outgoingServer" "incomingServer" (eq .type "smtp") }}
    <{{ $element }} type="{{ .type }}">
      <hostname>{{ .host }}</hostname>
      <port>{{ .port }}</port>
      <socketType>{{ ternary "SSL" "STARTTLS" .implicit }}</socketType>
      <authentication>password-cleartext</authentication>
      <username>%EMAILADDRESS%</username>
    </{{ $element }}>
    {{- end }}
  </emailProvider>
</clientConfig>
{{- end -}}

{{/*
For Outlook, which asks with the address in its request and takes the part before the @ as login where the answer names none.
Caddy fills {login}.
*/}}
{{- define "mailstack.web.autodiscover" -}}
<?xml version="1.0" encoding="UTF-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
  <Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">
    <Account>
      <AccountType>email</AccountType>
      <Action>settings</Action>
      {{- range include "mailstack.web.servers" . | fromYamlArray }}
      <Protocol>
        <Type>{{ upper .type }}</Type>
        <Server>{{ .host }}</Server>
        <Port>{{ .port }}</Port>
        {login}
        <DomainRequired>off</DomainRequired>
        <SPA>off</SPA>
        <SSL>{{ ternary "on" "off" .implicit }}</SSL>
        <Encryption>{{ ternary "SSL" "TLS" .implicit }}</Encryption>
        <AuthRequired>on</AuthRequired>
      </Protocol>
      {{- end }}
    </Account>
  </Response>
</Autodiscover>
{{- end -}}

{{/* The same in words. */}}
{{- define "mailstack.web.settings" -}}
{{- range include "mailstack.web.servers" . | fromYamlArray }}
{{ upper .type }}: {{ .host }}, port {{ .port }}, {{ ternary "SSL/TLS" "STARTTLS" .implicit }}
{{- end }}
{{- end -}}
