package dev.pillion.server;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Looks after the certificates and the webhook configurations as long as this replica leads, on a thread of its own, since an API
 * server that is away makes a look take long. The first look follows at once when it has come to lead.
 */
final class SelfManagement implements AutoCloseable {

    private static final Duration LONGEST_TICK = Duration.ofMillis(250);

    private final Ticker ticker = new Ticker("certificates");
    private final Runnable look;
    private final BooleanSupplier leading;
    private final long period;
    private boolean led;
    private long looked;

    SelfManagement(Runnable look, BooleanSupplier leading, Duration period) {
        this.look = look;
        this.leading = leading;
        this.period = period.toNanos();
        Duration tick = period.compareTo(LONGEST_TICK) < 0 ? period : LONGEST_TICK;
        ticker.every(Duration.ZERO, tick, "a look at the certificates", this::tick);
    }

    private void tick() {
        boolean leads = leading.getAsBoolean();
        boolean due = !led || System.nanoTime() - looked >= period;
        led = leads;
        if (leads && due) {
            looked = System.nanoTime();
            look.run();
        }
    }

    @Override
    public void close() {
        ticker.close();
    }
}
