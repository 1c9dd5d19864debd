package dev.pillion.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SharedRenderingTest {

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Duration> delays = new ArrayList<>();
    private final AtomicInteger rendered = new AtomicInteger();
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final SharedRendering<Integer> rendering = new SharedRendering<>(
            this::render,
            (task, delay) -> {
                tasks.add(task);
                delays.add(delay);
            },
            Duration.ofSeconds(1),
            now::get);

    private int render() {
        int number = rendered.incrementAndGet();
        if (number == 3) {
            throw new IllegalStateException("the third one fails");
        }
        return number;
    }

    @Test
    void rendersAtOnceAndOnceForAllWaitingRequests() {
        CompletableFuture<Integer> first = rendering.next();
        CompletableFuture<Integer> second = rendering.next();
        assertThat(delays).containsExactly(Duration.ZERO);

        tasks.remove().run();

        assertThat(first).isCompletedWithValue(1);
        assertThat(second).isCompletedWithValue(1);
    }

    @Test
    void rendersAgainForALaterRequestAfterThePeriod() {
        rendering.next();
        tasks.remove().run();
        now.addAndGet(Duration.ofMillis(300).toNanos());

        CompletableFuture<Integer> next = rendering.next();

        assertThat(delays).containsExactly(Duration.ZERO, Duration.ofMillis(700));
        assertThat(next).isNotDone();
        tasks.remove().run();
        assertThat(next).isCompletedWithValue(2);
    }

    @Test
    void reportsAFailureAndRendersAgain() {
        rendering.next();
        tasks.remove().run();
        rendering.next();
        tasks.remove().run();
        CompletableFuture<Integer> failed = rendering.next();
        tasks.remove().run();

        CompletableFuture<Integer> next = rendering.next();
        tasks.remove().run();

        assertThat(failed).isCompletedExceptionally();
        assertThat(next).isCompletedWithValue(4);
    }
}
