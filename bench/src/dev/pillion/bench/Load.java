package dev.pillion.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLException;

/**
 * Sends requests to one server on one thread. In a closed run, each connection sends the next request after it gets the response. In an open
 * run, requests are due at a constant rate. The time that a request waits for a connection is part of its latency, so a server that stalls
 * does not get fewer requests (coordinated omission).
 */
final class Load implements AutoCloseable {

    /** Nanoseconds between two checks for due requests. */
    private static final long PACE = 100_000;

    /** The same while all connections are in use. Due requests wait anyway, and each check takes CPU time from the server. */
    private static final long SLOW_PACE = 2_000_000;

    /** Seconds after which the connection of a refused request, or the one that replaces it, is used again. */
    private static final int RETRY_AFTER = 1;

    /** Seconds after which the requests of a burst without a response count as failed. */
    private static final int BURST_SECONDS = 10;

    /** Nanoseconds after which a response no longer counts. A user who creates a Pod waits for it. */
    private static final long IN_TIME = 1_000_000_000;

    private final NioEventLoopGroup group = new NioEventLoopGroup(1);
    private final String address;
    private final EventLoop loop = group.next();
    private final SslContext tls;
    private int number;

    Load() throws SSLException {
        this("127.0.0.1");
    }

    /** @param address the loopback address of the client. Each address is a different client for the server */
    Load(String address) throws SSLException {
        this.address = address;
        tls = SslContextBuilder.forClient()
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .protocols("TLSv1.3")
                .build();
    }

    /**
     * The result of a run.
     *
     * @param good the number of responses with 200 within a second. The time includes the wait for a connection
     * @param late the number of later responses with 200
     * @param refused the number of responses with 503
     * @param failed the number of requests with another response or none
     * @param latencies the latencies of all responses with 200, in nanoseconds, sorted
     * @param delays the time between the due time of each request of an open run and its queuing, in nanoseconds, sorted. The machine delayed
     *     this thread for so long. The latencies include it
     */
    record Outcome(int good, int late, int refused, int failed, long nanoseconds, long[] latencies, long[] delays) {

        String counts() {
            return good + " answered within a second, " + late + " later, " + refused + " refused, " + failed + " failed";
        }

        /** Responses within a second, per second. */
        double perSecond() {
            return good * 1e9 / nanoseconds;
        }

        /** In milliseconds. */
        double percentile(double share) {
            return percentile(latencies, share);
        }

        /** In milliseconds. */
        double delay(double share) {
            return percentile(delays, share);
        }

        private static double percentile(long[] sorted, double share) {
            return sorted.length == 0
                    ? Double.NaN
                    : sorted[(int) Math.min(sorted.length - 1, share * sorted.length)] / 1e6;
        }
    }

    /** @param fresh whether each request uses a new connection */
    Outcome closed(int port, Bodies bodies, int connections, double seconds, boolean fresh) {
        return run(new Run(port, bodies, connections, seconds, fresh, 0, 0, false));
    }

    Outcome open(int port, Bodies bodies, int connections, double seconds, double perSecond) {
        return run(new Run(port, bodies, connections, seconds, false, perSecond, 0, false));
    }

    /** The same with a limit, as API servers have it (--max-requests-inflight): a request that is due while all connections are in use is not sent. */
    Outcome limited(int port, Bodies bodies, int connections, double seconds, double perSecond) {
        return run(new Run(port, bodies, connections, seconds, false, perSecond, 0, true));
    }

    /**
     * Opens connections, waits, and then sends all requests at once.
     *
     * @param idle the seconds between the handshakes and the requests
     */
    Outcome burst(int port, Bodies bodies, int connections, double idle, int requests) {
        return run(new Run(port, bodies, connections, idle, false, 0, requests, false));
    }

