package dev.pillion.server;

import dev.pillion.admission.MutatingWebhook;
import dev.pillion.admission.ResourceWebhook;
import dev.pillion.admission.ValidatingWebhook;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The paths that the API server calls. They are routes of the HTTP server itself and not resources of Jakarta REST, which hands each body
 * from the event loop to a worker and back: that alone costs more than a decision (ADR 7).
 */
@Singleton
class ReviewRoutes {

    /** What is read and answered on the event loop takes less than a millisecond; a larger body must not hold up others. */
    private static final int LARGE = 256 * 1024;

    /** How long the body of a refused caller is read and dropped. */
    private static final Duration LONGEST_DRAIN = Duration.ofSeconds(5);

    private static final String JSON = "application/json";

    private final LoadShedder overload;
    private final CallerAuthenticator callers;
    private final long maxBodySize;

    ReviewRoutes(
            LoadShedder overload,
            CallerAuthenticator callers,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize maxBodySize) {
        this.overload = overload;
        this.callers = callers;
        this.maxBodySize = maxBodySize.asLongValue();
    }

    void open(
            @Observes Router router,
            Reviews reviews,
            MutatingWebhook mutating,
            ValidatingWebhook validating,
            ResourceWebhook resources) {
        open(router, "/mutate", LARGE, reviews.cached("mutate", mutating));
        open(router, "/validate", LARGE, reviews.cached("validate", validating));
        // A catalog is compiled, and a profile may be waited for.
        open(router, "/validate-resources", 0, reviews.uncached("validate-resources", resources::review));
    }

    /**
     * Opens a path to authenticated callers.
     *
     * @param large the size in bytes from which on a body is answered on a worker
     */
    Route open(Router router, String path, int large, Reviews.Answering answering) {
        return open(router, path, large, callers, answering);
    }

    /** Opens a path for reviews of Pods to every caller that knows it: Pillion itself cannot show an API server's credentials. */
    Route openToAnyone(Router router, String path, Reviews.Answering answering) {
        return open(router, path, LARGE, CallerAuthenticator.OFF, answering);
    }

    private Route open(
            Router router, String path, int large, CallerAuthenticator authenticator, Reviews.Answering answering) {
        return router.route(path).handler(context -> {
            HttpServerRequest request = context.request();
            Optional<String> refusal = authenticator.refusal(request);
            if (refusal.isPresent()) {
                // Of a 403, and not of a 401, the API server shows the message to its users and in its log.
                refuse(context, 403, refusal.get());
            } else if (request.method() != HttpMethod.POST) {
                context.response().putHeader(HttpHeaderNames.ALLOW, HttpMethod.POST.name());
                refuse(context, 405, "reviews are sent by POST");
            } else if (!isJson(request)) {
                refuse(context, 415, "a review's Content-Type is " + JSON);
            } else {
                read(context, large, answering);
            }
        });
    }

    /** What says nothing of its form may be a review. */
    private static boolean isJson(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaderNames.CONTENT_TYPE);
        return type == null
                || type.equals(JSON)
                || type.toLowerCase(Locale.ROOT).strip().startsWith(JSON);
    }

    private void read(RoutingContext context, int large, Reviews.Answering answering) {
        RequestBody body = new RequestBody(context.vertx(), maxBodySize, overload, RequestBody.LONGEST);
        body.read(context.request(), outcome -> {
            switch (outcome) {
                case RequestBody.TooLarge _ ->
                    refuse(context, 413, "a review may have " + maxBodySize + " bytes, and this one has more");
                case RequestBody.NoRoom _ ->
                    answer(context, Answer.retryLater("there is more to do than can be done in time"));
                case RequestBody.Whole(byte[] bytes) -> {
                    if (bytes.length < large) {
                        finish(context, body, () -> answering.answer(bytes));
                    } else {
                        context.vertx()
                                .executeBlocking(() -> answering.answer(bytes), false)
                                .onComplete(done -> finish(context, body, () -> {
                                    if (done.failed()) {
                                        throw new IllegalStateException(done.cause());
                                    }
                                    return done.result();
                                }));
                    }
                }
            }
        });
    }

    private static void finish(RoutingContext context, RequestBody body, Supplier<Answer> answering) {
        try {
            answer(context, answering.get());
        } catch (RuntimeException | Error e) {
            // An Error too must be answered, or the API server would wait for as long as it can.
            context.fail(e);
        } finally {
            body.done();
        }
    }

    private static void answer(RoutingContext context, Answer answer) {
        HttpServerResponse response = context.response();
        response.setStatusCode(answer.status());
        response.headers()
                .set(
                        HttpHeaderNames.CONTENT_TYPE,
                        answer.json() ? HttpHeaderValues.APPLICATION_JSON : HttpHeaderValues.TEXT_PLAIN);
        if (answer.again()) {
            response.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
        }
        if (answer.status() == 403) {
            response.putHeader(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            drainAndClose(context);
        } else if (isToBeClosed(context.request(), answer)) {
            response.putHeader(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            response.endHandler(sent -> context.request().connection().close());
        }
        response.end(answer.body());
    }

    /**
     * A close while bytes are unread resets the connection, and the caller may then lose the answer. So what it sends is read and dropped
     * until the body ends, but not for long.
     */
    private static void drainAndClose(RoutingContext context) {
        HttpServerRequest request = context.request();
        context.vertx()
                .setTimer(LONGEST_DRAIN.toMillis(), late -> request.connection().close());
        context.response().endHandler(sent -> {
            if (request.isEnded()) {
                request.connection().close();
            }
        });
        if (!request.isEnded()) {
            request.endHandler(ended -> {
                if (context.response().ended()) {
                    request.connection().close();
                }
            });
            request.resume();
        }
    }

    /** What comes next on a connection whose body was not taken may be that body, and would be taken for a request. */
    private static boolean isToBeClosed(HttpServerRequest request, Answer answer) {
        return answer.status() == 413
                || (answer.status() >= 400 && request.headers().contains(HttpHeaderNames.EXPECT));
    }

    private static void refuse(RoutingContext context, int status, String message) {
        answer(context, Answer.text(status, message));
    }
}
