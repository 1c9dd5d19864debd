package dev.pillion.catalog.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Policy;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The profiles and policies in force if a cluster has valid and invalid resources. */
class ResourceCatalogTest {

    private static final Id FLAGS = new Id(Kind.PROFILE, "flags");
    private static final Id GIVE = new Id(Kind.POLICY, "give");

    private final ResourceCatalog none = ResourceCatalog.over(CatalogReader.builtIn());

    @TempDir
    private Path directory;

    @Nested
    class AGoodResource {

        @Test
        void isInForceBesideTheBuiltInProfiles() {
            ResourceCatalog catalog = none.with(below(), List.of(flags("a"), give("flags")));

            assertThat(catalog.catalog().profile("flags").orElseThrow().source())
                    .isEqualTo("injectionprofile/flags");
            assertThat(catalog.catalog().profile("logging")).isPresent();
            assertThat(catalog.catalog().policies()).extracting(Policy::name).containsExactly("give");
            assertThat(catalog.statuses())
                    .containsExactly(
                            Map.entry(
                                    FLAGS,
                                    compiled("{\"description\":\"a\"}")
                                            .with(Optional.of("44136fa3"), ProfileHistory.NONE)),
                            Map.entry(
                                    GIVE,
                                    compiled(
                                            "{\"mode\":\"Default\",\"match\":{},\"profiles\":[{\"name\":\"flags\"}]}")));
        }

        @Test
        void replacesABuiltInProfileAndOneOfTheDirectoryWithANote() throws Exception {
            Files.writeString(directory.resolve("flags.yaml"), yaml("flags", "of the directory"));
            ResourceCatalog catalog = none.with(
                    CatalogReader.read(directory),
                    List.of(flags("of the cluster"), profile("env", 1, "description: Mine.")));

            assertThat(catalog.catalog().profile("flags").orElseThrow().description())
                    .isEqualTo("of the cluster");
            assertThat(status(catalog, FLAGS).notes())
                    .containsExactly("It replaces the definition with the same name that is in flags.yaml.");
            assertThat(status(catalog, new Id(Kind.PROFILE, "env")).notes())
                    .containsExactly("It replaces the definition with the same name that is built in.");
        }

        @Test
        void replacesAPolicyOfTheDirectory() throws Exception {
            Files.writeString(directory.resolve("give.yaml"), YAML_POLICY.formatted("give", "env", "{}", "Default"));
            ResourceCatalog catalog = none.with(CatalogReader.read(directory), List.of(give("logging")));

            assertThat(catalog.catalog().policies())
                    .extracting(policy -> policy.grants().getFirst().profile())
                    .containsExactly("logging");
        }

        @Test
        void isNotCompiledAgainWithoutAChange() {
            ResourceCatalog before = none.with(below(), List.of(flags("a"), give("flags")));
            ResourceCatalog after =
                    before.with(below(), List.of(flags("a"), give("flags"), profile("x", 1, "description: X.")));

            assertThat(after.catalog().profile("flags").orElseThrow())
                    .isSameAs(before.catalog().profile("flags").orElseThrow());
            assertThat(after.catalog().policies().getFirst())
                    .isSameAs(before.catalog().policies().getFirst());
        }

        @Test
        void isRemovedWhenItIsDeleted() {
            ResourceCatalog catalog = none.with(below(), List.of(flags("a"))).with(below(), List.of());

            assertThat(catalog.catalog().generation()).isEqualTo(below().generation());
            assertThat(catalog.statuses()).isEmpty();
        }

        @Test
        void doesNotDependOnTheFieldsOfTheApiServer() {
            JsonNode object = Profiles.tree("""
                    apiVersion: pillion.dev/v1alpha1
                    kind: InjectionProfile
                    metadata:
                      name: flags
                      uid: 1-2-3
                      generation: 7
                      resourceVersion: "99"
                      managedFields: [{manager: kubectl}]
                      annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}", lint.pillion.dev/floating-image: Why.}
                    spec: {description: Flags.}
                    status: {conditions: []}
                    """);

            assertThat(CatalogResource.of(Kind.PROFILE, object))
                    .isEqualTo(new CatalogResource(FLAGS, 7, Profiles.tree("""
                            apiVersion: pillion.dev/v1alpha1
                            kind: InjectionProfile
                            metadata: {name: flags, annotations: {lint.pillion.dev/floating-image: Why.}}
                            spec: {description: Flags.}
                            """)));
        }
    }

