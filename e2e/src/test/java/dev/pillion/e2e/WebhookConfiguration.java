package dev.pillion.e2e;

import io.fabric8.kubernetes.client.KubernetesClient;

/** A webhook made known to the API server by its URL, for the namespaces with one label; gone when closed. */
record WebhookConfiguration(KubernetesClient client, String name) implements AutoCloseable {

    /**
     * @param name also its place among other webhooks: they are called in the order of their configurations' names
     * @param label {@code key=value} of the namespaces that it is called for
     */
    static WebhookConfiguration register(
            KubernetesClient client, String name, String label, String failurePolicy, String url, String caBundle) {
        String manifest = """
                apiVersion: admissionregistration.k8s.io/v1
                kind: MutatingWebhookConfiguration
                metadata: {name: %1$s}
                webhooks:
                  - name: %1$s.pillion.dev
                    admissionReviewVersions: [v1]
                    clientConfig: {url: "%2$s", caBundle: %3$s}
                    rules:
                      - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods], scope: Namespaced}
                    namespaceSelector: {matchLabels: {"%4$s": "%5$s"}}
                    failurePolicy: %6$s
                    reinvocationPolicy: IfNeeded
                    sideEffects: None
                    timeoutSeconds: 5
                """.formatted(
                        name,
                        url,
                        caBundle,
                        label.substring(0, label.indexOf('=')),
                        label.substring(label.indexOf('=') + 1),
                        failurePolicy);
        client.resource(manifest).create();
        return new WebhookConfiguration(client, name);
    }

    @Override
    public void close() {
        client.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName(name)
                .delete();
    }
}
