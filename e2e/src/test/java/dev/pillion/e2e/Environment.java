package dev.pillion.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;

/** What {@code e2e/run} tells the tests, and what they work out from it. */
final class Environment {

    /** The root of the checkout. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** Whether sidecars are native ones in this cluster, or plain containers. */
    static final boolean NATIVE_SIDECARS = !"container".equals(System.getenv("PILLION_E2E_SIDECARS"));

    /** An address of this machine that the cluster's API server can reach. */
    static final String ADDRESS = variable("PILLION_E2E_ADDRESS");

    static final Path KUBECONFIG = Path.of(variable("KUBECONFIG"));

    /** Whether the cluster is the one that {@code e2e/run} made, with images of its own. */
    static final boolean OWN_CLUSTER = System.getenv("PILLION_E2E_VERSION") != null;

    /** Where servers started by the tests write their logs. */
    static final Path LOGS = Path.of(System.getenv().getOrDefault("PILLION_E2E_LOGS", "target/logs"));

    private Environment() {}

    private static String variable(String name) {
        return Optional.ofNullable(System.getenv(name))
                .orElseThrow(() -> new IllegalStateException(name + " is not set; start the tests with e2e/run"));
    }

    /** A file of the credentials that the API server shows to webhooks, in the cluster that {@code e2e/run} made. */
    static Path admission(String file) {
        return Path.of(variable("PILLION_E2E_ADMISSION")).resolve(file);
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
