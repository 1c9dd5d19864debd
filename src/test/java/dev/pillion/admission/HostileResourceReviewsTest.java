package dev.pillion.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.compile.HostileResourcesTest;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.Deletion;
import dev.pillion.catalog.resource.ResourceCatalog;
import dev.pillion.injection.reason.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Anyone can send requests to {@code /validate-resources}. Hostile resources are refused with their problem, at a low cost. */
class HostileResourceReviewsTest {

    private final ResourceCatalog catalog = ResourceCatalog.over(CatalogReader.builtIn());
    private final ResourceWebhook webhook = new ResourceWebhook(
            new ResourceWebhook.DryRun() {
                @Override
                public ResourceCatalog with(CatalogResource changed) {
                    return catalog.with(changed, List.of());
                }

                @Override
                public Deletion deletionOf(CatalogResource.Id profile) {
                    return catalog.deletionOf(profile, List.of());
                }
            },
            ExistingPods.NONE,
            InstantSource.system());

    @ParameterizedTest
    @MethodSource("dev.pillion.catalog.compile.HostileResourcesTest#specs")
    void areRefusedWithTheProblem(String spec, String path, String message) throws Exception {
        byte[] review = review(HostileResourcesTest.tree(spec));

        ReviewOutcome outcome =
                assertTimeoutPreemptively(Duration.ofSeconds(30), () -> webhook.review(ReviewReader.read(review)));

        assertThat(outcome.code()).isEqualTo(ReasonCode.NOT_COMPILED);
        assertThat(outcome.response().denial())
                .hasValueSatisfying(denial ->
                        assertThat(denial.message()).contains(path, message).hasSizeLessThan(110_000));
    }

    @Test
    void areRefusedIfTheyAreNestedTooDeeply() throws Exception {
        JsonNode deep = JsonNodeFactory.instance.objectNode();
        for (int depth = 0; depth < 400; depth++) {
            deep = JsonNodeFactory.instance.objectNode().set("a", deep);
        }

        ReviewOutcome outcome = webhook.review(ReviewReader.read(review(deep)));

        assertThat(outcome.code()).isEqualTo(ReasonCode.TOO_LARGE);
        assertThat(outcome.response().denial()).hasValueSatisfying(denial -> assertThat(denial.message())
                .isEqualTo("the object is nested more than 100 deep, which is the limit (too-large)"));
    }

    private static byte[] review(JsonNode spec) {
        ObjectNode review = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", "admission.k8s.io/v1")
                .put("kind", "AdmissionReview");
        ObjectNode request = review.putObject("request").put("uid", "u1").put("operation", "CREATE");
        request.putObject("resource")
                .put("group", "pillion.dev")
                .put("version", "v1alpha1")
                .put("resource", "injectionprofiles");
        ObjectNode object = request.putObject("object")
                .put("apiVersion", "pillion.dev/v1alpha1")
                .put("kind", "InjectionProfile");
        object.putObject("metadata").put("name", "hostile");
        object.set("spec", spec);
        return review.toString().getBytes(StandardCharsets.UTF_8);
    }
}
