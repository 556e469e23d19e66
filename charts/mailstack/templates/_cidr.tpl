{{/*
A network as a text of bits behind its family: "4:00001010" of 10.0.0.0/8. Templates have no address arithmetic, and a
comparison of such texts is one. Takes the network as text; an address alone is a network of one.
*/}}
{{- define "mailstack.cidr.bits" -}}
{{- $parts := splitList "/" . -}}
{{- $address := first $parts | lower -}}
{{- $bits := "" -}}
{{- if contains ":" $address -}}
{{- $digits := dict "0" "0000" "1" "0001" "2" "0010" "3" "0011" "4" "0100" "5" "0101" "6" "0110" "7" "0111" "8" "1000" "9" "1001" "a" "1010" "b" "1011" "c" "1100" "d" "1101" "e" "1110" "f" "1111" -}}
{{- $halves := splitList "::" $address -}}
{{- $head := compact (splitList ":" (first $halves)) -}}
{{- $tail := list -}}
{{- if gt (len $halves) 1 }}{{ $tail = compact (splitList ":" (last $halves)) }}{{ end -}}
{{- $zeros := list -}}
{{- range until (int (max 0 (sub 8 (add (len $head) (len $tail))))) }}{{ $zeros = append $zeros "0" }}{{ end -}}
{{- range concat $head $zeros $tail -}}
{{- range splitList "" (printf "0000%s" . | trunc -4) }}{{ $bits = print $bits (get $digits .) }}{{ end -}}
{{- end -}}
6:{{ substr 0 (int (default "128" (index (append $parts "") 1))) $bits }}
{{- else -}}
{{- range splitList "." $address }}{{ $bits = print $bits (printf "%08b" (atoi .)) }}{{ end -}}
4:{{ substr 0 (int (default "32" (index (append $parts "") 1))) $bits }}
{{- end -}}
{{- end -}}

{{/* "true" where two networks share an address. Takes (list "10.0.0.0/8" "10.42.0.0/16"). */}}
{{- define "mailstack.cidr.overlap" -}}
{{- $first := include "mailstack.cidr.bits" (index . 0) -}}
{{- $second := include "mailstack.cidr.bits" (index . 1) -}}
{{- if or (hasPrefix $first $second) (hasPrefix $second $first) }}true{{ end -}}
{{- end -}}
