package dev.pillion.server.certificate;

import dev.pillion.certificates.InvalidCertificateException;
import dev.pillion.certificates.IssuedCertificate;
import dev.pillion.certificates.ServerCertificate;
import dev.pillion.certificates.Validity;
import dev.pillion.cluster.LogOnChange;
import dev.pillion.cluster.certificate.CaBundles;
import dev.pillion.cluster.certificate.CertificateSecrets;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Reads the certificate that the leader wrote, and reports which one this replica serves. An expired certificate is not used: the leader is about to
 * renew it. While a valid one is served, a certificate of another authority replaces it only if all webhooks trusted that authority at two
 * reads in a row. A Secret that was restored from a backup, or written by an earlier leader, must not reach API servers that do not trust it.
 */
final class SecretCertificate implements CurrentCertificate.Source {

    private static final Logger LOG = Logger.getLogger(SecretCertificate.class);

    private final CertificateSecrets secrets;
    private final CaBundles bundles;
    private final String replica;
    private final Clock clock;
    private final LogOnChange untrusted = new LogOnChange(LOG, "the certificate in the Secret is not served yet");
    private volatile Optional<IssuedCertificate> served = Optional.empty();
    private String seenTrusted = "";

    /** @param replica the name of this replica's Pod, if it has one */
    SecretCertificate(CertificateSecrets secrets, CaBundles bundles, String replica, Clock clock) {
        this.secrets = secrets;
        this.bundles = bundles;
        this.replica = replica;
        this.clock = clock;
    }

    @Override
    public ServerCertificate read(Optional<ServerCertificate> current) throws InvalidCertificateException {
        IssuedCertificate issued = secrets.certificateToServe();
        ServerCertificate certificate = issued.certificate();
        if (!clock.instant().isBefore(certificate.notAfter())) {
            throw new InvalidCertificateException("the certificate in Secret " + secrets.certificateSecret()
                    + " expired at " + certificate.notAfter() + "; the leader renews it");
        }
        Optional<ServerCertificate> good = current.filter(it -> clock.instant().isBefore(it.notAfter()));
        if (good.isPresent() && !mayReplace(good.get(), issued)) {
            return good.get();
        }
        if (good.isEmpty() && !mayBeFirst(issued)) {
            throw new InvalidCertificateException("the webhooks do not yet trust the certificate in Secret "
                    + secrets.certificateSecret() + "; the leader updates the webhooks");
        }
        served = Optional.of(issued);
        return certificate;
    }

    private boolean mayReplace(ServerCertificate current, IssuedCertificate offered) {
        if (offered.issuer().filter(current::isSignedBy).isPresent()) {
            return true;
        }
        boolean trusted = isTrusted(offered);
        String fingerprint = offered.certificate().fingerprint();
        boolean wasTrusted = seenTrusted.equals(fingerprint);
        seenTrusted = trusted ? fingerprint : "";
        return trusted && wasTrusted;
    }

    /** Without a certificate a replica cannot answer, so if the webhooks cannot be read, it uses any certificate. */
    private boolean mayBeFirst(IssuedCertificate offered) {
        try {
            return bundles.trust(offered);
        } catch (KubernetesClientException e) {
            return true;
        }
    }

    private boolean isTrusted(IssuedCertificate offered) {
        try {
            if (bundles.trust(offered)) {
                untrusted.recovered();
                return true;
            }
            untrusted.failed("not all webhooks trust the authority that signed it; the leader updates the webhooks");
        } catch (KubernetesClientException e) {
            untrusted.failed("it is not known whether the webhooks trust its authority: " + e.getMessage());
        }
        return false;
    }

    @Override
    public void serving(ServerCertificate current) {
        secrets.report(replica, current);
    }

    /** The certificate that is served, with its authorities. */
    Optional<IssuedCertificate> served() {
        return served;
    }

    /** When the authority of the served certificate expires. */
    Optional<Instant> authorityEnd() {
        return served.flatMap(IssuedCertificate::issuer).map(Validity::of).map(Validity::to);
    }
}
