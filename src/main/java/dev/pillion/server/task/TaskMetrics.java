package dev.pillion.server.task;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** Metrics of the last success of each background task, so that no task can stop unnoticed. */
public final class TaskMetrics {

    private TaskMetrics() {}

    /**
     * @param task a stable name in lower case with hyphens
     * @param period how often it normally succeeds
     * @param lastSuccess the start of the task before the first success, so that a task that never succeeds is noticed too
     */
    public static void register(
            MeterRegistry meters, String task, Supplier<Duration> period, Supplier<Instant> lastSuccess) {
        Gauge.builder(
                        "pillion.task.last.success.timestamp",
                        () -> lastSuccess.get().toEpochMilli() / 1_000.0)
                .description("When a background task last succeeded, or its start if it has not succeeded")
                .baseUnit("seconds")
                .tag("task", task)
                .register(meters);
        Gauge.builder("pillion.task.period", () -> period.get().toMillis() / 1_000.0)
                .description("How often a background task normally succeeds")
                .baseUnit("seconds")
                .tag("task", task)
                .register(meters);
    }
}
