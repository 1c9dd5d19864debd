package dev.pillion.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pillion.pod.KubernetesVersion;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterReaderTest {

    private final StubApiServer server = new StubApiServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void readsPodsPageByPageWithAllTheirFields() throws Exception {
        server.on("/api/v1/pods?limit=500", """
                {"metadata": {"continue": "a/b=", "remainingItemCount": 1},
                 "items": [{"metadata": {"name": "one"}, "spec": {"fieldOfTheFuture": 1}}]}
                """).on("/api/v1/pods?limit=500&continue=a%2Fb%3D", """
                {"metadata": {}, "items": [{"metadata": {"name": "two"}}]}
                """);
        List<String> pages = new ArrayList<>();

        try (ClusterReader reader = reader()) {
            reader.pods(Optional.empty(), (page, remaining) -> pages.add(page + " and " + remaining));
        }

        assertThat(pages)
                .containsExactly(
                        "[{\"metadata\":{\"name\":\"one\"},\"spec\":{\"fieldOfTheFuture\":1}}] and 1",
                        "[{\"metadata\":{\"name\":\"two\"}}] and 0");
    }

    @Test
    void readsThePodsOfOneNamespaceOnly() throws Exception {
        server.on("/api/v1/namespaces/shop/pods?limit=500", "{\"items\": []}");

        try (ClusterReader reader = reader()) {
            reader.pods(Optional.of("shop"), (page, _) -> assertThat(page).isEmpty());
        }

        assertThat(server.requests()).containsExactly("GET /api/v1/namespaces/shop/pods?limit=500");
    }

    @Test
    void readsTheProfilesAndPoliciesOfTheCluster() throws Exception {
        server.on("/apis/pillion.dev/v1alpha1/injectionprofiles?limit=500", """
                {"items": [{"metadata": {"name": "greeting", "generation": 3, "managedFields": []}, "spec": {"description": "Greets."}}]}
                """);

        try (ClusterReader reader = reader()) {
            assertThat(reader.resources())
                    .singleElement()
                    .satisfies(resource -> assertThat(resource.id()).hasToString("injectionprofile/greeting"))
                    .satisfies(resource -> assertThat(
                                    resource.tree().at("/spec/description").asText())
                            .isEqualTo("Greets."));
        }
    }

    @Test
    void readsNoProfilesIfTheClusterDoesNotDefineThem() throws Exception {
        try (ClusterReader reader = reader()) {
            assertThat(reader.resources()).isEmpty();
        }
    }

    @Test
    void readsTheVersionOfTheServer() throws Exception {
        server.on("/version", "{\"gitVersion\": \"v1.33.5-gke.100\"}");

        try (ClusterReader reader = reader()) {
            assertThat(reader.server().version()).contains(new KubernetesVersion(33));
        }
    }

    @Test
    void namesTheResourceThatItMustNotList() throws Exception {
        server.on("/api/v1/pods?limit=500", 403, "{\"kind\": \"Status\", \"code\": 403, \"message\": \"no\"}");

        try (ClusterReader reader = reader()) {
            assertThatThrownBy(() -> reader.pods(Optional.empty(), (_, _) -> {}))
                    .isInstanceOf(UnreachableClusterException.class)
                    .hasMessage("the API server at " + server.url()
                            + " does not permit these credentials to read /api/v1/pods (403)");
        }
    }

    @Test
    void namesAServerThatIsUnavailable() throws Exception {
        server.close();

        try (ClusterReader reader = reader()) {
            assertThatThrownBy(reader::server)
                    .hasMessageStartingWith("the API server at " + server.url() + " cannot be reached: ");
        }
    }

    @Test
    void leavesASharedClientOpenWhenItIsClosed() throws Exception {
        server.on("/version", "{\"gitVersion\": \"v1.33.5\"}");
        try (KubernetesClient shared = server.cluster().client("test")) {

            new ClusterReader(server.cluster(), shared).close();

            assertThat(shared.getHttpClient().isClosed()).isFalse();
            assertThat(shared.raw("/version")).contains("v1.33.5");
        }
    }

    private ClusterReader reader() throws InvalidClusterException {
        return new ClusterReader(server.cluster(), "test");
    }
}
