package dev.pillion.server.http;

import dev.pillion.server.configuration.PillionConfig;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import jakarta.inject.Singleton;
import java.util.function.ToDoubleFunction;

/** Sets up the two ports: how many connections each may have, and that the management port has an event loop of its own. */
@Singleton
class HttpServers implements HttpServerOptionsCustomizer {

    private final Vertx vertx;
    private final PillionConfig config;

    HttpServers(Vertx vertx, PillionConfig config, MeterRegistry meters) {
        this.vertx = vertx;
        this.config = config;
        register(meters, "webhook", Connections.webhook());
        register(meters, "management", Connections.management());
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        Connections.webhook().limitTo(config.http().maxConnections());
        WebhookConnection.readAs(options);
        reserveEventLoopOfManagementPort();
    }

    /**
     * Quarkus listens on the management port with the context of this thread, and on the webhook port with contexts that come next. Vert.x hands
     * out event loops in turn, and there is one more than the webhook port is configured to use. So when this thread's was the last one, the webhook
     * port gets the others: a probe then waits for no review.
     */
    private void reserveEventLoopOfManagementPort() {
        ContextInternal own = (ContextInternal) vertx.getOrCreateContext();
        int loops = 0;
        for (var _ : ((VertxInternal) vertx).getEventLoopGroup()) {
            loops++;
        }
        for (int turn = 0; turn < loops; turn++) {
            if (((VertxInternal) vertx).createEventLoopContext().nettyEventLoop() == own.nettyEventLoop()) {
                return;
            }
        }
    }

    private static void register(MeterRegistry meters, String port, Connections connections) {
        Gauge.builder("pillion.connections", connections, Connections::count)
                .description("Open connections")
                .tag("port", port)
                .register(meters);
        registerClosed(meters, port, "limit", connections, Connections::closedForOthers);
        registerClosed(meters, port, "timeout", connections, Connections::timedOut);
    }

    /** Micrometer holds {@code connections} by a weak reference: they live as long as the process. */
    private static void registerClosed(
            MeterRegistry meters,
            String port,
            String reason,
            Connections connections,
            ToDoubleFunction<Connections> count) {
        FunctionCounter.builder("pillion.connections.closed", connections, count)
                .description(
                        "Connections that were closed because there were too many, or because the client was too slow")
                .tag("port", port)
                .tag("reason", reason)
                .register(meters);
    }
}
