package dev.pillion.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.TimeUnit;

/** Applies the time limits and the strict parsing to one connection of the webhook port. In the pipeline, it is between TLS and HTTP. */
public final class WebhookConnection extends ChannelInboundHandlerAdapter {

    private static final long CHECK_SECONDS = 2;

    private static final String DECODER = "httpDecoder";
    private static final String HANDLER = "handler";

    /** The options with which Vert.x reads requests. Static, because Netty creates the extension and passes nothing to it. */
    private static volatile HttpServerOptions options = new HttpServerOptions();

    private final ConnectionState state;
    private final ConnectionAge age;
    private final Runnable onCloseForAge;
    private boolean reading;

    /** @param onCloseForAge called once if the connection is closed because of its age */
    WebhookConnection(ConnectionState state, ConnectionAge age, Runnable onCloseForAge) {
        this.state = state;
        this.age = age;
        this.onCloseForAge = onCloseForAge;
    }

    /** Sets the options for reading requests: the maximum lengths of the request line, the headers and a chunk. */
    public static void readAs(HttpServerOptions serverOptions) {
        options = serverOptions;
    }

    static void install(Channel channel, SslHandler tls, Connections connections) {
        ConnectionState state = new ConnectionState(ConnectionState.Phase.HANDSHAKE);
        if (!connections.admit(channel, state)) {
            return;
        }
        tls.handshakeFuture().addListener(done -> state.handshakeDone());
        ScheduledFuture<?> check = channel.eventLoop()
                .scheduleWithFixedDelay(
                        () -> {
                            if (state.isOverdue(System.nanoTime(), connections.timeouts())) {
                                connections.timeOut(channel);
                            }
                        },
                        CHECK_SECONDS,
                        CHECK_SECONDS,
                        TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> check.cancel(false));
        channel.pipeline().addLast(new WebhookConnection(state, connections.newAge(), connections::countAged));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!reading) {
            reading = true;
            prepare(context.pipeline());
        }
        state.bytesRead();
        context.fireChannelRead(message);
    }

    /** Vert.x adds its HTTP decoder after the handshake, so the decoder exists when the first bytes arrive. */
    private void prepare(ChannelPipeline pipeline) {
        pipeline.replace(DECODER, DECODER, new StrictRequestDecoder(options));
        pipeline.addBefore(HANDLER, "pillionAge", new LastResponse(age, onCloseForAge));
        pipeline.addBefore(HANDLER, "pillionRequests", new StrictRequests(state));
    }
}
