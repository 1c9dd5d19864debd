package dev.pillion.server;

import dev.pillion.cluster.WatchedResources;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Puts the cluster's resources in force, on a thread of its own, a moment after one has changed: a hundred that are applied at once make
 * one or two new catalogs and not a hundred. The leader also tells the cluster what became of them.
 */
final class ResourceFeed implements AutoCloseable {

    /** {@code kubectl apply} of many files sends the next one well within this. */
    private static final Duration QUIET = Duration.ofMillis(300);

    /** No change waits longer than this, however many follow it. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** How soon a new leader says what there is to say, and what could not be written is written. */
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final LiveCatalog catalog;
    private final BooleanSupplier leading;
    private final Ticker ticker = new Ticker("resources");
    private final AtomicBoolean waiting = new AtomicBoolean();
    private volatile long firstChange;
    private volatile long lastChange;
    private volatile boolean fed;
    private volatile boolean fedWithDefinitions;

    /** @param leading whether it is this replica that writes to the cluster */
    ResourceFeed(LiveCatalog catalog, BooleanSupplier leading) {
        this.catalog = catalog;
        this.leading = leading;
    }

    /** From now on resources are fed from here. Changes may have been told of before. */
    void start(WatchedResources resources) {
        ticker.every(Duration.ZERO, QUIET.dividedBy(3), "a look at the profiles and policies of the cluster", () -> {
            if (isDue()) {
                feed(resources);
            }
        });
        ticker.every(
                PERIOD, "telling what became of the profiles and policies of the cluster", () -> report(resources));
    }

    /** Costs nothing, on whatever thread it is called. */
    void changed() {
        lastChange = System.nanoTime();
        if (waiting.compareAndSet(false, true)) {
            firstChange = lastChange;
        }
    }

    /** Whether there was something to feed, if only that there is nothing. */
    boolean fed() {
        return fed;
    }

    /** Whether that was at a time when the cluster defined profiles and policies. */
    boolean fedWithDefinitions() {
        return fedWithDefinitions;
    }

    private boolean isDue() {
        long now = System.nanoTime();
        return waiting.get() && (now - lastChange >= QUIET.toNanos() || now - firstChange >= PATIENCE.toNanos());
    }

    private void feed(WatchedResources resources) {
        waiting.set(false);
        if (!resources.settled()) {
            // Of half of them nothing can be said: a policy may come before its profile.
            return;
        }
        boolean defined = resources.defined();
        catalog.take(resources.known());
        fed = true;
        fedWithDefinitions |= defined;
        report(resources);
    }

    private void report(WatchedResources resources) {
        if (leading.getAsBoolean() && fed) {
            resources.report(catalog.verdicts());
        }
    }

    @Override
    public void close() {
        ticker.close();
    }
}
