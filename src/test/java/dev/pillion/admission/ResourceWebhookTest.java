package dev.pillion.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.catalog.resource.Deletion;
import dev.pillion.catalog.resource.ResourceCatalog;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceWebhookTest {

    private static final String PROFILES = "pillion.dev/injectionprofiles";
    private static final String POLICIES = "pillion.dev/injectionpolicies";

    private static final JsonNode GOOD = object("description: Flags.\nparameters: [{name: colour, type: string}]");
    private static final JsonNode BROKEN = object("descripton: Flags.\nsidecars: [{name: a}]");
    private static final JsonNode POLICY =
            object("mode: Audit\nmatch: {}\nprofiles: [{name: flags, parameters: {colour: red}}]");

    private final List<CatalogResource> present =
            List.of(CatalogResource.of(Kind.PROFILE, GOOD), CatalogResource.of(Kind.POLICY, POLICY));
    private final ResourceCatalog catalog =
            ResourceCatalog.over(CatalogReader.builtIn()).with(CatalogReader.builtIn(), present);
    private final ResourceWebhook webhook = new ResourceWebhook(
            new ResourceWebhook.DryRun() {
                @Override
                public ResourceCatalog with(CatalogResource changed) {
                    return catalog.with(changed, present);
                }

                @Override
                public Deletion deletionOf(CatalogResource.Id profile) {
                    return catalog.deletionOf(profile, present);
                }
            },
            ExistingPods.NONE,
            InstantSource.system());

    @Test
    void allowsAValidResource() throws Exception {
        ReviewOutcome outcome = webhook.review(creating(PROFILES, GOOD));

        assertThat(outcome.code()).isEqualTo(ReasonCode.COMPILED);
        assertThat(written(outcome).allowed()).isTrue();
    }

    @Test
    void refusesAnInvalidResourceWithAllItsProblems() throws Exception {
        ReviewResponse answer = written(webhook.review(creating(PROFILES, BROKEN)));

        assertThat(answer.allowed()).isFalse();
        assertThat(answer.response().at("/status/code").asInt()).isEqualTo(422);
        assertThat(answer.response().at("/status/message").asText()).isEqualTo("""
                        injectionprofile/flags does not compile (not-compiled):
                        spec.description: is missing; write one sentence that tells the app team what the profile adds
                        spec.sidecars[0].image: is missing
                        spec.descripton: unknown field 'descripton'; did you mean 'description'?""");
    }

    @Test
    void refusesAPolicyWithAnUnknownProfileAndSuggestsTheNearest() {
        ReviewOutcome outcome =
                webhook.review(creating(POLICIES, object("mode: Audit\nmatch: {}\nprofiles: [{name: flagz}]")));

        assertThat(outcome.response().denial().orElseThrow().message())
                .isEqualTo("injectionpolicy/flags does not compile (not-compiled):\n"
                        + "spec.profiles[0].name: there is no profile 'flagz'; did you mean 'flags'?");
    }

    @Test
    void refusesAProfileThatWouldBreakAPolicyInForce() {
        ReviewOutcome outcome =
                webhook.review(updating(PROFILES, GOOD, object("description: Flags without a colour.")));

        assertThat(outcome.response().denial().orElseThrow().message())
                .contains("spec.parameters: policy 'flags' is in force and would not compile any more: "
                        + "spec.profiles[0].parameters.colour: profile 'flags' has no parameter 'colour'");
    }

    @Test
    void returnsLintsAsAFewShortWarnings() throws Exception {
        StringBuilder many =
                new StringBuilder("description: Many.\nparameters: [{name: colour, type: string}]\nsidecars:\n");
        for (int index = 0; index < 10; index++) {
            many.append("  - {name: a").append(index).append(", image: busybox}\n");
        }

        List<String> warnings = written(webhook.review(creating(PROFILES, object(many.toString()))))
                .warnings();

        assertThat(warnings)
                .filteredOn(warning -> !warning.startsWith("pillion: …"))
                .hasSize(5);
        assertThat(warnings).allSatisfy(warning -> assertThat(warning)
                .startsWith("pillion: ")
                .hasSizeLessThanOrEqualTo(120)
                .doesNotContain("\n"));
    }

    @Test
    void allowsAnInvalidResourceWithAnUnchangedSpec() {
        ObjectNode labelled = BROKEN.deepCopy();
        labelled.withObject("metadata").putObject("labels").put("a", "b");

        assertThat(webhook.review(updating(PROFILES, BROKEN, labelled))
                        .response()
                        .isAllowed())
                .isTrue();
    }

    @Test
    void allowsAnInvalidResourceThatIsBeingDeleted() {
        ObjectNode leaving = BROKEN.deepCopy();
        leaving.withObject("metadata").put("deletionTimestamp", "2026-11-21T20:00:00Z");

        assertThat(webhook.review(updating(PROFILES, GOOD, leaving)).response().isAllowed())
                .isTrue();
    }

    @Nested
    class Deletions {

        @Test
        void areRefusedForAProfileThatAPolicyGrants() {
            ReviewOutcome outcome = webhook.review(deleting(PROFILES, GOOD));

            assertThat(outcome.code()).isEqualTo(ReasonCode.PROFILE_IN_USE);
            assertThat(outcome.response().denial().orElseThrow().message())
                    .isEqualTo(
                            "injectionprofile/flags is named by policy flags (profile-in-use); change or delete them first,"
                                    + " or set the annotation pillion.dev/allow-deletion: \"true\" on the profile");
        }

        @Test
        void areAllowedWithAWarningForAProfileWithTheAnnotation() throws Exception {
            ObjectNode acknowledged = GOOD.deepCopy();
            acknowledged.withObject("metadata").putObject("annotations").put("pillion.dev/allow-deletion", "true");

            ReviewOutcome outcome = webhook.review(deleting(PROFILES, acknowledged));

            assertThat(outcome.response().isAllowed()).isTrue();
            assertThat(written(outcome).warnings().getFirst())
                    .startsWith(
                            "pillion: injectionprofile/flags is deleted; in strict namespaces, Pods that need it by policy flags are denied");
        }

        @Test
        void areAllowedForAProfileThatNoPolicyGrants() {
            ObjectNode other = GOOD.deepCopy();
            other.withObject("metadata").put("name", "other");

            assertThat(webhook.review(deleting(PROFILES, other)).response().isAllowed())
                    .isTrue();
        }

        @Test
        void areAllowedForAPolicy() {
            assertThat(webhook.review(deleting(POLICIES, GOOD)).response().isAllowed())
                    .isTrue();
        }

        private AdmissionRequest deleting(String resource, JsonNode object) {
            return new AdmissionRequest("u1", resource, "", "DELETE", "", false, MissingNode.getInstance(), object);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "pods, '', CREATE",
        "pillion.dev/injectionprofiles, status, UPDATE",
        "pillion.dev/injectionprofiles, '', DELETE",
        "pillion.dev/others, '', CREATE",
        "example.com/injectionprofiles, '', CREATE"
    })
    void allowsEveryOtherRequest(String resource, String subResource, String operation) {
        ReviewOutcome outcome =
                webhook.review(new AdmissionRequest("u1", resource, subResource, operation, "", false, BROKEN));

        assertThat(outcome.response().isAllowed()).isTrue();
        assertThat(outcome.code()).isEqualTo(ReasonCode.NOT_A_RESOURCE);
    }

    @Test
    void readsTheOldObjectOfAReview() throws Exception {
        AdmissionRequest request = ReviewReader.read("""
                {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
                  "uid": "u1", "operation": "UPDATE", "resource": {"group": "pillion.dev", "resource": "injectionprofiles"},
                  "object": {"a": 1}, "oldObject": {"a": 2}}}
                """.getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(request.oldObject().path("a").asInt()).isEqualTo(2);
        assertThat(creating(PROFILES, GOOD).oldObject()).isEqualTo(MissingNode.getInstance());
    }

    private static AdmissionRequest creating(String resource, JsonNode object) {
        return new AdmissionRequest("u1", resource, "", "CREATE", "", false, object);
    }

    private static AdmissionRequest updating(String resource, JsonNode before, JsonNode object) {
        return new AdmissionRequest("u1", resource, "", "UPDATE", "", false, object, before);
    }

    /** A resource with the fields that the API server sets. */
    private static JsonNode object(String spec) {
        try {
            return YamlReader.read("""
                    metadata: {name: flags, uid: 1-2, generation: 1, managedFields: [{manager: kubectl}], creationTimestamp: null}
                    status: {conditions: []}
                    spec:
                    """ + spec.indent(2)).getFirst().tree();
        } catch (YamlException e) {
            throw new IllegalArgumentException(spec, e);
        }
    }

    private static ReviewResponse written(ReviewOutcome outcome) throws Exception {
        return ReviewResponse.read(ReviewWriter.write(outcome.response())).wellFormed("u1");
    }
}
