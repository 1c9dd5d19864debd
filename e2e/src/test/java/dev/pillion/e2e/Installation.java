package dev.pillion.e2e;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** An installation of Pillion from {@code deploy/} in the cluster. */
record Installation(KubernetesClient client, Installer installer) implements AutoCloseable {

    /** Installs it and waits until all replicas are available and the API server calls them. */
    static Installation by(Installer installer, KubernetesClient client) {
        Installation installation = new Installation(client, installer);
        installer.install();
        installation.awaitRollout();
        installation.awaitWebhook();
        return installation;
    }

    /** A copy of {@code deploy/}, for overlays that need more files. */
    static Path copyOfDeploy() throws IOException {
        Path copy = Environment.temporaryDirectory("deploy");
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

    /** Adds a certificate for Pillion's Service to a copy of the overlay {@code own-certificate}. */
    static void addCertificate(Path overlay) throws IOException {
        Certificate certificate = Certificate.ofName("pillion.pillion.svc");
        Files.copy(certificate.certificate(), overlay.resolve("tls.crt"));
        Files.copy(certificate.key(), overlay.resolve("tls.key"));
        // A self-signed certificate is its own authority.
        Files.copy(certificate.certificate(), overlay.resolve("ca.crt"));
    }

    /** Waits until the Deployment is available. Fails with the description and the logs of its Pods. */
    void awaitRollout() {
        Command status = kubectl("--namespace=pillion", "rollout", "status", "deployment/pillion", "--timeout=300s");
        if (status.exitCode() != 0) {
            throw new AssertionError("Pillion did not become available: " + status.errors()
                    + kubectl("--namespace=pillion", "describe", "pods").output()
                    + kubectl("--namespace=pillion", "logs", "--selector=app.kubernetes.io/name=pillion", "--tail=50")
                            .output());
        }
    }

    private void awaitWebhook() {
        try (Sandbox sandbox = Sandbox.open(client, Map.of())) {
            sandbox.awaitWebhook();
        }
    }

    void restart() {
        kubectl("--namespace=pillion", "rollout", "restart", "deployment/pillion")
                .orFail();
        awaitRollout();
    }

    /** Saves the logs of the replicas, which are deleted with them. */
    private void keepLogs() {
        String logs = kubectl("--namespace=pillion", "logs", "--selector=app.kubernetes.io/name=pillion", "--tail=-1")
                .output();
        // There are none when it is uninstalled for the second time.
        if (!logs.isEmpty()) {
            try {
                Path log = Files.createDirectories(Environment.LOGS).resolve("pillion-" + installer.name() + ".log");
                Files.writeString(log, logs);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Uninstalls Pillion as {@code deploy/README.md} describes: the rest is deleted when the API server no longer calls Pillion. */
    void uninstall() {
        keepLogs();
        installer.deleteWebhooks();
        try (Sandbox sandbox = Sandbox.open(client, Map.of("pillion.dev/enforcement", "strict"))) {
            sandbox.awaitNoCallOf("strict.validate.pillion.dev");
        }
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
