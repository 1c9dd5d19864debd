package dev.pillion.server.http;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A value that costs some work to make. It is made at most once in each period. Each caller gets a value that was made after its call,
 * together with all others who wait for it. Thread-safe.
 */
final class SharedRendering<T> {

    private final Supplier<T> source;
    private final BiConsumer<Runnable, Duration> scheduler;
    private final Duration period;
    private final LongSupplier nanoTime;

    /** What those get who ask now, as long as making it has not begun. */
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
            // Those who wait hear of it, and the next ones may have more luck.
            value.completeExceptionally(failure);
        }
    }

    private synchronized void begin() {
        awaited = Optional.empty();
        earliest = nanoTime.getAsLong() + period.toNanos();
    }
}
