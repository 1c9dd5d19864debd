package dev.pillion.server.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.notNullValue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeriodicTasksTest {

    private static final Duration SHORT = Duration.ofMillis(5);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final PeriodicTasks tasks = new PeriodicTasks("test", meters);
    private final AtomicInteger times = new AtomicInteger();

    @AfterEach
    void stop() {
        tasks.close();
    }

    static List<Throwable> failures() {
        return List.of(
                new IllegalStateException("on purpose"),
                new Exception("on purpose"),
                new StackOverflowError("on purpose"),
                new NoClassDefFoundError("on purpose"),
                new OutOfMemoryError("on purpose"),
                new InterruptedException("on purpose"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void continueAfterAnyFailure(Throwable failure) {
        tasks.every(SHORT, "look", () -> fail(failure));

        await().until(() -> times.get() > 2);
        await().until(() -> count() > 2);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void continueAfterAnyFailureWithAVariablePause(Throwable failure) {
        List<Integer> pauses = new CopyOnWriteArrayList<>();

        tasks.pausing(
                () -> {
                    pauses.add(times.get());
                    return SHORT;
                },
                "look",
                () -> fail(failure));

        await().until(() -> pauses.size() > 2);
        assertThat(pauses).startsWith(1, 2, 3);
    }

    @Test
    void haveTheTimeOfTheirLastSuccess() {
        double start = Instant.now().toEpochMilli() / 1_000.0;
        tasks.every(SHORT, "look", () -> times.incrementAndGet() <= 3);

        await().until(() -> count() > 2);
        double succeeded = lastSuccess();
        await().until(() -> count() > 10);

        assertThat(succeeded).isGreaterThanOrEqualTo(start);
        assertThat(lastSuccess()).as("after failures alone").isEqualTo(succeeded);
        assertThat(meters.get("pillion.task.period").tag("task", "look").gauge().value())
                .isEqualTo(0.005);
    }

    @Test
    void haveTheTimeOfTheirStartUntilTheySucceed() {
        double start = Instant.now().toEpochMilli() / 1_000.0;

        tasks.every(SHORT, "look", () -> false);

        await().until(() -> count() > 2);
        assertThat(lastSuccess()).isBetween(start, start + 5);
    }

    @Test
    void runNothingAfterTheyAreClosed() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        tasks.every(SHORT, "first", () -> {
            thread.set(Thread.currentThread());
            return true;
        });
        await().untilAtomic(thread, notNullValue());

        tasks.close();
        tasks.every(Duration.ZERO, SHORT, "look", () -> fail(new Exception("on purpose")));
        tasks.pausing(() -> SHORT, "other", () -> fail(new Exception("on purpose")));

        assertThat(thread.get().join(Duration.ofSeconds(30)))
                .as("the thread of the tasks ends")
                .isTrue();
        assertThat(times).hasValue(0);
    }

    private double count() {
        return meters.get("pillion.task.failures").tag("task", "look").counter().count();
    }

    private double lastSuccess() {
        return meters.get("pillion.task.last.success.timestamp")
                .tag("task", "look")
                .gauge()
                .value();
    }

    private boolean fail(Throwable failure) throws Exception {
        times.incrementAndGet();
        if (failure instanceof Error error) {
            throw error;
        }
        throw (Exception) failure;
    }
}
