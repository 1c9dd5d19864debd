package dev.pillion.server.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.server.review.SimulatedServer.Review;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Compares orders of waiting reviews in virtual time. ADR 12 has the numbers that it prints. */
class ReviewQueueSimulationTest {

    private static final String CLIENT = "10.0.0.1";
    private static final String OTHER_CLIENT = "10.0.0.2";
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long MILLISECOND = Duration.ofMillis(1).toNanos();
    private static final long DURATION = 10 * SECOND;

    /** The decision of a new review on a warm server (docs/performance.md). */
    private static final long WARM = 325_000;

    /** Three API servers send at most 600 requests each at a time (--max-requests-inflight and --max-mutating-requests-inflight). */
    private static final int IN_FLIGHT = 1_800;

    private enum Order {
        OLDEST_FIRST(() -> new OneQueue(false, false)),
        OLDEST_FIRST_WITH_EXPIRY(() -> new OneQueue(false, true)),
        NEWEST_FIRST(() -> new OneQueue(true, true)),
        FAIR(FairOrder::new);

        private final Supplier<ReviewOrder> create;

        Order(Supplier<ReviewOrder> create) {
            this.create = create;
        }
    }

    /** One queue for all clients. Without expiry, a review waits until its deadline. */
    private static final class OneQueue implements ReviewOrder {

        private final boolean newestFirst;
        private final boolean expires;
        private final Deque<ReviewTask> tasks = new ArrayDeque<>();

        OneQueue(boolean newestFirst, boolean expires) {
            this.newestFirst = newestFirst;
            this.expires = expires;
        }

        @Override
        public void add(ReviewTask task) {
            tasks.add(
                    expires
                            ? task
                            : new ReviewTask(
                                    Long.MAX_VALUE / 2,
                                    task.deadline(),
                                    task.client(),
                                    task.bytes(),
                                    task.isAbandoned(),
                                    task.decision(),
                                    task.send(),
                                    task.fail()));
        }

        @Override
        public @Nullable ReviewTask next(long now) {
            ReviewTask oldest = tasks.peek();
            boolean expired = oldest != null && now - oldest.arrival() > ReviewQueue.LONGEST_WAIT;
            return newestFirst && !expired ? tasks.pollLast() : tasks.poll();
        }

        @Override
        public boolean isEmpty() {
            return tasks.isEmpty();
        }

        @Override
        public int ahead(String client) {
            return tasks.size();
        }
    }

    /**
     * The outcome of a scenario for one order. Times are in milliseconds.
     *
     * @param soon the reviews that were answered within a second of the first call
     * @param p99 of the answered reviews
     * @param otherP99 of the client that sends ten reviews per second
     */
    private record Result(int sent, long answered, long soon, double p99, double otherP99, int refusals) {}

    @Test
    void answersAFloodOfThreeApiServersAndAnotherClientInTime() {
        double most = SECOND / (double) (WARM + SimulatedServer.EXCHANGE);
        Map<Order, Result> results =
                compare("three times saturation", before -> WARM, server -> flood(server, 3 * most, IN_FLIGHT));

        Result fair = results.get(Order.FAIR);
        assertThat(fair.soon).isGreaterThan((long) (0.9 * most * DURATION / SECOND));
        assertThat(fair.p99).isLessThan(1_000);
        assertThat(fair.otherP99).isLessThan(250);
        assertThat(fair.refusals).isZero();
        assertThat(results.get(Order.OLDEST_FIRST).otherP99).isGreaterThan(250);
        assertThat(results.get(Order.NEWEST_FIRST).otherP99).isGreaterThan(250);
    }

    @Test
    void answersMoreReviewsSoonThanOldestFirstOnASlowServer() {
        double most = SECOND / (double) (MILLISECOND + SimulatedServer.EXCHANGE);
        Map<Order, Result> results = compare(
                "three times saturation, 1 ms", before -> MILLISECOND, server -> flood(server, 3 * most, IN_FLIGHT));

        assertThat(results.get(Order.FAIR).soon).isGreaterThan(results.get(Order.OLDEST_FIRST).soon);
        assertThat(results.get(Order.FAIR).otherP99).isLessThan(250);
    }

    /** Refusals close few connections ({@link ClosingRate}): the handshakes of all retries would take half of the time. */
    @Test
    void answersAlmostAsManyReviewsSoonFromMoreConnectionsThanApiServersHave() {
        double most = SECOND / (double) (WARM + SimulatedServer.EXCHANGE);
        Map<Order, Result> results = compare(
                "three times saturation, 3,000 in flight", before -> WARM, server -> flood(server, 3 * most, 3_000));

        assertThat(results.get(Order.FAIR).soon).isGreaterThan((long) (0.9 * most * DURATION / SECOND));
        assertThat(results.get(Order.FAIR).otherP99).isLessThan(250);
    }

