package dev.pillion.injection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.catalog.resource.ResourceCatalog;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.audit.Audit;
import dev.pillion.injection.audit.AuditFinding;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.reason.RequestSource;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A policy enforces a profile that the catalog does not have: a strict namespace refuses the Pod, and another one warns. */
class EnforcementGapsTest {

    private static final Namespace STRICT =
            new Namespace("shop", Map.of("pillion.dev/enforcement", "strict", "team", "shop"), Map.of());
    private static final Namespace LENIENT = new Namespace("shop", Map.of("team", "shop"), Map.of());

    private static final String SENTENCE = "policy must enforces profile 'agent', which cannot be provided: ";

    private final Injector injector = new Injector(InjectionSettings.defaults());

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStrictNamespaceDeniesThePodAndNamesThePolicyAndTheCause(boolean deleted) {
        Denied denied = (Denied) injector.decide(pod("{}"), STRICT, deleted ? deleted() : broken());

        assertThat(denied.reason().code()).isEqualTo(ReasonCode.REQUIREMENT_UNMET);
        assertThat(denied.reason().message())
                .startsWith(SENTENCE)
                .contains(deleted ? "there is no profile 'agent'" : "the profile 'agent' does not compile")
                .endsWith("; Pods of this strict namespace are denied until the platform team corrects it");
        assertThat(denied.requests())
                .containsExactly(new ProfileRequest("agent", new RequestSource.PolicyGrant("must")));
    }

    @Test
    void theFinalCheckReportsTheGapToo() {
        assertThat(injector.violations(pod("{}"), STRICT, broken()))
                .singleElement()
                .satisfies(reason -> {
                    assertThat(reason.code()).isEqualTo(ReasonCode.REQUIREMENT_UNMET);
                    assertThat(reason.message()).startsWith(SENTENCE);
                });
    }

    @Test
    void aPodOfAnotherNamespaceStartsWithAWarning() {
        Unchanged unchanged = (Unchanged) injector.decide(pod("{}"), LENIENT, broken());

        assertThat(unchanged.plan().warnings()).singleElement().satisfies(reason -> assertThat(reason.message())
                .startsWith(SENTENCE));
        assertThat(injector.violations(pod("{}"), LENIENT, broken())).hasSize(1);
    }

    @Test
    void aPodGetsTheOtherProfilesAndTheWarning() {
        Injected injected = (Injected) injector.decide(pod("{pillion.dev/inject: logging}"), LENIENT, broken());

        assertThat(injected.plan().has("logging")).isTrue();
        assertThat(injected.plan().warnings()).extracting(Reason::code).contains(ReasonCode.REQUIREMENT_UNMET);
    }

    @Test
    void aPodThatOptsOutIsDeniedToo() {
        assertThat(injector.decide(pod("{pillion.dev/inject: 'false'}"), STRICT, broken()))
                .isInstanceOf(Denied.class);
    }

    @Test
    void aPodThatThePolicyDoesNotMatchIsNotAffected() {
        Namespace other = new Namespace("bank", Map.of("pillion.dev/enforcement", "strict"), Map.of());

        assertThat(injector.decide(pod("{}"), other, broken()).plan().warnings())
                .isEmpty();
        assertThat(injector.decide(pod("{}"), other, broken())).isInstanceOf(Unchanged.class);
    }

    @Test
    void excludedNamespacesAreNotAffected() {
        Namespace system = new Namespace("kube-system", STRICT.labels(), Map.of());

        assertThat(injector.decide(pod("{}"), system, broken())).isInstanceOf(Unchanged.class);
        assertThat(injector.violations(pod("{}"), system, broken())).isEmpty();
    }

    @Test
    void anAuditReportsTheGap() throws Exception {
        Audit audit = new Audit(injector, broken(), Audit.Detail.DIFFERENCES);
        audit.check(pod("{}"), LENIENT);
        audit.check(pod("{}"), STRICT);

        assertThat(audit.podsWithFindings()).isEqualTo(1);
        assertThat(audit.findings())
                .extracting(finding -> finding.finding().profile(), finding -> finding.finding()
                        .requestedBy())
                .containsOnly(tuple("agent", Optional.of(new RequestSource.PolicyGrant("must"))))
                .hasSize(2);
        assertThat(audit.findings())
                .extracting(finding -> finding.finding().kind())
                .containsExactly(AuditFinding.Kind.UNMET, AuditFinding.Kind.DENIED);
    }

