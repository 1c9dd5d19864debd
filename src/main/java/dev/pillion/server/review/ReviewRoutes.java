package dev.pillion.server.review;

import dev.pillion.admission.MutatingWebhook;
import dev.pillion.admission.ResourceWebhook;
import dev.pillion.admission.ValidatingWebhook;
import dev.pillion.server.caller.CallerAuthenticator;
import dev.pillion.server.configuration.PillionConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The paths that the API server calls. They are routes of the HTTP server and not resources of Jakarta REST, which passes each body from the
 * event loop to a worker and back: that alone costs more than a decision (ADR 7).
 *
 * <p>Over 200 lines because all paths share the same checks, limits and connection rules.
 */
@Singleton
public class ReviewRoutes {

    private static final Logger LOG = Logger.getLogger(ReviewRoutes.class);

    /** A review has two objects at most. The limit of etcd for one object is 1.5 MiB by default, and is sometimes raised to 3 MiB. */
    static final int MAX_BODY_BYTES = 7 * 1024 * 1024;

    /** Larger reviews go to workers. A review takes some 30 µs per KiB, and the event loop may be blocked for a few milliseconds. */
    static final int LARGE = 64 * 1024;

    /** How often stale cache entries are discarded. */
    private static final Duration STALE_PERIOD = Duration.ofSeconds(1);

    /** A parsed review takes some thirty times its bytes. */
    private static final int HEAP_PER_BYTE = 32;

    /** One large review must not block the next, even on one core. */
    private static final int MIN_WORKERS = 2;

    private static final int WORKER_QUEUE = 64;

    private static final String JSON = "application/json";

    private final Vertx vertx;
    private final LoadShedder shedder;
    private final CallerAuthenticator callers;
    private final ReviewWorkers largeReviews;
    private final ReviewWorkers resourceReviews;

    public ReviewRoutes(Vertx vertx, LoadShedder shedder, CallerAuthenticator callers, PillionConfig config) {
        this.vertx = vertx;
        this.shedder = shedder;
        this.callers = callers;
        int maxBytes = (int) Math.min(Runtime.getRuntime().maxMemory() / HEAP_PER_BYTE, Integer.MAX_VALUE);
        int workers = config.http()
                .workers()
                .orElse(Math.max(MIN_WORKERS, Runtime.getRuntime().availableProcessors()));
        this.largeReviews = new ReviewWorkers(shedder, "review-worker", workers, WORKER_QUEUE, maxBytes);
        // A review of a profile compiles a catalog and may wait for other resources. No Pod may wait for that.
        this.resourceReviews = new ReviewWorkers(shedder, "resource-worker", workers, WORKER_QUEUE, maxBytes);
    }

    @PreDestroy
    void close() {
        largeReviews.close();
        resourceReviews.close();
    }

    public void open(
            @Observes Router router,
            Reviews reviews,
            MutatingWebhook mutating,
            ValidatingWebhook validating,
            ResourceWebhook resources) {
        Reviews.Handler mutate = reviews.cached("mutate", mutating);
        Reviews.Handler validate = reviews.cached("validate", validating);
        open(router, "/mutate", mutate);
        open(router, "/validate", validate);
        open(
                router,
                "/validate-resources",
                callers,
                reviews.uncached("validate-resources", resources::review),
                resourceReviews::add);
        router.route()
                .order(RouteConstants.ROUTE_ORDER_AFTER_DEFAULT)
                .handler(context -> refuse(context, 404, "there is no such path"));
        vertx.setPeriodic(STALE_PERIOD.toMillis(), tick -> {
            mutate.dropStale();
            validate.dropStale();
        });
    }

    /** Opens a path for reviews of Pods to authenticated callers. */
    public Route open(Router router, String path, Reviews.Handler handler) {
        return open(router, path, callers, handler, this::answerPodReview);
    }

    /** Opens a path for reviews of Pods to every caller that knows it: the warm-up has no credentials of an API server. */
    public Route openToAnyone(Router router, String path, Reviews.Handler handler) {
        return open(router, path, CallerAuthenticator.OFF, handler, this::answerPodReview);
    }

    private void answerPodReview(ReviewTask task) {
        if (task.bytes() < LARGE) {
            shedder.queue().add(task);
        } else {
            largeReviews.add(task);
        }
    }

