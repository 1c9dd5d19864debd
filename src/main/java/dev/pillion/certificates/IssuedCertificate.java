package dev.pillion.certificates;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The certificate that all replicas serve, as it is kept.
 *
 * @param authorities all that were trusted when it was issued, its own issuer among them
 */
public record IssuedCertificate(ServerCertificate certificate, List<X509Certificate> authorities) {

    public IssuedCertificate {
        authorities = List.copyOf(authorities);
    }

    public Optional<X509Certificate> issuer() {
        return authorities.stream().filter(certificate::isSignedBy).findFirst();
    }

    /** Whether an API server that has this bundle accepts it. */
    public boolean isTrustedBy(Collection<X509Certificate> bundle) {
        return bundle.stream().anyMatch(certificate::isSignedBy);
    }

    /** Whether an API server that trusts the authorities accepts it now. */
    boolean isGoodAt(Instant now) {
        return certificate.validity().holdsAt(now)
                && issuer().map(Validity::of).filter(it -> it.holdsAt(now)).isPresent();
    }
}
