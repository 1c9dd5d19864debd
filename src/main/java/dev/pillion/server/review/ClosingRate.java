package dev.pillion.server.review;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Limits how many connections are closed per second because of load. The next connection may lead to another replica, but its handshake takes more CPU
 * time than a decision. If each refusal closed a connection, a flood of reviews would leave no time for answers. Thread-safe.
 */
final class ClosingRate {

    /** Handshakes then take about a hundredth of the time. API servers have some hundred connections, which have all moved after seconds. */
    static final int PER_SECOND = 20;

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final LongSupplier clock;
    private long start;
    private int closed;

    /** @param clock {@link System#nanoTime()} */
    ClosingRate(LongSupplier clock) {
        this.clock = clock;
        this.start = clock.getAsLong();
    }

    /** Whether one more connection may be closed now. If so, it counts. */
    synchronized boolean tryAcquire() {
        long now = clock.getAsLong();
        if (now - start >= SECOND) {
            start = now;
            closed = 0;
        }
        if (closed == PER_SECOND) {
            return false;
        }
        closed++;
        return true;
    }
}
