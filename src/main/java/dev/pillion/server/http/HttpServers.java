package dev.pillion.server.http;

import dev.pillion.server.configuration.PillionConfig;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;
import java.util.function.ToDoubleFunction;

/** Sets the limits of the two ports and reserves the event loop of the management port. */
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
        Connections.webhook().closeAfter(config.http().connectionAge());
        WebhookConnection.readAs(options);
        EventLoops.reserveForManagementPort(vertx);
    }

    private static void register(MeterRegistry meters, String port, Connections connections) {
        Gauge.builder("pillion.connections", connections, Connections::count)
                .description("Open connections")
                .tag("port", port)
                .register(meters);
        registerClosed(meters, port, "limit", connections, Connections::closedForOthers);
        registerClosed(meters, port, "timeout", connections, Connections::timedOut);
        registerClosed(meters, port, "age", connections, Connections::aged);
    }

    /** Micrometer has only a weak reference to {@code connections}, which exist until the process ends. */
    private static void registerClosed(
            MeterRegistry meters,
            String port,
            String reason,
            Connections connections,
            ToDoubleFunction<Connections> count) {
        FunctionCounter.builder("pillion.connections.closed", connections, count)
                .description(
                        "Connections that were closed because there were too many, because the client was too slow, or because of their age")
                .tag("port", port)
                .tag("reason", reason)
                .register(meters);
    }
}
