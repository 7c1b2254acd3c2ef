{{- /* What all pods share: the restricted profile, no token, spread over nodes and zones. Takes (dict "root" $ "component" "web"). */}}
{{- define "tika.pod" -}}
{{- $root := .root -}}
serviceAccountName: {{ include "tika.fullname" $root }}{{ with .account }}-{{ . }}{{ end }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  # A large volume is not gone through at each start.
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- with $root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $root.Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $root.Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $root.Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "tika.spread" -}}
{{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
- maxSkew: 1
  topologyKey: {{ $key }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "tika.selector" $.root | nindent 6 }}
      app.kubernetes.io/component: {{ $.component }}
  # Of one version: a surge of the next does not count against it.
  matchLabelKeys: [pod-template-hash]
{{- end }}
{{- end }}

{{- define "tika.container" -}}
image: {{ include "tika.image" .root }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end }}

{{- /* Takes (dict "root" $ "data" "none|read|write"). */}}
{{- define "tika.mounts" -}}
- {name: run, mountPath: /run/tika}
- {name: tmp, mountPath: /tmp}
{{- if ne .data "none" }}
- {name: data, mountPath: /data{{ if eq .data "read" }}, readOnly: true{{ end }}}
{{- end }}
{{- end }}

{{- define "tika.volumes" -}}
- name: run
  # Counts against the memory limit; what web counts takes a few MiB.
  emptyDir: {medium: Memory, sizeLimit: 64Mi}
- name: tmp
  emptyDir: {sizeLimit: {{ .root.Values.tmpSize }}}
{{- if ne .data "none" }}
- name: data
  {{- if .root.Values.persistence.enabled }}
  persistentVolumeClaim: {claimName: {{ include "tika.claim" .root }}}
  {{- else }}
  # Nothing that people upload outlives a pod: for a trial.
  emptyDir: {sizeLimit: {{ .root.Values.persistence.size }}}
  {{- end }}
{{- end }}
{{- end }}

{{- /* The kubelet asks by the pod's address, which is no name of Tika's. */}}
{{- define "tika.probe" -}}
httpGet:
  path: {{ .path }}
  port: {{ .port }}
  httpHeaders:
    - {name: Host, value: localhost}
{{- end }}
