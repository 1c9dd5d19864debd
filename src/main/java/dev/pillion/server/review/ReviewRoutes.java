package dev.pillion.server.review;

import dev.pillion.admission.MutatingWebhook;
import dev.pillion.admission.ValidatingWebhook;
import dev.pillion.server.caller.CallerAuthenticator;
import dev.pillion.server.configuration.PillionConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/**
 * The paths for reviews of Pods. They are routes of the HTTP server and not resources of Jakarta REST, so that a small review is answered on the
 * event loop without any layer in between (ADR 7).
 */
@Singleton
public class ReviewRoutes {

    /** Larger reviews go to workers. A review takes some 30 µs per KiB, and the event loop may be blocked for a few milliseconds. */
    static final int LARGE = 64 * 1024;

    /** How often stale cache entries are discarded. */
    private static final Duration STALE_PERIOD = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final LoadShedder shedder;
    private final CallerAuthenticator callers;
    private final ReviewReceiver receiver;
    private final ReviewWorkers largeReviews;

    ReviewRoutes(
            Vertx vertx,
            LoadShedder shedder,
            CallerAuthenticator callers,
            ReviewReceiver receiver,
            PillionConfig config) {
        this.vertx = vertx;
        this.shedder = shedder;
        this.callers = callers;
        this.receiver = receiver;
        this.largeReviews = ReviewWorkers.of(shedder, "review-worker", config);
    }

    @PreDestroy
    void close() {
        largeReviews.close();
    }

    void open(@Observes Router router, Reviews reviews, MutatingWebhook mutating, ValidatingWebhook validating) {
        Reviews.Handler mutate = reviews.cached("mutate", mutating);
        Reviews.Handler validate = reviews.cached("validate", validating);
        open(router, "/mutate", mutate);
        open(router, "/validate", validate);
        router.route().order(RouteConstants.ROUTE_ORDER_AFTER_DEFAULT).handler(this::refuseUnknownPath);
        vertx.setPeriodic(STALE_PERIOD.toMillis(), tick -> {
            mutate.dropStale();
            validate.dropStale();
        });
    }

    /** Opens a path for reviews of Pods to authenticated callers. */
    Route open(Router router, String path, Reviews.Handler handler) {
        return open(router, path, callers, handler);
    }

    /** Opens a path for reviews of Pods to every caller that knows it: the warm-up has no credentials of an API server. */
    public Route openToAnyone(Router router, String path, Reviews.Handler handler) {
        return open(router, path, CallerAuthenticator.OFF, handler);
    }

    private Route open(Router router, String path, CallerAuthenticator authenticator, Reviews.Handler handler) {
        return router.route(path).handler(context -> {
            Optional<ReviewReply> refusal = receiver.refusal(context.request(), authenticator);
            if (refusal.isPresent()) {
                write(context, refusal.get());
            } else {
                receiver.read(context.request(), handler, this::answer, reply -> write(context, reply));
            }
        });
    }

    private void answer(ReviewTask task) {
        if (task.bytes() < LARGE) {
            shedder.queue().add(task);
        } else {
            largeReviews.add(task);
        }
    }

    /**
     * Jakarta REST gets only requests for exactly the path of its resource. It would also accept {@code /validate-resources;a=b}, and its response to
     * another unknown path has no text.
     */
    private void refuseUnknownPath(RoutingContext context) {
        if (ResourceReviews.PATH.equals(context.request().path())) {
            context.next();
        } else {
            write(context, ReviewReply.text(404, "no such path"));
        }
    }

    private void write(RoutingContext context, ReviewReply reply) {
        HttpServerResponse response = context.response();
        if (response.closed()) {
            return;
        }
        response.setStatusCode(reply.status());
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, reply.contentType());
        reply.headers().forEach(response.headers()::set);
        receiver.endConnectionIfNeeded(context.request(), reply);
        response.end(reply.body());
    }
}
