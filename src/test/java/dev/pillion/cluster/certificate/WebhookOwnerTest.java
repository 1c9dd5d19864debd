package dev.pillion.cluster.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cluster.FakeObjects;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhookOwnerTest {

    private static final String NAMESPACE = "v1/namespaces/pillion";
    private static final String MUTATING = "admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/pillion";
    private static final String VALIDATING = "admissionregistration.k8s.io/v1/validatingwebhookconfigurations/pillion";
    private static final String OWNER = """
            {"apiVersion":"v1","kind":"Namespace","name":"pillion","uid":"%s"}""";

    private final FakeObjects server = new FakeObjects();
    private KubernetesClient client;
    private WebhookOwner owner;

    @BeforeEach
    void start() throws Exception {
        client = server.client();
        owner = new WebhookOwner(client, "pillion", "pillion");
        server.put(NAMESPACE, """
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "pillion", "uid": "1234"}}
                """);
        server.put(MUTATING, configuration("Mutating"));
        server.put(VALIDATING, configuration("Validating"));
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void makesTheNamespaceTheOwnerOfBothConfigurations() {
        owner.reconcile();

        assertThat(owners(MUTATING)).isEqualTo("[" + OWNER.formatted("1234") + "]");
        assertThat(owners(VALIDATING)).isEqualTo("[" + OWNER.formatted("1234") + "]");
    }

    @Test
    void changesNothingElse() {
        ObjectNode before = object(MUTATING);

        owner.reconcile();

        ObjectNode after = object(MUTATING);
        after.withObject("/metadata").remove("ownerReferences");
        after.withObject("/metadata").set("resourceVersion", before.at("/metadata/resourceVersion"));
        assertThat(after).isEqualTo(before);
    }

    @Test
    void writesNothingIfTheOwnerIsSetAlready() {
        owner.reconcile();
        server.forgetRequests();

        owner.reconcile();
        new WebhookOwner(client, "pillion", "pillion").reconcile();

        assertThat(server.writes()).isEmpty();
    }

    @Test
    void keepsOtherOwners() throws Exception {
        String other = """
                {"apiVersion":"example.com/v1","kind":"Platform","controller":true,"name":"ours","uid":"99"}""";
        putOwners(other);

        owner.reconcile();

        assertThat(owners(MUTATING)).isEqualTo("[" + other + "," + OWNER.formatted("1234") + "]");
    }

    @Test
    void replacesANamespaceThatNoLongerExists() throws Exception {
        putOwners(OWNER.formatted("of-a-backup"));

        owner.reconcile();

        assertThat(owners(MUTATING)).isEqualTo("[" + OWNER.formatted("1234") + "]");
    }

    @Test
    void setsTheOwnerOfAConfigurationThatIsCreatedLater() throws Exception {
        server.delete(MUTATING);
        owner.reconcile();
        assertThat(owners(VALIDATING)).contains("1234");

        server.put(MUTATING, configuration("Mutating"));
        owner.reconcile();

        assertThat(owners(MUTATING)).contains("1234");
    }

    @Test
    void continuesWhenItGetsThePermission() {
        server.refuse("GET " + NAMESPACE);
        owner.reconcile();
        assertThat(server.writes()).isEmpty();

        server.allow();
        owner.reconcile();

        assertThat(owners(VALIDATING)).contains("1234");
    }

    private void putOwners(String owners) throws Exception {
        server.put(MUTATING, configuration("Mutating").replace("\"name\": \"pillion\"", """
                "name": "pillion", "ownerReferences": [%s]""".formatted(owners)));
    }

    private static String configuration(String kind) {
        return """
                {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "%sWebhookConfiguration",
                 "metadata": {"name": "pillion", "labels": {"team": "platform"}},
                 "webhooks": [{"name": "a.pillion.dev", "newerField": "kept", "clientConfig": {"url": "https://example.com"}}]}
                """.formatted(kind);
    }

    private String owners(String path) {
        return object(path).at("/metadata/ownerReferences").toString();
    }

    private ObjectNode object(String path) {
        return server.find(path).orElseThrow();
    }
}
