package dev.pillion.certificates;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;

/** A certificate authority with its key. */
public record CertificateAuthority(X509Certificate certificate, PrivateKey key) {

    /** The value of {@code getBasicConstraints} for a certificate that is no authority. */
    private static final int NO_AUTHORITY = -1;

    private static final String NAME_PREFIX = "CN=pillion-ca-";

    private static final int KEY_CERT_SIGN = 5;

    /** Creates an authority with a unique name, so that clients which trust two authorities can find the one that signed. */
    public static CertificateAuthority create(Duration lifetime, Instant now) {
        KeyPair pair = CertificateForm.newKeyPair();
        byte[] encoded = pair.getPublic().getEncoded();
        String end = HexFormat.of().formatHex(encoded, encoded.length - 4, encoded.length);
        X500Name name = new X500Name(NAME_PREFIX + end);
        return new CertificateAuthority(
                CertificateForm.authority(name, pair, Validity.beginning(now, lifetime)), pair.getPrivate());
    }

    /** Whether the certificate has the form of an authority that {@link #create} makes. */
    public static boolean isOwn(X509Certificate certificate) {
        return certificate.getBasicConstraints() != NO_AUTHORITY
                && certificate.getSubjectX500Principal().getName().startsWith(NAME_PREFIX)
                && certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    /**
     * Reads PEM.
     *
     * @throws InvalidCertificateException if a part cannot be read, the key does not match, or the certificate is no authority
     */
    public static CertificateAuthority parse(String certificatePem, String keyPem) throws InvalidCertificateException {
        ServerCertificate pair = ServerCertificate.parse(certificatePem, keyPem);
        X509Certificate certificate = pair.chain().getFirst();
        boolean[] usage = certificate.getKeyUsage();
        if (certificate.getBasicConstraints() == NO_AUTHORITY || (usage != null && !usage[KEY_CERT_SIGN])) {
            throw new InvalidCertificateException(
                    "the certificate is not the certificate of an authority: it may not sign other certificates");
        }
        return new CertificateAuthority(certificate, pair.key());
    }

    /**
     * Creates a key and signs its certificate, which ends no later than the authority.
     *
     * @param names DNS names and IP addresses of the server
     */
    public ServerCertificate issue(List<String> names, Duration lifetime, Instant now) {
        KeyPair pair = CertificateForm.newKeyPair();
        X509Certificate issued = CertificateForm.server(
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
                certificate.getPublicKey(),
                key,
                pair.getPublic(),
                names,
                Validity.beginning(now, lifetime).within(validity()));
        List<X509Certificate> chain = List.of(issued);
        return new ServerCertificate(chain, pair.getPrivate(), Pem.of(chain), Pem.of(pair.getPrivate()));
    }

    public Validity validity() {
        return Validity.of(certificate);
    }

    public String name() {
        return certificate.getSubjectX500Principal().getName();
    }

    public String certificatePem() {
        return Pem.of(List.of(certificate));
    }

    public String keyPem() {
        return Pem.of(key);
    }

    /** Does not contain the key. */
    @Override
    public String toString() {
        return name() + " until " + validity().to();
    }
}
