package dev.pillion.server.review;

import java.time.Duration;

/**
 * How long one review occupies the event loop, including the work between two reviews. It is the lower of two averages. The long one is not changed
 * much by one slow review, a pause of the JVM, or the reading of a burst. The short one falls as soon as a new JVM becomes fast. An estimate that
 * is too low only makes a review wait, but one that is too high makes the server refuse reviews that it could answer.
 */
final class CostEstimate {

    /** The short average is over about so many reviews. */
    private static final int FEW = 16;

    /** The long average is over the reviews that were answered in about this time of work. */
    private static final double WINDOW = Duration.ofSeconds(1).toNanos();

    /** The assumed cost of a review before the first ones were measured. */
    private static final double FIRST = Duration.ofMillis(1).toNanos();

    private double few = FIRST;
    private double time = WINDOW;
    private double count = WINDOW / FIRST;

    /** @param nanoseconds that one review took */
    void add(long nanoseconds) {
        few += (nanoseconds - few) / FEW;
        double kept = Math.exp(-nanoseconds / WINDOW);
        time = time * kept + nanoseconds;
        count = count * kept + 1;
    }

    /** In nanoseconds. */
    double perReview() {
        return Math.min(few, time / count);
    }
}
