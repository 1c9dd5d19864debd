package dev.pillion.catalog.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.ProfileVersion;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.compile.Profiles;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The earlier generations of a profile. */
class ProfileHistoryTest {

    private static final Id TAIL = new Id(Kind.PROFILE, "tail");

    private final Catalog base = CatalogReader.builtIn();
    private final ResourceCatalog none = ResourceCatalog.over(base);

    @Test
    void hasEachGenerationThatWasInForceOnceAndTheOldestFirst() {
        ResourceCatalog catalog = inForceOneAfterAnother("busybox:1", "busybox:2", "busybox:1", "busybox:3");

        assertThat(images(catalog)).containsExactly("busybox:2", "busybox:1");
        assertThat(status(catalog).profileGeneration()).contains(generation("busybox:3"));
        assertThat(status(catalog).history())
                .extracting(StoredGeneration::generation)
                .containsExactly(generation("busybox:2"), generation("busybox:1"));
    }

    @Test
    void doesNotGrowWithDescriptionsAndSettingsOfGenerations() {
        ResourceCatalog catalog = inForce(none, profile("busybox:1"));
        catalog = inForce(catalog, with(profile("busybox:1"), "description: Other words."));
        catalog = inForce(catalog, with(profile("busybox:1"), "pinnable: true\nhistoryLimit: 3\npercentage: 7"));

        assertThat(status(catalog).history()).isEmpty();
    }

    @Test
    void doesNotContainAVersionThatDoesNotCompile() {
        ResourceCatalog catalog = inForce(none, profile("busybox:1"));
        catalog = inForce(catalog, with(profile("busybox:2"), "sidecarz: []"));

        assertThat(status(catalog).profileGeneration()).contains(generation("busybox:1"));
        assertThat(status(catalog).history()).isEmpty();

        catalog = inForce(catalog, profile("busybox:3"));

        assertThat(images(catalog)).containsExactly("busybox:1");
    }

    /** No moment exists in which the earlier generation is unknown. */
    @Test
    void isKnownToAReplicaBeforeTheLeaderHasWrittenIt() {
        ResourceCatalog catalog = inForce(none, profile("busybox:1"));
        catalog = catalog.with(base, List.of(object(profile("busybox:2"))), HistoryRule.FOLLOWING);
        assertThat(images(catalog)).containsExactly("busybox:1");

        catalog = catalog.with(base, List.of(object(profile("busybox:2"))), HistoryRule.FOLLOWING);
        assertThat(images(catalog)).containsExactly("busybox:1");
    }

    @Test
    void isTheSameAfterARestart() {
        ResourceCatalog before = inForceOneAfterAnother("busybox:1", "busybox:2", "busybox:3");

        ResourceCatalog after = none.with(base, List.of(stored(before, profile("busybox:3"))));

        assertThat(images(after)).containsExactly("busybox:1", "busybox:2");
        assertThat(after.statuses()).isEqualTo(before.statuses());
    }

    @Test
    void getsTheVersionBeforeAChangeWhileNoReplicaRan() {
        ResourceCatalog before = inForceOneAfterAnother("busybox:1", "busybox:2");

        ResourceCatalog after = none.with(base, List.of(stored(before, profile("busybox:3"))));

        assertThat(images(after)).containsExactly("busybox:1", "busybox:2");
    }

    @Test
    void losesOnAFollowerWhatTheLeaderHasDropped() {
        ResourceCatalog leader = inForceOneAfterAnother("busybox:1", "busybox:2", "busybox:3");
        CatalogResource whole = stored(leader, profile("busybox:3"));
        CatalogResource dropped = new CatalogResource(
                whole.id(),
                whole.generation(),
                whole.tree(),
                whole.lastGood(),
                whole.history().subList(1, 2));

        ResourceCatalog follower = none.with(base, List.of(whole)).with(base, List.of(dropped));
        ResourceCatalog otherLeader = none.with(base, List.of(whole)).with(base, List.of(dropped), HistoryRule.LEADING);

        assertThat(images(follower)).containsExactly("busybox:2");
        assertThat(images(otherLeader)).as("the leader writes it again").contains("busybox:1", "busybox:2");
        assertThat(whole.differsFrom(dropped)).isTrue();
    }

