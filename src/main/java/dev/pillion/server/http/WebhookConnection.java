package dev.pillion.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.TimeUnit;

/** Watches over one connection to the webhook port. It stands between TLS and HTTP. */
public final class WebhookConnection extends ChannelInboundHandlerAdapter {

    private static final long CHECK_SECONDS = 2;

    private static final String DECODER = "httpDecoder";
    private static final String HANDLER = "handler";

    /** As Vert.x was told to read requests. Netty makes the guards, so it cannot be handed over. */
    private static volatile HttpServerOptions options = new HttpServerOptions();

    private final ConnectionState state;
    private boolean reading;

    WebhookConnection(ConnectionState state) {
        this.state = state;
    }

    /** How requests are to be read: the longest line, headers and chunk. */
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
        channel.pipeline().addLast(new WebhookConnection(state));
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

    /** Vert.x adds what reads HTTP when the handshake is done, so it is there when the first bytes come. */
    private void prepare(ChannelPipeline pipeline) {
        pipeline.replace(DECODER, DECODER, new StrictRequestDecoder(options));
        pipeline.addBefore(HANDLER, "pillionRequests", new StrictRequests(state));
    }
}
