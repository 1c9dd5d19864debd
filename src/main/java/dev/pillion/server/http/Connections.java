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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * The open connections of one port, limited in number. Beyond the limit another connection is closed in favour of the new one, so that nobody
 * can shut out the API server or the kubelet by opening connections and doing nothing. Thread-safe.
 */
public final class Connections {

    /** The API servers' clients keep 25 idle connections each, and open more in a burst (client-go's transport). Each takes some 15 KiB. */
    private static final int MAX_WEBHOOK = 5_000;

    /** The kubelet's probes and a scraper or two use one each, for a fraction of a second. */
    private static final int MAX_MANAGEMENT = 64;

    /** A connection that was opened just now has not had the time to send anything. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** Netty makes its extensions itself, so the two are found here. */
    private static final Connections WEBHOOK = new Connections(MAX_WEBHOOK, Timeouts.WEBHOOK, longestWaiting(GRACE));

    private static final Connections MANAGEMENT =
            new Connections(MAX_MANAGEMENT, Timeouts.MANAGEMENT, oldestOfLargestShare());

    private final Timeouts timeouts;
    private final Eviction eviction;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong closedForOthers = new AtomicLong();
    private final AtomicLong timedOut = new AtomicLong();
    private volatile int maximum;

    Connections(int maximum, Timeouts timeouts, Eviction eviction) {
        this.maximum = maximum;
        this.timeouts = timeouts;
        this.eviction = eviction;
    }

    /** Those of the port for reviews. */
    public static Connections webhook() {
        return WEBHOOK;
    }

    /** Those of the port for health and metrics. */
    public static Connections management() {
        return MANAGEMENT;
    }

    /** @param opened as {@link System#nanoTime} tells it */
    record Connection(Channel channel, ConnectionState state, long opened) {

        SocketAddress client() {
            // Without the port: each connection has another one.
            return channel.remoteAddress() instanceof InetSocketAddress address
                    ? new InetSocketAddress(address.getAddress(), 0)
                    : channel.remoteAddress();
        }
    }

    /** Chooses the connection that is closed in favour of a new one; none where the new one is to be refused. */
    @FunctionalInterface
    interface Eviction {

        Optional<Connection> choose(Collection<Connection> open, long now);
    }

    /** The one that has waited longest for its client, for longer than this. One whose request is being answered is kept. */
    static Eviction longestWaiting(Duration grace) {
        return (open, now) -> open.stream()
                .filter(each -> each.state.isWaitingForClient(now, grace))
                .min(Comparator.comparingLong(each -> each.state.since() - now));
    }

    /**
     * The oldest one of the address that has most connections, whatever it is doing. A client that opens many takes them from itself, and a
     * probe, which is answered at once, is among the newest.
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

    /** How many may be open at once. */
    public void limitTo(int connections) {
        maximum = connections;
    }

    public int count() {
        return count.get();
    }

    /** How many were closed, or not accepted, because the port had too many. */
    public long closedForOthers() {
        return closedForOthers.get();
    }

    /** How many were closed because the client took too long. */
    public long timedOut() {
        return timedOut.get();
    }

    Timeouts timeouts() {
        return timeouts;
    }

    /** Takes a connection in, or closes it. Returns whether it stays open. */
    boolean admit(Channel channel, ConnectionState state) {
        if (count.incrementAndGet() > maximum && !closeAnother()) {
            count.decrementAndGet();
            closedForOthers.incrementAndGet();
            channel.close();
            return false;
        }
        Connection connection = new Connection(channel, state, System.nanoTime());
        open.add(connection);
        channel.closeFuture().addListener(closed -> forget(connection));
        return true;
    }

    void timeOut(Channel channel) {
        timedOut.incrementAndGet();
        channel.close();
    }

    private boolean closeAnother() {
        Optional<Connection> chosen = eviction.choose(open, System.nanoTime());
        chosen.ifPresent(connection -> {
            forget(connection);
            closedForOthers.incrementAndGet();
            connection.channel.close();
        });
        return chosen.isPresent();
    }

    /** Once: it is no longer counted when its closing has been ordered. */
    private void forget(Connection connection) {
        if (open.remove(connection)) {
            count.decrementAndGet();
        }
    }
}