    @Test
    void dropsTheOldestGenerationsThatNothingPinsOnlyOnceAllPinsAreKnown() {
        String limited = "historyLimit: 2\npinnable: true";
        ResourceCatalog catalog = none;
        for (int image = 1; image <= 6; image++) {
            catalog = catalog.with(
                    base, List.of(object(with(profile("busybox:" + image), limited))), HistoryRule.LEADING);
        }
        assertThat(images(catalog)).hasSize(5);
        assertThat(catalog.exceedsHistoryLimits()).isTrue();
        assertThat(status(catalog).notes())
                .containsExactly(
                        "It has 5 earlier generations, more than its historyLimit of 2. After an audit, Pillion drops the oldest ones that no Pod, namespace or policy pins.");

        ResourceCatalog dropped = catalog.with(
                base,
                List.of(object(with(profile("busybox:6"), limited))),
                HistoryRule.dropUnpinned(Set.of(
                        new PinnedGeneration("tail", generation("busybox:2")),
                        new PinnedGeneration("other", generation("busybox:1")))));

        assertThat(images(dropped)).containsExactly("busybox:2", "busybox:5");
        assertThat(dropped.exceedsHistoryLimits()).isFalse();
        assertThat(status(dropped).notes()).isEmpty();
    }

    @Test
    void keepsPinsOverItsLimitAndTheStatusSaysSo() {
        CatalogResource policy = resource(
                Kind.POLICY,
                "pin",
                "mode: Permit\nmatch: {}\nprofiles: [{name: tail, generation: '" + generation("busybox:1") + "'}]");
        String limited = "historyLimit: 0";
        ResourceCatalog catalog = none;
        for (int image = 1; image <= 3; image++) {
            catalog = catalog.with(
                    base, List.of(object(with(profile("busybox:" + image), limited)), policy), HistoryRule.LEADING);
        }

        catalog = catalog.with(
                base, List.of(object(with(profile("busybox:3"), limited)), policy), HistoryRule.dropUnpinned(Set.of()));

        assertThat(images(catalog)).containsExactly("busybox:1");
        assertThat(status(catalog).notes()).first().asString().startsWith("It has 1 earlier generation, more than its");
    }

    @Test
    void isBoundedEvenIfPinsAreNeverKnown() {
        ResourceCatalog catalog = inForceOneAfterAnother(
                IntStream.range(0, 70).mapToObj(image -> "busybox:" + image).toArray(String[]::new));

        assertThat(images(catalog))
                .hasSize(ProfileHistory.MAX_ENTRIES)
                .contains("busybox:68")
                .doesNotContain("busybox:1");
    }

    @Test
    void storesOnlyWhatFitsIntoTheStatusAndSaysSo() {
        ResourceCatalog catalog = none;
        for (int image = 1; image <= 4; image++) {
            String file = "env: [{name: TEXT, value: '" + "x".repeat(100_000) + image + "'}]";
            catalog = catalog.with(
                    base,
                    List.of(object(Profiles.tree(
                            "{description: Tails., sidecars: [{name: tail, image: busybox, " + file + "}]}"))),
                    HistoryRule.LEADING);
        }

        assertThat(catalog.catalog().earlier("tail")).hasSize(3);
        assertThat(status(catalog).history()).hasSize(2);
        assertThat(status(catalog).notes())
                .containsExactly(
                        "Its earlier generations have more than 262144 characters, so its status does not keep 1 of them: they are lost once Pillion has restarted.");
        assertThat(catalog.exceedsHistoryLimits()).isTrue();
    }

    /** Everyone who can write the status can write any text. */
    @Test
    void usesNoHostileTextOfTheStatus() {
        String good = generation("busybox:1");
        ObjectNode object = (ObjectNode) Profiles.tree("metadata: {name: tail, generation: 1}");
        object.set("spec", profile("busybox:2"));
        ArrayNode history = object.putObject("status").putArray("history");
        history.addObject().put("generation", "0123abcd").put("spec", "{");
        history.addObject().put("generation", "cafecafe").put("spec", "{\"description\": \"x\", \"sidecarz\": []}");
        history.addObject()
                .put("generation", "deadbeef")
                .put("spec", profile("evil").toString());
        history.addObject()
                .put("generation", good)
                .put("spec", profile("busybox:1").toString());
        history.addObject().putObject("generation").put("a", 1);
        history.add("text");
        for (int more = 0; more < 500; more++) {
            history.addObject().put("generation", "more" + more).put("spec", "[]");
        }

        ResourceCatalog catalog = none.with(base, List.of(CatalogResource.of(Kind.PROFILE, object)));

        assertThat(catalog.catalog().version("tail", good)).containsInstanceOf(ProfileVersion.Usable.class);
        assertThat(catalog.catalog().earlier("tail"))
                .hasSize(64)
                .filteredOn(ProfileVersion.Usable.class::isInstance)
                .hasSize(1);
        assertThat(catalog.catalog().version("tail", "deadbeef"))
                .contains(new ProfileVersion.Unusable("deadbeef", "its text in the status has another generation"));
        assertThat(status(catalog).notes())
                .contains(
                        "Its earlier generation 0123abcd cannot be used: its text in the status is not JSON.",
                        "Its earlier generation cafecafe cannot be used: it does not compile: spec.sidecarz: unknown field 'sidecarz'; did you mean 'sidecars'?.");
        object.withObject("status").put("history", 7);
        assertThat(CatalogResource.of(Kind.PROFILE, object).history()).isEmpty();
    }

