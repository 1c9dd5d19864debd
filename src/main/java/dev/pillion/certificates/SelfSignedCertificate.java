package dev.pillion.certificates;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;

/**
 * A server certificate that vouches for itself. For trying things out: a client must be handed the certificate to trust it.
 *
 * @param certificate PEM
 * @param key PEM, PKCS #8, not encrypted
 */
public record SelfSignedCertificate(String certificate, String key, Instant notAfter) {

    /** @param names DNS names and IP addresses that the server is reached by */
    public static SelfSignedCertificate create(List<String> names, Duration lifetime, Clock clock) {
        KeyPair pair = CertificateForm.newKeyPair();
        Validity validity = Validity.beginning(clock.instant(), lifetime);
        X509Certificate certificate = CertificateForm.server(
                new X500Name("CN=pillion"), pair.getPublic(), pair.getPrivate(), pair.getPublic(), names, validity);
        return new SelfSignedCertificate(Pem.of(List.of(certificate)), Pem.of(pair.getPrivate()), validity.to());
    }
}
