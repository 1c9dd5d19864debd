package dev.pillion.server;

import dev.pillion.certificates.InvalidCertificateException;
import dev.pillion.certificates.IssuedCertificate;
import dev.pillion.certificates.ServerCertificate;
import dev.pillion.certificates.Validity;
import dev.pillion.cluster.CertificateSecrets;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** The certificate that the leader made, as all replicas read it. One that has ended is not taken: the leader is about to renew it. */
final class SecretCertificate implements LiveCertificate.Source {

    private final CertificateSecrets secrets;
    private final Clock clock;
    private volatile Optional<Instant> authorityEnd = Optional.empty();

    SecretCertificate(CertificateSecrets secrets, Clock clock) {
        this.secrets = secrets;
        this.clock = clock;
    }

    @Override
    public ServerCertificate read() throws InvalidCertificateException {
        IssuedCertificate issued = secrets.certificateToServe();
        ServerCertificate certificate = issued.certificate();
        if (!clock.instant().isBefore(certificate.notAfter())) {
            throw new InvalidCertificateException("the certificate in Secret " + secrets.certificateSecret()
                    + " ended at " + certificate.notAfter() + "; the replica that leads renews it");
        }
        authorityEnd = issued.issuer().map(Validity::of).map(Validity::to);
        return certificate;
    }

    /** When the authority ends that signed what was read last. */
    Optional<Instant> authorityEnd() {
        return authorityEnd;
    }
}