    @Nested
    class ABadResource {

        @Test
        void keepsItsLastGoodVersionAndReportsAllProblems() {
            ResourceCatalog good = none.with(below(), List.of(flags("good")));
            ResourceCatalog bad = good.with(below(), List.of(profile("flags", 2, "sidecarz: []\nacess: Open")));

            assertThat(bad.catalog().profile("flags").orElseThrow().description())
                    .isEqualTo("good");
            assertThat(status(bad, FLAGS).state()).isEqualTo(State.LAST_GOOD);
            assertThat(status(bad, FLAGS).generation()).isEqualTo(2);
            assertThat(status(bad, FLAGS).problemText())
                    .contains("spec.description: is missing")
                    .contains("spec.sidecarz: unknown field 'sidecarz'; did you mean 'sidecars'?")
                    .contains("spec.acess: unknown field 'acess'; did you mean 'access'?");
            assertThat(status(bad, FLAGS).notes()).containsExactly("Generation 1 stays in force.");
        }

        @Test
        void keepsItThroughSeveralBadVersionsUntilAGoodOneComes() {
            ResourceCatalog catalog = none.with(below(), List.of(flags("first")));
            for (int generation = 2; generation < 5; generation++) {
                catalog = catalog.with(below(), List.of(profile("flags", generation, "access: " + generation)));
                assertThat(catalog.catalog().profile("flags").orElseThrow().description())
                        .isEqualTo("first");
            }
            catalog = catalog.with(below(), List.of(profile("flags", 5, "description: second")));

            assertThat(catalog.catalog().profile("flags").orElseThrow().description())
                    .isEqualTo("second");
            assertThat(status(catalog, FLAGS).compiled()).isTrue();
        }

        @Test
        void isLeftOutWithoutAGoodVersionAndBlocksNoOther() {
            ResourceCatalog catalog = none.with(
                    below(), List.of(profile("flags", 1, "acess: Open"), profile("other", 1, "description: Other.")));

            assertThat(catalog.catalog().profile("flags")).isEmpty();
            assertThat(catalog.catalog().profile("other")).isPresent();
            assertThat(status(catalog, FLAGS).state()).isEqualTo(State.INVALID);
            assertThat(status(catalog, FLAGS).notes())
                    .containsExactly("No earlier version is known, so no version is in force.");
        }

        @Test
        void doesNotReplaceAnythingWithoutAGoodVersion() {
            ResourceCatalog catalog = none.with(below(), List.of(profile("env", 1, "acess: Open")));

            assertThat(catalog.catalog().profile("env").orElseThrow().source()).isEqualTo("built in");
            assertThat(status(catalog, new Id(Kind.PROFILE, "env")).notes())
                    .containsExactly(
                            "No earlier version is known, so the definition with the same name that is built in stays in force.");
        }

        @Test
        void isForgottenWithItsGoodVersionWhenItIsDeleted() {
            ResourceCatalog catalog = none.with(below(), List.of(flags("good")))
                    .with(below(), List.of())
                    .with(below(), List.of(profile("flags", 1, "acess: Open")));

            assertThat(catalog.catalog().profile("flags")).isEmpty();
        }
    }

    @Nested
    class APolicy {

        @Test
        void thatNamesAnUnknownProfileGetsASuggestion() {
            ResourceCatalog catalog = none.with(below(), List.of(flags("a"), give("flag")));

            assertThat(status(catalog, GIVE).problemText())
                    .isEqualTo("spec.profiles[0].name: there is no profile 'flag'; did you mean 'flags'?");
            assertThat(catalog.catalog().policies()).isEmpty();
        }

        @Test
        void reportsThatItsProfileDoesNotCompile() {
            ResourceCatalog catalog = none.with(below(), List.of(profile("flags", 1, "acess: Open"), give("flags")));

            assertThat(status(catalog, GIVE).problemText())
                    .isEqualTo(
                            "spec.profiles[0].name: the profile 'flags' does not compile, and no earlier version of it is known");
        }

        @Test
        void comesIntoForceWithItsProfile() {
            ResourceCatalog catalog =
                    none.with(below(), List.of(give("flags"))).with(below(), List.of(give("flags"), flags("a")));

            assertThat(status(catalog, GIVE).compiled()).isTrue();
        }

