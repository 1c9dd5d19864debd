package dev.pillion.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * More reviews than the server can answer. The clients and other processes run on the same machine, so the test asserts orders of magnitude
 * only.
 */
@Timeout(240)
class OverloadIT {

    private static final int CONNECTIONS = Integer.getInteger("overload.connections", 1_000);
    private static final Duration DURATION = Duration.ofSeconds(Integer.getInteger("overload.seconds", 10));

    /** The timeout of the API server, and a tolerance for a busy machine. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5).plusMillis(700);

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(3);

    /** Twice as many as the server should close: the flood also takes time to start and to end. */
    private static final int MOST_CLOSED = (int) (2 * 20 * DURATION.toSeconds());

    private static ServerProcess server;
    private static String review;

    @BeforeAll
    static void start() throws IOException {
        review = Files.readString(Path.of("examples/review.json"));
        server = ServerProcess.start("overload", "-Xmx256m", "-Xmn16m");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void refusesReviewsThatItCannotAnswerInTimeAndAnswersEveryClient() throws Exception {
        List<Duration> probes = new ArrayList<>();
        try (Flood warmUp = new Flood(server.port(), "127.0.0.1", 16, "/mutate", 0, OverloadIT::differentReview)) {
            await().atMost(Duration.ofMinutes(1)).until(() -> warmUp.count(200) > 3_000);
        }
        try (Flood flood = new Flood(
                        server.port(), "127.0.0.2", CONNECTIONS, "/mutate?timeout=5s", 0, OverloadIT::differentReview);
                Flood other = new Flood(
                        server.port(), "127.0.0.3", 1, "/mutate?timeout=5s", 50, OverloadIT::differentReview)) {
            long end = System.nanoTime() + DURATION.toNanos();
            while (System.nanoTime() < end) {
                long start = System.nanoTime();
                assertThat(server.management("/health/live").statusCode()).isEqualTo(200);
                probes.add(Duration.ofNanos(System.nanoTime() - start));
                Thread.onSpinWait();
            }
            report(flood, other, probes);

            assertThat(flood.count(200)).isGreaterThan(500);
            assertThat(flood.count(503)).as("refused").isPositive();
            assertThat(flood.exchanges())
                    .filteredOn(each -> each.status() == 503)
                    .allMatch(Flood.Exchange::asksToRetry)
                    .filteredOn(Flood.Exchange::closes)
                    .as("refusals that close their connection")
                    .hasSizeBetween(1, MOST_CLOSED);
            assertThat(flood.exchanges())
                    .filteredOn(each -> each.status() == 200)
                    .allSatisfy(each -> assertThat(each.took()).isLessThan(TIMEOUT));
            assertThat(other.count(200)).isGreaterThan(5);
            assertThat(other.count(200)).isGreaterThan(9 * (other.exchanges().size() - other.count(200)));
            assertThat(probes).allSatisfy(each -> assertThat(each).isLessThan(PROBE_TIMEOUT));
        }
    }

    @Test
    void answersSmallReviewsWhileItHandlesLargeOnes() throws Exception {
        String large = review.replace(
                "{\"name\":\"NGINX_WORKER_PROCESSES\"",
                "{\"name\":\"LARGE\",\"value\":\"" + "v".repeat(2_000_000)
                        + "\"},{\"name\":\"NGINX_WORKER_PROCESSES\"");
        try (Flood many = new Flood(
                        server.port(),
                        "127.0.0.2",
                        20,
                        "/mutate?timeout=5s",
                        0,
                        number -> large.replace("web-eu", "web-" + number));
                Flood few = new Flood(
                        server.port(), "127.0.0.3", 1, "/mutate?timeout=5s", 10, OverloadIT::differentReview)) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() ->
                            few.exchanges().size() > 100 && many.exchanges().size() > 20);

            report(many, few, List.of());
            assertThat(few.exchanges()).allMatch(each -> each.status() == 200);
            assertThat(few.exchanges())
                    .allSatisfy(each -> assertThat(each.took()).isLessThan(TIMEOUT));
            assertThat(many.count(200)).isPositive();
        }
    }

    /** A review of a different workload for each number, so that no response is in the cache. */
    private static String differentReview(int number) {
        return review.replace("web-eu", "web-" + number).replace("FIRSTNAME=Piyush", "FIRSTNAME=Piyush" + number);
    }

    private static void report(Flood flood, Flood other, List<Duration> probes) {
        System.out.printf(
                Locale.ROOT,
                "%d connections: %d answered, of them %d within a second, longest %s; %d refused, %d failed; beside them %d answered, longest %s, %d not; longest probe %s%n",
                CONNECTIONS,
                flood.count(200),
                flood.exchanges().stream()
                        .filter(each -> each.status() == 200 && each.took().toMillis() < 1_000)
                        .count(),
                longest(flood),
                flood.count(503),
                flood.count(0),
                other.count(200),
                longest(other),
                other.exchanges().size() - other.count(200),
                probes.stream().max(Comparator.naturalOrder()).orElse(Duration.ZERO));
    }

    private static Duration longest(Flood flood) {
        return flood.exchanges().stream()
                .filter(each -> each.status() == 200)
                .map(Flood.Exchange::took)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }
}
