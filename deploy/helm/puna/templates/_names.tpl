{{/* SPDX-License-Identifier: Apache-2.0 */}}
{{/* The name of everything the chart makes: the release's, with "puna" if that is not in it. */}}
{{- define "puna.name" -}}
{{- $name := ternary .Release.Name (printf "%s-puna" .Release.Name) (contains "puna" .Release.Name) -}}
{{- $name | trunc 53 | trimSuffix "-" -}}
{{- end }}

{{- define "puna.selector" -}}
app.kubernetes.io/name: puna
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "puna.labels" -}}
{{ include "puna.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "puna.claim" -}}
{{- .Values.models.existingClaim | default (printf "%s-models" (include "puna.name" .)) -}}
{{- end }}

{{/* What the device plugin calls the cards; empty for the CPU. */}}
{{- define "puna.gpu" -}}
{{- if ne .Values.variant "cpu" -}}
{{- .Values.gpu.resource | default (ternary "nvidia.com/gpu" "amd.com/gpu" (eq .Values.variant "cuda")) -}}
{{- end -}}
{{- end }}

{{/* One node at a time can mount a volume that is written by one: then the old pod has to go first. */}}
{{- define "puna.shared" -}}
{{- if eq .Values.models.accessMode "ReadWriteMany" }}true{{ end -}}
{{- end }}
