package dev.pillion.certificates;

import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A server's certificate chain with the matching key.
 *
 * @param certificatePem the chain, with the server's certificate first
 * @param keyPem the private key, not encrypted
 */
public record ServerCertificate(List<X509Certificate> chain, PrivateKey key, String certificatePem, String keyPem) {

    /** The key types that BoringSSL supports through Netty. */
    private static final Set<String> KEYS = Set.of("EC", "RSA");

    private static final byte[] PROBE = {1};

    private static final int FINGERPRINT_BYTES = 16;

    public ServerCertificate {
        chain = List.copyOf(chain);
    }

    /**
     * Reads PEM.
     *
     * @throws InvalidCertificateException if a part cannot be read, or the key does not match
     */
    public static ServerCertificate parse(String certificatePem, String keyPem) throws InvalidCertificateException {
        List<X509Certificate> chain = Pem.certificates(certificatePem);
        PrivateKey key = Pem.key(keyPem);
        if (!KEYS.contains(key.getAlgorithm())) {
            throw new InvalidCertificateException("the private key is for " + key.getAlgorithm()
                    + ", which the server's TLS does not support; create one for EC (P-256) or RSA");
        }
        if (!belongTogether(chain.getFirst(), key)) {
            throw new InvalidCertificateException("the private key does not belong to the certificate");
        }
        return new ServerCertificate(chain, key, certificatePem, keyPem);
    }

    /** The start of the certificate's SHA-256 in hexadecimal, which identifies it. */
    public String fingerprint() {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(chain.getFirst().getEncoded());
            return HexFormat.of().formatHex(hash, 0, FINGERPRINT_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read before", e);
        }
    }

    /** The end of the server's certificate. */
    public Instant notAfter() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    public Validity validity() {
        return Validity.of(chain.getFirst());
    }

    /** The DNS names and IP addresses in the certificate. */
    public Set<String> names() {
        try {
            Collection<List<?>> names = chain.getFirst().getSubjectAlternativeNames();
            return names == null
                    ? Set.of()
                    : names.stream()
                            .map(name -> String.valueOf(name.get(1)))
                            .collect(Collectors.toCollection(TreeSet::new));
        } catch (CertificateParsingException e) {
            return Set.of();
        }
    }

    /** Whether it has exactly these DNS names and IP addresses. */
    public boolean isFor(Collection<String> wanted) {
        return names().equals(wanted.stream().map(ServerCertificate::canonical).collect(Collectors.toSet()));
    }

    private static String canonical(String name) {
        return ServerName.isAddress(name) ? InetAddress.ofLiteral(name).getHostAddress() : name;
    }

    /** Whether this authority signed the server's certificate. */
    public boolean isSignedBy(X509Certificate authority) {
        if (!chain.getFirst().getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
            return false;
        }
        try {
            chain.getFirst().verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** The server's certificate as a key store. It contains no key, because a key store encrypts keys, which takes a tenth of a second at the start. */
    public KeyStore keyStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("server", chain.getFirst());
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key store in memory", e);
        }
    }

    private static boolean belongTogether(X509Certificate certificate, PrivateKey key) {
        try {
            Signature signer = Signature.getInstance(CertificateForm.signatureBy(key));
            signer.initSign(key);
            signer.update(PROBE);
            byte[] signature = signer.sign();
            signer.initVerify(certificate.getPublicKey());
            signer.update(PROBE);
            return signer.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Does not contain the key. */
    @Override
    public String toString() {
        return names() + " until " + notAfter();
    }
}
