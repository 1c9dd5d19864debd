package dev.pillion.server.review;

import dev.pillion.server.caller.CallerAuthenticator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Receives reviews: checks who sends them and in which form, and reads the bodies within the limits. Every path for reviews uses it, so all of them
 * have the same limits. For event loops.
 */
@Singleton
class ReviewReceiver {

    private static final Logger LOG = Logger.getLogger(ReviewReceiver.class);

    /** A review has two objects at most. The limit of etcd for one object is 1.5 MiB by default, and is sometimes raised to 3 MiB. */
    static final int MAX_BODY_BYTES = 7 * 1024 * 1024;

    private static final String JSON = HttpHeaderValues.APPLICATION_JSON.toString();

    private final Vertx vertx;
    private final LoadShedder shedder;

    ReviewReceiver(Vertx vertx, LoadShedder shedder) {
        this.vertx = vertx;
        this.shedder = shedder;
    }

    /** The reply to a request that is refused because of its sender or its headers. Reads nothing of the body. */
    Optional<ReviewReply> refusal(HttpServerRequest request, CallerAuthenticator callers) {
        Optional<String> unauthenticated = callers.refusal(request);
        if (unauthenticated.isPresent()) {
            // The API server shows the message of a 403 to users and in its log, but not that of a 401.
            return Optional.of(ReviewReply.text(403, unauthenticated.get()));
        }
        if (request.method() != HttpMethod.POST) {
            return Optional.of(ReviewReply.text(405, "send reviews by POST"));
        }
        return isJson(request.getHeader(HttpHeaderNames.CONTENT_TYPE))
                ? Optional.empty()
                : Optional.of(ReviewReply.text(415, "a review must have the Content-Type " + JSON));
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

    /**
     * Reads a review, unless there is too much load, and passes it on.
     *
     * @param handler computes the reply
     * @param run answers a review whose body has been read, now or later
     * @param reply called once on this event loop, unless the client disconnects before
     */
    void read(
            HttpServerRequest request, Reviews.Handler handler, Consumer<ReviewTask> run, Consumer<ReviewReply> reply) {
        long arrival = System.nanoTime() - shedder.queue().loopDelay();
        Deadline deadline = Deadline.of(request.query(), arrival);
        String client = request.connection().remoteAddress().hostAddress();
        Optional<LoadShedder.Reason> refused = shedder.queue().refuses(deadline, client);
        RequestBody body = new RequestBody(vertx, MAX_BODY_BYTES, shedder, RequestBody.LONGEST);
        if (refused.isPresent()) {
            refuse(request, body, shedder.refusal(refused.get()), reply);
            return;
        }
        body.read(request, outcome -> {
            switch (outcome) {
                case RequestBody.TooLarge _ ->
                    reply.accept(ReviewReply.text(
                            413, "a review may have at most " + MAX_BODY_BYTES + " bytes, and this one has more"));
                case RequestBody.NoRoom _ -> reply.accept(shedder.refusal(LoadShedder.Reason.MEMORY));
                case RequestBody.Whole(byte[] bytes) ->
                    run.accept(new ReviewTask(
                            arrival,
                            deadline,
                            client,
                            bytes.length,
                            request.response()::closed,
                            () -> handler.answer(bytes),
                            completion(body, deadline, reply),
                            failure(body, reply)));
            }
        });
    }

    /** If the connection stays open, the body is read before the reply, because the next request follows it. */
    private static void refuse(
            HttpServerRequest request, RequestBody body, ReviewReply refusal, Consumer<ReviewReply> reply) {
        if (refusal.closes()) {
            reply.accept(refusal);
        } else {
            body.read(request, outcome -> {
                body.done();
                reply.accept(refusal);
            });
        }
    }

    private Consumer<ReviewReply> completion(RequestBody body, Deadline deadline, Consumer<ReviewReply> reply) {
        Context loop = vertx.getOrCreateContext();
        return answer -> onLoop(loop, () -> {
            body.done();
            // The task may have waited for the event loop.
            boolean late = answer.status() == 200 && deadline.isOver(System.nanoTime());
            reply.accept(late ? shedder.refusal(LoadShedder.Reason.DEADLINE) : answer);
        });
    }

    private Consumer<Throwable> failure(RequestBody body, Consumer<ReviewReply> reply) {
        Context loop = vertx.getOrCreateContext();
        return failure -> onLoop(loop, () -> {
            body.done();
            LOG.error("a review could not be answered", failure);
            reply.accept(ReviewReply.text(500, "internal error; see the log of this replica"));
        });
    }

    private static void onLoop(Context loop, Runnable work) {
        if (Vertx.currentContext() == loop) {
            work.run();
        } else {
            loop.runOnContext(nothing -> work.run());
        }
    }

    /**
     * Makes the connection end after the reply where it must. If a body was not read, it must not be mistaken for the next request. Must be called before the reply is written.
     */
    void endConnectionIfNeeded(HttpServerRequest request, ReviewReply reply) {
        if (reply.closes()
                || reply.status() == 403
                || (reply.status() != 200 && !request.isEnded())
                || (reply.status() >= 400 && request.headers().contains(HttpHeaderNames.EXPECT))) {
            Refusal.prepare(vertx, request);
        }
    }
}
