package dev.pillion.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.admission.ExistingPods.Count;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.cluster.ClusterReader;
import dev.pillion.cluster.StubApiServer;
import dev.pillion.injection.Injector;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Namespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterPodsTest {

    private static final String PODS = "/api/v1/pods?limit=500";
    private static final String SELECTED = PODS + "&labelSelector=app+in+%28web%29";

    private static final String LIST = """
            {"metadata": {"continue": "%s"}, "items": [
              {"metadata": {"name": "a", "namespace": "shop", "labels": {"app": "web"}},
               "spec": {"containers": [{"name": "app", "image": "a"}]}},
              {"metadata": {"name": "b", "namespace": "shop", "labels": {"app": "web"},
                "annotations": {"wait-for.pillion.dev/targets": "db:5432"}},
               "spec": {"containers": [{"name": "app", "image": "b"}]}},
              {"metadata": {"name": "c", "namespace": "lax", "labels": {"app": "web"}},
               "spec": {"containers": [{"name": "app", "image": "c"}]}},
              {"metadata": {"name": "d", "namespace": "shop", "labels": {"app": "web"}, "deletionTimestamp": "2026-01-01T00:00:00Z"},
               "spec": {"containers": [{"name": "app", "image": "d"}]}},
              {"metadata": {"name": "e", "namespace": "shop", "labels": {"app": "web"}, "annotations": {"pillion.dev/inject": "nowhere"}},
               "spec": {"containers": [{"name": "app", "image": "e"}]}}]}
            """;

    private final StubApiServer server = new StubApiServer();
    private ClusterReader reader;

    @TempDir
    private Path directory;

    @BeforeEach
    void open() throws Exception {
        reader = new ClusterReader(server.cluster(), "test");
        server.on(SELECTED, LIST.formatted(""));
    }

    @AfterEach
    void close() {
        reader.close();
        server.close();
    }

    @Test
    void countsThePodsThatOnlyTheChangedCatalogDenies() throws Exception {
        Count count = newlyDenied(Duration.ofSeconds(10));

        assertThat(count.pods()).isEqualTo(1);
        assertThat(count.example().orElseThrow())
                .startsWith(
                        "shop/a: policy must requests profile 'wait-for', but its parameter 'targets' needs a value")
                .contains("(missing-parameter)");
        assertThat(count.gap()).isEmpty();
    }

    @Test
    void saysWhyPodsWereNotCounted() throws Exception {
        server.on(SELECTED, 403, "{}");

        Count count = newlyDenied(Duration.ofSeconds(10));

        assertThat(count.pods()).isZero();
        assertThat(count.gap().orElseThrow()).contains("does not permit these credentials to read /api/v1/pods (403)");
    }

    @Test
    void endsAtTheEndOfItsTime() throws Exception {
        server.on(SELECTED, LIST.formatted("next"));

        Count count = newlyDenied(Duration.ZERO);

        assertThat(count.pods()).isZero();
        assertThat(count.gap()).hasValue("only 0 Pods were read in 0 ms");
    }

    @Test
    void countsThePodsWithCompanionsOfAProfile() {
        server.on(PODS, """
                {"items": [
                  {"metadata": {"name": "a", "namespace": "shop", "annotations": {
                     "pillion.dev/status": "{\\"version\\":1,\\"profiles\\":{\\"logging\\":{\\"generation\\":\\"1\\",\\"reason\\":\\"a\\"}}}"}},
                   "spec": {"containers": [{"name": "app", "image": "a"}]}},
                  {"metadata": {"name": "b", "namespace": "shop", "annotations": {
                     "pillion.dev/status": "{\\"version\\":1,\\"profiles\\":{\\"audit.logging\\":{\\"generation\\":\\"1\\",\\"reason\\":\\"a\\"}}}"}},
                   "spec": {"containers": [{"name": "app", "image": "b"}]}},
                  {"metadata": {"name": "c", "namespace": "shop"}, "spec": {"containers": [{"name": "app", "image": "c"}]}}]}
                """);
        ClusterPods pods = pods(Duration.ofSeconds(10));

        assertThat(pods.withCompanionsOf("logging")).isEqualTo(new Count(2, Optional.of("shop/a"), Optional.empty()));
        assertThat(pods.withCompanionsOf("proxy").pods()).isZero();
    }

    private Count newlyDenied(Duration budget) throws Exception {
        Files.writeString(directory.resolve("policy.yaml"), """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionPolicy
                metadata: {name: must}
                spec: {mode: Enforce, match: {podSelector: {matchLabels: {app: web}}}, profiles: [{name: wait-for}]}
                """);
        Catalog changed = CatalogReader.read(directory);
        return pods(budget).newlyDenied(changed, changed.policies());
    }

    private ClusterPods pods(Duration budget) {
        return new ClusterPods(
                reader,
                () -> new Injector(InjectionSettings.defaults()),
                CatalogReader::builtIn,
                name -> new Namespace(
                        name, name.equals("shop") ? Map.of("pillion.dev/enforcement", "strict") : Map.of(), Map.of()),
                budget);
    }
}
