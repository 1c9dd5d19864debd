package dev.pillion.cli.doctor.check;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A mutating webhook of other software that changes Pods. The names are those of the projects' charts and manifests.
 *
 * @param software its name
 * @param name of the MutatingWebhookConfiguration
 * @param advice what is known about using it together with Pillion
 */
record KnownWebhook(String software, Pattern name, String advice) {

    private static final String TABLE =
            "the table in docs/enforcement.md#accept-what-your-cluster-adds has its settings";

    private static final List<KnownWebhook> ALL = List.of(
            known(
                    "Istio",
                    "istio-(sidecar-injector|revision-tag).*",
                    "istio-proxy is known as a third-party sidecar. If Istio rewrites probes, " + TABLE),
            known("Linkerd", "linkerd-proxy-injector.*", "linkerd-proxy is known as a third-party sidecar"),
            known("Vault", "vault-agent-injector.*", "vault-agent is known as a third-party sidecar"),
            known("Consul", ".*consul.*connect-injector.*", "consul-dataplane is known as a third-party sidecar"),
            known("Dapr", "dapr-sidecar-injector.*", "daprd is known as a third-party sidecar"),
            known(
                    "OpenTelemetry operator",
                    "opentelemetry-operator.*|.*otel.*operator.*",
                    "its sidecar is known as a third-party sidecar. Variables that it adds to companions must be tolerated"),
            known("Kyverno", "kyverno-.*mutating-webhook-cfg", "a policy that changes companions must be tolerated"),
            known("Gatekeeper", "gatekeeper-mutating-webhook.*", "a mutation of companions must be tolerated"),
            known("Datadog", "datadog-webhook.*", TABLE),
            known("EKS", "pod-identity-webhook|vpc-resource-mutating-webhook", TABLE),
            known("Azure Workload Identity", "azure-wi-webhook.*", TABLE),
            known("Vertical Pod Autoscaler", "vpa-webhook-config", TABLE));

    private static KnownWebhook known(String software, String name, String advice) {
        return new KnownWebhook(software, Pattern.compile(name), advice);
    }

    static Optional<KnownWebhook> named(String configuration) {
        return ALL.stream()
                .filter(each -> each.name().matcher(configuration).matches())
                .findFirst();
    }
}
