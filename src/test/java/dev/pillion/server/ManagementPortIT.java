package dev.pillion.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The management port uses plain HTTP and authenticates nobody, so a request must not cost more than its response. */
@Timeout(180)
class ManagementPortIT {

    private static final Path TEMPORARY = Path.of("target/management-port-it").toAbsolutePath();
    private static final int MEBIBYTE = 1024 * 1024;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(
                "management-port", "-Xmx96m", "-Djava.io.tmpdir=" + Files.createDirectories(TEMPORARY));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** In an earlier version, 19 to 29 such requests ended the process. */
    @ParameterizedTest
    @ValueSource(strings = {"/health", "/health/live", "/metrics", "/nowhere"})
    void doesNotBufferTheBodiesOfUnfinishedRequests(String path) throws Exception {
        List<Socket> sockets = new ArrayList<>();
        for (int each = 0; each < 30; each++) {
            Socket socket = server.plain();
            sockets.add(socket);
            write(
                    socket,
                    "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + 9 * MEBIBYTE + "\r\n\r\n",
                    8 * MEBIBYTE);
        }

        assertStillServes();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void answersARequestWithABodyThatTheClientSendsCompletely() throws Exception {
        for (int each = 0; each < 10; each++) {
            try (Socket socket = server.plain()) {
                write(socket, "POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: " + MEBIBYTE + "\r\n\r\n", MEBIBYTE);

                assertThat(ServerProcess.response(socket))
                        .startsWith("HTTP/1.1 405 Method Not Allowed\r\n")
                        .contains("Allow: GET, HEAD\r\n", "Connection: close\r\n");
            }
        }
    }

    @Test
    void writesNoUploadsToFiles() throws Exception {
        String part = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n" + "x".repeat(100_000)
                + "\r\n--b--\r\n";
        try (Socket socket = server.plain()) {
            write(
                    socket,
                    "POST /health HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: "
                            + part.length() + "\r\n\r\n" + part,
                    0);

            assertThat(ServerProcess.response(socket)).startsWith("HTTP/1.1 405 ");
        }

        try (var files = Files.walk(TEMPORARY)) {
            assertThat(files.map(Path::toString)).noneMatch(name -> name.contains("uploads"));
        }
        assertThat(Path.of("/tmp/uploads")).doesNotExist();
    }

    @Test
    void answersGetAndHead() throws Exception {
        assertThat(server.management("/health").statusCode()).isEqualTo(200);
        assertThat(server.management("/metrics").body())
                .contains(
                        "pillion_connections{port=\"management\"}", "pillion_requests_shed_total{reason=\"deadline\"}");
        try (Socket socket = server.plain()) {
            write(socket, "HEAD /health/live HTTP/1.1\r\nHost: x\r\n\r\n", 0);

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .endsWith("\r\n\r\n");
        }
    }

    /** The Java client offers HTTP/2 by default, and curl does so with --http2-prior-knowledge. */
    @Test
    void supportsHttp1Only() throws Exception {
        assertThat(server.management("/health/live").version()).isEqualTo(java.net.http.HttpClient.Version.HTTP_1_1);
        try (Socket socket = server.plain()) {
            write(socket, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0);

            assertThat(ServerProcess.response(socket)).startsWith("HTTP/1.1 405 ");
        }
    }

    @Test
    void answersProbesBesideIdleConnections() throws Exception {
        List<Socket> idle = new ArrayList<>();
        for (int each = 0; each < 200; each++) {
            idle.add(server.plain());
        }

        await().ignoreExceptions().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(
                        server.management("/health/live").statusCode())
                .isEqualTo(200));
        assertThat(server.metric("pillion_connections_closed_total")).isPositive();
        for (Socket socket : idle) {
            socket.close();
        }
    }

    /** Each connection has a slot until it is closed. Half of the clients have their own address, half have the address of the probe. */
    @ParameterizedTest
    @CsvSource({
        "GET /metrics HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n, 100",
        "GET /health HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n, 100",
        "GET /health HTTP/1.1\\r\\nHo, 400"
    })
    void answersEachProbeWithinASecondBesideClientsThatDoNotRead(String request, int perSecond) throws Exception {
        byte[] bytes = request.replace("\\r", "\r").replace("\\n", "\n").getBytes(StandardCharsets.US_ASCII);
        Queue<Socket> unread = new ConcurrentLinkedQueue<>();
        AtomicInteger turn = new AtomicInteger();
        try (ScheduledExecutorService attacker = Executors.newSingleThreadScheduledExecutor()) {
            attacker.scheduleAtFixedRate(
                    () -> {
                        try {
                            Socket socket =
                                    server.plainFrom(turn.getAndIncrement() % 2 == 0 ? "127.0.0.1" : "127.0.0.2");
                            unread.add(socket);
                            socket.getOutputStream().write(bytes);
                        } catch (IOException closedMeanwhile) {
                            // The server has refused the connection.
                        }
                    },
                    0,
                    1_000_000 / perSecond,
                    TimeUnit.MICROSECONDS);
            await("the attack has begun").until(() -> turn.get() > perSecond);

            List<Duration> answers = new ArrayList<>();
            while (turn.get() < 8 * perSecond) {
                long start = System.nanoTime();
                try (Socket probe = server.plain()) {
                    write(probe, "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 0);
                    assertThat(ServerProcess.response(probe)).startsWith("HTTP/1.1 200 OK\r\n");
                }
                answers.add(Duration.ofNanos(System.nanoTime() - start));
            }

            assertThat(answers).hasSizeGreaterThan(5).allSatisfy(each -> assertThat(each)
                    .isLessThan(Duration.ofSeconds(1)));
        }
        for (Socket socket : unread) {
            socket.close();
        }
        assertThat(server.isAlive()).isTrue();
    }

    @Test
    void rendersTheMetricsOnceForAllRequestsWithinASecond() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + server.managementPort() + "/metrics"))
                .build();
        Set<String> bodies = new HashSet<>();
        try (HttpClient client = HttpClient.newHttpClient()) {
            long start = System.nanoTime();
            List<CompletableFuture<HttpResponse<String>>> responses = IntStream.range(0, 40)
                    .mapToObj(each -> client.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
                    .toList();
            for (CompletableFuture<HttpResponse<String>> each : responses) {
                bodies.add(each.get().body());
            }
            int seconds = (int) Duration.ofNanos(System.nanoTime() - start).toSeconds();
            assertThat(bodies.size()).as("renderings in %d s", seconds).isBetween(1, 2 + seconds);
        }
    }

    @Test
    void closesAConnectionWithoutHeadersAfterAFewSeconds() throws Exception {
        try (Socket socket = server.plain()) {
            write(socket, "GET /health HTTP/1.1\r\nHo", 0);

            assertThat(socket.getInputStream().read())
                    .as("the end of the connection")
                    .isEqualTo(-1);
        }
    }

    private static void assertStillServes() throws Exception {
        assertThat(server.isAlive()).isTrue();
        assertThat(server.management("/health/live").statusCode()).isEqualTo(200);
    }

    /** Stops if the server closes the connection. */
    private static void write(Socket socket, String head, int bodyBytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        byte[] chunk = new byte[64 * 1024];
        try {
            for (int sent = 0; sent < bodyBytes; sent += chunk.length) {
                out.write(chunk);
            }
        } catch (SocketException closed) {
            // The server has refused the request.
        }
    }
}