        @Test
        void keepsItsOtherGrantsWhenOneOfItsProfilesIsDeleted() {
            CatalogResource both = policy("give", 1, "profiles: [{name: flags}, {name: env}]");
            ResourceCatalog before = none.with(below(), List.of(flags("a"), both));
            ResourceCatalog after = before.with(below(), List.of(both));

            assertThat(after.catalog().policies().getFirst().grants())
                    .extracting(Policy.Grant::profile)
                    .containsExactly("env");
            assertThat(status(after, GIVE).state()).isEqualTo(State.LAST_GOOD);
            assertThat(status(after, GIVE).problemText())
                    .startsWith("spec.profiles[0].name: there is no profile 'flags'");
            assertThat(status(after, GIVE).notes()).containsExactly("The other parts stay in force.");

            ResourceCatalog again = after.with(below(), List.of(both, flags("b")));
            assertThat(status(again, GIVE).compiled()).isTrue();
            assertThat(again.catalog().policies().getFirst().grants()).hasSize(2);
        }

        @Test
        void withABadVersionKeepsTheOldOneAndReportsItsMissingProfiles() {
            CatalogResource both = policy("give", 1, "profiles: [{name: flags}, {name: env}]");
            ResourceCatalog before = none.with(below(), List.of(flags("a"), both));
            ResourceCatalog after = before.with(below(), List.of(policy("give", 2, "profiles: [{name: envy}]")));

            assertThat(status(after, GIVE).notes())
                    .hasSize(2)
                    .startsWith("Generation 1 stays in force.")
                    .last()
                    .asString()
                    .startsWith("This part of it is not in force: spec.profiles[0].name: there is no profile 'flags'");
            assertThat(after.catalog().policies().getFirst().grants())
                    .extracting(Policy.Grant::profile)
                    .containsExactly("env");
        }
    }

    @Nested
    class AProfileThatBreaksAPolicyInForce {

        private static final String WITH_COLOUR = "description: One.\nparameters: [{name: colour, type: string}]";
        private static final String WITHOUT = "description: Two.\nparameters: [{name: shade, type: string}]";

        private final CatalogResource sets = policy("give", 1, "profiles: [{name: flags, parameters: {colour: red}}]");

        @Test
        void isNotPutInForceAndReportsThePolicyAndTheReason() {
            ResourceCatalog before = none.with(below(), List.of(profile("flags", 1, WITH_COLOUR), sets));
            ResourceCatalog after = before.with(below(), List.of(profile("flags", 2, WITHOUT), sets));

            assertThat(after.catalog().profile("flags").orElseThrow().description())
                    .isEqualTo("One.");
            assertThat(status(after, FLAGS).state()).isEqualTo(State.LAST_GOOD);
            assertThat(status(after, FLAGS).problemText())
                    .isEqualTo(
                            "spec.parameters: policy 'give' is in force and would not compile any more: "
                                    + "spec.profiles[0].parameters.colour: profile 'flags' has no parameter 'colour'; known: shade");
            assertThat(status(after, GIVE).compiled()).isTrue();
            assertThat(after.catalog().policies().getFirst().grants().getFirst().parameters())
                    .containsKey("colour");
        }

        @Test
        void isPutInForceTogetherWithAMatchingPolicy() {
            ResourceCatalog before = none.with(below(), List.of(profile("flags", 1, WITH_COLOUR), sets));
            ResourceCatalog between = before.with(below(), List.of(profile("flags", 2, WITHOUT), sets));
            ResourceCatalog after = between.with(
                    below(),
                    List.of(
                            profile("flags", 2, WITHOUT),
                            policy("give", 2, "profiles: [{name: flags, parameters: {shade: red}}]")));

            assertThat(after.statuses().values()).allMatch(ResourceStatus::compiled);
            assertThat(after.catalog().profile("flags").orElseThrow().description())
                    .isEqualTo("Two.");
        }

        @Test
        void staysOutUntilThePolicyChanges() {
            ResourceCatalog catalog = none.with(below(), List.of(profile("flags", 1, WITH_COLOUR), sets));
            for (int look = 0; look < 3; look++) {
                catalog = catalog.with(below(), List.of(profile("flags", 2, WITHOUT), sets));
                assertThat(status(catalog, FLAGS).state()).isEqualTo(State.LAST_GOOD);
                assertThat(status(catalog, GIVE).compiled()).isTrue();
            }
            catalog = catalog.with(below(), List.of(profile("flags", 2, WITHOUT)));
            assertThat(status(catalog, FLAGS).compiled()).isTrue();
        }

