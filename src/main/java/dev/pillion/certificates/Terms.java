package dev.pillion.certificates;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The settings of self-managed certificates.
 *
 * @param authority the lifetime of an authority
 * @param certificate the lifetime of a server certificate
 * @param overlap the time for which a new authority is trusted before it signs: by then every API server has the bundle, and every replica has
 *     the last certificate of the previous authority
 * @param names DNS names and IP addresses of the server
 */
public record Terms(Duration authority, Duration certificate, Duration overlap, List<String> names) {

    private static final Duration SHORTEST = Duration.ofSeconds(10);

    public Terms {
        names = List.copyOf(names);
    }

    /** The reason why these settings do not allow a rotation without interruption; empty if they do. */
    public Optional<String> problem() {
        if (certificate.compareTo(SHORTEST) < 0) {
            return Optional.of("the lifetime of a certificate is " + words(certificate) + ", but must be at least "
                    + SHORTEST.toSeconds() + "s");
        }
        // The authority is replaced at two thirds of its lifetime and must outlive the certificates that it signed
        // until then.
        if (certificate.multipliedBy(3).compareTo(authority) > 0) {
            return Optional.of("the lifetime of a certificate is " + words(certificate) + ", but must be at most "
                    + words(authority.dividedBy(3)) + ", a third of its authority's lifetime");
        }
        // A certificate is replaced at two thirds of its lifetime and must outlive an overlap that begins at that time.
        if (overlap.isNegative() || overlap.isZero() || overlap.multipliedBy(4).compareTo(certificate) > 0) {
            return Optional.of("the overlap is " + words(overlap) + ", but must be more than zero and at most "
                    + words(certificate.dividedBy(4)) + ", a quarter of a certificate's lifetime");
        }
        return names.stream()
                .filter(name -> !ServerName.isDnsName(name) && !ServerName.isAddress(name))
                .findFirst()
                .map(name -> "'" + name + "' is neither a DNS name nor an IP address");
    }

    private static String words(Duration duration) {
        return duration.toString()
                .substring("P".length())
                .replaceFirst("^T", "")
                .toLowerCase(Locale.ROOT);
    }
}
