package dev.pillion.server.http;

import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;

/** The event loops of the process: some for the webhook port, and one more for the management port. */
public final class EventLoops {

    private static final String OF_WEBHOOK_PORT = "quarkus.http.io-threads";
    private static final String IN_TOTAL = "quarkus.vertx.event-loops-pool-size";

    /** One loop answers at least two thousand new reviews per second. On a machine with many cores, more loops would only cost memory. */
    private static final int MAX_OF_WEBHOOK_PORT = 8;

    private EventLoops() {}

    /**
     * Sets the numbers that Quarkus reads at startup, unless the operator has set them. The webhook port gets one event loop for two cores. Quarkus
     * has four for two cores. With as many threads as cores, the threads preempt each other: on two cores, a cached review costs 15 to 18 % less CPU
     * with one loop than with two (docs/performance.md).
     */
    public static void configure() {
        int half = Runtime.getRuntime().availableProcessors() / 2;
        int loops = Integer.getInteger(OF_WEBHOOK_PORT, Math.clamp(half, 1, MAX_OF_WEBHOOK_PORT));
        System.setProperty(OF_WEBHOOK_PORT, Integer.toString(loops));
        System.getProperties().putIfAbsent(IN_TOTAL, Integer.toString(loops + 1));
    }

    /**
     * Reserves the event loop of the calling thread for the management port, so that a probe waits for no review. Quarkus listens on the
     * management port with the context of this thread, and on the webhook port with the contexts that come next. Vert.x hands out event loops in
     * turn. So if this thread's was the last one, the webhook port gets the others.
     */
    static void reserveForManagementPort(Vertx vertx) {
        ContextInternal own = (ContextInternal) vertx.getOrCreateContext();
        VertxInternal loops = (VertxInternal) vertx;
        int total = 0;
        for (var _ : loops.getEventLoopGroup()) {
            total++;
        }
        for (int turn = 0; turn < total; turn++) {
            if (loops.createEventLoopContext().nettyEventLoop() == own.nettyEventLoop()) {
                return;
            }
        }
    }
}
