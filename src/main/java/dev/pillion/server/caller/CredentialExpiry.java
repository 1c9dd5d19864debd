package dev.pillion.server.caller;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The earliest expiry of the credentials that callers used in the last one to two hours. Operators can set an alert on it, because an API server with
 * an expired credential is refused, and Pods then start without companions.
 */
final class CredentialExpiry {

    private static final Duration PERIOD = Duration.ofHours(1);

    private final InstantSource clock;
    private Instant periodStart;
    private double before = Double.NaN;
    private double now = Double.NaN;

    CredentialExpiry(MeterRegistry meters, InstantSource clock) {
        this.clock = clock;
        this.periodStart = clock.instant();
        Gauge.builder("pillion.client.credential.expiration.timestamp", this, CredentialExpiry::earliest)
                .description("When the first of the recently used client credentials expires")
                .baseUnit("seconds")
                .register(meters);
    }

    /** Records the expiry of an accepted credential. Called once per connection, not per review. */
    synchronized void accepted(Instant notAfter) {
        advance();
        now = minimum(now, notAfter.getEpochSecond());
    }

    /** In seconds since 1970; NaN before the first caller. Without new callers, the value does not change. */
    synchronized double earliest() {
        advance();
        return minimum(before, now);
    }

    private void advance() {
        if (!Double.isNaN(now) && clock.instant().isAfter(periodStart.plus(PERIOD))) {
            before = now;
            now = Double.NaN;
            periodStart = clock.instant();
        }
    }

    private static double minimum(double one, double other) {
        return Double.isNaN(one) ? other : Double.isNaN(other) ? one : Math.min(one, other);
    }
}
