{{- /* What every process is told. A value of a secret is only ever named. Takes (dict "root" $ "role" "app|worker|migrator"). */}}
{{- define "tika.environment" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
- name: TIKA_BASE_URL
  value: {{ include "tika.baseUrl" $root | quote }}
- name: TIKA_ALLOWED_HOSTS
  value: {{ include "tika.allowedHosts" $root | quote }}
- name: TIKA_ENV
  value: {{ $values.environment | quote }}
- name: TIKA_TRUSTED_PROXIES
  value: {{ $values.trustedProxies | quote }}
{{- with $values.tenantDomain }}
- name: TIKA_TENANT_DOMAIN
  value: {{ . | quote }}
{{- end }}
- name: TIKA_SIGNUP
  value: {{ $values.signup }}
{{- with $values.language }}
- name: TIKA_LANGUAGE
  value: {{ . }}
{{- end }}
- name: TIKA_LOG_LEVEL
  value: {{ $values.logLevel }}
# Counts and marks of the pod, in memory: they outlive a container that starts again, and go with the pod.
- name: TIKA_RUN_DIR
  value: /run/tika
- name: TIKA_METRICS_DIR
  value: /run/tika/metrics
- name: TIKA_SECRET_KEY
  valueFrom:
    secretKeyRef:
      name: {{ include "tika.secret" $root }}
      key: TIKA_SECRET_KEY
{{ include "tika.databaseEnvironment" . }}
{{- if $values.mail.enabled }}
- name: EMAIL_URL
  valueFrom:
    secretKeyRef:
      name: {{ include "tika.secret" $root }}
      key: EMAIL_URL
- name: TIKA_FROM_EMAIL
  value: {{ required "mail.from is needed with mail.enabled" $values.mail.from | quote }}
{{- end }}
{{- if $values.sentry.enabled }}
- name: SENTRY_DSN
  valueFrom:
    secretKeyRef:
      name: {{ include "tika.secret" $root }}
      key: SENTRY_DSN
{{- end }}
{{- with $values.tracing.endpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ . | quote }}
- name: OTEL_TRACES_SAMPLER_ARG
  value: {{ $values.tracing.share | quote }}
{{- end }}
{{- range $name, $value := $values.extraEnv }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}

{{- define "tika.allowedHosts" -}}
{{- $hosts := list }}
{{- range .Values.ingress.hosts }}{{ $hosts = append $hosts .host }}{{ end }}
{{- /* What the worker's probe asks when few people do. */}}
{{- $hosts = append $hosts (printf "%s-web" (include "tika.fullname" .)) }}
{{- join "," (concat $hosts .Values.allowedHosts | uniq) }}
{{- end }}

{{- /* Full addresses from the secret, or put together from the user's password where the chart makes the cluster. */}}
{{- define "tika.databaseEnvironment" -}}
{{- $root := .root -}}
{{- if $root.Values.postgresql.enabled }}
{{- $host := printf "%s-rw" (include "tika.cluster" $root) }}
{{- $near := ternary (printf "%s-pooler" (include "tika.cluster" $root)) $host $root.Values.postgresql.pooler.enabled }}
{{- $database := $root.Values.postgresql.database }}
{{- if ne .role "migrator" }}
{{- include "tika.passwordOf" (dict "root" $root "role" "app") }}
- name: DATABASE_URL
  value: "postgres://tika_app:$(PASSWORD_OF_APP)@{{ $near }}:5432/{{ $database }}?sslmode=require"
- name: DATABASE_URL_DIRECT
  value: "postgres://tika_app:$(PASSWORD_OF_APP)@{{ $host }}:5432/{{ $database }}?sslmode=require"
{{- end }}
{{- if ne .role "app" }}
{{- include "tika.passwordOf" (dict "root" $root "role" .role) }}
- name: DATABASE_URL_{{ upper .role }}
  value: "postgres://tika_{{ .role }}:$(PASSWORD_OF_{{ upper .role }})@{{ $host }}:5432/{{ $database }}?sslmode=require"
{{- end }}
- name: TIKA_PGBOUNCER
  value: {{ ternary "true" "false" $root.Values.postgresql.pooler.enabled | quote }}
{{- else }}
{{- if ne .role "migrator" }}
{{- include "tika.databaseUrl" (dict "root" $root "name" "DATABASE_URL") }}
{{- if $root.Values.externalDatabase.pgbouncer }}
{{- include "tika.databaseUrl" (dict "root" $root "name" "DATABASE_URL_DIRECT") }}
{{- end }}
{{- end }}
{{- if ne .role "app" }}
{{- include "tika.databaseUrl" (dict "root" $root "name" (printf "DATABASE_URL_%s" (upper .role))) }}
{{- end }}
- name: TIKA_PGBOUNCER
  value: {{ ternary "true" "false" $root.Values.externalDatabase.pgbouncer | quote }}
{{- end }}
{{- end }}

{{- define "tika.passwordOf" }}
- name: PASSWORD_OF_{{ upper .role }}
  valueFrom:
    secretKeyRef:
      name: {{ printf "%s-%s" (include "tika.cluster" .root) .role }}
      key: password
{{- end }}

{{- define "tika.databaseUrl" }}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ include "tika.secret" .root }}
      key: {{ .name }}
{{- end }}

{{- define "tika.backupDatabase" -}}
{{- if .Values.postgresql.enabled }}
{{- include "tika.passwordOf" (dict "root" . "role" "backup") }}
- name: DATABASE_URL_BACKUP
  # PostgreSQL's own programs in the image speak no TLS, and the cluster is next door.
  value: "postgres://tika_backup:$(PASSWORD_OF_BACKUP)@{{ include "tika.cluster" . }}-rw:5432/{{ .Values.postgresql.database }}?sslmode=disable"
{{- else }}
{{- include "tika.databaseUrl" (dict "root" . "name" "DATABASE_URL_BACKUP") }}
{{- end }}
{{- end }}
