package dev.pillion.certificates;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The certificate that all replicas serve.
 *
 * @param authorities all authorities that were trusted when it was issued, including its issuer
 */
public record IssuedCertificate(ServerCertificate certificate, List<X509Certificate> authorities) {

    public IssuedCertificate {
        authorities = List.copyOf(authorities);
    }

    public Optional<X509Certificate> issuer() {
        return authorities.stream().filter(certificate::isSignedBy).findFirst();
    }

    /** Whether an API server with this bundle accepts the certificate. */
    public boolean isTrustedBy(Collection<X509Certificate> bundle) {
        return bundle.stream().anyMatch(certificate::isSignedBy);
    }

    /** Whether an API server that trusts the authorities accepts the certificate now. */
    boolean isGoodAt(Instant now) {
        return certificate.validity().holdsAt(now)
                && issuer().map(Validity::of).filter(it -> it.holdsAt(now)).isPresent();
    }
}
