package dev.pillion.certificates;

import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * A server's certificate chain and key that are known to fit together.
 *
 * @param certificatePem the chain, the server's own certificate first
 * @param keyPem the private key, not encrypted
 */
public record ServerCertificate(List<X509Certificate> chain, PrivateKey key, String certificatePem, String keyPem) {

    private static final byte[] PROBE = {1};

    public ServerCertificate {
        chain = List.copyOf(chain);
    }

    /**
     * Reads PEM.
     *
     * @throws InvalidCertificateException when a part cannot be read, or the key is not the certificate's
     */
    public static ServerCertificate parse(String certificatePem, String keyPem) throws InvalidCertificateException {
        List<X509Certificate> chain = chain(certificatePem);
        PrivateKey key = key(keyPem);
        if (!belongTogether(chain.getFirst(), key)) {
            throw new InvalidCertificateException("the private key is not the certificate's");
        }
        return new ServerCertificate(chain, key, certificatePem, keyPem);
    }

    /** When the server's own certificate ends. */
    public Instant notAfter() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    /** The chain and its key as a key store without a password. */
    public KeyStore keyStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key, new char[0], chain.toArray(X509Certificate[]::new));
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key store in memory", e);
        }
    }

    private static List<X509Certificate> chain(String pem) throws InvalidCertificateException {
        List<X509Certificate> chain = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            JcaX509CertificateConverter converter = new JcaX509CertificateConverter();
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                if (part instanceof X509CertificateHolder certificate) {
                    chain.add(converter.getCertificate(certificate));
                }
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new InvalidCertificateException("the certificate is no PEM that can be read: " + e.getMessage());
        }
        if (chain.isEmpty()) {
            throw new InvalidCertificateException("the certificate's file holds no PEM block BEGIN CERTIFICATE");
        }
        return chain;
    }

    private static PrivateKey key(String pem) throws InvalidCertificateException {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                switch (part) {
                    case PrivateKeyInfo key -> {
                        return converter.getPrivateKey(key);
                    }
                    case PEMKeyPair pair -> {
                        return converter.getPrivateKey(pair.getPrivateKeyInfo());
                    }
                    default -> {}
                }
            }
        } catch (IOException | RuntimeException e) {
            throw new InvalidCertificateException("the private key is no PEM that can be read: " + e.getMessage());
        }
        throw new InvalidCertificateException(
                "the key's file holds no private key in PEM that is not encrypted (BEGIN PRIVATE KEY, RSA or EC)");
    }

    private static boolean belongTogether(X509Certificate certificate, PrivateKey key) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "EC", "ECDSA" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> key.getAlgorithm();
                };
        try {
            Signature signer = Signature.getInstance(algorithm);
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
}
