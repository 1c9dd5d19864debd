package dev.pillion.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pillion.ReservedPort;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;

/** The packaged application in its own process, with at most the heap of the shipped manifests. For integration tests. */
final class ServerProcess implements AutoCloseable {

    private static final Path JAR = Path.of(System.getProperty("server.jar", "target/quarkus-app/quarkus-run.jar"));
    private static final Duration START = Duration.ofMinutes(2);

    private final Process process;
    private final ReservedPort port;
    private final ReservedPort managementPort;
    private final HttpClient http = HttpClient.newHttpClient();

    private ServerProcess(Process process, ReservedPort port, ReservedPort managementPort) {
        this.process = process;
        this.port = port;
        this.managementPort = managementPort;
    }

    /** Starts a server whose output goes to a file, and returns when it is ready. */
    static ServerProcess start(String name, String... options) throws IOException {
        Path log = Files.createDirectories(Path.of("target/logs")).resolve(name + ".log");
        return start(ProcessBuilder.Redirect.to(log.toFile()), options);
    }

    /** Starts a server whose output is a pipe that nobody reads, and returns when it is ready. */
    static ServerProcess startUnread(String... options) throws IOException {
        return start(ProcessBuilder.Redirect.PIPE, options);
    }

    private static ServerProcess start(ProcessBuilder.Redirect output, String... options) throws IOException {
        assertThat(JAR).as("package the application first").exists();
        ReservedPort port = new ReservedPort();
        ReservedPort managementPort = new ReservedPort();
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        line.addAll(List.of(options));
        line.addAll(List.of(
                "-jar",
                JAR.toString(),
                "serve",
                "--port=" + port.number(),
                "--management-port=" + managementPort.number()));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("PILLION_CLUSTER_WATCH", "never");
        Process process =
                builder.redirectErrorStream(true).redirectOutput(output).start();
        ServerProcess server = new ServerProcess(process, port, managementPort);
        await("the server is ready").atMost(START).until(() -> {
            assertThat(process.isAlive()).as("the server runs").isTrue();
            return server.isReady();
        });
        return server;
    }

    private boolean isReady() throws InterruptedException {
        try {
            return management("/health/ready").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    int port() {
        return port.number();
    }

    int managementPort() {
        return managementPort.number();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    HttpResponse<String> management(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + managementPort.number() + path))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                BodyHandlers.ofString());
    }

    /** The sum of a metric over its labels. */
    double metric(String name) throws IOException, InterruptedException {
        return management("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " ") || (!name.endsWith("}") && line.startsWith(name + "{")))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** A connection to the management port. */
    Socket plain() throws IOException {
        return withReadTimeout(new Socket("localhost", managementPort.number()));
    }

    /** A connection to the management port from another address of this machine. */
    Socket plainFrom(String address) throws IOException {
        return withReadTimeout(new Socket(
                InetAddress.getByName("127.0.0.1"), managementPort.number(), InetAddress.getByName(address), 0));
    }

    /** A connection to the webhook port, after the handshake. */
    Socket tls() throws IOException {
        return tls(port.number());
    }

    /** @param credentials of the client */
    static Socket tls(int port, KeyManager... credentials) throws IOException {
        return withReadTimeout(
                InsecureTls.context(credentials).getSocketFactory().createSocket("localhost", port));
    }

    private static Socket withReadTimeout(Socket socket) throws IOException {
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** Sends one request on a connection and returns the head and the body of the response. */
    static String exchange(Socket socket, String path, byte[] body, String... headers) throws IOException {
        OutputStream out = socket.getOutputStream();
        StringBuilder head = new StringBuilder(
                "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        out.write((head + "Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
        return response(socket);
    }

    /** The complete response; empty if the server closed the connection. */
    static String response(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder text = new StringBuilder();
        int end = -1;
        long length = 0;
        while (end < 0 || text.length() < end + 4 + length) {
            int next = in.read();
            if (next < 0) {
                return text.toString();
            }
            text.append((char) next);
            if (end < 0 && text.toString().endsWith("\r\n\r\n")) {
                end = text.length() - 4;
                length = text.toString()
                        .lines()
                        .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
                        .mapToLong(line -> Long.parseLong(line.substring(15).strip()))
                        .findFirst()
                        .orElse(Long.MAX_VALUE / 2);
            }
        }
        return text.toString();
    }

    /** Terminates the process and returns its exit code. */
    int stop(Duration atMost) throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS))
                .as("it stops within %s", atMost)
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        http.close();
        port.close();
        managementPort.close();
    }
}
