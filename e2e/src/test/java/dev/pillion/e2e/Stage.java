package dev.pillion.e2e;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Sets the stage once for all tests: one Pillion, registered with the API server for the namespaces of these tests and no others, under
 * {@code failurePolicy: Fail}, so that a call that goes wrong is seen. Gives each test a {@link Sandbox} of its own.
 */
final class Stage implements ParameterResolver {

    /** Marks the namespaces that the Pillion of all tests is called for. */
    static final String LABEL = "e2e.pillion.dev/stage";

    private static final Namespace STORE = Namespace.create(Stage.class);

    /** What lives as long as the test run. */
    record Shared(
            KubernetesClient client,
            PillionProcess pillion,
            WebhookConfiguration mutating,
            WebhookConfiguration validating)
            implements AutoCloseable {

        static Shared open() {
            Config config = Config.fromKubeconfig(Environment.KUBECONFIG.toFile());
            // All of a cluster may share two cores with what it runs.
            config.setRequestTimeout(60_000);
            KubernetesClient client =
                    new KubernetesClientBuilder().withConfig(config).build();
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
                throw new java.io.UncheckedIOException(e);
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
            // The API server learns of a webhook a moment after it was made known.
            try (Sandbox sandbox = Sandbox.open(client, Map.of(LABEL, "shared"))) {
                await("the API server calls Pillion")
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> sandbox.kubectl(
                                        "run",
                                        "probe",
                                        "--image=busybox:1.37",
                                        "--dry-run=server",
                                        "--annotations=pillion.dev/inject=no-such-profile")
                                .errors()
                                .contains("no-such-profile"));
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
