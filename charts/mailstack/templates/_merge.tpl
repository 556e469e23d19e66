{{/*
Two lists of objects as one: an entry of the second takes the place of the first's of equal key, others follow.
Helm 4 applies on the server's side, where two entries of one key are refused. Takes (list "name" first second).
*/}}
{{- define "mailstack.merge.by" -}}
{{- if ne (len .) 3 }}{{ fail "mailstack.merge.by takes (list key first second)" }}{{ end -}}
{{- $key := index . 0 -}}
{{- $given := dict -}}
{{- range index . 2 }}{{ $_ := set $given (toString (index . $key)) . }}{{ end -}}
{{- $merged := list -}}
{{- $seen := dict -}}
{{- range concat (index . 1) (index . 2) -}}
{{- $name := toString (index . $key) -}}
{{- if not (hasKey $seen $name) -}}
{{- $merged = append $merged (default . (get $given $name)) -}}
{{- $_ := set $seen $name true -}}
{{- end -}}
{{- end -}}
{{- toYaml $merged -}}
{{- end -}}
