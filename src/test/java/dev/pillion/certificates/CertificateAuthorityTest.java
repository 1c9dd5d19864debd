package dev.pillion.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x509.Extension;
import org.junit.jupiter.api.Test;

class CertificateAuthorityTest {

    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    private static final Duration YEAR = Duration.ofDays(365);
    private static final List<String> NAMES = List.of("pillion.pillion.svc", "10.0.0.1", "fd00::1");

    private final CertificateAuthority authority = CertificateAuthority.create(YEAR, NOW);

    @Test
    void signsCertificatesThatItsClientsAccept() throws Exception {
        ServerCertificate issued = authority.issue(NAMES, Duration.ofDays(90), NOW);

        PKIXParameters trust = new PKIXParameters(Set.of(new TrustAnchor(authority.certificate(), null)));
        trust.setRevocationEnabled(false);
        trust.setDate(Date.from(NOW));
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(issued.chain()), trust);

        assertThat(issued.isSignedBy(authority.certificate())).isTrue();
        assertThat(issued.isSignedBy(CertificateAuthority.create(YEAR, NOW).certificate()))
                .isFalse();
        assertThat(issued.names()).containsExactlyInAnyOrder("pillion.pillion.svc", "10.0.0.1", "fd00:0:0:0:0:0:0:1");
        assertThat(issued.isFor(NAMES)).isTrue();
        assertThat(issued.isFor(List.of("pillion.pillion.svc"))).isFalse();
    }

    @Test
    void canOnlySignServerCertificates() {
        X509Certificate certificate = authority.certificate();

        assertThat(certificate.getBasicConstraints()).isZero();
        assertThat(used(certificate)).containsExactly(5, 6);
        assertThat(certificate.getCriticalExtensionOIDs())
                .containsExactlyInAnyOrder(Extension.basicConstraints.getId(), Extension.keyUsage.getId());
        assertThat(certificate.getExtensionValue(Extension.subjectKeyIdentifier.getId()))
                .isNotEmpty();
    }

    @Test
    void signsCertificatesForServersOnly() throws Exception {
        X509Certificate certificate =
                authority.issue(NAMES, Duration.ofDays(90), NOW).chain().getFirst();

        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(used(certificate)).containsExactly(0);
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        // The authority key identifier is the subject key identifier of the issuer.
        byte[] issuer = certificate.getExtensionValue(Extension.authorityKeyIdentifier.getId());
        byte[] subject = authority.certificate().getExtensionValue(Extension.subjectKeyIdentifier.getId());
        assertThat(Arrays.copyOfRange(issuer, issuer.length - 20, issuer.length))
                .isEqualTo(Arrays.copyOfRange(subject, subject.length - 20, subject.length));
    }

    @Test
    void acceptsLateClocksOfClients() {
        ServerCertificate issued = authority.issue(NAMES, Duration.ofDays(90), NOW);

        assertThat(issued.validity())
                .isEqualTo(new Validity(NOW.minus(Duration.ofHours(1)), NOW.plus(Duration.ofDays(90))));
        assertThat(authority.issue(NAMES, Duration.ofMinutes(1), NOW).validity())
                .isEqualTo(new Validity(NOW.minusSeconds(3), NOW.plusSeconds(60)));
    }

    @Test
    void signsNoCertificateThatEndsLaterThanItself() {
        ServerCertificate issued = authority.issue(NAMES, Duration.ofDays(90), NOW.plus(Duration.ofDays(300)));

        assertThat(issued.notAfter()).isEqualTo(NOW.plus(YEAR));
    }

    @Test
    void isReadAsItIsWritten() throws Exception {
        assertThat(CertificateAuthority.parse(authority.certificatePem(), authority.keyPem()))
                .satisfies(read -> {
                    assertThat(read.certificate()).isEqualTo(authority.certificate());
                    assertThat(read.issue(NAMES, YEAR, NOW).isSignedBy(authority.certificate()))
                            .isTrue();
                });
        ServerCertificate issued = authority.issue(NAMES, YEAR, NOW);
        assertThat(ServerCertificate.parse(issued.certificatePem(), issued.keyPem()))
                .isEqualTo(issued);
    }

    @Test
    void isNotReadFromAServerCertificate() {
        ServerCertificate issued = authority.issue(NAMES, YEAR, NOW);

        assertThatExceptionOfType(InvalidCertificateException.class)
                .isThrownBy(() -> CertificateAuthority.parse(issued.certificatePem(), issued.keyPem()))
                .withMessage(
                        "the certificate is not the certificate of an authority: it may not sign other certificates");
    }

    @Test
    void doesNotPrintItsKey() {
        assertThat(authority.toString()).matches("CN=pillion-ca-[0-9a-f]{8} until 2027-05-01T12:00:00Z");
        assertThat(authority.issue(NAMES, YEAR, NOW).toString())
                .isEqualTo("[10.0.0.1, fd00:0:0:0:0:0:0:1, pillion.pillion.svc] until 2027-05-01T12:00:00Z");
    }

    private static List<Integer> used(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return java.util.stream.IntStream.range(0, usage.length)
                .filter(bit -> usage[bit])
                .boxed()
                .toList();
    }
}
