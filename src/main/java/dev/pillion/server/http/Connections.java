package dev.pillion.server.http;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * The open connections of one port, with a maximum number. When the maximum is reached, a new connection replaces another one. So a client that
 * opens many idle connections cannot block the API server or the kubelet. Thread-safe.
 */
public final class Connections {

    /** The API servers' clients keep 25 idle connections each, and open more in a burst (client-go's transport). Each takes about 15 KiB. */
    private static final int MAX_WEBHOOK = 5_000;

    /** The probes of the kubelet and one or two Prometheus servers use one each, for a fraction of a second. */
    private static final int MAX_MANAGEMENT = 64;

    /** A new connection gets this time to send its first bytes. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** Static, because Netty creates its extensions and passes nothing to them. */
    private static final Connections WEBHOOK = new Connections(MAX_WEBHOOK, Timeouts.WEBHOOK, longestWaiting(GRACE));

    private static final Connections MANAGEMENT =
            new Connections(MAX_MANAGEMENT, Timeouts.MANAGEMENT, oldestOfLargestShare());

    private final Timeouts timeouts;
    private final Eviction eviction;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong closedForOthers = new AtomicLong();
    private final AtomicLong timedOut = new AtomicLong();
    private final AtomicLong aged = new AtomicLong();
    private volatile int maximum;
    private volatile Duration age = Duration.ZERO;

    Connections(int maximum, Timeouts timeouts, Eviction eviction) {
        this.maximum = maximum;
        this.timeouts = timeouts;
        this.eviction = eviction;
    }

    /** The connections of the port for reviews. */
    public static Connections webhook() {
        return WEBHOOK;
    }

    /** The connections of the port for health and metrics. */
    public static Connections management() {
        return MANAGEMENT;
    }

    /** @param opened the value of {@link System#nanoTime} when the connection was opened */
    record Connection(Channel channel, ConnectionState state, long opened) {

        SocketAddress client() {
            // Without the port, which is different for each connection.
            return channel.remoteAddress() instanceof InetSocketAddress address
                    ? new InetSocketAddress(address.getAddress(), 0)
                    : channel.remoteAddress();
        }
    }

    /** Chooses the connection that a new one replaces. If it chooses none, the new one is refused. */
    @FunctionalInterface
    interface Eviction {

        Optional<Connection> choose(Collection<Connection> open, long now);
    }

    /**
     * Chooses the connection for whose client the server has waited longest, and for longer than the grace period. A connection with a request that
     * is being answered is not chosen.
     */
    static Eviction longestWaiting(Duration grace) {
        return (open, now) -> open.stream()
                .filter(each -> each.state.isWaitingForClient(now, grace))
                .min(Comparator.comparingLong(each -> each.state.since() - now));
    }

    /**
     * Chooses the oldest connection of the address with the most connections, in any phase. So a client that opens many loses its own. A probe is
     * answered at once, so its connection is never the oldest for long.
     */
    static Eviction oldestOfLargestShare() {
        return (open, now) -> open.stream().collect(Collectors.groupingBy(Connection::client)).values().stream()
                .max(Comparator.comparingInt((List<Connection> share) -> share.size())
                        .thenComparing(share -> share.stream()
                                .mapToLong(each -> now - each.opened)
                                .max()
                                .orElse(0)))
                .flatMap(share -> share.stream().max(Comparator.comparingLong(each -> now - each.opened)));
    }

    /** Sets the maximum number of open connections. */
    public void limitTo(int connections) {
        maximum = connections;
    }

    /**
     * Sets the age at which a connection is closed after a response, so that clients connect again and replicas share the load.
     *
     * @param connectionAge 0 for never
     */
    public void closeAfter(Duration connectionAge) {
        age = connectionAge;
    }

    public int count() {
        return count.get();
    }

    /** The number of connections that were closed or refused because of the maximum. */
    public long closedForOthers() {
        return closedForOthers.get();
    }

    /** The number of connections that were closed because the client was too slow. */
    public long timedOut() {
        return timedOut.get();
    }

    /** The number of connections that were closed because of their age. */
    public long aged() {
        return aged.get();
    }

    void countAged() {
        aged.incrementAndGet();
    }

    /** The age limit of a connection that is opened now. */
    ConnectionAge newAge() {
        return ConnectionAge.of(
                age, System.nanoTime(), ThreadLocalRandom.current().nextDouble());
    }

    Timeouts timeouts() {
        return timeouts;
    }

    /** Adds a connection, or closes it if there are too many. Returns whether it stays open. */
    boolean admit(Channel channel, ConnectionState state) {
        if (count.incrementAndGet() > maximum && !closeAnother()) {
            count.decrementAndGet();
            closedForOthers.incrementAndGet();
            channel.close();
            return false;
        }
        Connection connection = new Connection(channel, state, System.nanoTime());
        open.add(connection);
        channel.closeFuture().addListener(closed -> remove(connection));
        return true;
    }

    void timeOut(Channel channel) {
        timedOut.incrementAndGet();
        channel.close();
    }

    private boolean closeAnother() {
        Optional<Connection> chosen = eviction.choose(open, System.nanoTime());
        chosen.ifPresent(connection -> {
            remove(connection);
            closedForOthers.incrementAndGet();
            connection.channel.close();
        });
        return chosen.isPresent();
    }

    /** A connection is no longer counted as soon as its close has started. Further calls have no effect. */
    private void remove(Connection connection) {
        if (open.remove(connection)) {
            count.decrementAndGet();
        }
    }
}
