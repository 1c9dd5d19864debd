package dev.pillion.cli.doctor.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.certificates.CertificateAuthority;
import dev.pillion.certificates.ServerCertificate;
import dev.pillion.cli.doctor.check.Finding.Status;
import dev.pillion.cluster.UnreachableClusterException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the checks of the way from the API server to Pillion find. */
class ConnectionChecksTest extends CheckedInstallation {

    @Test
    void aMissingServiceFails() {
        cluster.delete(Resource.SERVICE, "pillion");

        assertFound(
                new ServiceCheck(),
                Status.FAILED,
                "Service pillion/pillion does not exist, so the API server cannot call Pillion");
    }

    @Test
    void aServiceWithAnotherPortFails() {
        cluster.edit(
                Resource.SERVICE, "pillion", service -> ((ObjectNode) service.at("/spec/ports/0")).put("port", 8443));

        assertFound(
                new ServiceCheck(), Status.FAILED, "Service pillion/pillion has no port 443, which the webhooks call");
    }

    @Test
    void aServiceWithAnotherTargetPortFails() {
        cluster.edit(Resource.SERVICE, "pillion", service -> ((ObjectNode) service.at("/spec/ports/0"))
                .put("targetPort", 9000));

        assertFound(
                new ServiceCheck(),
                Status.FAILED,
                "Service pillion/pillion forwards port 443 to port 9000, but Pillion listens on port 8443");
    }

    @Test
    void aServiceMayNameThePort() {
        cluster.edit(Resource.SERVICE, "pillion", service -> ((ObjectNode) service.at("/spec/ports/0"))
                .put("targetPort", "https"));

        assertThat(only(new ServiceCheck()).status()).isEqualTo(Status.OK);
    }

    @Test
    void aServiceThatSelectsOtherPodsFails() {
        cluster.edit(Resource.SERVICE, "pillion", service -> service.withObject("/spec/selector")
                .put("app", "other"));

        assertThat(only(new ServiceCheck()).sentence())
                .startsWith("Service pillion/pillion does not select Pillion's Pods");
        assertThat(only(new ServiceCheck()).status()).isEqualTo(Status.FAILED);
    }

    @Test
    void aServiceWithoutReadyEndpointsFails() {
        cluster.list(Resource.ENDPOINT_SLICE, "kubernetes.io/service-name=pillion");

        assertFound(
                new EndpointsCheck(),
                Status.FAILED,
                "Service pillion/pillion has no ready endpoint, so every call of the API server fails");
    }

    @Test
    void anEndpointThatIsNotReadyIsAWarning() {
        ObjectNode slice = FakeInstallation.tree("""
                {"endpoints": [{"targetRef": {"name": "a"}, "conditions": {"ready": true}},
                               {"targetRef": {"name": "b"}, "conditions": {"ready": false}}]}
                """);
        cluster.list(Resource.ENDPOINT_SLICE, "kubernetes.io/service-name=pillion", slice, slice.deepCopy());

        assertFound(new EndpointsCheck(), Status.WARNING, "Service pillion/pillion has 1 of 2 endpoints ready");
    }

    private void policies(String... specs) {
        ObjectNode[] items = new ObjectNode[specs.length];
        for (int index = 0; index < specs.length; index++) {
            items[index] = FakeInstallation.tree(
                    "{\"metadata\": {\"name\": \"policy-%d\"}, \"spec\": {%s}}".formatted(index, specs[index]));
        }
        cluster.list(Resource.NETWORK_POLICY, "", items);
    }

    @Test
    void withoutNetworkPoliciesEverythingIsAllowed() {
        policies("\"podSelector\": {\"matchLabels\": {\"app\": \"other\"}}, \"policyTypes\": [\"Ingress\"]");

        assertFound(new NetworkPoliciesCheck(), Status.OK, "No NetworkPolicy selects Pillion's Pods");
    }

    @Test
    void aNetworkPolicyThatBlocksReviewsFails() {
        policies("""
                "podSelector": {}, "policyTypes": ["Ingress"],
                "ingress": [{"ports": [{"protocol": "UDP", "port": 8443}, {"protocol": "TCP", "port": 9000}]}]""");

        assertFound(
                new NetworkPoliciesCheck(),
                Status.FAILED,
                "NetworkPolicy policy-0 blocks port 8443 of Pillion's Pods, so the API server cannot call Pillion (an"
                        + " estimate: it depends on the network plug-in and the address of the API server)");
    }

    @Test
    void oneNetworkPolicyThatAllowsReviewsIsEnough() {
        policies(
                "\"podSelector\": {}, \"policyTypes\": [\"Ingress\"]",
                "\"podSelector\": {}, \"ingress\": [{\"ports\": [{\"port\": 8000, \"endPort\": 9000}]}]");

        assertThat(only(new NetworkPoliciesCheck()).status()).isEqualTo(Status.OK);
    }

    @Test
    void aNetworkPolicyForSomeAddressesIsAWarning() {
        policies("\"podSelector\": {}, \"ingress\": [{\"from\": [{\"ipBlock\": {\"cidr\": \"10.0.0.0/8\"}}]}]");

        assertFound(
                new NetworkPoliciesCheck(),
                Status.WARNING,
                "NetworkPolicy policy-0 allows port 8443 only from some addresses. It is not known whether these include"
                        + " the API server");
    }

