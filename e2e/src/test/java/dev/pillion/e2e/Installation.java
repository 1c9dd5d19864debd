package dev.pillion.e2e;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/** Pillion in the cluster, as {@code deploy/} installs it. */
record Installation(KubernetesClient client, Installer installer) implements AutoCloseable {

    /** Installs it and waits until all replicas are available and the API server calls them. */
    static Installation by(Installer installer, KubernetesClient client) {
        Installation installation = new Installation(client, installer);
        installer.install();
        installation.awaitRollout();
        installation.awaitCalls();
        return installation;
    }

    /** A copy of {@code deploy/}, for what an overlay has to be given. */
    static Path copyOfDeploy() throws IOException {
        Path copy = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "deploy")
                .toAbsolutePath();
        Path source = Environment.ROOT.resolve("deploy");
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = copy.resolve(source.relativize(file));
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
        return copy;
    }

    /** Puts a certificate for Pillion's Service into a copy of the overlay {@code own-certificate}. */
    static void giveCertificate(Path overlay) throws IOException {
        Certificate certificate = Certificate.ofName("pillion.pillion.svc");
        Files.copy(certificate.certificate(), overlay.resolve("tls.crt"));
        Files.copy(certificate.key(), overlay.resolve("tls.key"));
        // It is its own authority.
        Files.copy(certificate.certificate(), overlay.resolve("ca.crt"));
    }

    /** Waits for the Deployment; if it does not come up, says what its Pods say. */
    void awaitRollout() {
        Command status = kubectl("--namespace=pillion", "rollout", "status", "deployment/pillion", "--timeout=300s");
        if (status.exitCode() != 0) {
            throw new AssertionError("Pillion did not come up: " + status.errors()
                    + kubectl("--namespace=pillion", "describe", "pods").output()
                    + kubectl("--namespace=pillion", "logs", "--selector=app.kubernetes.io/name=pillion", "--tail=50")
                            .output());
        }
    }

    /** The API server learns of a webhook a moment after it was made known. */
    private void awaitCalls() {
        try (Sandbox sandbox = Sandbox.open(client, Map.of())) {
            await("the API server calls Pillion through its Service")
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
    }

    void restart() {
        kubectl("--namespace=pillion", "rollout", "restart", "deployment/pillion")
                .orFail();
        awaitRollout();
    }

    /** Keeps the replicas' logs, which go with them. */
    private void keepLogs() {
        String logs = kubectl("--namespace=pillion", "logs", "--selector=app.kubernetes.io/name=pillion", "--tail=-1")
                .output();
        // There are none when it is taken away for the second time.
        if (!logs.isEmpty()) {
            try {
                Path log = Files.createDirectories(Environment.LOGS).resolve("pillion-" + installer.name() + ".log");
                Files.writeString(log, logs);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Takes it away as its installer would. */
    void uninstall() {
        keepLogs();
        installer.uninstall();
    }

    @Override
    public void close() {
        uninstall();
    }

    private static Command kubectl(String... arguments) {
        return Command.run(
                Stream.concat(Stream.of("kubectl"), Stream.of(arguments)).toList());
    }
}
