package dev.pillion.certificates;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Says when a certificate should long have been renewed, once a day. Whoever renews them at two thirds of their life, as Pillion and
 * cert-manager do, never hears of it.
 */
public final class ExpiryWatch {

    /** Enough to find the person who knows how, and not so much that the warning is forgotten. */
    private static final Duration NOTICE = Duration.ofDays(14);

    private static final Duration SILENCE = Duration.ofDays(1);

    private Optional<Instant> told = Optional.empty();

    /** @return a sentence about the certificate, when it is time to say one */
    public Optional<String> look(ServerCertificate certificate, Instant now) {
        Validity validity = certificate.validity();
        if (now.isBefore(warnFrom(validity))) {
            told = Optional.empty();
            return Optional.empty();
        }
        if (told.filter(last -> now.isBefore(last.plus(SILENCE))).isPresent()) {
            return Optional.empty();
        }
        told = Optional.of(now);
        return Optional.of(now.isBefore(validity.to()) ? ending(validity, now) : ended(validity));
    }

    /** A fortnight before the end; of a shorter life the last quarter. */
    private static Instant warnFrom(Validity validity) {
        Instant fortnight = validity.to().minus(NOTICE);
        return fortnight.isAfter(validity.overdue()) ? fortnight : validity.overdue();
    }

    private static String ending(Validity validity, Instant now) {
        Duration left = Duration.between(now, validity.to());
        String time = left.toDays() > 1 ? left.toDays() + " days" : left.toHours() + " hours";
        return "the webhook's certificate ends in " + time + ", at " + validity.to()
                + ", and has not been renewed; from then on the API server does not call Pillion";
    }

    private static String ended(Validity validity) {
        return "the webhook's certificate ended at " + validity.to() + ": the API server does not call Pillion";
    }
}
