package dev.pillion.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Says when there is more to do than can be done in time. Whoever comes then is told at once to come again, which costs next to nothing, so
 * that those who are being answered are answered soon enough to count: the API server waits 5 s.
 */
@Singleton
class LoadShedder {

    /** A review that has waited for so long is still answered well within the webhook's timeout; one that would wait longer may not be. */
    private static final Duration LATEST = Duration.ofMillis(500);

    private static final Duration TICK = Duration.ofMillis(20);

    /** A review as a tree takes some ten times its bytes, and the heap is there for other things too. */
    private static final int HEAP_FOR_A_BYTE = 24;

    private final Vertx vertx;
    private final long mostInFlight;
    private final AtomicLong inFlight = new AtomicLong();
    private final Counter late;
    private final Counter full;
    private final FastThreadLocal<Lag> lags = new FastThreadLocal<>() {
        @Override
        protected Lag initialValue() {
            return new Lag(((ContextInternal) vertx.getOrCreateContext()).nettyEventLoop());
        }
    };

    LoadShedder(Vertx vertx, MeterRegistry meters) {
        this.vertx = vertx;
        this.mostInFlight = Runtime.getRuntime().maxMemory() / HEAP_FOR_A_BYTE;
        this.late = refusals(meters, "late");
        this.full = refusals(meters, "full");
        Gauge.builder("pillion.in.flight", inFlight, AtomicLong::get)
                .description("Bodies that are being read or answered")
                .baseUnit("bytes")
                .register(meters);
    }

    /**
     * Takes so many bytes for being in flight; whether there is room for them and time to answer. One body alone always has room. For event
     * loops.
     */
    boolean admits(long bytes) {
        if (lags.get().nanoseconds() > LATEST.toNanos()) {
            late.increment();
            return false;
        }
        long before = inFlight.getAndAdd(bytes);
        if (before > 0 && before + bytes > mostInFlight) {
            inFlight.addAndGet(-bytes);
            full.increment();
            return false;
        }
        return true;
    }

    void release(long bytes) {
        inFlight.addAndGet(-bytes);
    }

    private static Counter refusals(MeterRegistry meters, String cause) {
        return Counter.builder("pillion.requests.shed")
                .description("Reviews that were answered with 503, to be sent again: late, or full of other bodies")
                .tag("reason", cause)
                .register(meters);
    }

    /** How late an event loop comes to what is ready for it: how overdue a timer of its own is. */
    private static final class Lag {

        private long due = System.nanoTime() + TICK.toNanos();
        private long last;

        Lag(EventExecutor loop) {
            loop.scheduleWithFixedDelay(this::tick, TICK.toNanos(), TICK.toNanos(), TimeUnit.NANOSECONDS);
        }

        private void tick() {
            long now = System.nanoTime();
            last = now - due;
            due = now + TICK.toNanos();
        }

        long nanoseconds() {
            return Math.max(last, System.nanoTime() - due);
        }
    }
}
