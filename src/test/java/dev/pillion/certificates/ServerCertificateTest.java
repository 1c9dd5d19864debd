package dev.pillion.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.StringWriter;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.Test;

class ServerCertificateTest {

    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    private final SelfSignedCertificate made = SelfSignedCertificate.create(
            List.of("localhost", "127.0.0.1", "::1"), Duration.ofDays(7), Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void hasTheRequestedNamesAndLifetime() throws Exception {
        ServerCertificate certificate = ServerCertificate.parse(made.certificate(), made.key());

        assertThat(certificate.notAfter())
                .isEqualTo(NOW.plus(Duration.ofDays(7)))
                .isEqualTo(made.notAfter());
        assertThat(certificate.chain()).hasSize(1);
        Collection<List<?>> names = certificate.chain().getFirst().getSubjectAlternativeNames();
        assertThat(names.stream().map(name -> String.valueOf(name.get(1))))
                .containsExactlyInAnyOrder("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
        certificate.chain().getFirst().verify(certificate.chain().getFirst().getPublicKey());
    }

    @Test
    void isInAKeyStoreWithoutItsKey() throws Exception {
        ServerCertificate certificate = ServerCertificate.parse(made.certificate(), made.key());

        KeyStore store = certificate.keyStore();

        assertThat(store.getCertificate("server")).isEqualTo(certificate.chain().getFirst());
        assertThat(store.isKeyEntry("server")).isFalse();
    }

    @Test
    void readsTheFormsOfKeysThatOpensslWrites() throws Exception {
        PrivateKey key = ServerCertificate.parse(made.certificate(), made.key()).key();
        PrivateKeyInfo pkcs8 = PrivateKeyInfo.getInstance(key.getEncoded());
        ECPrivateKey sec1 = new ECPrivateKey(
                256,
                ECPrivateKey.getInstance(pkcs8.parsePrivateKey()).getKey(),
                pkcs8.getPrivateKeyAlgorithm().getParameters());
        StringWriter traditional = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(traditional)) {
            pem.writeObject(new PemObject("EC PRIVATE KEY", sec1.getEncoded()));
        }

        assertThat(traditional.toString()).contains("BEGIN EC PRIVATE KEY");
        assertThat(ServerCertificate.parse(made.certificate(), traditional.toString())
                        .key())
                .isInstanceOfSatisfying(java.security.interfaces.ECPrivateKey.class, read -> assertThat(read.getS())
                        .isEqualTo(((java.security.interfaces.ECPrivateKey) key).getS()));
    }

    @Test
    void readsAWholeChain() throws Exception {
        SelfSignedCertificate other =
                SelfSignedCertificate.create(List.of("ca"), Duration.ofDays(1), Clock.systemUTC());

        ServerCertificate certificate =
                ServerCertificate.parse(made.certificate() + "\n# the issuer\n" + other.certificate(), made.key());

        assertThat(certificate.chain()).hasSize(2);
        assertThat(certificate.notAfter()).isEqualTo(made.notAfter());
    }

    @Test
    void rejectsAKeyThatDoesNotMatch() throws Exception {
        SelfSignedCertificate other =
                SelfSignedCertificate.create(List.of("localhost"), Duration.ofDays(1), Clock.systemUTC());
        assertRefused(made.certificate(), other.key(), "the private key does not belong to the certificate");

        StringWriter rsa = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(rsa)) {
            pem.writeObject(
                    KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate());
        }
        assertRefused(made.certificate(), rsa.toString(), "the private key does not belong to the certificate");
    }

    @Test
    void rejectsAKeyThatTheServersTlsDoesNotSupport() throws Exception {
        String certificate = SelfSignedCertificate.create(List.of("localhost"), Duration.ofDays(1), Clock.systemUTC())
                .certificate();
        byte[] key = KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        String pem = "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key)
                + "\n-----END PRIVATE KEY-----\n";

        assertRefused(
                certificate,
                pem,
                "the private key is for EdDSA, which the server's TLS does not support; create one for EC (P-256) or RSA");
    }

    @Test
    void namesTheFileWithoutACertificateOrKey() {
        assertRefused("", made.key(), "the certificate's file contains no PEM block BEGIN CERTIFICATE");
        assertRefused(made.key(), made.key(), "the certificate's file contains no PEM block BEGIN CERTIFICATE");
        assertRefused(
                made.certificate(),
                "",
                "the key's file contains no unencrypted private key in PEM (BEGIN PRIVATE KEY, RSA or EC)");
        assertThatExceptionOfType(InvalidCertificateException.class)
                .isThrownBy(() -> ServerCertificate.parse(
                        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", made.key()))
                .withMessageStartingWith("the certificate is not valid PEM: ");
        assertThatExceptionOfType(InvalidCertificateException.class)
                .isThrownBy(() -> ServerCertificate.parse(
                        made.certificate(), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"))
                .withMessageStartingWith("the private key is not valid PEM: ");
    }

    private static void assertRefused(String certificate, String key, String message) {
        assertThatExceptionOfType(InvalidCertificateException.class)
                .isThrownBy(() -> ServerCertificate.parse(certificate, key))
                .withMessage(message);
    }
}
