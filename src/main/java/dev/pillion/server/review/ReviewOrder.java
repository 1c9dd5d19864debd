package dev.pillion.server.review;

import org.jspecify.annotations.Nullable;

/** Reviews that wait, and the order in which they are answered. For one thread. */
interface ReviewOrder {

    void add(ReviewTask task);

    /**
     * Removes and returns the next review; null if none waits.
     *
     * @param now on the clock of {@link System#nanoTime()}
     */
    @Nullable
    ReviewTask next(long now);

    boolean isEmpty();

    /** The number of waiting reviews that are answered before a review of this client that arrives now. */
    int ahead(String client);
}
