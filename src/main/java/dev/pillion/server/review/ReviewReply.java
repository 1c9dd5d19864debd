package dev.pillion.server.review;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * What the API server is sent.
 *
 * @param status of HTTP: 200 for every decision, a denial too
 * @param again whether the same request may succeed a second later
 */
public record ReviewReply(int status, boolean json, boolean again, Buffer body) {

    static ReviewReply review(byte[] body) {
        return new ReviewReply(200, true, false, Buffer.buffer(Unpooled.wrappedBuffer(body)));
    }

    public static ReviewReply text(int status, String message) {
        return new ReviewReply(status, false, false, line(message));
    }

    /** The API server waits a second and asks again, as long as the webhook's timeout lasts (apiserver's webhook client, Retry-After). */
    static ReviewReply retryLater(String why) {
        return new ReviewReply(503, false, true, line(why));
    }

    private static Buffer line(String text) {
        return Buffer.buffer(text + "\n", StandardCharsets.UTF_8.name());
    }
}
