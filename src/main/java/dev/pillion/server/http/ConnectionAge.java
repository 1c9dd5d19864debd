package dev.pillion.server.http;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * When a connection is old enough to be closed.
 *
 * @param end on the clock of {@link System#nanoTime()}; empty for never
 */
record ConnectionAge(OptionalLong end) {

    static final ConnectionAge UNLIMITED = new ConnectionAge(OptionalLong.empty());

    /** Connections that were opened together are closed at different times: up to a fifth earlier or later. */
    private static final double JITTER = 0.2;

    /**
     * @param age 0 for never
     * @param now on the clock of {@link System#nanoTime()}
     * @param random from 0 to 1
     */
    static ConnectionAge of(Duration age, long now, double random) {
        double factor = 1 - JITTER + 2 * JITTER * random;
        return age.isZero() ? UNLIMITED : new ConnectionAge(OptionalLong.of(now + (long) (age.toNanos() * factor)));
    }

    boolean isOver(long now) {
        return end.isPresent() && now - end.getAsLong() >= 0;
    }
}
