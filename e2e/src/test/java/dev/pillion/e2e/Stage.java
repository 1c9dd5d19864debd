package dev.pillion.e2e;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts one Pillion for all tests and gives each test its own {@link Sandbox}. The API server calls this Pillion only for the namespaces of
 * the tests, with {@code failurePolicy: Fail}, so that a failed call fails a test.
 */
final class Stage implements ParameterResolver {

    /** The label of the namespaces for which the API server calls the shared Pillion. */
    static final String LABEL = "e2e.pillion.dev/stage";

    private static final Namespace STORE = Namespace.create(Stage.class);

    /** The objects that exist during the whole test run. */
    record Shared(
            KubernetesClient client,
            PillionProcess pillion,
            WebhookConfiguration mutating,
            WebhookConfiguration validating)
            implements AutoCloseable {

        static Shared open() {
            KubernetesClient client = Environment.client();
            try {
                PillionProcess pillion = PillionProcess.start("shared");
                WebhookConfiguration validating = WebhookConfiguration.registerValidating(
                        client,
                        "pillion-e2e",
                        LABEL + "=shared",
                        pillion.url("/validate"),
                        pillion.certificate().caBundle());
                return new Shared(client, pillion, registered(client, pillion), validating);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static WebhookConfiguration registered(KubernetesClient client, PillionProcess pillion)
                throws IOException {
            WebhookConfiguration configuration = WebhookConfiguration.register(
                    client,
                    "pillion-e2e",
                    LABEL + "=shared",
                    "Fail",
                    pillion.url("/mutate"),
                    pillion.certificate().caBundle());
            try (Sandbox sandbox = Sandbox.open(client, Map.of(LABEL, "shared"))) {
                sandbox.awaitWebhook();
            }
            return configuration;
        }

        @Override
        public void close() throws InterruptedException {
            mutating.close();
            validating.close();
            pillion.close();
            client.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Sandbox.class || type == PillionProcess.class || type == KubernetesClient.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Shared shared = context.getRoot().getStore(STORE).computeIfAbsent("shared", key -> Shared.open(), Shared.class);
        Class<?> type = parameter.getParameter().getType();
        if (type == Sandbox.class) {
            return context.getStore(STORE)
                    .computeIfAbsent(
                            "sandbox", key -> Sandbox.open(shared.client(), Map.of(LABEL, "shared")), Sandbox.class);
        }
        return type == PillionProcess.class ? shared.pillion() : shared.client();
    }
}
