package dev.pillion.server.review;

import dev.pillion.server.review.LoadShedder.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The small reviews that one event loop has read and not answered yet. The event loop decides for some milliseconds and then reads again. If it
 * answered each review when it arrives, it would not know how many others wait, and would delay everything else. For the event loop's thread only.
 */
final class ReviewQueue {

    /** The period of {@link #tick}. */
    static final long TICK = Duration.ofMillis(20).toNanos();

    /** A refusal and its retry take one second. So a review that is answered sooner is not refused. */
    static final long LONG_WAIT = Duration.ofSeconds(1).toNanos();

    /** The wait is only estimated. A review that has waited for so long is refused, so that another replica can answer it before its deadline. */
    static final long LONGEST_WAIT = Duration.ofSeconds(2).toNanos();

    /** For how long reviews are at least answered before the event loop reads again. */
    private static final long SLICE = Duration.ofMillis(4).toNanos();

    private static final long LONGEST_SLICE = Duration.ofMillis(100).toNanos();

    /**
     * Until so many reviews were answered since the queue was empty, the estimate is from other reviews, perhaps of a JVM that had just started. No
     * review is refused because of it.
     */
    private static final int FRESH = 16;

    private final Executor loop;
    private final LongSupplier clock;
    private final ReviewOrder waiting;
    private final Function<Reason, ReviewReply> refusal;
    private final CostEstimate cost = new CostEstimate();
    private long sliceStart;
    private long lastDone;
    private int answered;
    private boolean scheduled;
    private long tickDue;
    private long tickDelay;

    /**
     * @param loop runs work on the event loop's thread after the next reading
     * @param clock {@link System#nanoTime()}
     * @param waiting empty
     * @param refusal counts a refusal and returns the reply
     */
    ReviewQueue(Executor loop, LongSupplier clock, ReviewOrder waiting, Function<Reason, ReviewReply> refusal) {
        this.loop = loop;
        this.clock = clock;
        this.waiting = waiting;
        this.refusal = refusal;
        long now = clock.getAsLong();
        this.lastDone = now - SLICE;
        this.tickDue = now + TICK;
    }

    /** Measures the delay of the event loop. To be called with {@link #TICK} between two calls. */
    void tick() {
        long now = clock.getAsLong();
        tickDelay = now - tickDue;
        tickDue = now + TICK;
    }

    /** The delay of the event loop in nanoseconds: for how long a request may have waited unread. */
    long loopDelay() {
        return Math.max(0, Math.max(tickDelay, clock.getAsLong() - tickDue));
    }

    /** The reason to refuse a review that arrives now; empty if it is accepted. */
    Optional<Reason> refuses(Deadline deadline, String client) {
        long remaining = deadline.remaining(clock.getAsLong());
        if (remaining <= 0) {
            return Optional.of(Reason.DEADLINE);
        }
        if (waiting.isEmpty() || answered < FRESH) {
            return Optional.empty();
        }
        double wait = (waiting.ahead(client) + 1) * cost.perReview();
        if (wait > remaining) {
            return Optional.of(Reason.DEADLINE);
        }
        return wait > LONG_WAIT ? Optional.of(Reason.QUEUE) : Optional.empty();
    }

    void add(ReviewTask task) {
        long now = clock.getAsLong();
        if (now - lastDone > SLICE) {
            // The event loop was idle, so it has read everything that has arrived.
            sliceStart = now;
        }
        if (waiting.isEmpty() && now - sliceStart < SLICE) {
            answer(task, now);
        } else {
            if (waiting.isEmpty()) {
                answered = 0;
            }
            waiting.add(task);
            schedule();
        }
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            loop.execute(this::drain);
        }
    }

    private void drain() {
        scheduled = false;
        long now = clock.getAsLong();
        sliceStart = now;
        // As long as the reading took, so that a flood of requests leaves time for answers.
        long end = now + Math.clamp(now - lastDone, SLICE, LONGEST_SLICE);
        for (ReviewTask task = waiting.next(now); task != null; task = waiting.next(now)) {
            if (now - task.arrival() > LONGEST_WAIT) {
                task.send().accept(refusal.apply(Reason.QUEUE));
            } else {
                // While others wait, the work of the event loop between two reviews is part of the cost.
                answer(task, waiting.isEmpty() ? now : lastDone);
            }
            now = clock.getAsLong();
            if (now > end) {
                break;
            }
        }
        if (!waiting.isEmpty()) {
            schedule();
        }
    }

    /** @param from the start of the measured cost */
    private void answer(ReviewTask task, long from) {
        task.run(refusal, clock);
        lastDone = clock.getAsLong();
        answered++;
        cost.add(lastDone - from);
    }
}
