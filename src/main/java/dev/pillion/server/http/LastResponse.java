package dev.pillion.server.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Closes an old connection after a response. The response says {@code Connection: close}, so that the client sends its next request over another
 * connection. An idle connection is not closed: the client may be sending a request, and an API server does not repeat a POST that fails.
 */
final class LastResponse extends ChannelDuplexHandler {

    /** The time for the client to read the response and to close the connection itself. */
    private static final long LINGER_SECONDS = 2;

    private final ConnectionAge age;
    private final Runnable onClose;
    private int unanswered;
    private boolean receiving;
    private boolean closing;
    private boolean dropping;

    /** @param onClose called once, when the last response is written */
    LastResponse(ConnectionAge age, Runnable onClose) {
        this.age = age;
        this.onClose = onClose;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest) {
            // A client that does not wait for responses sends this request again, because it gets none.
            dropping = closing;
            unanswered++;
            receiving = true;
        }
        if (dropping) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof LastHttpContent) {
            receiving = false;
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean informational =
                message instanceof HttpResponse response && response.status().code() < 200;
        if (message instanceof HttpResponse response && !informational && isLast()) {
            closing = true;
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            onClose.run();
        }
        if (message instanceof LastHttpContent && !informational) {
            unanswered--;
            if (closing) {
                context.executor().schedule(() -> context.close(), LINGER_SECONDS, TimeUnit.SECONDS);
            }
        }
        context.write(message, promise);
    }

    /** Not if other requests have arrived already, or if a part of the body has not arrived. */
    private boolean isLast() {
        return !closing && unanswered <= 1 && !receiving && age.isOver(System.nanoTime());
    }
}
