package dev.pillion.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Passes one request without a body on to the server, and nothing after it. The management port is plain HTTP without authentication, so this class
 * limits the cost of a request before anything else reads it.
 */
final class ManagementConnection extends ChannelInboundHandlerAdapter {

    /** The time for the client to read the refusal. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final Connections connections;
    private final ConnectionState state = new ConnectionState(ConnectionState.Phase.HEAD);
    private byte[] head = {};
    private boolean complete;

    ManagementConnection(Connections connections) {
        this.connections = connections;
    }

    /** Called when the connection is already open. */
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (connections.admit(context.channel(), state)) {
            Timeouts timeouts = connections.timeouts();
            schedule(context, timeouts.head(), () -> {
                if (!complete) {
                    connections.timeOut(context.channel());
                }
            });
            schedule(context, timeouts.exchange(), () -> connections.timeOut(context.channel()));
        }
    }

    private static void schedule(ChannelHandlerContext context, Duration delay, Runnable task) {
        var scheduled = context.executor().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        context.channel().closeFuture().addListener(closed -> scheduled.cancel(false));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (!complete && message instanceof ByteBuf bytes) {
                add(bytes);
                read(context);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void add(ByteBuf bytes) {
        int taken = Math.min(bytes.readableBytes(), RequestHead.MAX_BYTES + 4 - head.length + 1);
        head = Arrays.copyOf(head, head.length + taken);
        bytes.readBytes(head, head.length - taken, taken);
    }

    private void read(ChannelHandlerContext context) {
        switch (RequestHead.read(head)) {
            case RequestHead.Incomplete _ -> {}
            case RequestHead.Accepted(byte[] request) -> {
                complete = true;
                state.requestRead();
                context.fireChannelRead(Unpooled.wrappedBuffer(request));
            }
            case RequestHead.Refused refused -> {
                complete = true;
                refuse(context, refused);
            }
        }
    }

    private static void refuse(ChannelHandlerContext context, RequestHead.Refused refused) {
        String response = "HTTP/1.1 " + refused.status() + " " + refused.reason() + "\r\n"
                + (refused.status() == 405 ? "Allow: GET, HEAD\r\n" : "")
                + "Content-Type: text/plain\r\nContent-Length: "
                + (refused.message().length() + 1)
                + "\r\nConnection: close\r\n\r\n"
                + refused.message() + "\n";
        context.writeAndFlush(Unpooled.copiedBuffer(response, StandardCharsets.US_ASCII))
                .addListener(written -> {
                    // If the server closed while the client still sends, the client would not get the response. Until
                    // the
                    // close, all bytes of the client are dropped.
                    if (context.channel() instanceof SocketChannel socket) {
                        socket.shutdownOutput();
                    }
                });
        schedule(context, LINGER, () -> context.close());
    }
}
