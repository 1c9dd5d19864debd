package dev.pillion.certificates;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/** Certificates and keys as text, RFC 7468. */
public final class Pem {

    private Pem() {}

    /**
     * Reads all certificates in the text and ignores other blocks.
     *
     * @throws InvalidCertificateException if one cannot be read, or there is none
     */
    public static List<X509Certificate> certificates(String pem) throws InvalidCertificateException {
        List<X509Certificate> certificates = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            JcaX509CertificateConverter converter = new JcaX509CertificateConverter();
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                if (part instanceof X509CertificateHolder certificate) {
                    certificates.add(converter.getCertificate(certificate));
                }
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new InvalidCertificateException("the certificate is not valid PEM: " + e.getMessage());
        }
        if (certificates.isEmpty()) {
            throw new InvalidCertificateException("the certificate's file contains no PEM block BEGIN CERTIFICATE");
        }
        return certificates;
    }

    /**
     * Reads the first private key in the text.
     *
     * @throws InvalidCertificateException if it cannot be read or is encrypted, or there is none
     */
    public static PrivateKey key(String pem) throws InvalidCertificateException {
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
            throw new InvalidCertificateException("the private key is not valid PEM: " + e.getMessage());
        }
        throw new InvalidCertificateException(
                "the key's file contains no unencrypted private key in PEM (BEGIN PRIVATE KEY, RSA or EC)");
    }

    public static String of(List<X509Certificate> certificates) {
        return certificates.stream().map(Pem::text).collect(Collectors.joining());
    }

    /** PKCS #8, not encrypted. */
    static String of(PrivateKey key) {
        try {
            return text(new JcaPKCS8Generator(key, null));
        } catch (IOException e) {
            throw new UncheckedIOException("a key in memory", e);
        }
    }

    private static String text(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
            pem.writeObject(object);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return text.toString();
    }
}
