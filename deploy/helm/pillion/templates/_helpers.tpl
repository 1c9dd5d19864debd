{{- define "pillion.labels" -}}
app.kubernetes.io/name: pillion
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "pillion.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ default $.Chart.AppVersion .tag }}
{{- end }}
{{- end }}
{{- end }}

{{/* The Service and the path (.path) that the API server calls. */}}
{{- define "pillion.clientConfig" -}}
service:
  name: pillion
  namespace: {{ .root.Release.Namespace }}
  path: {{ .path }}
  port: 443
{{- with .root.Values.certificate }}
{{- if eq .mode "existingSecret" }}
caBundle: {{ .caBundle | b64enc }}
{{- end }}
{{- end }}
{{- end }}

{{- define "pillion.podRules" -}}
- apiGroups: [""]
  apiVersions: [v1]
  operations: [CREATE]
  resources: [pods]
  scope: Namespaced
{{- end }}

{{/* Excludes Pods that Pillion never changes: mirror Pods and Windows Pods. */}}
{{- define "pillion.podConditions" -}}
- name: not-a-mirror-pod
  expression: >-
    !has(object.metadata.annotations) || !('kubernetes.io/config.mirror' in object.metadata.annotations)
- name: not-for-windows
  expression: >-
    !has(object.spec.os) || object.spec.os.name != 'windows'
{{- end }}

{{- define "pillion.notExcluded" -}}
- key: kubernetes.io/metadata.name
  operator: NotIn
  values: {{ append .Values.webhooks.excludedNamespaces .Release.Namespace | uniq | toJson }}
{{- end }}

{{- define "pillion.caInjection" -}}
{{- if eq .Values.certificate.mode "certManager" }}
annotations:
  cert-manager.io/inject-ca-from: {{ .Release.Namespace }}/pillion-certificate
{{- end }}
{{- end }}

{{- define "pillion.subject" -}}
- kind: ServiceAccount
  name: pillion
  namespace: {{ .Release.Namespace }}
{{- end }}

{{- define "pillion.probe" -}}
httpGet:
  path: {{ .path }}
  port: 9000
  scheme: HTTP
initialDelaySeconds: 0
periodSeconds: {{ .period }}
timeoutSeconds: {{ .timeout }}
successThreshold: 1
failureThreshold: {{ .failures }}
{{- end }}
