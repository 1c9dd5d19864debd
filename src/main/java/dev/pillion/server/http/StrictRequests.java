package dev.pillion.server.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Refuses requests without exactly one Host header or with an ambiguous end, and passes on all others. Also records the phase of the connection. */
final class StrictRequests extends ChannelDuplexHandler {

    /** The time for the client to read the response. If the server closed while the client still sends, the client would not get it. */
    private static final long LINGER_SECONDS = 2;

    private final ConnectionState state;
    private boolean refused;

    StrictRequests(ConnectionState state) {
        this.state = state;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (refused) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpRequest request) {
            state.requestRead();
            Optional<String> fault = fault(request);
            if (fault.isPresent()) {
                refused = true;
                ReferenceCountUtil.release(message);
                refuse(context, fault.get());
            } else {
                context.fireChannelRead(message);
            }
        } else {
            context.fireChannelRead(message);
        }
    }

    private static Optional<String> fault(HttpRequest request) {
        if (request.decoderResult().cause() instanceof StrictRequestDecoder.InvalidFramingException invalid) {
            return Optional.of(String.valueOf(invalid.getMessage()));
        }
        if (request.decoderResult().isFailure()) {
            // Vert.x responds with the right status.
            return Optional.empty();
        }
        int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
        return hosts == 1
                ? Optional.empty()
                : Optional.of("a request must have one Host header, and this one has " + hosts);
    }

    private void refuse(ChannelHandlerContext context, String fault) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.BAD_REQUEST,
                Unpooled.copiedBuffer(fault + "\n", StandardCharsets.UTF_8));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN)
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        context.writeAndFlush(response);
        context.executor().schedule(() -> context.close(), LINGER_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        // "100 Continue" is a complete response too, but the final response follows it.
        boolean informational =
                message instanceof HttpResponse response && response.status().code() < 200;
        if (message instanceof LastHttpContent && !informational) {
            state.responseWritten();
            promise = promise.unvoid();
            promise.addListener(sent -> state.responseSent());
        }
        context.write(message, promise);
    }
}
