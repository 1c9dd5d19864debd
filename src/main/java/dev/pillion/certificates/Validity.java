package dev.pillion.certificates;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** From when until when a certificate is good. */
public record Validity(Instant from, Instant to) {

    /** Clocks of two machines differ. */
    private static final Duration MOST_SKEW = Duration.ofHours(1);

    /** A certificate of a short life begins not so long before it is made, since what is due is told from its whole life. */
    private static final int SHARE_OF_SKEW = 20;

    /** Begins a little before now, for those whose clock is behind. */
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

    /** When it is to be replaced: at two thirds of its life, so that a third is left to find out why it was not. */
    public Instant due() {
        return to.minus(length().dividedBy(3));
    }

    /** When a replacement should have long been there: at three quarters of its life. */
    public Instant overdue() {
        return to.minus(length().dividedBy(4));
    }

    Duration length() {
        return Duration.between(from, to);
    }

    /** The same, ending no later than another. */
    Validity within(Validity other) {
        return to.isAfter(other.to) ? new Validity(from, other.to) : this;
    }
}
