package dev.pillion.server.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.server.review.LoadShedder.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** In virtual time. */
class ReviewQueueTest {

    private static final String CLIENT = "10.0.0.1";
    private static final String OTHER_CLIENT = "10.0.0.2";

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<String> order = new ArrayList<>();
    private final List<Reason> refusals = new ArrayList<>();
    private long now;
    private final ReviewQueue queue = new ReviewQueue(tasks::add, () -> now, new FairOrder(), reason -> {
        refusals.add(reason);
        return ReviewReply.retryLater("");
    });

    @Test
    void refusesAReviewThatCannotBeAnsweredBeforeItsDeadline() {
        measure(10);
        fill(CLIENT, 60);

        assertThat(queue.refuses(within(100), CLIENT)).contains(Reason.DEADLINE);
        assertThat(queue.refuses(within(0), OTHER_CLIENT)).contains(Reason.DEADLINE);
        assertThat(queue.refuses(within(5_000), CLIENT)).isEmpty();
    }

    @Test
    void refusesAReviewThatWouldWaitLongerThanARefusalTakes() {
        measure(10);
        fill(CLIENT, 80);
        assertThat(queue.refuses(within(5_000), CLIENT)).isEmpty();

        fill(CLIENT, 80);
        assertThat(queue.refuses(within(5_000), CLIENT)).contains(Reason.QUEUE);
    }

    @Test
    void refusesTheClientWithManyReviewsAndNotTheOneWithFew() {
        measure(10);
        fill(CLIENT, 200);
        add(OTHER_CLIENT, 10, "few");

        assertThat(queue.refuses(within(5_000), CLIENT)).contains(Reason.QUEUE);
        assertThat(queue.refuses(within(5_000), OTHER_CLIENT)).isEmpty();
        assertThat(queue.refuses(within(5_000), "10.0.0.3")).isEmpty();
    }

    @Test
    void refusesNothingAfterALongPauseOfTheEventLoop() {
        measure(1);
        now += Duration.ofSeconds(3).toNanos();

        assertThat(queue.loopDelay()).isGreaterThan(Duration.ofSeconds(2).toNanos());
        assertThat(queue.refuses(within(2_000), CLIENT)).isEmpty();
    }

    @Test
    void refusesNothingBecauseOfReviewsThatWereSlowBeforeTheQueueWasEmpty() {
        for (int each = 0; each < 100; each++) {
            add(CLIENT, 100, "slow");
            now += Duration.ofSeconds(1).toNanos();
        }
        for (int each = 0; each < 300; each++) {
            assertThat(queue.refuses(within(5_000), CLIENT)).as("%d wait", each).isEmpty();
            add(CLIENT, 1, "fast");
        }
        drain();

        assertThat(refusals).isEmpty();
    }

    @Test
    void takesOneReviewOfEachClientInTurn() {
        add(CLIENT, 10, "first");
        for (int each = 0; each < 3; each++) {
            add(CLIENT, 10, "many" + each);
        }
        add(OTHER_CLIENT, 10, "few");
        drain();

        assertThat(order).containsExactly("first", "many0", "few", "many1", "many2");
    }

    @Test
    void takesTheNewestReviewIfTheOldestHasWaitedForASecond() {
        add(CLIENT, 10, "first");
        add(CLIENT, 10, "old");
        now += Duration.ofMillis(1_100).toNanos();
        add(CLIENT, 10, "new");
        drain();

        assertThat(order).containsExactly("first", "new", "old");
    }

    @Test
    void refusesAReviewThatHasWaitedForTwoSeconds() {
        add(CLIENT, 10, "first");
        add(CLIENT, 10, "old");
        now += Duration.ofMillis(2_100).toNanos();
        add(CLIENT, 10, "new");
        drain();

        assertThat(order).containsExactly("first", "new");
        assertThat(refusals).containsExactly(Reason.QUEUE);
    }

    @Test
    void answersForAsLongAsItHasRead() {
        add(CLIENT, 10, "first");
        for (int each = 0; each < 50; each++) {
            add(CLIENT, 1, "waiting");
        }
        now += Duration.ofMillis(20).toNanos();
        tasks.remove().run();

        assertThat(order.size()).isBetween(20, 23);
    }

    /** Answers so many reviews one by one that the estimate is their cost. */
    private void measure(long milliseconds) {
        for (int each = 0; each < 600; each++) {
            now += Duration.ofMillis(10).toNanos();
            add(CLIENT, milliseconds, "measured");
        }
    }

    /** Adds reviews of 10 ms each, and answers enough others that the estimate is fresh. */
    private void fill(String client, int reviews) {
        for (int each = 0; each < reviews; each++) {
            add(client, 10, "filler");
        }
        for (int each = 0; each < 20; each++) {
            add(client, 10, "filler");
            tasks.remove().run();
        }
    }

    private void add(String client, long milliseconds, String name) {
        queue.add(new ReviewTask(
                now,
                within(30_000),
                client,
                1,
                () -> false,
                () -> {
                    now += Duration.ofMillis(milliseconds).toNanos();
                    order.add(name);
                    return ReviewReply.text(200, "");
                },
                reply -> {},
                failure -> {
                    throw new AssertionError(failure);
                }));
    }

    private void drain() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    private Deadline within(long milliseconds) {
        return new Deadline(now + Duration.ofMillis(milliseconds).toNanos());
    }
}
