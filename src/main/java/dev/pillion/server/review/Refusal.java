package dev.pillion.server.review;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/**
 * Ends the connection of a request that was refused, but only when its body has come or enough of it has been waited for. A server that closes
 * while its client still sends resets the connection, and the client sees that instead of the answer.
 */
final class Refusal {

    /** The largest body that an API server sends, and what a client may send beyond it before it looks at the answer. */
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

    /** Says in the response's headers that the connection ends, and has it end. It must come before the response is written. */
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
