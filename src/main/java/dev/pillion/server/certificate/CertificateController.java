package dev.pillion.server.certificate;

import dev.pillion.server.task.PeriodicTasks;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Reconciles the certificates and the webhook configurations periodically while this replica is the leader, and at once when it becomes the leader.
 * It has a thread of its own, since an unavailable API server makes a run take long.
 */
final class CertificateController implements AutoCloseable {

    private static final Duration MAX_TICK = Duration.ofMillis(250);

    private final PeriodicTasks tasks;
    private final PeriodicTasks.Task reconcile;
    private final BooleanSupplier leading;
    private final long period;
    private boolean wasLeading;
    private boolean succeeded = true;
    private long lastRun;

    CertificateController(
            PeriodicTasks.Task reconcile, BooleanSupplier leading, Duration period, MeterRegistry meters) {
        this.reconcile = reconcile;
        this.leading = leading;
        this.period = period.toNanos();
        this.tasks = new PeriodicTasks("certificates", meters);
        Duration tick = period.compareTo(MAX_TICK) < 0 ? period : MAX_TICK;
        tasks.every(Duration.ZERO, tick, "certificate-rotation", this::tick);
    }

    /** @return whether the last run succeeded, also between two runs; always true if this replica is not the leader */
    private boolean tick() throws Exception {
        boolean leads = leading.getAsBoolean();
        boolean due = !wasLeading || System.nanoTime() - lastRun >= period;
        wasLeading = leads;
        if (!leads) {
            succeeded = true;
        } else if (due) {
            lastRun = System.nanoTime();
            succeeded = false;
            succeeded = reconcile.run();
        }
        return succeeded;
    }

    @Override
    public void close() {
        tasks.close();
    }
}
