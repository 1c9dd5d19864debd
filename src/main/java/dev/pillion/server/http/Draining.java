package dev.pillion.server.http;

import dev.pillion.server.configuration.PillionConfig;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * The time between SIGTERM and the stop. The server is no longer ready and still answers until it is removed from the endpoints. Each response has
 * {@code Connection: close}, so that the API server sends no review over a connection that is about to end.
 */
@Singleton
class Draining {

    private static final Logger LOG = Logger.getLogger(Draining.class);

    private volatile boolean begun;

    void begin(@Observes ShutdownDelayInitiatedEvent event, PillionConfig config) {
        begun = true;
        LOG.infof(
                "the server stops in %d s and answers reviews until then",
                config.drainTime().toSeconds());
    }

    void closeConnections(@Observes Filters filters) {
        filters.register(
                context -> {
                    if (begun) {
                        context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
                    }
                    context.next();
                },
                Integer.MAX_VALUE / 2);
    }
}
