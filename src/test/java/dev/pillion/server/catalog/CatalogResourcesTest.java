package dev.pillion.server.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.catalog.resource.Deletion;
import dev.pillion.cluster.Cluster;
import dev.pillion.cluster.FakeApiServer;
import dev.pillion.cluster.InvalidClusterException;
import dev.pillion.server.cluster.Election;
import dev.pillion.server.cluster.TestConnections;
import dev.pillion.server.configuration.PillionConfig;
import dev.pillion.server.configuration.TestConfig;
import dev.pillion.yaml.YamlReader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The effect of the profiles and policies of the cluster on the catalog, the health checks and the metrics. */
class CatalogResourcesTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String PROFILES = "injectionprofiles";
    private static final Id FLAGS = new Id(Kind.PROFILE, "flags");

    private final FakeApiServer server = new FakeApiServer();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CatalogBeans beans = new CatalogBeans();
    private final TestConnections connections = new TestConnections();
    private Optional<CatalogResources> created = Optional.empty();
    private CurrentCatalog catalog;

    @TempDir
    private Path directory;

    @BeforeEach
    void createCatalog() throws Exception {
        Files.createDirectory(directory.resolve("profiles"));
        catalog = new CurrentCatalog(Optional.of(directory.resolve("profiles")));
        CatalogMetrics.register(meters, catalog);
    }

    @AfterEach
    void close() {
        created.ifPresent(beans::close);
        connections.close();
        server.close();
    }

    @Test
    void areNotWatchedIfTheyAreTurnedOff() throws Exception {
        assertThat(resources(Map.of("pillion.resources.watch", "never")))
                .isEqualTo(new CatalogResources.Unwatched("pillion.resources.watch is never"));
        assertThat(resources(Map.of("pillion.cluster.watch", "never")))
                .isEqualTo(new CatalogResources.Unwatched("pillion.cluster.watch is never"));
        assertThat(server.requests()).isEmpty();
        assertThat(health(created.orElseThrow()).getStatus()).isEqualTo(Status.UP);
        assertThat(meters.find("pillion.resources").gauges()).isEmpty();
    }

    @Test
    void failTheStartIfTheyMustBeWatchedAndCannot() {
        Assumptions.assumeTrue(Cluster.around().isEmpty());

        assertThatThrownBy(
                        () -> resources(Map.of("pillion.resources.watch", "always", "pillion.cluster.kubeconfig", "")))
                .isInstanceOf(InvalidClusterException.class)
                .hasMessageStartingWith(
                        "pillion.resources.watch is always, but Pillion does not run in a Pod with a ServiceAccount");
    }

    @Test
    void areInForceBeforeTheServerIsReady() throws Exception {
        server.define();
        server.apply(PROFILES, profile("description: Flags."));
        server.refuse(403, "forbidden");

        CatalogResources resources = resources(Map.of());
        await().atMost(SOON)
                .until(() -> health(resources).getData().orElseThrow().containsKey("problem"));
        assertThat(health(resources).getStatus()).isEqualTo(Status.DOWN);

        server.allow();
        await().atMost(SOON).until(() -> health(resources).getStatus() == Status.UP);
        assertThat(catalog.get().profile("flags")).isPresent();
        assertThat(health(resources).getData().orElseThrow()).containsEntry("known", 1L);
    }

    @Test
    void needNotBeDefinedByDefault() throws Exception {
        CatalogResources resources = resources(Map.of());

        await().atMost(SOON).until(() -> health(resources).getStatus() == Status.UP);
        assertThat(health(resources).getData().orElseThrow().get("problem").toString())
                .endsWith("it knows no injectionprofiles");

        server.define();
        server.apply(PROFILES, profile("description: Flags."));
        await().atMost(SOON).until(() -> catalog.get().profile("flags").isPresent());
    }

    @Test
    void keepTheServerFromBeingReadyIfTheyMustBeDefined() throws Exception {
        CatalogResources resources = resources(Map.of("pillion.resources.watch", "always"));

        await().atMost(SOON).until(() -> health(resources)
                .getData()
                .orElseThrow()
                .getOrDefault("problem", "")
                .toString()
                .contains("404"));
        assertThat(health(resources).getStatus()).isEqualTo(Status.DOWN);

        server.define();
        await().atMost(SOON).until(() -> health(resources).getStatus() == Status.UP);
    }

    @Test
    void areUsedInTheirLastGoodVersionAndReportIt() throws Exception {
        server.define();
        server.apply(PROFILES, profile("description: Good."));
        CatalogResources resources = resources(Map.of());
        await().atMost(SOON).until(() -> catalog.get().profile("flags").isPresent());

        server.apply(PROFILES, profile("descripton: Bad."));

        await().atMost(SOON).until(() -> gauge("last-good") == 1);
        assertThat(catalog.get().profile("flags").orElseThrow().description()).isEqualTo("Good.");
        assertThat(health(resources).getStatus()).isEqualTo(Status.UP);
        assertThat(health(resources).getData().orElseThrow())
                .containsEntry("using last good", "injectionprofile/flags");
        assertThat(meters.get("pillion.catalog.errors").functionCounter().count())
                .isEqualTo(1);
        await().atMost(SOON).until(() -> server.stored(PROFILES, "flags")
                .at("/status/conditions/0/reason")
                .asText()
                .equals("UsingLastGood"));

        server.stop();
        server.start();
        server.apply(PROFILES, profile("description: Better."));
        await().atMost(SOON).until(() -> gauge("compiled") == 1);
        assertThat(catalog.get().profile("flags").orElseThrow().description()).isEqualTo("Better.");
    }

    @Test
    void areUsedInTheirLastGoodVersionAfterARestart() throws Exception {
        server.define();
        server.apply(PROFILES, profile("description: Good."));
        resources(Map.of());
        await().atMost(SOON).until(() -> !server.stored(PROFILES, "flags")
                .at("/status/lastGood/spec")
                .isMissingNode());
        created.ifPresent(beans::close);
        connections.close();
        server.apply(PROFILES, profile("descripton: Bad."));

        catalog = new CurrentCatalog(Optional.of(directory.resolve("profiles")));
        CatalogResources restarted = resources(Map.of());

        await().atMost(SOON).until(() -> health(restarted).getStatus() == Status.UP);
        assertThat(catalog.get().profile("flags").orElseThrow().description()).isEqualTo("Good.");
        assertThat(health(restarted).getData().orElseThrow())
                .containsEntry("using last good", "injectionprofile/flags");
    }

    @Test
    void areNotDeletedWhileAPolicyGrantsThem() throws Exception {
        server.define();
        server.apply(PROFILES, profile("description: Flags."));
        server.apply("injectionpolicies", """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionPolicy
                metadata: {name: give}
                spec: {mode: Enforce, match: {}, profiles: [{name: flags}]}
                """);
        CatalogResources resources = resources(Map.of());
        await().atMost(SOON).until(() -> catalog.get().policies().size() == 1);
        CatalogDryRun dryRun = new CatalogDryRun(catalog, resources);

        assertThat(dryRun.deletionOf(FLAGS).broken()).containsExactly("give");

        CompletableFuture<Deletion> deletion = CompletableFuture.supplyAsync(() -> dryRun.deletionOf(FLAGS));
        server.delete("injectionpolicies", "give");
        assertThat(deletion.get().broken()).isEmpty();
    }

    @Test
    void stayInForceIfTheFileOfAGrantedProfileIsDeleted() throws Exception {
        Path file = Files.writeString(
                directory.resolve("profiles/agent.yaml"),
                profile("description: A.").replace("flags", "agent"));
        Files.writeString(directory.resolve("profiles/must.yaml"), """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionPolicy
                metadata: {name: must}
                spec: {mode: Enforce, match: {}, profiles: [{name: agent}]}
                """);
        catalog.refresh();
        assertThat(catalog.get().policies()).hasSize(1);

        Files.delete(file);
        catalog.refresh();

        assertThat(catalog.get().profile("agent")).isPresent();
        assertThat(catalog.problem().orElseThrow()).contains("there is no profile 'agent'");
        assertThat(catalog.unmet()).isEmpty();
    }

    @Test
    void replaceThoseOfTheDirectoryUntilTheyAreDeleted() throws Exception {
        server.define();
        server.apply(PROFILES, profile("description: Of the cluster."));
        resources(Map.of());
        await().atMost(SOON).until(() -> catalog.get().profile("flags").isPresent());

        Files.writeString(directory.resolve("profiles/flags.yaml"), profile("description: Of the directory."));
        catalog.refresh();
        assertThat(catalog.get().profile("flags").orElseThrow().description()).isEqualTo("Of the cluster.");

        server.delete(PROFILES, "flags");
        await().atMost(SOON).until(() -> catalog.get()
                .profile("flags")
                .filter(profile -> profile.description().equals("Of the directory."))
                .isPresent());
    }

    @Test
    void areCompiledOnceOrTwiceIfAHundredChangeAtOnce() throws Exception {
        server.define();
        CatalogResources resources = resources(Map.of());
        await().atMost(SOON).until(() -> health(resources).getStatus() == Status.UP);

        for (int index = 0; index < 100; index++) {
            server.apply(PROFILES, profile("description: One of many.").replace("flags", "many-" + index));
        }

        await().atMost(SOON).until(() -> catalog.get().profile("many-99").isPresent());
        assertThat(meters.get("pillion.catalog.reloads").functionCounter().count())
                .isBetween(1.0, 2.0);
        assertThat(meters.get("pillion.catalog.age").gauge().value()).isLessThan(20);
    }

    @Test
    void areAwaitedByADryRunOfTheirPolicy() throws Exception {
        server.define();
        CatalogResources resources = resources(Map.of());
        await().atMost(SOON).until(() -> health(resources).getStatus() == Status.UP);
        CatalogDryRun dryRun = new CatalogDryRun(catalog, resources);
        CatalogResource policy =
                CatalogResource.of(Kind.POLICY, YamlReader.read("""
                        metadata: {name: give}
                        spec: {mode: Default, match: {}, profiles: [{name: flags}]}
                        """).getFirst().tree());

        assertThat(dryRun.with(policy).statuses().get(policy.id()).compiled()).isFalse();

        CompletableFuture<Boolean> compiled = CompletableFuture.supplyAsync(
                () -> dryRun.with(policy).statuses().get(policy.id()).compiled());
        server.apply(PROFILES, profile("description: Flags."));

        assertThat(compiled.get()).isTrue();
        assertThat(catalog.statuses().keySet()).isSubsetOf(FLAGS);
    }

    @Test
    void getNoStatusFromAReplicaThatIsNotTheLeader() throws Exception {
        server.define();
        server.apply(PROFILES, profile("description: Flags."));
        Cluster cluster = Cluster.of(server.kubeconfig(directory));
        try (CatalogSync sync = new CatalogSync(catalog, () -> false, new SimpleMeterRegistry());
                var watched = new dev.pillion.cluster.watch.WatchedResources(cluster, "pillion/test", sync::changed)) {
            sync.start(watched);
            await().atMost(SOON).until(sync::synced);

            assertThat(server.requests()).noneMatch(request -> request.startsWith("PATCH"));
        }
    }

    private static String profile(String spec) {
        return """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionProfile
                metadata: {name: flags}
                spec: {%s}
                """.formatted(spec);
    }

    private CatalogResources resources(Map<String, String> properties) throws Exception {
        Map<String, String> all = new HashMap<>();
        all.put("pillion.cluster.kubeconfig", server.kubeconfig(directory).toString());
        all.putAll(properties);
        PillionConfig config = TestConfig.of(all);
        CatalogResources resources = beans.resources(
                config, connections.open(config), catalog, new Election.None("this is a test"), meters, "test");
        created = Optional.of(resources);
        return resources;
    }

    private double gauge(String state) {
        return meters.get("pillion.resources")
                .tag("kind", "InjectionProfile")
                .tag("state", state)
                .gauge()
                .value();
    }

    private HealthCheckResponse health(CatalogResources resources) {
        return new CatalogSyncHealth(resources, catalog).call();
    }
}
