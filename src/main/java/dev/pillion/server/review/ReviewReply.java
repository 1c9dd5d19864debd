package dev.pillion.server.review;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The HTTP response to the API server.
 *
 * @param status 200 for every decision, also for a denial
 * @param again whether the same request may succeed a second later
 * @param closes whether the connection ends after it, so that the next request may reach another replica
 */
public record ReviewReply(int status, boolean json, boolean again, boolean closes, Buffer body) {

    static ReviewReply review(byte[] body) {
        return new ReviewReply(200, true, false, false, Buffer.buffer(Unpooled.wrappedBuffer(body)));
    }

    static ReviewReply text(int status, String message) {
        return new ReviewReply(status, false, false, false, line(message));
    }

    /** The API server repeats the request after a second, within the webhook's timeout (apiserver's webhook client, Retry-After). */
    static ReviewReply retryLater(String why) {
        return new ReviewReply(503, false, true, true, line(why));
    }

    /** The same reply, after which the connection stays open. */
    ReviewReply onOpenConnection() {
        return new ReviewReply(status, json, again, false, body);
    }

    CharSequence contentType() {
        return json ? HttpHeaderValues.APPLICATION_JSON : HttpHeaderValues.TEXT_PLAIN;
    }

    /** The headers other than Content-Type. */
    Map<CharSequence, CharSequence> headers() {
        if (again) {
            return Map.of(HttpHeaderNames.RETRY_AFTER, "1");
        }
        return status == 405 ? Map.of(HttpHeaderNames.ALLOW, "POST") : Map.of();
    }

    private static Buffer line(String text) {
        return Buffer.buffer(text + "\n", StandardCharsets.UTF_8.name());
    }
}
