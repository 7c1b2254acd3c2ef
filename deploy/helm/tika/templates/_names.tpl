{{- define "tika.fullname" -}}
{{- if contains "tika" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-tika" .Release.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "tika.selector" -}}
app.kubernetes.io/name: tika
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "tika.labels" -}}
{{ include "tika.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- /* registry/repository:tag@digest; the digest is what runs, the tag is for people. */}}
{{- define "tika.image" -}}
{{- $image := .Values.image }}
{{- with $image.registry }}{{ . }}/{{ end }}{{ $image.repository }}:{{ $image.tag | default .Chart.AppVersion }}{{ with $image.digest }}@{{ . }}{{ end }}
{{- end }}

{{- define "tika.host" -}}
{{- (first .Values.ingress.hosts).host }}
{{- end }}

{{- define "tika.baseUrl" -}}
{{- if .Values.baseUrl }}{{ .Values.baseUrl }}{{ else }}{{ ternary "https" "http" (gt (len .Values.ingress.tls) 0) }}://{{ include "tika.host" . }}{{ end }}
{{- end }}

{{- define "tika.secret" -}}
{{- .Values.existingSecret | default (include "tika.fullname" .) }}
{{- end }}

{{- define "tika.claim" -}}
{{- .Values.persistence.existingClaim | default (printf "%s-data" (include "tika.fullname" .)) }}
{{- end }}

{{- define "tika.cluster" -}}
{{ include "tika.fullname" . }}-db
{{- end }}

{{- /* How many pods of web there can be at once: of the autoscaler, or as many as are wanted; one more while they are replaced. */}}
{{- define "tika.webAtMost" -}}
{{- add 1 (ternary .Values.autoscaling.maxReplicas .Values.replicaCount .Values.autoscaling.enabled) }}
{{- end }}
