package dev.pillion.certificates;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority of a test, which issues client certificates of every kind. */
public record TestClientAuthority(X509Certificate certificate, PrivateKey key, List<X509Certificate> above) {

    private static long serial;

    /** A client's certificate and its key. */
    public record Client(List<X509Certificate> chain, PrivateKey key) {

        public KeyStore keyStore() throws Exception {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("client", key, new char[0], chain.toArray(X509Certificate[]::new));
            return store;
        }
    }

    public static TestClientAuthority named(String subject, Instant from, Instant to) throws Exception {
        KeyPair pair = CertificateForm.newKeyPair();
        X500Name name = new X500Name(subject);
        return new TestClientAuthority(
                sign(name, pair, name, pair.getPrivate(), from, to, true, Optional.empty()),
                pair.getPrivate(),
                List.of());
    }

    public static TestClientAuthority named(String subject) throws Exception {
        Instant now = Instant.now();
        return named(subject, now.minus(Duration.ofDays(2)), now.plus(Duration.ofDays(2)));
    }

    /** An intermediate authority. */
    public TestClientAuthority intermediate(String subject) throws Exception {
        KeyPair pair = CertificateForm.newKeyPair();
        Instant now = Instant.now();
        X509Certificate signed = sign(
                new X500Name(subject),
                pair,
                name(),
                key,
                now.minus(Duration.ofDays(1)),
                now.plus(Duration.ofDays(1)),
                true,
                Optional.empty());
        return new TestClientAuthority(
                signed,
                pair.getPrivate(),
                Stream.concat(Stream.of(signed), above.stream()).toList());
    }

    public Client client(String subject) throws Exception {
        Instant now = Instant.now();
        return client(
                subject, now.minus(Duration.ofHours(1)), now.plus(Duration.ofHours(1)), KeyPurposeId.id_kp_clientAuth);
    }

    public Client client(String subject, Instant from, Instant to, KeyPurposeId usage) throws Exception {
        KeyPair pair = CertificateForm.newKeyPair();
        X509Certificate own = sign(new X500Name(subject), pair, name(), key, from, to, false, Optional.of(usage));
        return new Client(Stream.concat(Stream.of(own), above.stream()).toList(), pair.getPrivate());
    }

    public String pem() {
        return Pem.of(List.of(certificate));
    }

    private X500Name name() {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    private static X509Certificate sign(
            X500Name subject,
            KeyPair pair,
            X500Name issuer,
            PrivateKey signer,
            Instant from,
            Instant to,
            boolean authority,
            Optional<KeyPurposeId> usage)
            throws Exception {
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer, BigInteger.valueOf(++serial), Date.from(from), Date.from(to), subject, pair.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        if (usage.isPresent()) {
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(usage.get()));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
    }
}