    @Test
    void aNetworkPolicyThatDoesNotAllowThePortOfTheApiServerIsAWarning() {
        policies("\"podSelector\": {}, \"policyTypes\": [\"Egress\"], \"egress\": [{\"ports\": [{\"port\": 443}]}]");

        assertFound(
                new NetworkPoliciesCheck(),
                Status.WARNING,
                "NetworkPolicy policy-0 does not allow connections to port 6443, at which the API server listens (an"
                        + " estimate: it depends on the network plug-in and the address of the API server)");
    }

    @Test
    void readsTheCertificatesOfAllReplicasAndOfTheSecret() {
        cluster.serve((namespace, pod, port) -> {
            assertThat(namespace + " " + port).isEqualTo("pillion 8443");
            return cluster.certificate.chain();
        });

        assertThat(only(new CertificateCheck()).sentence())
                .startsWith("The certificate is valid until ")
                .endsWith("(Pod pillion-a, Pod pillion-b, Secret pillion-certificate)");
    }

    @Test
    void anExpiredCertificateOfAReplicaFails() {
        ServerCertificate expired = cluster.authority.issue(
                List.of("pillion.pillion.svc"), Duration.ofDays(1), cluster.now.minus(Duration.ofDays(3)));
        cluster.serve(
                (namespace, pod, port) -> pod.equals("pillion-b") ? expired.chain() : cluster.certificate.chain());

        assertFound(
                new CertificateCheck(),
                Status.FAILED,
                "The certificate of Pod pillion-b expired at " + expired.notAfter()
                        + ", so the API server does not call Pillion");
    }

    @Test
    void theClockOfTheApiServerDecidesWhetherACertificateIsValid() {
        cluster.setClock(Duration.ofDays(1000));

        assertThat(only(new CertificateCheck()).status()).isEqualTo(Status.OK);
    }

    @Test
    void aCertificateThatIsNotValidYetFails() {
        ServerCertificate future = cluster.authority.issue(
                List.of("pillion.pillion.svc"), Duration.ofDays(90), cluster.now.plus(Duration.ofDays(2)));
        cluster.serve((namespace, pod, port) -> future.chain());

        assertThat(cluster.run(new CertificateCheck()).getFirst().sentence())
                .startsWith("The certificate of Pod pillion-a is not valid before "
                        + future.validity().from() + ". The API server's clock shows ");
    }

    @Test
    void aCertificateThatWasNotRenewedIsAWarning() {
        ServerCertificate old = cluster.authority.issue(
                List.of("pillion.pillion.svc"), Duration.ofDays(90), cluster.now.minus(Duration.ofDays(85)));
        setSecret(old);

        assertFound(
                new CertificateCheck(),
                Status.WARNING,
                "The certificate of Secret pillion-certificate expires at " + old.notAfter()
                        + " and was not renewed in time");
    }

    @Test
    void aCertificateForAnotherNameFails() {
        setSecret(cluster.authority.issue(List.of("pillion.other.svc"), Duration.ofDays(90), cluster.now));

        assertFound(
                new CertificateCheck(),
                Status.FAILED,
                "The certificate of Secret pillion-certificate is not for pillion.pillion.svc, the name by which the API"
                        + " server calls Pillion");
    }

    @Test
    void aReplicaThatCannotBeReachedIsAWarning() {
        cluster.serve((namespace, pod, port) -> {
            throw new UnreachableClusterException("port 8443 of Pod " + pod + " cannot be reached");
        });

        assertThat(cluster.run(new CertificateCheck()))
                .extracting(Finding::sentence)
                .containsExactly(
                        "Not checked: port 8443 of Pod pillion-a cannot be reached",
                        "Not checked: port 8443 of Pod pillion-b cannot be reached");
    }

    private void setSecret(ServerCertificate certificate) {
        cluster.edit(Resource.SECRET, "pillion-certificate", secret -> secret.withObject("/data")
                .put("tls.crt", FakeInstallation.base64(certificate.certificatePem())));
    }

    private void editMutating(String caBundle) {
        cluster.edit(Resource.MUTATING_WEBHOOKS, "pillion", configuration -> ((ObjectNode)
                        configuration.at("/webhooks/0/clientConfig"))
                .put("caBundle", caBundle));
    }

    @Test
    void anEmptyCaBundleFails() {
        editMutating("");

        assertFound(
                new CaBundleCheck(),
                Status.FAILED,
                "Webhook mutate.pillion.dev has no caBundle, so the API server does not trust Pillion");
    }

    @Test
    void aCaBundleThatIsNotPemFails() {
        editMutating("eA==");

        assertThat(only(new CaBundleCheck()).sentence())
                .startsWith("The caBundle of webhook mutate.pillion.dev cannot be read: ");
    }

    @Test
    void aCaBundleOfAnotherAuthorityFails() {
        CertificateAuthority other = CertificateAuthority.create(Duration.ofDays(1), cluster.now);
        editMutating(FakeInstallation.base64(other.certificatePem()));

        assertFound(
                new CaBundleCheck(),
                Status.FAILED,
                "The caBundle of webhook mutate.pillion.dev does not fit the certificate of Secret pillion-certificate");
    }

    @Test
    void aSelfSignedCertificateInTheCaBundleIsTrusted() {
        List<CertificateAuthority> self = List.of(CertificateAuthority.create(Duration.ofDays(1), cluster.now));
        PresentedChain chain = new PresentedChain(
                "Pod a", self.stream().map(CertificateAuthority::certificate).toList());

        assertThat(chain.trustedBy(chain.chain())).contains(chain.leaf());
        assertThat(chain.trustedBy(List.of(cluster.authority.certificate()))).isEmpty();
    }
}
