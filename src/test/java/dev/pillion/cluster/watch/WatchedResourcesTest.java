package dev.pillion.cluster.watch;

import static dev.pillion.cluster.watch.Waiting.waitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.ProfileVersion;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.catalog.resource.ResourceCatalog;
import dev.pillion.cluster.FakeApiServer;
import dev.pillion.cluster.InvalidClusterException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchedResourcesTest {

    private static final String PROFILES = "injectionprofiles";
    private static final String FLAGS = """
            apiVersion: pillion.dev/v1alpha1
            kind: InjectionProfile
            metadata: {name: flags}
            spec: {description: Flags., sidecars: [{name: a, image: "a:1", unknownField: {b: [1, 2.5, "c"]}}]}
            """;
    private static final String BROKEN = """
            apiVersion: pillion.dev/v1alpha1
            kind: InjectionProfile
            metadata: {name: flags}
            spec: {descripton: Flags.}
            """;

    private final FakeApiServer server = new FakeApiServer();
    private final AtomicInteger changes = new AtomicInteger();
    private ResourceCatalog catalog = ResourceCatalog.over(CatalogReader.builtIn());
    private Optional<WatchedResources> started = Optional.empty();

    @AfterEach
    void stop() {
        started.ifPresent(WatchedResources::close);
        server.close();
    }

    @Test
    void hasEachResourceWithAllItsFields() throws Exception {
        server.define();
        server.apply(PROFILES, FLAGS);

        WatchedResources resources = settled();

        assertThat(resources.known()).singleElement().satisfies(flags -> assertThat(
                        flags.tree().toString())
                .contains("\"unknownField\":{\"b\":[1,2.5,\"c\"]}")
                .doesNotContain("managedFields", "uid"));
        assertThat(resources.defined()).isTrue();
    }

    @Test
    void followsCreatedChangedAndDeletedResources() throws Exception {
        server.define();
        WatchedResources resources = settled();

        server.apply(PROFILES, FLAGS);
        waitUntil(() -> resources.known().size() == 1);
        server.apply(PROFILES, BROKEN);
        waitUntil(() -> resources.known().getFirst().generation() == 2);
        int before = changes.get();
        server.delete(PROFILES, "flags");
        waitUntil(() -> resources.known().isEmpty());
        waitUntil(() -> changes.get() == before + 1);
    }

    @Test
    void isSettledWithoutDefinitionsAndReadsResourcesOnceTheyAreDefined() throws Exception {
        WatchedResources resources = settled();

        assertThat(resources.known()).isEmpty();
        assertThat(resources.defined()).isFalse();
        assertThat(resources.lag(Kind.PROFILE))
                .as("nothing can change without definitions")
                .isZero();
        assertThat(resources.problem())
                .contains(
                        "the API server at " + server.url()
                                + " answered 404: the server could not find the requested resource; it knows no injectionprofiles");

        server.define();
        server.apply(PROFILES, FLAGS);

        waitUntil(() -> resources.known().size() == 1);
        waitUntil(resources::defined);
        waitUntil(() -> resources.problem().isEmpty());
    }

    @Test
    void isNotSettledWhileTheApiServerRefusesToList() throws Exception {
        server.define();
        server.refuse(403, "injectionprofiles.pillion.dev is forbidden");

        WatchedResources resources = start();
        waitUntil(
                () -> resources.problem().filter(cause -> cause.contains("403")).isPresent());

        assertThat(resources.settled()).isFalse();
        assertThat(resources.problem()).hasValueSatisfying(cause -> assertThat(cause)
                .endsWith("Pillion's ServiceAccount or user needs list and watch on injectionprofiles"));

        server.allow();
        waitUntil(resources::settled);
    }

    @Test
    void keepsTheResourcesWhileTheApiServerIsUnavailable() throws Exception {
        server.define();
        server.apply(PROFILES, FLAGS);
        WatchedResources resources = settled();

        server.stop();
        waitUntil(() -> resources.problem().isPresent());
        waitUntil(() -> resources.lag(Kind.PROFILE).isPositive());

        assertThat(resources.known()).hasSize(1);
        assertThat(resources.settled()).isTrue();

        server.apply(PROFILES, BROKEN);
        server.start();
        waitUntil(() -> resources.known().getFirst().generation() == 2);
    }

    @Test
    void writesEachConditionOnceAndSendsAnEventWhenItChanges() throws Exception {
        server.define();
        server.apply(PROFILES, FLAGS);
        WatchedResources resources = settled();

        report(resources);
        report(resources);
        assertThat(condition().toString())
                .isEqualTo("{\"type\":\"Ready\",\"status\":\"True\",\"reason\":\"Compiled\",\"message\":\"In force.\","
                        + "\"observedGeneration\":1,\"lastTransitionTime\":\""
                        + condition().path("lastTransitionTime").asText() + "\"}");
        assertThat(patches()).isEqualTo(1);
        assertThat(server.events()).isEmpty();

        server.apply(PROFILES, BROKEN);
        waitUntil(() -> resources.known().getFirst().generation() == 2);
        report(resources);
        report(resources);
        assertThat(condition().path("status").asText()).isEqualTo("False");
        assertThat(condition().path("reason").asText()).isEqualTo("UsingLastGood");
        assertThat(condition().path("observedGeneration").asInt()).isEqualTo(2);
        assertThat(condition().path("message").asText())
                .isEqualTo(
                        "spec.description: is missing; write one sentence that tells the app team what the profile adds\n"
                                + "spec.descripton: unknown field 'descripton'; did you mean 'description'?\n"
                                + "Generation 1 stays in force.");
        assertThat(patches()).isEqualTo(2);

        server.apply(PROFILES, FLAGS);
        waitUntil(() -> resources.known().getFirst().generation() == 3);
        report(resources);
        assertThat(condition().path("status").asText()).isEqualTo("True");
        assertThat(server.events())
                .extracting(event ->
                        event.path("type").asText() + " " + event.path("reason").asText() + " "
                                + event.at("/involvedObject/kind").asText() + "/"
                                + event.at("/involvedObject/name").asText())
                .containsExactly(
                        "Warning UsingLastGood InjectionProfile/flags", "Normal Compiled InjectionProfile/flags");
        assertThat(server.requests())
                .filteredOn(uri -> uri.startsWith("GET") && uri.contains("/flags"))
                .isEmpty();
    }

    @Test
    void repeatsNeitherConditionNorEventAfterARestart() throws Exception {
        server.define();
        server.apply(PROFILES, BROKEN);
        WatchedResources first = settled();
        report(first);
        first.close();

        WatchedResources second = settled();
        report(second);

        assertThat(patches()).isEqualTo(1);
        assertThat(server.events()).hasSize(1);
    }

    @Test
    void storesTheLastGoodVersionInTheStatusForTheNextStart() throws Exception {
        server.define();
        server.apply(PROFILES, FLAGS);
        WatchedResources first = settled();
        report(first);
        JsonNode good = server.stored(PROFILES, "flags").at("/status/lastGood");
        assertThat(good.path("generation").asInt()).isEqualTo(1);
        server.apply(PROFILES, BROKEN);
        first.close();

        catalog = ResourceCatalog.over(CatalogReader.builtIn());
        WatchedResources second = settled();
        report(second);

        assertThat(catalog.catalog().profile("flags")).isPresent();
        waitUntil(() -> condition().path("reason").asText().equals("UsingLastGood"));
        assertThat(server.stored(PROFILES, "flags").at("/status/lastGood")).isEqualTo(good);
    }

    @Test
    void writesTheLastGoodVersionAgainIfSomebodyRemovesIt() throws Exception {
        server.define();
        server.apply(PROFILES, FLAGS);
        WatchedResources resources = settled();
        report(resources);
        server.apply(PROFILES, BROKEN);
        waitUntil(() -> resources.known().getFirst().generation() == 2);
        report(resources);
        waitUntil(() -> condition().path("reason").asText().equals("UsingLastGood"));

        server.removeStatus(PROFILES, "flags");
        waitUntil(() -> resources.known().getFirst().lastGood().isEmpty());
        // Only a new instance writes it again: this one does not repeat a write that the watch may not have delivered
        // yet.
        resources.close();
        WatchedResources again = settled();
        again.report(catalog.statuses());

        waitUntil(() ->
                !server.stored(PROFILES, "flags").at("/status/lastGood/spec").isMissingNode());
    }

    @Test
    void storesTheGenerationAndTheEarlierOnesForTheNextStart() throws Exception {
        server.define();
        server.apply(PROFILES, FLAGS);
        WatchedResources first = settled();
        report(first);
        String former = catalog.catalog().profile("flags").orElseThrow().generation();
        waitUntil(() -> first.known().getFirst().lastGood().isPresent());
        server.apply(PROFILES, FLAGS.replace("spec: {", "spec: {access: Restricted, "));
        waitUntil(() -> first.known().getFirst().generation() == 2);
        report(first);
        String present = catalog.catalog().profile("flags").orElseThrow().generation();
        waitUntil(() -> server.stored(PROFILES, "flags")
                .at("/status/generation")
                .asText()
                .equals(present));
        assertThat(server.stored(PROFILES, "flags")
                        .at("/status/history/0/generation")
                        .asText())
                .isEqualTo(former);
        first.close();

        catalog = ResourceCatalog.over(CatalogReader.builtIn());
        WatchedResources second = settled();
        catalog = catalog.with(CatalogReader.builtIn(), second.known());

        assertThat(catalog.catalog().version("flags", former)).containsInstanceOf(ProfileVersion.Usable.class);
        long before = patches();
        second.report(catalog.statuses());
        assertThat(patches()).isEqualTo(before);
    }

    @Test
    void ignoresTheChangesOfItsOwnWrites() throws Exception {
        server.define();
        server.apply(PROFILES, FLAGS);
        WatchedResources resources = settled();
        int before = changes.get();

        report(resources);

        waitUntil(() -> resources.known().getFirst().lastGood().isPresent());
        assertThat(changes.get()).isEqualTo(before);
    }

    @Test
    void writesTheOtherStatusesIfOneResourceWasReplaced() throws Exception {
        server.define();
        server.apply(PROFILES, FLAGS);
        server.apply(PROFILES, FLAGS.replace("name: flags", "name: zebra"));
        WatchedResources resources = settled();
        catalog = catalog.with(CatalogReader.builtIn(), resources.known());

        server.refuseStatusOf("flags");
        resources.report(catalog.statuses());

        waitUntil(() ->
                !server.stored(PROFILES, "zebra").at("/status/conditions/0").isMissingNode());
        assertThat(condition().isMissingNode()).isTrue();
    }

    private void report(WatchedResources resources) {
        catalog = catalog.with(CatalogReader.builtIn(), resources.known());
        resources.report(catalog.statuses());
        waitUntil(() -> resources.known().isEmpty() || !condition().isMissingNode());
    }

    private JsonNode condition() {
        return server.stored(PROFILES, "flags").at("/status/conditions/0");
    }

    private long patches() {
        return server.requests().stream().filter(uri -> uri.startsWith("PATCH")).count();
    }

    private WatchedResources settled() throws InvalidClusterException {
        WatchedResources resources = start();
        waitUntil(resources::settled);
        return resources;
    }

    private WatchedResources start() throws InvalidClusterException {
        WatchedResources resources = new WatchedResources(server.cluster(), "pillion/test", changes::incrementAndGet);
        started = Optional.of(resources);
        return resources;
    }
}
