package dev.pillion.server.review;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Refuses reviews that cannot be answered in time, before they wait. The API server sends a refused review again after a second over a new
 * connection, which may lead to another replica; a response after the deadline is useless. Accepted reviews wait in a {@link ReviewQueue} or for
 * {@link ReviewWorkers}.
 */
@Singleton
public class LoadShedder {

    /** No review waits longer, even if its deadline is later: a refusal and its retry take one second. */
    private static final double LONGEST_WAIT = Duration.ofSeconds(2).toNanos();

    /**
     * One client may fill the queue only up to this wait. The rest is reserved for other clients, so that a client that sends too much does not delay
     * them.
     */
    private static final double LONG_WAIT = Duration.ofMillis(500).toNanos();

    /** An eighth of the heap is for bodies that are read or wait. {@link ReviewWorkers} limits the memory of decisions. */
    private static final int HEAP_SHARE = 8;

    private final Vertx vertx;
    private final long maxBytes;
    private final AtomicLong bytes = new AtomicLong();
    private final Map<Reason, Counter> refusals = new EnumMap<>(Reason.class);
    private final FastThreadLocal<ReviewQueue> queues = new FastThreadLocal<>() {
        @Override
        protected ReviewQueue initialValue() {
            return new ReviewQueue(LoadShedder.this, ((ContextInternal) vertx.getOrCreateContext()).nettyEventLoop());
        }
    };

    public LoadShedder(Vertx vertx, MeterRegistry meters) {
        this.vertx = vertx;
        this.maxBytes = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
        for (Reason reason : Reason.values()) {
            refusals.put(reason, counter(meters, reason));
        }
        Gauge.builder("pillion.in.flight", bytes, AtomicLong::get)
                .description("Bodies that are being read or answered")
                .baseUnit("bytes")
                .register(meters);
    }

    /** Why a review is refused. */
    enum Reason {
        /** The review cannot be answered before its deadline. */
        DEADLINE("this replica cannot answer in time"),
        /** The body does not fit into the memory for bodies. */
        MEMORY("this replica has no memory for more reviews"),
        /** The queue is long, and the client has more than its share of it. */
        QUEUE("too many reviews are waiting"),
        /** The review needs a worker, and too many others wait for one. */
        WORKERS("too many large reviews are waiting");

        private final String message;

        Reason(String message) {
            this.message = message;
        }

        /** The value of the label {@code reason} in metrics. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The queue of this event loop. */
    ReviewQueue queue() {
        return queues.get();
    }

    /** The reason to refuse a review that arrives now; empty if it is accepted. For event loops. */
    Optional<Reason> refuses(Deadline deadline, String client) {
        ReviewQueue queue = queue();
        double wait = queue.expectedWait();
        if (wait > Math.min(LONGEST_WAIT, deadline.remaining())) {
            return Optional.of(Reason.DEADLINE);
        }
        return wait > LONG_WAIT && queue.hasMoreThanItsShare(client) ? Optional.of(Reason.QUEUE) : Optional.empty();
    }

    /** Counts a refusal and returns the reply. */
    ReviewReply refusal(Reason reason) {
        Objects.requireNonNull(refusals.get(reason)).increment();
        return ReviewReply.retryLater(reason.message);
    }

    /** Reserves memory for a part of a body. Returns false if there is none; a single body always fits. */
    boolean tryAcquire(long more) {
        long before = bytes.getAndAdd(more);
        if (before > 0 && before + more > maxBytes) {
            bytes.addAndGet(-more);
            return false;
        }
        return true;
    }

    void release(long fewer) {
        bytes.addAndGet(-fewer);
    }

    private static Counter counter(MeterRegistry meters, Reason reason) {
        return Counter.builder("pillion.requests.shed")
                .description("Reviews that were answered with 503 because of load")
                .tag("reason", reason.label())
                .register(meters);
    }
}
