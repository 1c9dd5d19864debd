package dev.pillion.server.review;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time until which the API server waits for a response. It passes its timeout in the URL of each call ({@code ?timeout=5s}).
 *
 * @param nanoTime on the clock of {@link System#nanoTime()}
 */
record Deadline(long nanoTime) {

    /** If the URL has no timeout: the default of a webhook configuration (timeoutSeconds). */
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    /** The maximum in Kubernetes. A caller that claims more must not occupy the queue for longer. */
    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(30);

    /** For the network, a tenth of the timeout, and at most the maximum below. */
    private static final int MARGIN_SHARE = 10;

    private static final Duration LONGEST_MARGIN = Duration.ofMillis(300);

    private static final String TIMEOUT = "timeout=";

    /**
     * @param query of the URL, which is not trusted
     * @param arrival time of the request, on the clock of {@link System#nanoTime()}
     */
    static Deadline of(@Nullable String query, long arrival) {
        long timeout = timeout(query).toNanos();
        return new Deadline(arrival + timeout - Math.min(timeout / MARGIN_SHARE, LONGEST_MARGIN.toNanos()));
    }

    private static Duration timeout(@Nullable String query) {
        if (query != null) {
            for (String parameter : query.split("&", 20)) {
                if (parameter.startsWith(TIMEOUT)) {
                    return GoDuration.parse(parameter.substring(TIMEOUT.length()))
                            .filter(duration -> !duration.isZero())
                            .map(duration -> duration.compareTo(LONGEST_TIMEOUT) > 0 ? LONGEST_TIMEOUT : duration)
                            .orElse(DEFAULT_TIMEOUT);
                }
            }
        }
        return DEFAULT_TIMEOUT;
    }

    /**
     * The remaining nanoseconds; negative after the deadline.
     *
     * @param now on the clock of {@link System#nanoTime()}
     */
    long remaining(long now) {
        return nanoTime - now;
    }

    boolean isOver(long now) {
        return remaining(now) <= 0;
    }
}
