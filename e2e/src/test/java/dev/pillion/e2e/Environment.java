package dev.pillion.e2e;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The environment that {@code e2e/run} prepares for the tests. */
final class Environment {

    /** The root of the checkout. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** Whether the cluster supports native sidecars. */
    static final boolean NATIVE_SIDECARS = !"container".equals(System.getenv("PILLION_E2E_SIDECARS"));

    /** An address of this machine that the cluster's API server can reach. */
    static final String ADDRESS = variable("PILLION_E2E_ADDRESS");

    static final Path KUBECONFIG = Path.of(variable("KUBECONFIG"));

    /** Whether {@code e2e/run} created the cluster, with its own images. */
    static final boolean OWN_CLUSTER = System.getenv("PILLION_E2E_VERSION") != null;

    /** The directory for the logs of servers that the tests start. */
    static final Path LOGS = Path.of(System.getenv().getOrDefault("PILLION_E2E_LOGS", "target/logs"));

    private Environment() {}

    private static String variable(String name) {
        return Optional.ofNullable(System.getenv(name))
                .orElseThrow(() -> new IllegalStateException(name + " is not set; start the tests with e2e/run"));
    }

    /** A client for the cluster. The cluster may share two cores with everything that it runs, so requests may take long. */
    static KubernetesClient client() {
        Config config = Config.fromKubeconfig(KUBECONFIG.toFile());
        config.setRequestTimeout(60_000);
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** A file with credentials that the API server presents to webhooks, in a cluster that {@code e2e/run} created. */
    static Path admission(String file) {
        return Path.of(variable("PILLION_E2E_ADMISSION")).resolve(file);
    }

    /** A new directory below {@code target}. It stays after the tests, so that a failure can be examined. */
    static Path temporaryDirectory(String prefix) throws IOException {
        return Files.createTempDirectory(Files.createDirectories(Path.of("target")), prefix)
                .toAbsolutePath();
    }
}
