package dev.pillion.server.review;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Refuses reviews that cannot be answered in time, before they wait. The API server sends a refused review again after a second. Some refusals close
 * the connection, so that the next one may lead to another replica ({@link ClosingRate}). A response after the deadline is useless. Accepted reviews wait in a {@link ReviewQueue} or for
 * {@link ReviewWorkers}.
 */
@Singleton
class LoadShedder {

    /** An eighth of the heap is for bodies that are read or wait. {@link ReviewWorkers} limits the memory of decisions. */
    private static final int HEAP_SHARE = 8;

    private final Vertx vertx;
    private final long maxBytes;
    private final AtomicLong bytes = new AtomicLong();
    private final Map<Reason, Counter> refusals = new EnumMap<>(Reason.class);
    private final ClosingRate closings;
    private final FastThreadLocal<ReviewQueue> queues = new FastThreadLocal<>() {
        @Override
        protected ReviewQueue initialValue() {
            EventExecutor loop = ((ContextInternal) vertx.getOrCreateContext()).nettyEventLoop();
            // A scheduled task runs after the next reading. Netty would run a plain task many times before it reads.
            Executor afterReading = task -> loop.schedule(task, 0, TimeUnit.NANOSECONDS);
            ReviewQueue queue =
                    new ReviewQueue(afterReading, System::nanoTime, new FairOrder(), LoadShedder.this::refusal);
            loop.scheduleWithFixedDelay(queue::tick, ReviewQueue.TICK, ReviewQueue.TICK, TimeUnit.NANOSECONDS);
            return queue;
        }
    };

    @Inject
    LoadShedder(Vertx vertx, MeterRegistry meters) {
        this(vertx, meters, new ClosingRate(System::nanoTime));
    }

    /** @param closings of connections whose review is refused */
    LoadShedder(Vertx vertx, MeterRegistry meters, ClosingRate closings) {
        this.vertx = vertx;
        this.closings = closings;
        this.maxBytes = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
        for (Reason reason : Reason.values()) {
            refusals.put(reason, counter(meters, reason));
        }
        Gauge.builder("pillion.in.flight", bytes, AtomicLong::get)
                .description("Size of all request bodies that are being read or answered")
                .baseUnit("bytes")
                .register(meters);
    }

    /** Why a review is refused. */
    enum Reason {
        /** The review cannot be answered before its deadline. */
        DEADLINE("this replica cannot answer in time"),
        /** The body does not fit into the memory for bodies. */
        MEMORY("this replica has no memory for more reviews"),
        /** The review would wait for longer than a refusal and its retry take, or has already waited longer. */
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

    /** Counts a refusal and returns the reply. */
    ReviewReply refusal(Reason reason) {
        Objects.requireNonNull(refusals.get(reason)).increment();
        ReviewReply reply = ReviewReply.retryLater(reason.message);
        return closings.tryAcquire() ? reply : reply.onOpenConnection();
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
