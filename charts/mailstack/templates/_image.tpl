{{/* An image's full name. Takes (list $ image), image being {registry, repository, tag, digest}. */}}
{{- define "mailstack.image" -}}
{{- if ne (len .) 2 }}{{ fail "mailstack.image takes (list $ image)" }}{{ end -}}
{{- $root := index . 0 -}}
{{- $image := index . 1 -}}
{{- $registry := default $image.registry $root.Values.global.imageRegistry -}}
{{- with $registry }}{{ . }}/{{ end -}}
{{- $image.repository -}}
:{{ default $root.Chart.AppVersion $image.tag -}}
{{- with $image.digest }}@{{ . }}{{ end -}}
{{- end -}}
