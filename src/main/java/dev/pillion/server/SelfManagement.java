package dev.pillion.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Looks after the certificates and the webhook configurations as long as this replica leads, on a thread of its own, since an API
 * server that is away makes a look take long. The first look follows at once when it has come to lead.
 */
final class SelfManagement implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SelfManagement.class);
    private static final Duration LONGEST_TICK = Duration.ofMillis(250);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("certificates").factory());
    private final List<Runnable> looks;
    private final BooleanSupplier leading;
    private final long period;
    private boolean led;
    private long looked;

    /** @param looks in this order */
    SelfManagement(List<Runnable> looks, BooleanSupplier leading, Duration period) {
        this.looks = List.copyOf(looks);
        this.leading = leading;
        this.period = period.toNanos();
        long tick = Math.min(period.toMillis(), LONGEST_TICK.toMillis());
        thread.scheduleWithFixedDelay(this::tick, 0, tick, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        boolean leads = leading.getAsBoolean();
        boolean due = !led || System.nanoTime() - looked >= period;
        led = leads;
        if (!leads || !due) {
            return;
        }
        looked = System.nanoTime();
        looks.forEach(SelfManagement::attempt);
    }

    private static void attempt(Runnable look) {
        try {
            look.run();
        } catch (RuntimeException e) {
            // An exception would end the schedule.
            LOG.error("a look at the certificates failed; the next one follows", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
