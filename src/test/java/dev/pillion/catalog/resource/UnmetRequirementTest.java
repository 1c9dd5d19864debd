package dev.pillion.catalog.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.UnmetRequirement;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.compile.Profiles;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.catalog.resource.ResourceStatus.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The catalog contains unmet requirements of policies, and last good versions survive a restart. */
class UnmetRequirementTest {

    private static final Id AGENT = new Id(Kind.PROFILE, "agent");
    private static final Id MUST = new Id(Kind.POLICY, "must");
    private static final String GOOD = "{description: Agent., sidecars: [{name: agent, image: 'a:1'}]}";
    private static final String BROKEN = "{description: Agent., sidecarz: []}";
    private static final String ENFORCE =
            "{mode: Enforce, match: {namespaceSelector: {matchLabels: {team: shop}}}, profiles: [{name: agent}]}";

    private static final Map<String, String> SHOP = Map.of("team", "shop");

    private final ResourceCatalog none = ResourceCatalog.over(CatalogReader.builtIn());

    @Nested
    class AnEnforcedProfile {

        @Test
        void thatIsDeletedIsUnmetAndThePolicyIsNotInForce() {
            ResourceCatalog before = with(none, profile(GOOD), policy(ENFORCE));
            ResourceCatalog after = with(before, policy(ENFORCE));

            assertThat(before.catalog().unmet()).isEmpty();
            assertThat(unmet(after))
                    .containsExactly(
                            "policy must enforces profile 'agent', which cannot be provided: there is no profile 'agent'");
            assertThat(after.statuses().get(MUST).state()).isEqualTo(State.INVALID);
            assertThat(after.statuses().get(MUST).unmet()).hasSize(1);
            assertThat(after.statuses().get(MUST).notes()).noneMatch(note -> note.contains("stays in force"));
        }

        @Test
        void thatIsBrokenAtTheStartIsUnmet() {
            ResourceCatalog started = with(none, profile(BROKEN), policy(ENFORCE));

            assertThat(unmet(started))
                    .containsExactly(
                            "policy must enforces profile 'agent', which cannot be provided: spec.profiles[0].name:"
                                    + " the profile 'agent' does not compile, and no earlier version of it is known");
        }

        @Test
        void isUnmetOnlyForThePodsOfThePolicy() {
            Catalog catalog = with(none, profile(BROKEN), policy(ENFORCE)).catalog();

            assertThat(catalog.unmet(SHOP, Map.of())).hasSize(1);
            assertThat(catalog.unmet(Map.of("team", "other"), Map.of())).isEmpty();
        }

        @Test
        void isMetAgainWhenTheProfileIsBack() {
            ResourceCatalog gone = with(with(none, profile(GOOD), policy(ENFORCE)), policy(ENFORCE));

            ResourceCatalog back = with(gone, profile(GOOD), policy(ENFORCE));

            assertThat(back.catalog().unmet()).isEmpty();
            assertThat(back.statuses().get(MUST).compiled()).isTrue();
        }

        @Test
        void leavesTheOtherProfilesOfThePolicyInForce() {
            String two = ENFORCE.replace("[{name: agent}]", "[{name: agent}, {name: logging}]");
            ResourceCatalog after = with(with(none, profile(GOOD), policy(two)), policy(two));

            assertThat(unmet(after)).hasSize(1);
            assertThat(after.catalog().policies().getFirst().grants())
                    .extracting(Policy.Grant::profile)
                    .containsExactly("logging");
            assertThat(after.statuses().get(MUST).notes()).containsExactly("The other parts stay in force.");
        }

        @ParameterizedTest
        @CsvSource({"Default", "Permit", "Audit"})
        void isNoRequirementOfAPolicyInAnotherMode(String mode) {
            String other = ENFORCE.replace("Enforce", mode);

            assertThat(with(with(none, profile(GOOD), policy(other)), policy(other))
                            .catalog()
                            .unmet())
                    .isEmpty();
            assertThat(with(none, profile(BROKEN), policy(other)).catalog().unmet())
                    .isEmpty();
        }

