package dev.pillion.server.certificate;

import dev.pillion.server.task.PeriodicTasks;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Looks after the certificates and the webhook configurations as long as this replica leads, on a thread of its own, since an API
 * server that is away makes a look take long. The first look follows at once when it has come to lead.
 */
final class CertificateController implements AutoCloseable {

    private static final Duration LONGEST_TICK = Duration.ofMillis(250);

    private final PeriodicTasks tasks;
    private final PeriodicTasks.Task look;
    private final BooleanSupplier leading;
    private final long period;
    private boolean led;
    private boolean succeeded = true;
    private long looked;

    CertificateController(PeriodicTasks.Task look, BooleanSupplier leading, Duration period, MeterRegistry meters) {
        this.look = look;
        this.leading = leading;
        this.period = period.toNanos();
        this.tasks = new PeriodicTasks("certificates", meters);
        Duration tick = period.compareTo(LONGEST_TICK) < 0 ? period : LONGEST_TICK;
        tasks.every(Duration.ZERO, tick, "certificate-rotation", this::tick);
    }

    /** @return whether the last look succeeded, also between two looks; a replica that does not lead has nothing to do */
    private boolean tick() throws Exception {
        boolean leads = leading.getAsBoolean();
        boolean due = !led || System.nanoTime() - looked >= period;
        led = leads;
        if (!leads) {
            succeeded = true;
        } else if (due) {
            looked = System.nanoTime();
            succeeded = false;
            succeeded = look.run();
        }
        return succeeded;
    }

    @Override
    public void close() {
        tasks.close();
    }
}
