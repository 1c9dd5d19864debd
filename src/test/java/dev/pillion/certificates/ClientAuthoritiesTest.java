package dev.pillion.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;

class ClientAuthoritiesTest {

    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final Duration HOUR = Duration.ofHours(1);

    private final TestClientAuthority authority = TestClientAuthority.named("CN=callers");
    private final ClientAuthorities trusted = ClientAuthorities.parse(authority.pem());

    ClientAuthoritiesTest() throws Exception {}

    @Test
    void acceptACertificateThatTheySignedAndReadItsSubject() throws Exception {
        TestClientAuthority.Client client = authority.client(
                "CN=kube-apiserver,O=control-plane,O=callers",
                NOW.minus(HOUR),
                NOW.plus(HOUR),
                KeyPurposeId.id_kp_clientAuth);

        ClientIdentity identity = trusted.verify(client.chain(), NOW);

        assertThat(identity.names()).containsExactly("kube-apiserver");
        assertThat(identity.groups()).containsExactlyInAnyOrder("control-plane", "callers");
        assertThat(identity.notAfter()).isEqualTo(NOW.plus(HOUR));
    }

    @Test
    void acceptACertificateOfAnIntermediateAuthority() throws Exception {
        TestClientAuthority.Client client =
                authority.intermediate("CN=region").intermediate("CN=cluster").client("CN=kube-apiserver");

        assertThat(trusted.verify(client.chain(), NOW).names()).containsExactly("kube-apiserver");
    }

    @Test
    void acceptTheCertificatesOfEachOfSeveral() throws Exception {
        TestClientAuthority next = TestClientAuthority.named("CN=callers-2");
        ClientAuthorities both = ClientAuthorities.parse(authority.pem() + next.pem());

        assertThat(both.verify(authority.client("CN=a").chain(), NOW).names()).containsExactly("a");
        assertThat(both.verify(next.client("CN=b").chain(), NOW).names()).containsExactly("b");
    }

    @Test
    void rejectACertificateOfAnotherAuthorityWithTheSameName() throws Exception {
        TestClientAuthority forged = TestClientAuthority.named("CN=callers");

        assertRefused(forged.client("CN=kube-apiserver").chain(), "no trusted authority signed it");
    }

    @Test
    void rejectASelfSignedCertificate() throws Exception {
        TestClientAuthority self = TestClientAuthority.named("CN=kube-apiserver");

        assertRefused(List.of(self.certificate()), "no trusted authority signed it");
    }

    @Test
    void rejectACertificateThatAClientSigned() throws Exception {
        TestClientAuthority.Client client = authority.client("CN=some-client");
        TestClientAuthority asAuthority =
                new TestClientAuthority(client.chain().getFirst(), client.key(), client.chain());

        assertRefused(asAuthority.client("CN=kube-apiserver").chain(), "no trusted authority signed it");
    }

    @Test
    void rejectACertificateOutsideOfItsValidity() throws Exception {
        List<X509Certificate> chain = authority
                .client("CN=kube-apiserver", NOW.minus(HOUR), NOW.plus(HOUR), KeyPurposeId.id_kp_clientAuth)
                .chain();

        assertThat(trusted.verify(chain, NOW).names()).containsExactly("kube-apiserver");
        assertThatThrownBy(() -> trusted.verify(chain, NOW.minus(HOUR).minusSeconds(1)))
                .hasMessage("it is not valid yet");
        assertThatThrownBy(() -> trusted.verify(chain, NOW.plus(HOUR).plusSeconds(1)))
                .isInstanceOf(UntrustedCertificateException.class)
                .hasMessage("it has expired");
    }

    @Test
    void rejectACertificateOfAnExpiredAuthority() throws Exception {
        TestClientAuthority old = TestClientAuthority.named("CN=old", NOW.minus(Duration.ofDays(2)), NOW.minus(HOUR));
        ClientAuthorities both = ClientAuthorities.parse(old.pem() + authority.pem());

        assertThatThrownBy(() -> both.verify(old.client("CN=kube-apiserver").chain(), NOW))
                .isInstanceOf(UntrustedCertificateException.class)
                .hasMessage("the authority that signed it has expired");
    }

    @Test
    void rejectAServerCertificate() throws Exception {
        assertRefused(
                authority
                        .client("CN=web", NOW.minus(HOUR), NOW.plus(HOUR), KeyPurposeId.id_kp_serverAuth)
                        .chain(),
                "it is not for TLS clients (extended key usage clientAuth)");
    }

    @Test
    void rejectALongChainBeforeVerifyingIt() throws Exception {
        X509Certificate own = authority.client("CN=kube-apiserver").chain().getFirst();

        assertRefused(Collections.nCopies(5, own), "its chain has 5 certificates, more than 4");
    }

    @Test
    void lastAsLongAsTheLastOfThem() throws Exception {
        TestClientAuthority next = TestClientAuthority.named("CN=next", NOW.minus(HOUR), NOW.plus(Duration.ofDays(9)));

        assertThat(ClientAuthorities.parse(next.pem() + authority.pem()).notAfter())
                .isEqualTo(NOW.plus(Duration.ofDays(9)));
    }

    @Test
    void rejectACertificateThatIsNoAuthority() throws Exception {
        String leaf = Pem.of(authority.client("CN=kube-apiserver").chain());

        assertThatThrownBy(() -> ClientAuthorities.parse(leaf))
                .isInstanceOf(InvalidCertificateException.class)
                .hasMessage(
                        "certificate 'CN=kube-apiserver' does not belong to an authority (its basic constraints do not say CA:TRUE);"
                                + " give the certificate of the authority that signs the API server's client certificate");
    }

    private void assertRefused(List<X509Certificate> chain, String message) {
        assertThatThrownBy(() -> trusted.verify(chain, NOW))
                .isInstanceOf(UntrustedCertificateException.class)
                .hasMessage(message);
    }
}
