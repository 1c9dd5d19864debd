package dev.pillion.certificates;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;

/**
 * A self-signed server certificate for experiments: each client needs the certificate in order to trust it.
 *
 * @param certificate PEM
 * @param key PEM, PKCS #8, not encrypted
 */
public record SelfSignedCertificate(String certificate, String key, Instant notAfter) {

    /** @param names DNS names and IP addresses of the server */
    public static SelfSignedCertificate create(List<String> names, Duration lifetime, Clock clock) {
        KeyPair pair = CertificateForm.newKeyPair();
        Validity validity = Validity.beginning(clock.instant(), lifetime);
        X509Certificate certificate = CertificateForm.server(
                new X500Name("CN=pillion"), pair.getPublic(), pair.getPrivate(), pair.getPublic(), names, validity);
        return new SelfSignedCertificate(Pem.of(List.of(certificate)), Pem.of(pair.getPrivate()), validity.to());
    }
}
