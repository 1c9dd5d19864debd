package dev.pillion.e2e;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;

/** A webhook configuration with a URL, for the namespaces with one label. It is deleted on close. */
record WebhookConfiguration(KubernetesClient client, HasMetadata made) implements AutoCloseable {

    private static final String MANIFEST = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: %1$sWebhookConfiguration
            metadata: {name: %2$s}
            webhooks:
              - name: %2$s.pillion.dev
                admissionReviewVersions: [v1]
                clientConfig: {url: "%3$s", caBundle: %4$s}
                rules:
                  - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods], scope: Namespaced}
                namespaceSelector: {matchLabels: {"%5$s": "%6$s"}}
                failurePolicy: %7$s
                sideEffects: None
                timeoutSeconds: 5
            """;

    /**
     * @param name the API server calls webhooks in the order of their configurations' names
     * @param label {@code key=value} of the namespaces for which the API server calls it
     */
    static WebhookConfiguration register(
            KubernetesClient client, String name, String label, String failurePolicy, String url, String caBundle) {
        return made(
                client,
                manifest("Mutating", name, label, failurePolicy, url, caBundle) + "    reinvocationPolicy: IfNeeded\n");
    }

    static WebhookConfiguration registerValidating(
            KubernetesClient client, String name, String label, String url, String caBundle) {
        return made(client, manifest("Validating", name, label, "Fail", url, caBundle));
    }

    /** For profiles and policies. */
    static WebhookConfiguration registerForResources(
            KubernetesClient client, String name, String url, String caBundle) {
        return made(client, """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingWebhookConfiguration
                metadata: {name: %1$s}
                webhooks:
                  - name: %1$s.pillion.dev
                    admissionReviewVersions: [v1]
                    clientConfig: {url: "%2$s", caBundle: %3$s}
                    rules:
                      - apiGroups: [pillion.dev]
                        apiVersions: [v1alpha1]
                        operations: [CREATE, UPDATE, DELETE]
                        resources: [injectionprofiles, injectionpolicies]
                        scope: Cluster
                    failurePolicy: Fail
                    sideEffects: None
                    timeoutSeconds: 5
                """.formatted(name, url, caBundle));
    }

    private static String manifest(
            String kind, String name, String label, String failurePolicy, String url, String caBundle) {
        String[] keyAndValue = label.split("=", 2);
        return MANIFEST.formatted(kind, name, url, caBundle, keyAndValue[0], keyAndValue[1], failurePolicy);
    }

    private static WebhookConfiguration made(KubernetesClient client, String manifest) {
        return new WebhookConfiguration(client, client.resource(manifest).create());
    }

    @Override
    public void close() {
        client.resource(made).delete();
    }
}
