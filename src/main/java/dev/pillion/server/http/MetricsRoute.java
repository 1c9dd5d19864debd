package dev.pillion.server.http;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Answers {@code /metrics} instead of Quarkus' own handler, which renders all metrics for each request on a thread that health checks need. This
 * class renders them on its own thread at most once a second, and all waiting requests get the same bytes.
 */
@Singleton
class MetricsRoute {

    private static final Logger LOG = Logger.getLogger(MetricsRoute.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** Before the routes that Quarkus adds. */
    private static final int FIRST = -1_000;

    private final Vertx vertx;
    private final ScheduledExecutorService renderer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("pillion-metrics").factory());
    private final SharedRendering<Buffer> text;
    private final SharedRendering<Buffer> openMetrics;

    MetricsRoute(Vertx vertx, PrometheusMeterRegistry registry) {
        this.vertx = vertx;
        this.text = rendering(registry, TextFormat.CONTENT_TYPE_004);
        this.openMetrics = rendering(registry, TextFormat.CONTENT_TYPE_OPENMETRICS_100);
    }

    private SharedRendering<Buffer> rendering(PrometheusMeterRegistry registry, String format) {
        return new SharedRendering<>(
                () -> Buffer.buffer(registry.scrape(format)),
                (task, delay) -> renderer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS),
                PERIOD,
                System::nanoTime);
    }

    void add(@Observes ManagementInterface management) {
        management.router().route("/metrics").order(FIRST).handler(this::answer);
    }

    private void answer(RoutingContext context) {
        String accept = context.request().getHeader(HttpHeaders.ACCEPT);
        boolean plain = accept != null && (accept.contains("text/plain") || accept.contains("text/html"));
        Future.fromCompletionStage((plain ? text : openMetrics).next(), vertx.getOrCreateContext())
                .onSuccess(body -> {
                    if (!context.response().closed()) {
                        context.response()
                                .putHeader(
                                        HttpHeaders.CONTENT_TYPE,
                                        plain ? TextFormat.CONTENT_TYPE_004 : TextFormat.CONTENT_TYPE_OPENMETRICS_100)
                                .end(body);
                    }
                })
                .onFailure(failure -> {
                    LOG.error("the metrics cannot be rendered", failure);
                    context.fail(500);
                });
    }

    @PreDestroy
    void stop() {
        renderer.shutdownNow();
    }
}
