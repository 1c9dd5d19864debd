package dev.pillion.server.http;

import dev.pillion.server.configuration.PillionConfig;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Between the order to stop and the stop. The server is not ready any more and still answers, until endpoints have forgotten it; and it asks
 * for each connection that is used to be closed, as the API server would otherwise send the next review down one that is about to go.
 */
@Singleton
class Draining {

    private static final Logger LOG = Logger.getLogger(Draining.class);

    private volatile boolean begun;

    void begin(@Observes ShutdownDelayInitiatedEvent event, PillionConfig config) {
        begun = true;
        LOG.infof("to stop in %d s; answering until then", config.drainTime().toSeconds());
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
