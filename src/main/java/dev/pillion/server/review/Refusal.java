package dev.pillion.server.review;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/**
 * Closes the connection of a refused request after its body has arrived, or after a limit. If a server closes while the client still sends, the
 * connection is reset, and the client does not see the response.
 */
final class Refusal {

    /** More than the largest body of an API server. */
    private static final long MAX_BYTES = 32L * 1024 * 1024;

    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final HttpServerRequest request;
    private final long maxBytes;
    private long drained;
    private boolean sent;
    private boolean complete;

    private Refusal(HttpServerRequest request, long maxBytes) {
        this.request = request;
        this.maxBytes = maxBytes;
    }

    /** Sets the header {@code Connection: close} and schedules the close. Must be called before the response is written. */
    static void prepare(Vertx vertx, HttpServerRequest request) {
        prepare(vertx, request, MAX_BYTES, LONGEST);
    }

    static void prepare(Vertx vertx, HttpServerRequest request, long maxBytes, Duration longest) {
        Refusal refusal = new Refusal(request, maxBytes);
        request.response().putHeader(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        request.response().endHandler(nothing -> {
            refusal.sent = true;
            refusal.closeWhenDone();
        });
        if (request.isEnded()) {
            refusal.complete = true;
            return;
        }
        long timer =
                vertx.setTimer(longest.toMillis(), late -> request.connection().close());
        request.connection().closeHandler(closed -> vertx.cancelTimer(timer));
        request.handler(chunk -> {
            refusal.drained += chunk.length();
            if (refusal.drained > refusal.maxBytes) {
                request.connection().close();
            }
        });
        request.exceptionHandler(failure -> {});
        request.endHandler(nothing -> {
            refusal.complete = true;
            refusal.closeWhenDone();
        });
        request.resume();
    }

    private void closeWhenDone() {
        if (sent && complete) {
            request.connection().close();
        }
    }
}
