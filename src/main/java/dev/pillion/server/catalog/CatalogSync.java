package dev.pillion.server.catalog;

import dev.pillion.catalog.resource.HistoryRule;
import dev.pillion.cluster.watch.WatchedResources;
import dev.pillion.server.task.PeriodicTasks;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Puts the cluster's resources into force shortly after a change, on a thread of its own. A hundred resources that are applied together make one or
 * two catalogs, not a hundred. The leader also updates the status of the resources.
 */
final class CatalogSync implements AutoCloseable {

    /** Longer than the time between two resources of one {@code kubectl apply}. */
    private static final Duration QUIET = Duration.ofMillis(300);

    /** No change waits longer than this, however many follow it. */
    private static final Duration MAX_DELAY = Duration.ofSeconds(2);

    /** How often the leader updates statuses, and how soon a failure is repeated. */
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final CurrentCatalog catalog;
    private final BooleanSupplier leading;
    private final PeriodicTasks tasks;
    private final AtomicBoolean waiting = new AtomicBoolean();
    private volatile long firstChange;
    private volatile long lastChange;
    private boolean failed;
    private long failedAt;
    private volatile boolean synced;
    private volatile boolean syncedWithDefinitions;

    /** @param leading whether this replica is the leader, which writes to the cluster */
    CatalogSync(CurrentCatalog catalog, BooleanSupplier leading, MeterRegistry meters) {
        this.tasks = new PeriodicTasks("resources", meters);
        this.catalog = catalog;
        this.leading = leading;
    }

    /** Starts the synchronization. {@link #changed} may be called before. */
    void start(WatchedResources resources) {
        tasks.every(Duration.ZERO, QUIET.dividedBy(3), "cluster-resources", () -> {
            if (isDue()) {
                syncOrRetry(resources);
            }
            return !failed;
        });
        tasks.every(PERIOD, "resource-status", () -> report(resources));
    }

    /** Never blocks. May be called on any thread. */
    void changed() {
        lastChange = System.nanoTime();
        if (waiting.compareAndSet(false, true)) {
            firstChange = lastChange;
        }
    }

    /** Whether the resources came into force once, even if there are none. */
    boolean synced() {
        return synced;
    }

    /** Whether that was at a time when the cluster defined both kinds. */
    boolean syncedWithDefinitions() {
        return syncedWithDefinitions;
    }

    private boolean isDue() {
        long now = System.nanoTime();
        if (failed) {
            return now - failedAt >= PERIOD.toNanos();
        }
        return waiting.get() && (now - lastChange >= QUIET.toNanos() || now - firstChange >= MAX_DELAY.toNanos());
    }

    /** After a failure, tries again even if no resource changes. */
    private void syncOrRetry(WatchedResources resources) {
        failed = true;
        failedAt = System.nanoTime();
        sync(resources);
        failed = false;
    }

    private void sync(WatchedResources resources) {
        waiting.set(false);
        if (!resources.settled()) {
            // With only a part of the resources, a policy may lack its profile.
            return;
        }
        boolean defined = resources.defined();
        catalog.take(resources.known(), leading.getAsBoolean() ? HistoryRule.LEADING : HistoryRule.FOLLOWING);
        synced = true;
        syncedWithDefinitions |= defined;
        report(resources);
    }

    private boolean report(WatchedResources resources) {
        return !leading.getAsBoolean() || !synced || resources.report(catalog.statuses());
    }

    @Override
    public void close() {
        tasks.close();
    }
}
