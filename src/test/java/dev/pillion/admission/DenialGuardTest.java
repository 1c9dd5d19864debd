package dev.pillion.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.catalog.resource.Deletion;
import dev.pillion.catalog.resource.ResourceCatalog;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.yaml.YamlReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DenialGuardTest {

    private static final String POLICIES = "pillion.dev/injectionpolicies";
    private static final String PROFILES = "pillion.dev/injectionprofiles";

    private final JsonNode profile = object("agent", "description: Agent.\nparameters: [{name: host, type: string}]");
    private final JsonNode policy = object("must", "mode: Enforce\nmatch: {}\nprofiles: [{name: agent}]");
    private final List<CatalogResource> present =
            List.of(CatalogResource.of(Kind.PROFILE, profile), CatalogResource.of(Kind.POLICY, policy));
    private final ResourceCatalog catalog =
            ResourceCatalog.over(CatalogReader.builtIn()).with(CatalogReader.builtIn(), present);

    private ExistingPods.Count denied = count(12);
    private ExistingPods.Count companions = count(0);
    private final List<List<Policy>> asked = new ArrayList<>();

    private final ResourceWebhook webhook = new ResourceWebhook(
            new ResourceWebhook.DryRun() {
                @Override
                public ResourceCatalog with(CatalogResource changed) {
                    return catalog.with(changed, present);
                }

                @Override
                public Deletion deletionOf(CatalogResource.Id id) {
                    return catalog.deletionOf(id, present);
                }
            },
            new ExistingPods() {
                @Override
                public Count newlyDenied(Catalog changed, List<Policy> policies) {
                    asked.add(policies);
                    return denied;
                }

                @Override
                public Count withCompanionsOf(String name) {
                    return companions;
                }
            },
            () -> Instant.parse("2030-01-31T00:00:00Z"));

    @Test
    void aPolicyThatDeniesExistingPodsIsRefusedWithTheirNumber() {
        ReviewOutcome outcome = webhook.review(creating(POLICIES, policy, false));

        assertThat(outcome.code()).isEqualTo(ReasonCode.DENIES_EXISTING_PODS);
        assertThat(outcome.response().denial().orElseThrow().message())
                .isEqualTo(
                        "injectionpolicy/must would deny 12 existing Pods when they are replaced (denies-existing-pods);"
                                + " change these Pods first, or set the annotation pillion.dev/acknowledge-denials: \"true\" on the policy;"
                                + " for example, shop/web: no host");
    }

    @Test
    void aDryRunIsAdmittedWithAWarning() throws Exception {
        ReviewOutcome outcome = webhook.review(creating(POLICIES, policy, true));

        assertThat(outcome.response().isAllowed()).isTrue();
        assertThat(warnings(outcome))
                .contains(
                        "without --dry-run, this is denied: injectionpolicy/must would deny 12 existing Pods when they are replaced"
                                + " (denies-existing-pods); change these Pods first, or set the annotation"
                                + " pillion.dev/acknowledge-denials: \"true\" on the policy; for example, shop/web: no host");
    }

    @Test
    void anAcknowledgedPolicyIsAdmittedWithAWarning() throws Exception {
        ObjectNode acknowledged = policy.deepCopy();
        acknowledged.withObject("metadata").putObject("annotations").put("pillion.dev/acknowledge-denials", "true");

        ReviewOutcome outcome = webhook.review(creating(POLICIES, acknowledged, false));

        assertThat(outcome.response().isAllowed()).isTrue();
        assertThat(warnings(outcome)).contains("would deny 12 existing Pods").doesNotContain("--dry-run");
    }

    @Test
    void aPolicyThatDeniesNoPodIsAdmitted() throws Exception {
        denied = count(0);

        ReviewOutcome outcome = webhook.review(creating(POLICIES, policy, false));

        assertThat(outcome.response().isAllowed()).isTrue();
        assertThat(warnings(outcome)).doesNotContain("existing Pods");
    }

    @Test
    void aPolicyIsAdmittedWithAWarningIfPodsCannotBeCounted() throws Exception {
        denied = new ExistingPods.Count(0, Optional.empty(), Optional.of("the API server answered 403"));

        ReviewOutcome outcome = webhook.review(creating(POLICIES, policy, false));

        assertThat(outcome.response().isAllowed()).isTrue();
        assertThat(warnings(outcome))
                .contains("injectionpolicy/must: not all existing Pods that it may deny were counted:"
                        + " the API server answered 403");
    }

    @Test
    void aNumberThatIsTooLowIsSoNamed() {
        denied = new ExistingPods.Count(1, Optional.of("shop/web"), Optional.of("only 500 Pods were read"));

        assertThat(webhook.review(creating(POLICIES, policy, false))
                        .response()
                        .denial()
                        .orElseThrow()
                        .message())
                .startsWith("injectionpolicy/must would deny at least 1 existing Pod when it is replaced");
    }

    @Test
    void aProfileIsCheckedForThePoliciesThatInjectIt() {
        JsonNode stricter =
                object("agent", "description: Agent.\nparameters: [{name: host, type: string, required: true}]");

        ReviewOutcome outcome =
                webhook.review(new AdmissionRequest("u1", PROFILES, "", "UPDATE", "", false, stricter, profile));

        assertThat(outcome.code()).isEqualTo(ReasonCode.DENIES_EXISTING_PODS);
        assertThat(outcome.response().denial().orElseThrow().message())
                .startsWith("injectionprofile/agent would deny 12 existing Pods")
                .contains(" on the profile; for example, shop/web");
        assertThat(asked).singleElement().satisfies(policies -> assertThat(policies)
                .extracting(Policy::name)
                .containsExactly("must"));
    }

    @Test
    void noPodsAreReadForAPolicyThatInjectsNothing() {
        for (String spec : List.of(
                "mode: Audit\nmatch: {}\nprofiles: [{name: agent}]",
                "mode: Permit\nmatch: {}\nprofiles: [{name: agent}]",
                "mode: Enforce\nmatch: {}\nprofiles: [{name: agent}]\nuntil: 2030-01-31T00:00:00Z")) {
            assertThat(webhook.review(creating(POLICIES, object("must", spec), false))
                            .response()
                            .isAllowed())
                    .isTrue();
        }
        assertThat(webhook.review(creating(PROFILES, object("other", "description: Other."), false))
                        .response()
                        .isAllowed())
                .isTrue();

        assertThat(asked).isEmpty();
    }

    @Test
    void theDeletionOfAProfileWithCompanionsCausesAWarning() throws Exception {
        companions = new ExistingPods.Count(3, Optional.of("shop/web"), Optional.empty());
        AdmissionRequest request = new AdmissionRequest(
                "u1",
                PROFILES,
                "",
                "DELETE",
                "",
                false,
                MissingNode.getInstance(),
                object("other", "description: Other."));

        ReviewOutcome outcome = webhook.review(request);

        assertThat(outcome.response().isAllowed()).isTrue();
        assertThat(warnings(outcome))
                .contains(
                        "injectionprofile/other is deleted, but 3 existing Pods keep its companions until replaced; for example, shop/web");
    }

    private static ExistingPods.Count count(long pods) {
        return new ExistingPods.Count(pods, Optional.of("shop/web: no host").filter(_ -> pods > 0), Optional.empty());
    }

    private static AdmissionRequest creating(String resource, JsonNode object, boolean dryRun) {
        return new AdmissionRequest("u1", resource, "", "CREATE", "", dryRun, object);
    }

    private static JsonNode object(String name, String spec) {
        try {
            return YamlReader.read("metadata: {name: " + name + "}\nspec:\n" + spec.indent(2))
                    .getFirst()
                    .tree();
        } catch (Exception e) {
            throw new IllegalArgumentException(spec, e);
        }
    }

    /** All warnings as one text, without the breaks that their length causes. */
    private static String warnings(ReviewOutcome outcome) throws Exception {
        return String.join(
                        "",
                        ReviewResponse.read(ReviewWriter.write(outcome.response()))
                                .wellFormed("u1")
                                .warnings())
                .replace(" …pillion: … ", " ")
                .replace("pillion: … ", " ");
    }
}