    /** It is not outdated: a new Pod would have less than this one. */
    @Test
    void anAuditSaysThatAPodHasTheCompanionFromBefore() {
        Catalog before = ResourceCatalog.over(CatalogReader.builtIn())
                .with(
                        CatalogReader.builtIn(),
                        List.of(profile("{description: A., sidecars: [{name: agent, image: agent}]}"), policy()))
                .catalog();
        Pod injected = Trial.readPod(((Injected) injector.decide(pod("{}"), LENIENT, before))
                .patch()
                .applyTo(pod("{}").tree()));
        Audit audit = new Audit(injector, deleted(), Audit.Detail.DIFFERENCES);

        audit.check(injected, LENIENT);

        assertThat(audit.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.finding().kind()).isEqualTo(AuditFinding.Kind.UNMET);
            assertThat(finding.finding().profile()).isEqualTo("agent");
            assertThat(finding.finding().detail()).startsWith(SENTENCE).endsWith("; the Pod has it from before");
        });
    }

    @Test
    void aMissingValueDeniesThePodInAStrictNamespaceAndWarnsElsewhere() {
        Catalog catalog = ResourceCatalog.over(CatalogReader.builtIn())
                .with(
                        CatalogReader.builtIn(),
                        List.of(
                                profile("{description: A., parameters: [{name: port, type: port, required: true}]}"),
                                policy()))
                .catalog();
        String sentence = "policy must requests profile 'agent', but its parameter 'port' needs a value;"
                + " set annotation agent.pillion.dev/port, or ask the platform team";

        Denied denied = (Denied) injector.decide(pod("{}"), STRICT, catalog);
        Unchanged lenient = (Unchanged) injector.decide(pod("{}"), LENIENT, catalog);

        assertThat(denied.reason()).isEqualTo(new Reason(ReasonCode.MISSING_PARAMETER, sentence));
        assertThat(lenient.plan().warnings()).containsExactly(new Reason(ReasonCode.MISSING_PARAMETER, sentence));
        assertThat(injector.violations(pod("{}"), LENIENT, catalog))
                .containsExactly(new Reason(ReasonCode.MISSING_PARAMETER, sentence));
        Audit audit = new Audit(injector, catalog, Audit.Detail.DIFFERENCES);
        audit.check(pod("{}"), LENIENT);
        assertThat(audit.podsWithFindings()).isEqualTo(1);
    }

    private static Catalog deleted() {
        List<CatalogResource> both = List.of(profile("{description: Agent.}"), policy());
        return ResourceCatalog.over(CatalogReader.builtIn())
                .with(CatalogReader.builtIn(), both)
                .with(CatalogReader.builtIn(), List.of(policy()))
                .catalog();
    }

    private static Catalog broken() {
        List<CatalogResource> resources = new ArrayList<>(List.of(profile("{descripton: Agent.}"), policy()));
        return ResourceCatalog.over(CatalogReader.builtIn())
                .with(CatalogReader.builtIn(), resources)
                .catalog();
    }

    private static CatalogResource profile(String spec) {
        return resource(Kind.PROFILE, "agent", spec);
    }

    private static CatalogResource policy() {
        return resource(
                Kind.POLICY,
                "must",
                "{mode: Enforce, match: {namespaceSelector: {matchLabels: {team: shop}}}, profiles: [{name: agent}]}");
    }

    private static CatalogResource resource(Kind kind, String name, String spec) {
        JsonNode object = Trial.yaml("metadata: {name: " + name + ", generation: 1}");
        ((ObjectNode) object).set("spec", Trial.yaml(spec));
        return CatalogResource.of(kind, object);
    }

    private static Pod pod(String annotations) {
        return Trial.readPod(Trial.yaml("metadata: {name: web, annotations: " + annotations
                + "}\nspec: {containers: [{name: web, image: nginx}]}"));
    }
}
