package dev.pillion.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.resource.PinnedGeneration;
import dev.pillion.cluster.ClusterReader;
import dev.pillion.cluster.StubApiServer;
import dev.pillion.injection.Injector;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Namespace;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditMetricsTest {

    private static final String PODS = "/api/v1/pods?limit=500";

    private final StubApiServer server = new StubApiServer();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final List<Set<PinnedGeneration>> pinned = new ArrayList<>();
    private ClusterReader reader;
    private AuditMetrics metrics;

    @BeforeEach
    void createAudit() throws Exception {
        reader = new ClusterReader(server.cluster(), "test");
        metrics = new AuditMetrics(
                reader,
                () -> new Injector(InjectionSettings.defaults()),
                CatalogReader::builtIn,
                Namespace::named,
                pinned::add,
                meters);
        server.on(PODS, """
                {"items": [
                  {"metadata": {"name": "a", "namespace": "shop", "annotations": {"pillion.dev/inject": "logging"}},
                   "spec": {"containers": [{"name": "a", "image": "a"}]}},
                  {"metadata": {"name": "b", "namespace": "shop", "annotations": {"pillion.dev/inject": "logging"}},
                   "spec": {"containers": [{"name": "b", "image": "b"}]}},
                  {"metadata": {"name": "c", "namespace": "shop"}, "spec": {"containers": [{"name": "c", "image": "c"}]}},
                  {"metadata": {"name": "d", "namespace": "shop"}, "spec": "cannot be read"}]}
                """);
    }

    @AfterEach
    void stop() {
        reader.close();
        server.close();
    }

    @Test
    void reportsTheGenerationsThatPodsPin() {
        server.on(PODS, """
                {"items": [
                  {"metadata": {"name": "a", "namespace": "shop", "annotations": {"audit.logging.pillion.dev/generation": " 0123abcd "}},
                   "spec": {"containers": [{"name": "a", "image": "a"}]}},
                  {"metadata": {"name": "b", "namespace": "kube-system", "annotations": {"proxy.pillion.dev/generation": "cafecafe"}},
                   "spec": {"containers": [{"name": "b", "image": "b"}]}}]}
                """);

        metrics.run();

        assertThat(pinned)
                .containsExactly(
                        Set.of(new PinnedGeneration("logging", "0123abcd"), new PinnedGeneration("proxy", "cafecafe")));
    }

    @Test
    void reportsNoPinsIfNotAllPodsCouldBeRead() {
        server.on(PODS, 403, "{}");

        metrics.run();

        assertThat(pinned).isEmpty();
    }

    @Test
    void countsPodsByMissingProfile() {
        metrics.run();

        assertThat(gauges()).containsExactly(Map.entry("kind=missing,policy=,profile=logging", 2.0));
    }

    @Test
    void countsAPodWithoutTwoInstancesOfAProfileOnce() {
        server.on(PODS, """
                {"items": [
                  {"metadata": {"name": "a", "namespace": "shop", "annotations": {"pillion.dev/inject": "one.logging, two.logging",
                    "one.logging.pillion.dev/path": "/a", "two.logging.pillion.dev/path": "/b"}},
                   "spec": {"containers": [{"name": "a", "image": "a"}]}}]}
                """);

        metrics.run();

        assertThat(gauges()).containsExactly(Map.entry("kind=missing,policy=,profile=logging", 1.0));
    }

    @Test
    void removesFindingsThatAreFixed() {
        metrics.run();
        server.on(PODS, "{\"items\": []}");

        metrics.run();

        assertThat(gauges()).isEmpty();
    }

    @Test
    void keepsItsValuesIfPodsCannotBeRead() {
        metrics.run();
        server.on(PODS, 403, "{}");

        metrics.run();

        assertThat(gauges()).hasSize(1);
    }

    @Test
    void hasNoValuesIfAnotherReplicaLeads() {
        metrics.run();

        metrics.clear();

        assertThat(gauges()).isEmpty();
    }

    private Map<String, Double> gauges() {
        return meters.find("pillion.audit.pods").gauges().stream()
                .collect(Collectors.toMap(gauge -> tags(gauge.getId()), gauge -> gauge.value()));
    }

    private static String tags(Meter.Id id) {
        return id.getTags().stream()
                .map(tag -> tag.getKey() + "=" + tag.getValue())
                .collect(Collectors.joining(","));
    }
}
