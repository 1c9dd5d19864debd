package dev.pillion.certificates;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What self-managed certificates are to be like.
 *
 * @param authority how long an authority lives
 * @param certificate how long a server's certificate lives
 * @param overlap for how long a new authority is trusted before it signs: by then every API server has heard of it, and every replica
 *     of what the one before signed last
 * @param names DNS names and IP addresses that the server is reached by
 */
public record Terms(Duration authority, Duration certificate, Duration overlap, List<String> names) {

    private static final Duration SHORTEST = Duration.ofSeconds(10);

    public Terms {
        names = List.copyOf(names);
    }

    /** Why no certificate can be made on these terms, or a moment would be left without one that is trusted; empty when all is well. */
    public Optional<String> problem() {
        if (certificate.compareTo(SHORTEST) < 0) {
            return Optional.of("a certificate must live for " + SHORTEST.toSeconds() + " s at least, is to live for "
                    + words(certificate));
        }
        // The authority is replaced at two thirds of its life, and must outlive what it signed until then.
        if (certificate.multipliedBy(3).compareTo(authority) > 0) {
            return Optional.of("a certificate may live for a third of its authority's life at most, which is "
                    + words(authority.dividedBy(3)) + ", is to live for " + words(certificate));
        }
        // A certificate is replaced at two thirds of its life, and must outlive the overlap that may begin just then.
        if (overlap.isNegative() || overlap.isZero() || overlap.multipliedBy(4).compareTo(certificate) > 0) {
            return Optional.of("the overlap must be more than nothing and a quarter of a certificate's life at most,"
                    + " which is " + words(certificate.dividedBy(4)) + ", is " + words(overlap));
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
