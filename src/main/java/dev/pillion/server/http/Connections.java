package dev.pillion.server.http;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The open connections of one port, limited in number. Beyond the limit the connection that has waited longest for its client is closed in
 * favour of the new one, so that nobody can shut out the API server or the kubelet by opening connections and doing nothing. Thread-safe.
 */
public final class Connections {

    /** The API servers' clients keep 25 idle connections each, and open more in a burst (client-go's transport). Each takes some 15 KiB. */
    private static final int MAX_WEBHOOK = 5_000;

    /** The kubelet's probes and a scraper or two use one each, for a fraction of a second. */
    private static final int MAX_MANAGEMENT = 32;

    /** A connection that was opened just now has not had the time to send anything. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** Netty makes its extensions itself, so the two are found here. */
    private static final Connections WEBHOOK = new Connections(MAX_WEBHOOK, Timeouts.WEBHOOK);

    private static final Connections MANAGEMENT = new Connections(MAX_MANAGEMENT, Timeouts.MANAGEMENT);

    private final Timeouts timeouts;
    private final Duration grace;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong closedForOthers = new AtomicLong();
    private final AtomicLong timedOut = new AtomicLong();
    private volatile int maximum;

    private Connections(int maximum, Timeouts timeouts) {
        this(maximum, timeouts, GRACE);
    }

    Connections(int maximum, Timeouts timeouts, Duration grace) {
        this.maximum = maximum;
        this.timeouts = timeouts;
        this.grace = grace;
    }

    /** Those of the port for reviews. */
    public static Connections webhook() {
        return WEBHOOK;
    }

    /** Those of the port for health and metrics. */
    public static Connections management() {
        return MANAGEMENT;
    }

    private record Connection(Channel channel, ConnectionState state) {}

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
        if (count.incrementAndGet() > maximum && !closeLongestWaiting()) {
            count.decrementAndGet();
            closedForOthers.incrementAndGet();
            channel.close();
            return false;
        }
        Connection connection = new Connection(channel, state);
        open.add(connection);
        channel.closeFuture().addListener(closed -> forget(connection));
        return true;
    }

    void timeOut(Channel channel) {
        timedOut.incrementAndGet();
        channel.close();
    }

    private boolean closeLongestWaiting() {
        long now = System.nanoTime();
        Optional<Connection> longest = open.stream()
                .filter(each -> each.state.isWaitingForClient(now, grace))
                .min(Comparator.comparingLong(each -> each.state.since() - now));
        longest.ifPresent(connection -> {
            forget(connection);
            closedForOthers.incrementAndGet();
            connection.channel.close();
        });
        return longest.isPresent();
    }

    /** Once: it is no longer counted when its closing has been ordered. */
    private void forget(Connection connection) {
        if (open.remove(connection)) {
            count.decrementAndGet();
        }
    }
}
