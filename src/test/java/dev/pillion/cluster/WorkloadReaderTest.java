package dev.pillion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkloadReaderTest {

    private final StubApiServer server = new StubApiServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void givesThePagesOfAListOneByOne() throws Exception {
        server.on("/apis/apps/v1/deployments?limit=500", """
                        {"metadata": {"continue": "next", "remainingItemCount": 1}, "items": [{"metadata": {"name": "one"}}]}
                        """)
                .on("/apis/apps/v1/deployments?limit=500&continue=next", """
                        {"items": [{"metadata": {"name": "two"}}]}
                        """);
        List<String> pages = new ArrayList<>();

        try (ClusterReader cluster = new ClusterReader(server.cluster(), "test")) {
            new WorkloadReader(cluster)
                    .objects(
                            ResourceType.DEPLOYMENT,
                            Optional.empty(),
                            "",
                            (page, remaining) -> pages.add(titles(page) + " and " + remaining));
        }

        assertThat(pages).containsExactly("[Deployment/one] and 1", "[Deployment/two] and 0");
    }

    @Test
    void listsTheQuotasAndLimitRangesOfANamespaceWithTheirKinds() throws Exception {
        server.on(
                        "/api/v1/namespaces/bank/resourcequotas?limit=500",
                        "{\"items\": [{\"metadata\": {\"name\": \"team\"}}]}")
                .on(
                        "/api/v1/namespaces/bank/limitranges?limit=500",
                        "{\"items\": [{\"metadata\": {\"name\": \"small\"}}]}");

        try (ClusterReader cluster = new ClusterReader(server.cluster(), "test")) {
            assertThat(titles(new WorkloadReader(cluster).limits(Optional.of("bank"))))
                    .containsExactlyInAnyOrder("ResourceQuota/team", "LimitRange/small");
        }
    }

    private static List<String> titles(List<JsonNode> objects) {
        return objects.stream()
                .map(object -> object.path("kind").asText() + "/"
                        + object.path("metadata").path("name").asText())
                .toList();
    }
}