    @Test
    void recoversFromDecisionsThatBecomeSlowForTwoSeconds() {
        double most = SECOND / (double) (WARM + SimulatedServer.EXCHANGE);
        Map<Order, Result> results = compare(
                "0.7 of saturation, slow for 2 s",
                before -> before > 2_000 && before < 2_600 ? 10 * WARM : WARM,
                server -> flood(server, 0.7 * most, IN_FLIGHT));

        assertThat(results.get(Order.FAIR).answered).isGreaterThan((long) (0.95 * results.get(Order.FAIR).sent));
    }

    @Test
    void refusesNothingOfABurstAfterIdleness() {
        Result fair = compare("burst of 300 after idleness", before -> WARM, server -> burstAfterSingleReviews(server))
                .get(Order.FAIR);

        assertThat(fair.refusals).isZero();
        assertThat(fair.p99).isLessThan(250);
    }

    @Test
    void refusesNothingOfABurstAfterSlowReviews() {
        Result fair = compare(
                        "burst of 300 after slow reviews",
                        before -> before < 50 ? 30 * MILLISECOND : 2 * MILLISECOND,
                        server -> burstAfterSingleReviews(server))
                .get(Order.FAIR);

        assertThat(fair.refusals).isZero();
    }

    @Test
    void refusesNothingOfABurstOnAColdServer() {
        Result fair = compare(
                        "burst of 300 on a cold server",
                        before -> (long) (0.3 * MILLISECOND + 49.7 * MILLISECOND * Math.exp(-before / 30.0)),
                        server -> burst(server, 0))
                .get(Order.FAIR);

        assertThat(fair.refusals).isZero();
        assertThat(fair.answered).isEqualTo(300);
    }

    @Test
    void refusesNothingAfterAPauseOfTheJvm() {
        double most = SECOND / (double) (WARM + SimulatedServer.EXCHANGE);
        Result fair = compare(
                        "half of saturation, a pause of 0.5 s",
                        before -> before == 2_000 ? SECOND / 2 : WARM,
                        server -> flood(server, 0.5 * most, IN_FLIGHT))
                .get(Order.FAIR);

        assertThat(fair.refusals).isZero();
        assertThat(fair.soon).isEqualTo(fair.sent);
    }

    private static void flood(SimulatedServer server, double perSecond, int inFlight) {
        server.flood(CLIENT, perSecond, inFlight, DURATION);
        for (long time = 0; time < DURATION; time += SECOND / 10) {
            server.send(time, OTHER_CLIENT);
        }
    }

    private static void burstAfterSingleReviews(SimulatedServer server) {
        for (int each = 0; each < 50; each++) {
            server.send(each * SECOND / 10, CLIENT);
        }
        burst(server, 8 * SECOND);
    }

    private static void burst(SimulatedServer server, long start) {
        for (int each = 0; each < 300; each++) {
            server.send(start + each * MILLISECOND / 100, CLIENT);
        }
    }

    private static Map<Order, Result> compare(
            String scenario, IntToLongFunction serviceTime, Consumer<SimulatedServer> load) {
        Map<Order, Result> results = new EnumMap<>(Order.class);
        for (Order order : Order.values()) {
            SimulatedServer server = new SimulatedServer(order.create.get(), serviceTime);
            load.accept(server);
            List<Review> reviews = server.run();
            List<Review> answered = reviews.stream().filter(Review::isAnswered).toList();
            Result result = new Result(
                    reviews.size(),
                    answered.size(),
                    answered.stream().filter(each -> each.took() <= SECOND).count(),
                    p99(answered),
                    p99(reviews.stream()
                            .filter(each -> each.client().equals(OTHER_CLIENT))
                            .toList()),
                    server.refusals());
            System.out.printf(
                    Locale.ROOT,
                    "%s, %s: %d sent, %d answered, %d within a second, p99 %.0f ms, other client p99 %.0f ms, %d refusals%n",
                    scenario,
                    order,
                    result.sent,
                    result.answered,
                    result.soon,
                    result.p99,
                    result.otherP99,
                    result.refusals);
            results.put(order, result);
        }
        return results;
    }

    private static double p99(List<Review> reviews) {
        long[] sorted = reviews.stream().mapToLong(Review::took).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[(int) (0.99 * sorted.length)] / (double) MILLISECOND;
    }
}