    /** @param run answers a review whose body has been read, now or later */
    private Route open(
            Router router,
            String path,
            CallerAuthenticator authenticator,
            Reviews.Handler handler,
            Consumer<ReviewTask> run) {
        return router.route(path).handler(context -> {
            HttpServerRequest request = context.request();
            Optional<String> refusal = authenticator.refusal(request);
            if (refusal.isPresent()) {
                // The API server shows the message of a 403 to users and in its log, but not that of a 401.
                refuse(context, 403, refusal.get());
            } else if (request.method() != HttpMethod.POST) {
                context.response().putHeader(HttpHeaderNames.ALLOW, HttpMethod.POST.name());
                refuse(context, 405, "reviews are sent by POST");
            } else if (!isJson(request.getHeader(HttpHeaderNames.CONTENT_TYPE))) {
                refuse(context, 415, "a review's Content-Type is " + JSON);
            } else {
                read(context, handler, run);
            }
        });
    }

    /**
     * Whether a body may be a review. Parameters such as {@code charset} are ignored: JSON is always UTF-8 (RFC 8259). The header may be missing.
     */
    static boolean isJson(@Nullable String contentType) {
        if (contentType == null || contentType.equals(JSON)) {
            return true;
        }
        int end = contentType.indexOf(';');
        String type = end < 0 ? contentType : contentType.substring(0, end);
        return type.strip().equalsIgnoreCase(JSON);
    }

    private void read(RoutingContext context, Reviews.Handler handler, Consumer<ReviewTask> run) {
        HttpServerRequest request = context.request();
        long arrival = System.nanoTime() - shedder.queue().loopDelay();
        Deadline deadline = Deadline.of(request.query(), arrival);
        String client = request.connection().remoteAddress().hostAddress();
        Optional<LoadShedder.Reason> refused = shedder.refuses(deadline, client);
        if (refused.isPresent()) {
            answer(context, shedder.refusal(refused.get()));
            return;
        }
        RequestBody body = new RequestBody(vertx, MAX_BODY_BYTES, shedder, RequestBody.LONGEST);
        body.read(request, outcome -> {
            switch (outcome) {
                case RequestBody.TooLarge _ ->
                    refuse(context, 413, "a review may have " + MAX_BODY_BYTES + " bytes, and this one has more");
                case RequestBody.NoRoom _ -> answer(context, shedder.refusal(LoadShedder.Reason.MEMORY));
                case RequestBody.Whole(byte[] bytes) ->
                    run.accept(task(context, deadline, client, body, bytes, handler));
            }
        });
    }

    private ReviewTask task(
            RoutingContext context,
            Deadline deadline,
            String client,
            RequestBody body,
            byte[] bytes,
            Reviews.Handler handler) {
        Context loop = vertx.getOrCreateContext();
        return new ReviewTask(
                deadline,
                client,
                bytes.length,
                context.response()::closed,
                () -> handler.answer(bytes),
                answer -> onLoop(loop, () -> {
                    body.done();
                    // The task may have waited for the event loop.
                    boolean late = answer.status() == 200 && deadline.isOver();
                    answer(context, late ? shedder.refusal(LoadShedder.Reason.DEADLINE) : answer);
                }),
                failure -> onLoop(loop, () -> {
                    body.done();
                    LOG.error("a review could not be answered", failure);
                    answer(context, ReviewReply.text(500, "internal error; the log of this replica says more"));
                }));
    }

    private static void onLoop(Context loop, Runnable work) {
        if (Vertx.currentContext() == loop) {
            work.run();
        } else {
            loop.runOnContext(nothing -> work.run());
        }
    }

    private void refuse(RoutingContext context, int status, String message) {
        answer(context, ReviewReply.text(status, message));
    }

    private void answer(RoutingContext context, ReviewReply answer) {
        HttpServerResponse response = context.response();
        if (response.closed()) {
            return;
        }
        response.setStatusCode(answer.status());
        response.headers()
                .set(
                        HttpHeaderNames.CONTENT_TYPE,
                        answer.json() ? HttpHeaderValues.APPLICATION_JSON : HttpHeaderValues.TEXT_PLAIN);
        if (answer.again()) {
            response.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
        }
        if (endsConnection(context.request(), answer)) {
            Refusal.prepare(vertx, context.request());
        }
        response.end(answer.body());
    }

    /**
     * After a 503 the request is repeated, and a new connection may lead to another replica. If a body was not read, it must not be mistaken for
     * the next request.
     */
    private static boolean endsConnection(HttpServerRequest request, ReviewReply answer) {
        return answer.again()
                || answer.status() == 403
                || (answer.status() != 200 && !request.isEnded())
                || (answer.status() >= 400 && request.headers().contains(HttpHeaderNames.EXPECT));
    }
}
