package dev.pillion.certificates;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Warns once a day about a certificate that was not renewed in time. There is no warning if it is renewed at two thirds of its lifetime, as
 * Pillion and cert-manager do.
 */
public final class ExpiryWatch {

    /** How long before the end the warnings start, for certificates with a long lifetime. */
    private static final Duration WARNING_PERIOD = Duration.ofDays(14);

    private static final Duration WARNING_INTERVAL = Duration.ofDays(1);

    private Optional<Instant> lastWarning = Optional.empty();

    /** @return a warning, if one is due */
    public Optional<String> look(ServerCertificate certificate, Instant now) {
        Validity validity = certificate.validity();
        if (now.isBefore(warnFrom(validity))) {
            lastWarning = Optional.empty();
            return Optional.empty();
        }
        if (lastWarning
                .filter(last -> now.isBefore(last.plus(WARNING_INTERVAL)))
                .isPresent()) {
            return Optional.empty();
        }
        lastWarning = Optional.of(now);
        return Optional.of(now.isBefore(validity.to()) ? ending(validity, now) : ended(validity));
    }

    /** The start of the warnings: two weeks before the end, or the last quarter of a shorter lifetime. */
    private static Instant warnFrom(Validity validity) {
        Instant twoWeeks = validity.to().minus(WARNING_PERIOD);
        return twoWeeks.isAfter(validity.overdue()) ? twoWeeks : validity.overdue();
    }

    private static String ending(Validity validity, Instant now) {
        Duration left = Duration.between(now, validity.to());
        String time = left.toDays() > 1 ? left.toDays() + " days" : left.toHours() + " hours";
        return "the webhook's certificate expires in " + time + ", at " + validity.to()
                + ", because it was not renewed; after this time, calls of the API server fail";
    }

    private static String ended(Validity validity) {
        return "the webhook's certificate expired at " + validity.to() + "; calls of the API server fail";
    }
}