    @Test
    void hasNoUsableGenerationWithWhichAPolicyDoesNotCompile() {
        CatalogResource policy = resource(
                Kind.POLICY,
                "give",
                "mode: Default\nmatch: {}\nprofiles: [{name: tail, parameters: {level: high}}, {name: env, parameters: {variables: {A: b}}}]");
        String parameter = "parameters: [{name: level, type: string, default: low}]";
        CatalogResource now = object(with(profile("busybox:3"), parameter));
        ResourceCatalog catalog = inForceOneAfterAnother("busybox:1");
        catalog = inForce(catalog, with(profile("busybox:2"), parameter));
        catalog = catalog.with(base, List.of(now, policy), HistoryRule.LEADING);

        assertThat(catalog.catalog().earlier("tail"))
                .containsExactly(
                        new ProfileVersion.Unusable(
                                generation("busybox:1"),
                                "policy give does not compile with it: spec.profiles[0].parameters.level: profile 'tail' has no parameter 'level'"),
                        new ProfileVersion.Usable(profileOf(with(profile("busybox:2"), parameter))));

        assertThat(catalog.with(base, List.of(now), HistoryRule.LEADING)
                        .catalog()
                        .earlier("tail"))
                .as("without the policy")
                .allMatch(ProfileVersion.Usable.class::isInstance);
    }

    @Test
    void hasNoUsableGenerationThatReadsAValueOfAPolicyInAnotherWay() {
        CatalogResource policy = resource(
                Kind.POLICY, "give", "mode: Default\nmatch: {}\nprofiles: [{name: tail, parameters: {level: '7'}}]");
        ResourceCatalog catalog =
                inForce(none, with(profile("busybox:1"), "parameters: [{name: level, type: string, default: low}]"));
        catalog = catalog.with(
                base,
                List.of(
                        object(with(profile("busybox:1"), "parameters: [{name: level, type: integer, default: 1}]")),
                        policy),
                HistoryRule.LEADING);

        assertThat(catalog.catalog().earlier("tail"))
                .first()
                .extracting("reason")
                .isEqualTo("policy give would set other values of its parameters");
    }

    @Test
    void endsWithTheResource() {
        ResourceCatalog catalog =
                inForceOneAfterAnother("busybox:1", "busybox:2").with(base, List.of());

        assertThat(catalog.catalog().earlier("tail")).isEmpty();
    }

    private ResourceCatalog inForceOneAfterAnother(String... images) {
        ResourceCatalog catalog = none;
        for (String image : images) {
            catalog = inForce(catalog, profile(image));
        }
        return catalog;
    }

    private ResourceCatalog inForce(ResourceCatalog before, ObjectNode spec) {
        return before.with(base, List.of(object(spec)), HistoryRule.LEADING);
    }

    private static ResourceStatus status(ResourceCatalog catalog) {
        return catalog.statuses().get(TAIL);
    }

    private static List<String> images(ResourceCatalog catalog) {
        return catalog.catalog().earlier("tail").stream()
                .map(version -> ((ProfileVersion.Usable) version).profile())
                .map(profile -> Profiles.rendered(
                                profile.containers().getFirst().body())
                        .path("image")
                        .asText())
                .toList();
    }

    private static String generation(String image) {
        return profileOf(profile(image)).generation();
    }

    private static Profile profileOf(ObjectNode spec) {
        return CompileResult.ofProfile(object(spec).source()).compiled().orElseThrow();
    }

    private static ObjectNode profile(String image) {
        return (ObjectNode) Profiles.tree("{description: Tails., sidecars: [{name: tail, image: '" + image + "'}]}");
    }

    private static ObjectNode with(ObjectNode spec, String more) {
        spec.setAll((ObjectNode) Profiles.tree(more));
        return spec;
    }

    /** The object as the API server has it after the leader has written the status. */
    private static CatalogResource stored(ResourceCatalog catalog, ObjectNode spec) {
        ObjectNode object = (ObjectNode) Profiles.tree("metadata: {name: tail, generation: 1}");
        object.set("spec", spec);
        ObjectNode status = object.putObject("status");
        status(catalog).lastGood().ifPresent(good -> status.set("lastGood", good.json()));
        ArrayNode history = status.putArray("history");
        status(catalog).history().forEach(each -> history.add(each.json()));
        return CatalogResource.of(Kind.PROFILE, object);
    }

    private static CatalogResource object(JsonNode spec) {
        return resource(Kind.PROFILE, "tail", spec.toString());
    }

    private static CatalogResource resource(Kind kind, String name, String spec) {
        ObjectNode object = (ObjectNode) Profiles.tree("metadata: {name: " + name + ", generation: 1}");
        object.set("spec", Profiles.tree(spec));
        return CatalogResource.of(kind, object);
    }
}
