package dev.pillion.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The webhook port with clients that do not behave like an API server. */
@Timeout(180)
class WebhookPortIT {

    private static final byte[] TOO_LARGE = new byte[8 * 1024 * 1024];

    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start("webhook-port", "-Xmx192m", "-Dpillion.http.max-connections=100");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /mutate, application/json, 413",
        "POST, /validate, application/json, 413",
        "POST, /validate-resources, application/json, 413",
        "POST, /validate-resources, text/plain, 415",
        "PUT, /validate-resources, application/json, 405",
        "POST, /mutate, text/plain, 415",
        "PUT, /mutate, application/json, 405",
        "POST, /nowhere, application/json, 404"
    })
    void answersAClientThatSendsARefusedBodyCompletely(String method, String path, String type, int status)
            throws Exception {
        for (int repetition = 0; repetition < 3; repetition++) {
            try (ExecutorService clients = Executors.newFixedThreadPool(4)) {
                List<Future<String>> responses = new ArrayList<>();
                for (int client = 0; client < 4; client++) {
                    responses.add(clients.submit(() -> {
                        try (Socket socket = server.tls()) {
                            OutputStream out = socket.getOutputStream();
                            out.write((method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type
                                            + "\r\nContent-Length: " + TOO_LARGE.length + "\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                            out.write(TOO_LARGE);
                            out.flush();
                            String response = ServerProcess.response(socket);
                            assertThat(socket.getInputStream().read()).isEqualTo(-1);
                            return response;
                        }
                    }));
                }
                for (Future<String> response : responses) {
                    assertThat(response.get(1, TimeUnit.MINUTES))
                            .startsWith("HTTP/1.1 " + status)
                            .containsIgnoringCase("connection: close");
                }
            }
        }
    }

    @Test
    void closesTheConnectionIfARefusedBodyDoesNotArrive() throws Exception {
        try (Socket socket = server.tls()) {
            socket.getOutputStream()
                    .write(("POST /mutate HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + TOO_LARGE.length
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(ServerProcess.response(socket)).startsWith("HTTP/1.1 413");

            long start = System.nanoTime();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /mutate HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
                "GET /mutate HTTP/1.1\r\n\r\n",
                "POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
            })
    void refusesARequestWithAnAmbiguousHostOrLength(String request) throws Exception {
        try (Socket socket = server.tls()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

            assertThat(ServerProcess.response(socket))
                    .startsWith("HTTP/1.1 400 Bad Request")
                    .containsIgnoringCase("connection: close");
            assertThat(socket.getInputStream().read())
                    .as("the end of the connection")
                    .isEqualTo(-1);
        }
    }

    @Test
    void closesConnectionsWithSlowHeaders() throws Exception {
        try (Socket socket = server.tls()) {
            OutputStream out = socket.getOutputStream();
            out.write("POST /mutate HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));
            long start = System.nanoTime();
            socket.setSoTimeout(500);
            org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> {
                try {
                    out.write('x');
                    return socket.getInputStream().read() == -1;
                } catch (java.net.SocketTimeoutException goesOn) {
                    return false;
                } catch (IOException closed) {
                    return true;
                }
            });
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(30));
        }
    }

    @Test
    void closesConnectionsWithAnUnfinishedHandshake() throws Exception {
        try (Socket socket = new Socket("localhost", server.port())) {
            socket.setSoTimeout(40_000);
            assertThat(socket.getInputStream().read())
                    .as("the end of the connection")
                    .isEqualTo(-1);
        }
    }

    @Test
    void answersTheApiServerBesideIdleConnections() throws Exception {
        List<Socket> idle = new ArrayList<>();
        for (int each = 0; each < 300; each++) {
            idle.add(new Socket("localhost", server.port()));
        }
        byte[] review = Files.readAllBytes(Path.of("examples/review.json"));

        org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            try (Socket socket = server.tls()) {
                assertThat(ServerProcess.exchange(socket, "/mutate?timeout=5s", review))
                        .startsWith("HTTP/1.1 200");
            } catch (IOException closed) {
                throw new AssertionError("closed", closed);
            }
        });
        assertThat(server.metric("pillion_connections{port=\"webhook\"}")).isLessThanOrEqualTo(100);
        for (Socket socket : idle) {
            socket.close();
        }
    }
}
