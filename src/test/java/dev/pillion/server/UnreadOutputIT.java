package dev.pillion.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pipe has 64 KiB. A process that writes more blocks until somebody reads. */
@Timeout(180)
class UnreadOutputIT {

    private static final Duration TERMINATION = Duration.ofSeconds(25);

    /** Each denial is a log line of about 200 bytes. */
    private static final int DENIALS = 6_000;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void doesNotDelayResponsesHandshakesProbesOrTheShutdown(boolean json) throws Exception {
        try (ServerProcess server =
                ServerProcess.startUnread("-Xmx192m", "-Dquarkus.log.console.json.enabled=" + json)) {
            deny(server, DENIALS);

            long start = System.nanoTime();
            deny(server, 1);
            assertThat(server.management("/health/live").statusCode()).isEqualTo(200);
            assertThat(server.management("/health/ready").statusCode()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("a new handshake, a review and two probes")
                    .isLessThan(Duration.ofSeconds(5));
            assertThat(server.metric("pillion_log_records_dropped_total")).isGreaterThan(100);
            assertThat(server.stop(TERMINATION)).isZero();
        }
    }

    /** The usual start messages do not fill a pipe, so the server logs at TRACE. */
    @Test
    void startsWithAFullPipe() throws Exception {
        try (ServerProcess server =
                ServerProcess.startUnread("-Xmx192m", "-Dquarkus.log.level=TRACE", "-Dquarkus.log.min-level=TRACE")) {
            deny(server, 1);
            assertThat(server.stop(TERMINATION)).isZero();
        }
    }

    private static void deny(ServerProcess server, int times) throws IOException {
        byte[] denied = Files.readString(Path.of("src/test/resources/reviews/deployment-pod.json"))
                .replace("\"pillion.dev/inject\":\"logging\"", "\"pillion.dev/inject\":\"loging\"")
                .getBytes(StandardCharsets.UTF_8);
        try (Socket socket = server.tls()) {
            for (int each = 0; each < times; each++) {
                assertThat(ServerProcess.exchange(socket, "/mutate?timeout=10s", denied))
                        .startsWith("HTTP/1.1 200")
                        .contains("unknown-profile");
            }
        }
    }
}
