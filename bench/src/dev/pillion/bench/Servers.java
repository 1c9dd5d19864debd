package dev.pillion.bench;

import dev.pillion.certificates.SelfSignedCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts and stops the measured servers. */
final class Servers implements AutoCloseable {

    private static final int FIRST_PORT = 18_443;

    private final Path root;
    private final Path logs;
    private final Path certificate;
    private final Path key;
    private final List<Server> started = new ArrayList<>();
    private int port = FIRST_PORT;

    /** @param logs the directory for the logs of the servers */
    Servers(Path root, Path logs) throws Exception {
        this.root = root;
        this.logs = logs;
        SelfSignedCertificate made =
                SelfSignedCertificate.create(List.of("localhost"), Duration.ofDays(7), Clock.systemUTC());
        this.certificate = Files.writeString(logs.resolve("server.crt"), made.certificate());
        this.key = Files.writeString(logs.resolve("server.key"), made.key());
    }

    Server ceiling() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(System.getProperty("bench.flags").split(" ")));
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                Ceiling.class.getName(),
                Integer.toString(port),
                certificate.toString(),
                key.toString()));
        return start("ceiling", command, 0, Map.of()).awaitPort();
    }

    /** The ceiling in Go. Empty if Go is not installed. */
    Optional<Server> inGo() throws IOException, InterruptedException {
        return inGo("go", "bench/go", Map.of());
    }

    /** Istio's webhook, with the charts of its Go module. Empty if it cannot be built. */
    Optional<Server> istio() throws IOException, InterruptedException {
        String sources = "bench/peers/istio";
        Process module = new ProcessBuilder("go", "list", "-m", "-f", "{{.Dir}}", "istio.io/istio")
                .directory(root.resolve(sources).toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String charts = module.inputReader().readLine() + "/manifests";
        return inGo("istio", sources, Map.of("ISTIO_MANIFESTS", charts, "ENABLE_NATIVE_SIDECARS", "true"));
    }

    /** Dapr's webhook. Empty if it cannot be built. */
    Optional<Server> dapr() throws IOException, InterruptedException {
        return inGo(
                "dapr",
                "bench/peers/dapr",
                Map.of(
                        "SIDECAR_IMAGE",
                        "daprio/daprd:1.14.0",
                        "NAMESPACE",
                        "dapr-system",
                        "ALLOWED_SERVICE_ACCOUNTS_PREFIX_NAMES",
                        "kube-system:replicaset-controller",
                        "ACTORS_ENABLED",
                        "true",
                        "ACTORS_SERVICE_NAME",
                        "placement",
                        "ACTORS_SERVICE_ADDRESS",
                        "dapr-placement-server:50005"));
    }

    private Optional<Server> inGo(String name, String sources, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path program = root.resolve("bench/target/" + name + "-server");
        try {
            Process build = new ProcessBuilder("go", "build", "-o", program.toString(), ".")
                    .directory(root.resolve(sources).toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(logs.resolve(name + "-build.log").toFile())
                    .start();
            if (build.waitFor() != 0) {
                throw new IOException(sources + " cannot be built; see " + name + "-build.log in bench/results");
            }
        } catch (IOException e) {
            System.out.println("no comparison with " + name + ": " + e.getMessage());
            return Optional.empty();
        }
        List<String> command =
                List.of(program.toString(), Integer.toString(port), certificate.toString(), key.toString());
        return Optional.of(start(name, command, 0, environment).awaitPort());
    }

    /** Pillion with the policies in bench/policies. */
    Server withPolicies(String name) throws IOException {
        return pillion(name, "--profiles", root.resolve("bench/policies").toString());
    }

    /** Pillion with the settings that it ships with, and a certificate. Does not wait until it is ready. */
    Server pillion(String name, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                root.resolve("pillion").toString(),
                "serve",
                "--port",
                Integer.toString(port),
                "--management-port",
                Integer.toString(port + 1),
                "--certificate",
                certificate.toString(),
                "--key",
                key.toString()));
        command.addAll(Arrays.asList(more));
        return start(name, command, port + 1, Map.of());
    }

    private Server start(String name, List<String> command, int managementPort, Map<String, String> environment)
            throws IOException {
        Server server = Server.start(name, command, environment, port, managementPort, logs.resolve(name + ".log"));
        started.add(server);
        port += 2;
        return server;
    }

    @Override
    public void close() {
        started.forEach(Server::close);
    }
}
