package dev.pillion.certificates;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** The validity period of a certificate. */
public record Validity(Instant from, Instant to) {

    /** The maximum difference between the clocks of two machines. */
    private static final Duration MOST_SKEW = Duration.ofHours(1);

    /** A certificate with a short lifetime starts less early, because its renewal depends on its whole lifetime. */
    private static final int SHARE_OF_SKEW = 20;

    /** Starts a little before now, for clients with a late clock. */
    static Validity beginning(Instant now, Duration lifetime) {
        Duration skew = lifetime.dividedBy(SHARE_OF_SKEW);
        return new Validity(now.minus(skew.compareTo(MOST_SKEW) < 0 ? skew : MOST_SKEW), now.plus(lifetime));
    }

    public static Validity of(X509Certificate certificate) {
        return new Validity(
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    public boolean holdsAt(Instant now) {
        return !now.isBefore(from) && now.isBefore(to);
    }

    /** The time of its replacement: at two thirds of its lifetime. The last third is for finding out why it was not replaced. */
    public Instant due() {
        return to.minus(length().dividedBy(3));
    }

    /** The time at which its replacement is overdue: at three quarters of its lifetime. */
    Instant overdue() {
        return to.minus(length().dividedBy(4));
    }

    Duration length() {
        return Duration.between(from, to);
    }

    /** This period, with an end no later than that of another. */
    Validity within(Validity other) {
        return to.isAfter(other.to) ? new Validity(from, other.to) : this;
    }
}
