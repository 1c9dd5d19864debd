package dev.pillion.server.catalog;

import dev.pillion.cluster.watch.WatchedResources;
import dev.pillion.server.task.PeriodicTasks;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Puts the cluster's resources in force, on a thread of its own, a moment after one has changed: a hundred that are applied at once make
 * one or two new catalogs and not a hundred. The leader also tells the cluster what became of them.
 */
final class CatalogSync implements AutoCloseable {

    /** {@code kubectl apply} of many files sends the next one well within this. */
    private static final Duration QUIET = Duration.ofMillis(300);

    /** No change waits longer than this, however many follow it. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** How soon a new leader says what there is to say, and what could not be written is written. */
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final CurrentCatalog catalog;
    private final BooleanSupplier leading;
    private final PeriodicTasks tasks;
    private final AtomicBoolean waiting = new AtomicBoolean();
    private volatile long firstChange;
    private volatile long lastChange;
    private boolean failed;
    private long failedAt;
    private volatile boolean fed;
    private volatile boolean fedWithDefinitions;

    /** @param leading whether it is this replica that writes to the cluster */
    CatalogSync(CurrentCatalog catalog, BooleanSupplier leading, MeterRegistry meters) {
        this.tasks = new PeriodicTasks("resources", meters);
        this.catalog = catalog;
        this.leading = leading;
    }

    /** From now on resources are fed from here. Changes may have been told of before. */
    void start(WatchedResources resources) {
        tasks.every(Duration.ZERO, QUIET.dividedBy(3), "cluster-resources", () -> {
            if (isDue()) {
                feedOrRetry(resources);
            }
            return !failed;
        });
        tasks.every(PERIOD, "resource-status", () -> report(resources));
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
        if (failed) {
            return now - failedAt >= PERIOD.toNanos();
        }
        return waiting.get() && (now - lastChange >= QUIET.toNanos() || now - firstChange >= PATIENCE.toNanos());
    }

    /** What could not be put in force is tried again, also when no resource changes any more. */
    private void feedOrRetry(WatchedResources resources) {
        failed = true;
        failedAt = System.nanoTime();
        feed(resources);
        failed = false;
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

    private boolean report(WatchedResources resources) {
        return !leading.getAsBoolean() || !fed || resources.report(catalog.statuses());
    }

    @Override
    public void close() {
        tasks.close();
    }
}