        @Test
        void ofADirectoryIsUnmetForAPolicyOfTheCluster(@TempDir Path directory) throws Exception {
            Files.writeString(
                    directory.resolve("agent.yaml"),
                    "kind: InjectionProfile\napiVersion: pillion.dev/v1alpha1\nmetadata: {name: agent}\nspec: " + GOOD);
            ResourceCatalog before = none.with(CatalogReader.read(directory), List.of(policy(ENFORCE)));

            ResourceCatalog after = before.with(CatalogReader.builtIn(), List.of(policy(ENFORCE)));

            assertThat(before.catalog().unmet()).isEmpty();
            assertThat(unmet(after)).hasSize(1);
        }
    }

    @Nested
    class APolicyThatDoesNotCompile {

        @Test
        void requiresItsProfilesForTheSelectedPods() {
            Catalog catalog = with(
                            none, policy(ENFORCE.replace("agent", "logging").replace("}]}", "}], priorty: 1}")))
                    .catalog();

            assertThat(catalog.unmet(SHOP, Map.of()))
                    .extracting(UnmetRequirement::toString)
                    .containsExactly(
                            "policy must enforces profile 'logging', which cannot be provided: the policy does not compile:"
                                    + " spec.priorty: unknown field 'priorty'; did you mean 'priority'?");
            assertThat(catalog.unmet(Map.of(), Map.of())).isEmpty();
        }

        @Test
        void selectsEveryPodIfItsSelectorCannotBeRead() {
            Catalog catalog = with(none, policy(ENFORCE.replace("matchLabels: {team: shop}", "matchLabels: {team: 1}")))
                    .catalog();

            assertThat(catalog.unmet(Map.of(), Map.of())).hasSize(1);
        }

        @Test
        void enforcesIfItsModeCannotBeRead() {
            assertThat(with(none, policy(ENFORCE.replace("Enforce", "Enforced")))
                            .catalog()
                            .unmet(SHOP, Map.of()))
                    .hasSize(1);
        }

        @Test
        void requiresAProfileEvenIfItNamesNone() {
            assertThat(unmet(with(none, policy(ENFORCE.replace("[{name: agent}]", "[]")))))
                    .containsExactly(
                            "policy must enforces a profile, which cannot be provided: the policy does not compile:"
                                    + " spec.profiles: is missing; a policy has at least one profile");
        }

        @Test
        void requiresNothingNewWhileAnEarlierVersionIsInForce() {
            ResourceCatalog before = with(none, profile(GOOD), policy(ENFORCE));

            ResourceCatalog after = with(before, profile(GOOD), policy(ENFORCE.replace("match", "macht")));

            assertThat(after.statuses().get(MUST).state()).isEqualTo(State.LAST_GOOD);
            assertThat(after.catalog().unmet()).isEmpty();
        }
    }

    @Nested
    class ALastGoodVersion {

        @Test
        void isInForceAfterARestart() {
            CatalogResource broken = stored(profile(BROKEN), profile(GOOD));

            ResourceCatalog started = with(none, broken, policy(ENFORCE));

            assertThat(started.statuses().get(AGENT).state()).isEqualTo(State.LAST_GOOD);
            assertThat(started.statuses().get(AGENT).notes()).containsExactly("Generation 1 stays in force.");
            assertThat(started.catalog().profile("agent")).isPresent();
            assertThat(started.catalog().unmet()).isEmpty();
        }

        @Test
        void ofAPolicyIsInForceAfterARestart() {
            ResourceCatalog started =
                    with(none, profile(GOOD), stored(policy(ENFORCE.replace("match", "macht")), policy(ENFORCE)));

            assertThat(started.catalog().policies()).extracting(Policy::name).containsExactly("must");
            assertThat(started.statuses().get(MUST).state()).isEqualTo(State.LAST_GOOD);
        }

        @Test
        void isWrittenAgainWhileItIsInForce() {
            CatalogResource broken = stored(profile(BROKEN), profile(GOOD));

            assertThat(with(none, broken).statuses().get(AGENT).lastGood()).isEqualTo(broken.lastGood());
            assertThat(with(none, profile(GOOD)).statuses().get(AGENT).lastGood())
                    .isEqualTo(broken.lastGood());
        }

