package dev.pillion.server.http;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A value that is expensive to create. It is created at most once per period. Each caller gets a value that was created after its call; all
 * waiting callers share it. Thread-safe.
 */
final class SharedRendering<T> {

    private final Supplier<T> source;
    private final BiConsumer<Runnable, Duration> scheduler;
    private final Duration period;
    private final LongSupplier nanoTime;

    /** The next value, until its creation starts. */
    private Optional<CompletableFuture<T>> awaited = Optional.empty();

    private long earliest;

    /**
     * @param source makes the value
     * @param scheduler runs a task after a delay, one at a time
     * @param nanoTime a clock such as {@link System#nanoTime}
     */
    SharedRendering(
            Supplier<T> source, BiConsumer<Runnable, Duration> scheduler, Duration period, LongSupplier nanoTime) {
        this.source = source;
        this.scheduler = scheduler;
        this.period = period;
        this.nanoTime = nanoTime;
        this.earliest = nanoTime.getAsLong();
    }

    /** @return the next value, or why it could not be made */
    synchronized CompletableFuture<T> next() {
        if (awaited.isEmpty()) {
            CompletableFuture<T> value = new CompletableFuture<>();
            awaited = Optional.of(value);
            Duration delay = Duration.ofNanos(Math.max(0, earliest - nanoTime.getAsLong()));
            scheduler.accept(() -> make(value), delay);
        }
        return awaited.get();
    }

    private void make(CompletableFuture<T> value) {
        begin();
        try {
            value.complete(source.get());
        } catch (Throwable failure) {
            // The waiting callers get the failure; the next ones start a new attempt.
            value.completeExceptionally(failure);
        }
    }

    private synchronized void begin() {
        awaited = Optional.empty();
        earliest = nanoTime.getAsLong() + period.toNanos();
    }
}
