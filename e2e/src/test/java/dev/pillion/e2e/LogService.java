package dev.pillion.e2e;

/** The destination of log shippers: an OpenTelemetry Collector that writes everything that it receives to its standard output. */
final class LogService {

    static final String MANIFEST = """
            apiVersion: v1
            kind: Service
            metadata: {name: log-service}
            spec:
              selector: {app: log-service}
              ports: [{port: 4318}]
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: log-service}
            data:
              config.yaml: |
                receivers: {otlp: {protocols: {http: {endpoint: "0.0.0.0:4318"}}}}
                exporters: {debug: {verbosity: detailed}}
                service:
                  telemetry: {metrics: {level: none}}
                  pipelines: {logs: {receivers: [otlp], exporters: [debug]}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: log-service, labels: {app: log-service}}
            spec:
              terminationGracePeriodSeconds: 1
              volumes: [{name: config, configMap: {name: log-service}}]
              containers:
                - name: collector
                  image: otel/opentelemetry-collector-contrib:0.139.0
                  args: ["--config=/etc/collector/config.yaml"]
                  volumeMounts: [{name: config, mountPath: /etc/collector}]
                  readinessProbe: {tcpSocket: {port: 4318}, periodSeconds: 1}
            """;

    private LogService() {}
}