        @Test
        void blocksANewVersionThatBreaksAPolicyInForce() {
            String policy = ENFORCE.replace("agent}", "agent, parameters: {p: 80}}");
            String one = "{description: Agent., parameters: [{name: p, type: port, default: 1}]}";
            String other = "{description: Agent.}";

            ResourceCatalog started =
                    with(none, stored(profile(other), profile(one)), stored(policy(policy), policy(policy)));

            assertThat(started.statuses().get(AGENT).state()).isEqualTo(State.LAST_GOOD);
            assertThat(started.statuses().get(MUST).compiled()).isTrue();
            assertThat(started.catalog().unmet()).isEmpty();
        }

        @Test
        void isReportedAndKeptIfThisVersionOfPillionCannotCompileIt() {
            CatalogResource resource = stored(profile(BROKEN), profile("{description: A., ofTheFuture: true}"));

            ResourceStatus status = with(none, resource).statuses().get(AGENT);

            assertThat(status.state()).isEqualTo(State.INVALID);
            assertThat(status.notes().getFirst())
                    .isEqualTo(
                            "Generation 1, the last good version that its status keeps, does not compile with this version of Pillion.");
            assertThat(status.lastGood()).isEqualTo(resource.lastGood());
        }

        @Test
        void thatIsNotJsonIsIgnored() {
            CatalogResource broken = profile(BROKEN);

            CatalogResource odd = new CatalogResource(broken.id(), 2, broken.tree(), Optional.of(new LastGood(1, "{")));

            assertThat(with(none, odd).statuses().get(AGENT).state()).isEqualTo(State.INVALID);
        }

        @Test
        void thatArrivesLaterIsUsed() {
            ResourceCatalog started = with(none, profile(BROKEN), policy(ENFORCE));

            ResourceCatalog later = with(started, stored(profile(BROKEN), profile(GOOD)), policy(ENFORCE));

            assertThat(later.catalog().unmet()).isEmpty();
            assertThat(later.catalog().profile("agent")).isPresent();
        }

        @Test
        void isTakenFromMemoryBeforeTheStatus() {
            ResourceCatalog running = with(none, profile(GOOD));
            CatalogResource forged = stored(profile(BROKEN), profile(GOOD.replace("a:1", "evil:1")));

            Profile serving = with(running, forged).catalog().profile("agent").orElseThrow();

            assertThat(serving.generation())
                    .isEqualTo(running.catalog().profile("agent").orElseThrow().generation());
        }

        @Test
        void isNotStoredButReportedIfItIsTooLarge() {
            ResourceStatus status = with(none, profile("{description: '" + "x".repeat(300_000) + "'}"))
                    .statuses()
                    .get(AGENT);

            assertThat(status.compiled()).isTrue();
            assertThat(status.lastGood()).isEmpty();
            assertThat(status.notes().getFirst()).startsWith("It has more than 262144 characters");
        }

        @Test
        void doesNotChangeTheCatalogWhenItIsWritten() {
            CatalogResource good = profile(GOOD);
            CatalogResource written = stored(profile(GOOD), profile(GOOD));
            CatalogResource broken = profile(BROKEN);

            assertThat(written.differsFrom(good)).isFalse();
            assertThat(stored(broken, profile(GOOD)).differsFrom(broken)).isTrue();
            assertThat(stored(broken, profile(GOOD)).differsFrom(stored(broken, profile(GOOD))))
                    .isFalse();
        }
    }

    private static List<String> unmet(ResourceCatalog catalog) {
        return catalog.catalog().unmet().stream()
                .map(UnmetRequirement::toString)
                .toList();
    }

    private static ResourceCatalog with(ResourceCatalog before, CatalogResource... resources) {
        return before.with(CatalogReader.builtIn(), List.of(resources));
    }

    private static CatalogResource stored(CatalogResource present, CatalogResource good) {
        return new CatalogResource(present.id(), present.generation(), present.tree(), LastGood.of(1, good.source()));
    }

    private static CatalogResource profile(String spec) {
        return resource(Kind.PROFILE, "agent", spec);
    }

    private static CatalogResource policy(String spec) {
        return resource(Kind.POLICY, "must", spec);
    }

    private static CatalogResource resource(Kind kind, String name, String spec) {
        ObjectNode object = (ObjectNode) Profiles.tree("metadata: {name: " + name + ", generation: 1}");
        object.set("spec", Profiles.tree(spec));
        return CatalogResource.of(kind, object);
    }
}
