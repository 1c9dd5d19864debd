package dev.pillion.server.http;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;

/**
 * Adds the connection limits and checks to each connection that the server accepts. Netty loads it as a service if {@link #enable()} was called before
 * the first server starts. Vert.x itself calls nothing before the TLS handshake is complete.
 */
public final class ConnectionExtension extends ChannelInitializerExtension {

    /** Called by the service loader. */
    public ConnectionExtension() {}

    /** Makes Netty load extensions, which it does not do by default. */
    public static void enable() {
        System.setProperty(EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
    }

    @Override
    public void postInitializeServerChildChannel(Channel channel) {
        channel.pipeline().addLast(new Choice());
    }

    /** The webhook port uses TLS, the management port does not. The pipeline shows which one it is after Vert.x has set it up. */
    private static final class Choice extends ChannelInboundHandlerAdapter {

        @Override
        public void channelActive(ChannelHandlerContext context) {
            SslHandler tls = context.pipeline().get(SslHandler.class);
            if (tls != null) {
                WebhookConnection.install(context.channel(), tls, Connections.webhook());
            } else {
                context.pipeline().addFirst(new ManagementConnection(Connections.management()));
            }
            context.fireChannelActive();
            context.pipeline().remove(this);
        }
    }
}
