package dev.pillion.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that reach {@code pillion.http.connection-age} while they are in use. */
@Timeout(180)
class ConnectionAgeIT {

    private static final int CLIENTS = 8;
    private static final int CONNECTIONS_OF_EACH = 4;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start("connection-age", "-Xmx192m", "-Dpillion.http.connection-age=1s");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void answersEachRequestWhileConnectionsAreClosed() throws Exception {
        byte[] review = Files.readAllBytes(Path.of("examples/review.json"));
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<List<String>>> responses = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                responses.add(clients.submit(() -> sendUntilConnectionsAreClosed(review)));
            }
            for (Future<List<String>> each : responses) {
                assertThat(each.get(2, TimeUnit.MINUTES))
                        .hasSizeGreaterThan(CONNECTIONS_OF_EACH)
                        .allSatisfy(response -> assertThat(response).startsWith("HTTP/1.1 200"));
            }
        }

        assertThat(server.metric("pillion_connections_closed_total{port=\"webhook\",reason=\"age\"}"))
                .isGreaterThanOrEqualTo(CLIENTS * CONNECTIONS_OF_EACH);
    }

    /** Sends one review after the other, and uses a new connection only after a response that asks for it. */
    private static List<String> sendUntilConnectionsAreClosed(byte[] review) throws IOException {
        List<String> responses = new ArrayList<>();
        for (int connection = 0; connection < CONNECTIONS_OF_EACH; connection++) {
            try (Socket socket = server.tls()) {
                String response;
                do {
                    response = ServerProcess.exchange(socket, "/mutate?timeout=5s", review);
                    responses.add(response);
                } while (!response.isEmpty()
                        && !response.toLowerCase(Locale.ROOT).contains("connection: close"));
            }
        }
        return responses;
    }
}
