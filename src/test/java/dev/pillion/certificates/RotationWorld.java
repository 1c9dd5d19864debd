package dev.pillion.certificates;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A leader, replicas and API servers with random events. */
abstract class RotationWorld {

    /** Results of verifications, which are slow. */
    private final Map<List<Object>, Boolean> signatures = new HashMap<>();

    /** The simulated time. */
    abstract Instant now();

    /** Advances the time, with random events and the checks of all participants. */
    abstract void advance();

    /** A served certificate that is not trusted, if there is one. */
    abstract Optional<String> distrusted();

    /** Whether such a certificate appears before the end. */
    final boolean reachesDistrust(Instant end) {
        boolean distrusted = false;
        while (!distrusted && now().isBefore(end)) {
            advance();
            distrusted = distrusted().isPresent();
        }
        return distrusted;
    }

    /** Whether an API server that trusts the authority accepts the certificate now. */
    final boolean isAccepted(X509Certificate authority, ServerCertificate certificate) {
        return Validity.of(authority).holdsAt(now())
                && signatures.computeIfAbsent(
                        List.of(
                                authority.getSerialNumber(),
                                certificate.chain().getFirst().getSerialNumber()),
                        unknown -> certificate.isSignedBy(authority));
    }
}
