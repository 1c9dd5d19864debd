package dev.pillion.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The built application, started with its launcher as a process beside the cluster. */
final class PillionProcess implements AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Certificate certificate;
    private final int port = Environment.freePort();
    private final int managementPort = Environment.freePort();
    private final Path log;
    private final Map<String, String> settings;
    private Process process;

    private PillionProcess(Certificate certificate, Path log, Map<String, String> settings) {
        this.certificate = certificate;
        this.log = log;
        this.settings = settings;
    }

    /** Starts a server that knows files alone, and returns once it is ready: what tests apply for another is none of its business. */
    static PillionProcess start(String name) throws IOException {
        return start(name, Map.of("PILLION_RESOURCES_WATCH", "never"));
    }

    /** @param settings environment variables beside those that all have */
    static PillionProcess start(String name, Map<String, String> settings) throws IOException {
        Path logs = Files.createDirectories(Environment.LOGS);
        PillionProcess pillion = new PillionProcess(
                Certificate.of(Environment.ADDRESS), logs.resolve("pillion-" + name + ".log"), settings);
        pillion.start();
        return pillion;
    }

    /** Starts it (again), at the same port and with the same certificate. */
    void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Environment.ROOT.resolve("pillion").toString(),
                "serve",
                "--port=" + port,
                "--management-port=" + managementPort,
                "--certificate=" + certificate.certificate(),
                "--key=" + certificate.key(),
                "--profiles=" + Catalog.OF_EXAMPLES,
                "--kubeconfig=" + Environment.KUBECONFIG);
        builder.environment().put("PILLION_NATIVE_SIDECARS", Environment.NATIVE_SIDECARS ? "native" : "container");
        builder.environment().putAll(settings);
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
        URI health = URI.create("http://localhost:" + managementPort + "/health/ready");
        try {
            return HTTP.send(HttpRequest.newBuilder(health).build(), BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    String metrics() throws IOException, InterruptedException {
        URI metrics = URI.create("http://localhost:" + managementPort + "/metrics");
        return HTTP.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                .body();
    }

    /** @param path {@code /mutate}, {@code /validate} or {@code /validate-resources} */
    String url(String path) {
        return "https://" + Environment.ADDRESS + ":" + port + path;
    }

    Certificate certificate() {
        return certificate;
    }

    /** Ends it as the kubelet would. */
    void stop() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    /** Ends it as a failing node would. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }
}
