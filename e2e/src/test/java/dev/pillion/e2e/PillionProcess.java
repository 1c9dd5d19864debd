package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A process of the built application next to the cluster. */
final class PillionProcess implements AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Optional<Certificate> certificate;
    private final Path kubeconfig;
    private final Path profiles;
    private final Map<String, String> environment;
    private final ReservedPort port = new ReservedPort();
    private final ReservedPort managementPort = new ReservedPort();
    private final Path log;
    private Process process;

    private PillionProcess(
            Optional<Certificate> certificate,
            Path kubeconfig,
            Path profiles,
            Map<String, String> environment,
            Path log) {
        this.certificate = certificate;
        this.kubeconfig = kubeconfig;
        this.profiles = profiles;
        this.environment = environment;
        this.log = log;
    }

    /** Starts a server that reads only files, and waits until it is ready. It ignores profiles that other tests apply to the cluster. */
    static PillionProcess start(String name) throws IOException {
        return start(name, Map.of("PILLION_RESOURCES_WATCH", "never"));
    }

    /** @param environment further environment variables */
    static PillionProcess start(String name, Map<String, String> environment) throws IOException {
        return start(name, Certificate.of(Environment.ADDRESS), environment);
    }

    static PillionProcess start(String name, Certificate certificate, Map<String, String> environment)
            throws IOException {
        return started(name, certificate, Catalog.OF_EXAMPLES, environment);
    }

    /** Starts a server with its own directory of profiles, which it checks for changes every second. */
    static PillionProcess start(String name, Path profiles) throws IOException {
        return started(
                name,
                Certificate.of(Environment.ADDRESS),
                profiles,
                Map.of("PILLION_RESOURCES_WATCH", "never", "PILLION_PROFILES_RELOAD_PERIOD", "1s"));
    }

    private static PillionProcess started(
            String name, Certificate certificate, Path profiles, Map<String, String> environment) throws IOException {
        PillionProcess pillion = new PillionProcess(
                Optional.of(certificate), Environment.KUBECONFIG, profiles, environment, logOf(name));
        pillion.start();
        return pillion;
    }

    /** A server with a self-managed certificate, which replicas share. It is not started yet. */
    static PillionProcess selfManaged(String name, Path kubeconfig, Map<String, String> environment)
            throws IOException {
        return new PillionProcess(Optional.empty(), kubeconfig, Catalog.OF_EXAMPLES, environment, logOf(name));
    }

    private static Path logOf(String name) throws IOException {
        return Files.createDirectories(Environment.LOGS).resolve("pillion-" + name + ".log");
    }

    /** Starts or restarts the server on the same port with the same certificate. */
    void start() throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Environment.ROOT.resolve("pillion").toString(),
                "serve",
                "--port=" + port.number(),
                "--management-port=" + managementPort.number(),
                "--profiles=" + profiles,
                "--kubeconfig=" + kubeconfig));
        certificate.ifPresent(
                pair -> line.addAll(List.of("--certificate=" + pair.certificate(), "--key=" + pair.key())));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("PILLION_NATIVE_SIDECARS", Environment.NATIVE_SIDECARS ? "native" : "container");
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        process = builder.start();
        await("Pillion is ready; its log is " + log)
                .atMost(Duration.ofMinutes(2))
                .until(this::isReady);
    }

    private boolean isReady() throws IOException, InterruptedException {
        if (!process.isAlive()) {
            throw new IllegalStateException("Pillion ended:\n" + Files.readString(log));
        }
        URI health = URI.create("http://localhost:" + managementPort.number() + "/health/ready");
        try {
            return HTTP.send(HttpRequest.newBuilder(health).build(), BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    String metrics() throws IOException, InterruptedException {
        URI metrics = URI.create("http://localhost:" + managementPort.number() + "/metrics");
        return HTTP.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                .body();
    }

    /** @param path {@code /mutate}, {@code /validate} or {@code /validate-resources} */
    String url(String path) {
        return "https://" + Environment.ADDRESS + ":" + port.number() + path;
    }

    int port() {
        return port.number();
    }

    Certificate certificate() {
        return certificate.orElseThrow();
    }

    /** Stops the server like the kubelet, which treats every exit code except 0 as a failure. */
    void stop() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor())
                .as("the exit code of Pillion after SIGTERM; its log is %s", log)
                .isZero();
    }

    /** Kills the server, as the failure of a node would. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        try (port;
                managementPort) {
            if (process.isAlive()) {
                stop();
            }
        }
    }
}