    private Outcome run(Run run) {
        loop.execute(run::start);
        try {
            return run.outcome.get((long) run.seconds + 60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the server at port " + run.port + " does not answer", e);
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** Must run on the event loop's thread. */
    private final class Run {

        private final int port;
        private final Bodies bodies;
        private final int connections;
        private final double seconds;
        private final boolean fresh;
        private final double rate;
        private final int burst;
        private final boolean limited;
        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private final Deque<Connection> free = new ArrayDeque<>();
        private final Deque<Long> due = new ArrayDeque<>();
        private final Bootstrap bootstrap = new Bootstrap();
        private final Times latencies = new Times();
        private final Times delays = new Times();
        private int good;
        private int late;
        private int refused;
        private int failed;
        private int opened;
        private long begun;
        private long end;
        private long sent;
        private volatile boolean over;
        private volatile boolean taken;

        /** Whether a check for due requests is scheduled. */
        private final AtomicBoolean inLine = new AtomicBoolean();

        /**
         * @param seconds the duration; of a burst, the time before it
         * @param rate requests per second of an open run, otherwise 0
         * @param burst the number of requests of a burst, otherwise 0
         * @param limited whether requests of an open run that find no free connection are not sent
         */
        Run(
                int port,
                Bodies bodies,
                int connections,
                double seconds,
                boolean fresh,
                double rate,
                int burst,
                boolean limited) {
            this.port = port;
            this.bodies = bodies;
            this.connections = connections;
            this.seconds = seconds;
            this.fresh = fresh;
            this.rate = rate;
            this.burst = burst;
            this.limited = limited;
        }

        void start() {
            bootstrap
                    .group(loop)
                    .channel(NioSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .localAddress(address, 0)
                    .handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            SslHandler handler = tls.newHandler(channel.alloc(), "localhost", port);
                            Connection connection = new Connection(channel);
                            channel.pipeline().addLast(handler, connection);
                            handler.handshakeFuture().addListener(done -> {
                                if (done.isSuccess()) {
                                    connection.ready();
                                } else {
                                    failed++;
                                    finish();
                                }
                            });
                        }
                    });
            if (fresh) {
                begin();
            }
            for (int each = 0; each < connections; each++) {
                bootstrap.connect("127.0.0.1", port);
            }
        }

        private void begin() {
            if (burst > 0) {
                loop.schedule(this::sendBurst, (long) (seconds * 1e9), TimeUnit.NANOSECONDS);
                return;
            }
            begun = System.nanoTime();
            end = begun + (long) (seconds * 1e9);
            loop.schedule(this::finish, (long) (seconds * 1e9), TimeUnit.NANOSECONDS);
            if (rate > 0) {
                Thread.ofPlatform().daemon().name("pace").start(this::pace);
            }
        }

        private void sendBurst() {
            begun = System.nanoTime();
            for (int each = 0; each < burst; each++) {
                due.add(begun);
            }
            while (!due.isEmpty() && !free.isEmpty()) {
                free.poll().send(due.poll());
            }
            loop.schedule(this::finish, BURST_SECONDS, TimeUnit.SECONDS);
        }

        /** The event loop's timers have a resolution of a millisecond, and would send all requests of a millisecond at once. */
        private void pace() {
            while (!over) {
                LockSupport.parkNanos(taken ? SLOW_PACE : PACE);
                if (inLine.compareAndSet(false, true)) {
                    loop.execute(this::tick);
                }
            }
        }

        /** Queues the due requests. */
        private void tick() {
            inLine.set(false);
            if (over) {
                return;
            }
            long now = System.nanoTime();
            long until = Math.min(now, end);
            for (long at = begun + (long) (sent / rate * 1e9); at <= until; at = begun + (long) (sent / rate * 1e9)) {
                due.add(at);
                delays.add(now - at);
                sent++;
            }
            while (!due.isEmpty() && !free.isEmpty()) {
                free.poll().send(due.poll());
            }
            if (limited) {
                due.clear();
            }
            taken = !due.isEmpty();
        }

        /** Whether each connection sends the next request after the response. */
        private boolean isClosed() {
            return rate == 0 && burst == 0;
        }

        private void finish() {
            if (over) {
                return;
            }
            over = true;
            if (burst > 0) {
                failed = burst - good - late - refused;
            }
            outcome.complete(new Outcome(
                    good, late, refused, failed, System.nanoTime() - begun, latencies.sorted(), delays.sorted()));
        }

        /** A connection and its current request. */
        private final class Connection extends ChannelInboundHandlerAdapter {

            private static final String LENGTH = "content-length: ";

            /** The last chunk of a body in chunks (RFC 9112, 7.1). Nothing follows it, because requests are not pipelined. */
            private static final long LAST_CHUNK = 0x30_0D0A_0D0AL;

            private static final long FIVE_BYTES = 0xFF_FFFF_FFFFL;

            private final Channel channel;
            private long since;
            private int status;
            private long missing = -1;
            private boolean chunked;
            private long lastBytes;
            private ByteBuf head;
            private boolean closing;

            Connection(Channel channel) {
                this.channel = channel;
            }

            void ready() {
                if (over) {
                    channel.close();
                    return;
                }
                if (fresh) {
                    send(System.nanoTime());
                    return;
                }
                opened++;
                if (opened > connections) {
                    next();
                    return;
                }
                free.add(this);
                if (opened == connections) {
                    begin();
                    if (isClosed()) {
                        while (!free.isEmpty()) {
                            free.poll().send(System.nanoTime());
                        }
                    }
                }
            }

            void send(long dueAt) {
                since = dueAt;
                ByteBuf request = channel.alloc().directBuffer(bodies.requestLength(number));
                bodies.write(number++, request);
                channel.writeAndFlush(request);
            }

            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                ByteBuf bytes = (ByteBuf) message;
                try {
                    if (missing < 0) {
                        head = head == null ? bytes.alloc().buffer().writeBytes(bytes) : head.writeBytes(bytes);
                        readHead();
                    } else if (chunked) {
                        readChunks(bytes);
                    } else {
                        missing -= bytes.readableBytes();
                    }
                } finally {
                    bytes.release();
                }
                if (missing == 0) {
                    missing = -1;
                    answered();
                }
            }

            private void readHead() {
                int end = endOfHead();
                if (end < 0) {
                    return;
                }
                String text = head.toString(0, end, StandardCharsets.US_ASCII).toLowerCase(java.util.Locale.ROOT);
                status = Integer.parseInt(text.substring(9, 12));
                closing = text.contains("\r\nconnection: close");
                chunked = text.contains("\r\ntransfer-encoding: chunked");
                if (chunked) {
                    missing = 1;
                    readChunks(head.skipBytes(end + 4));
                    head.release();
                    head = null;
                    return;
                }
                int at = text.indexOf(LENGTH) + LENGTH.length();
                int stop = text.indexOf('\r', at);
                missing = Long.parseLong(text.substring(at, stop < 0 ? text.length() : stop))
                        - (head.readableBytes() - end - 4);
                head.release();
                head = null;
            }

            private void readChunks(ByteBuf bytes) {
                int start = Math.max(bytes.readerIndex(), bytes.writerIndex() - 5);
                for (int at = start; at < bytes.writerIndex(); at++) {
                    lastBytes = (lastBytes << 8 | bytes.getUnsignedByte(at)) & FIVE_BYTES;
                }
                missing = lastBytes == LAST_CHUNK ? 0 : 1;
            }

            private int endOfHead() {
                for (int at = 3; at < head.readableBytes(); at++) {
                    if (head.getByte(at) == '\n' && head.getByte(at - 2) == '\n') {
                        return at - 3;
                    }
                }
                return -1;
            }

            private void answered() {
                if (over) {
                    channel.close();
                    return;
                }
                if (status == 200) {
                    long latency = System.nanoTime() - since;
                    latencies.add(latency);
                    if (latency <= IN_TIME) {
                        good++;
                    } else {
                        late++;
                    }
                } else if (status == 503) {
                    refused++;
                } else {
                    failed++;
                }
                if (burst > 0 && good + late + refused + failed == burst) {
                    finish();
                }
                if (fresh || closing) {
                    closing = true;
                    channel.close();
                    loop.schedule(this::reconnect, status == 503 ? RETRY_AFTER : 0, TimeUnit.SECONDS);
                } else if (status == 503) {
                    loop.schedule(this::next, RETRY_AFTER, TimeUnit.SECONDS);
                } else {
                    next();
                }
            }

            /** Sends the next request, if one is due. */
            private void next() {
                if (isClosed()) {
                    send(System.nanoTime());
                } else if (due.isEmpty()) {
                    free.add(this);
                } else {
                    send(due.poll());
                }
            }

            @Override
            public void channelInactive(ChannelHandlerContext context) {
                if (!over && !closing) {
                    failed++;
                }
            }

            private void reconnect() {
                if (!over) {
                    bootstrap.connect("127.0.0.1", port);
                }
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
                if (!over) {
                    failed++;
                }
                context.close();
            }
        }
    }

    /** A growing list of durations in nanoseconds. */
    private static final class Times {

        private long[] times = new long[1 << 16];
        private int count;

        void add(long time) {
            if (count == times.length) {
                times = Arrays.copyOf(times, 2 * count);
            }
            times[count++] = time;
        }

        long[] sorted() {
            long[] sorted = Arrays.copyOf(times, count);
            Arrays.sort(sorted);
            return sorted;
        }
    }
}