        @Test
        void doesNotReplaceAProfileThatAPolicyOfTheDirectoryNeeds() throws Exception {
            Files.writeString(
                    directory.resolve("give.yaml"),
                    YAML_POLICY.formatted("give", "logging", "{path: /srv/log}", "Enforce"));
            ResourceCatalog catalog = none.with(
                    CatalogReader.read(directory), List.of(profile("logging", 1, "description: Without a path.")));

            assertThat(catalog.catalog().profile("logging").orElseThrow().source())
                    .isEqualTo("built in");
            assertThat(status(catalog, new Id(Kind.PROFILE, "logging")).state()).isEqualTo(State.INVALID);
            assertThat(catalog.baseProblems()).isEmpty();
        }

        @Test
        void isInForceWhenThePolicyOfTheDirectoryComesLater() throws Exception {
            CatalogResource logging = profile("logging", 1, "description: Without a path.");
            ResourceCatalog before = none.with(below(), List.of(logging));
            Files.writeString(
                    directory.resolve("give.yaml"),
                    YAML_POLICY.formatted("give", "logging", "{path: /srv/log}", "Enforce"));
            ResourceCatalog after = before.with(CatalogReader.read(directory), List.of(logging));

            assertThat(after.catalog().profile("logging").orElseThrow().source())
                    .isEqualTo("injectionprofile/logging");
            assertThat(after.catalog().policies()).isEmpty();
            assertThat(after.baseProblems())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "give.yaml:6: spec.profiles[0].parameters.path: profile 'logging' has no parameter 'path'");
        }

        @Test
        void isFoundInADryRun() {
            List<CatalogResource> present = List.of(profile("flags", 1, WITH_COLOUR), sets);
            ResourceCatalog catalog = none.with(below(), present);

            assertThat(status(catalog.with(profile("flags", 2, WITHOUT), present), FLAGS)
                            .problemText())
                    .contains("policy 'give' is in force");
            assertThat(status(catalog, FLAGS).compiled()).isTrue();
        }
    }

    @Test
    void manyGoodOnesAreInForceBesideManyBadOnes() {
        List<CatalogResource> resources = IntStream.range(0, 200)
                .mapToObj(index -> profile("p" + index, 1, index % 2 == 0 ? "description: P." : "acess: Open"))
                .toList();

        ResourceCatalog catalog = none.with(below(), resources);

        assertThat(catalog.catalog().profiles()).hasSize(below().profiles().size() + 100);
    }

    private static final String YAML_POLICY = """
            apiVersion: pillion.dev/v1alpha1
            kind: InjectionPolicy
            metadata: {name: %1$s}
            spec:
              match: {}
              profiles: [{name: %2$s, parameters: %3$s}]
              mode: %4$s
            """;

    private static Catalog below() {
        return CatalogReader.builtIn();
    }

    private static ResourceStatus status(ResourceCatalog catalog, Id id) {
        return catalog.statuses().get(id);
    }

    private static CatalogResource flags(String description) {
        return profile("flags", 1, "description: " + description);
    }

    private static CatalogResource give(String profile) {
        return policy("give", 1, "profiles: [{name: " + profile + "}]");
    }

    private static CatalogResource profile(String name, long generation, String spec) {
        return resource(Kind.PROFILE, name, generation, spec);
    }

    private static CatalogResource policy(String name, long generation, String spec) {
        return resource(Kind.POLICY, name, generation, "mode: Default\nmatch: {}\n" + spec);
    }

    private static CatalogResource resource(Kind kind, String name, long generation, String spec) {
        ObjectNode object =
                (ObjectNode) Profiles.tree("metadata: {name: " + name + ", generation: " + generation + "}");
        object.set("spec", Profiles.tree(spec));
        return CatalogResource.of(kind, object);
    }

    private static ResourceStatus compiled(String spec) {
        return new ResourceStatus(
                1, State.COMPILED, List.of(), List.of(), List.of(), Optional.of(new LastGood(1, spec)));
    }

    private static String yaml(String name, String description) {
        return """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionProfile
                metadata: {name: %s}
                spec: {description: %s}
                """.formatted(name, description);
    }
}
