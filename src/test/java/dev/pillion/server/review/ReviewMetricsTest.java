package dev.pillion.server.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.DecisionSnapshot;
import dev.pillion.admission.MutatingWebhook;
import dev.pillion.admission.ReviewReader;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.Injector;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Namespace;
import dev.pillion.server.configuration.TestConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The counters of injections, as {@code docs/metrics.md} defines them: they count reviews, and have the name of the profile. */
class ReviewMetricsTest {

    private static final Injector INJECTOR = new Injector(InjectionSettings.defaults());

    private final MutatingWebhook mutating =
            new MutatingWebhook(DecisionSnapshot.current(() -> INJECTOR, CatalogReader::builtIn, Namespace::named));
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final ReviewMetrics metrics = new ReviewMetrics(meters, TestConfig.of(Map.of()));

    @Test
    void countAReviewOnceThatInjectsTwoInstancesOfAProfile() throws Exception {
        review("\"pillion.dev/inject\": \"one.logging, two.logging\", \"one.logging.pillion.dev/path\": \"/a\","
                + " \"two.logging.pillion.dev/path\": \"/b\"");

        assertThat(meters.find("pillion.injections").counters()).singleElement().satisfies(counter -> {
            assertThat(counter.getId().getTag("profile")).isEqualTo("logging");
            assertThat(counter.getId().getTag("policy")).isEmpty();
            assertThat(counter.count()).isEqualTo(1);
        });
    }

    @Test
    void countEachProfileOfAReview() throws Exception {
        review("\"pillion.dev/inject\": \"logging, one.logging\", \"pillion.dev/wait-for\": \"db:5432\","
                + " \"one.logging.pillion.dev/path\": \"/a\"");

        assertThat(injections("logging")).isEqualTo(1);
        assertThat(injections("wait-for")).isEqualTo(1);
        assertThat(meters.get("pillion.reviews").counter().count()).isEqualTo(1);
    }

    @Test
    void countEveryReview() throws Exception {
        review("\"pillion.dev/inject\": \"logging\"");
        review("\"pillion.dev/inject\": \"one.logging\"");

        assertThat(injections("logging")).isEqualTo(2);
    }

    private double injections(String profile) {
        return meters.get("pillion.injections")
                .tag("profile", profile)
                .counter()
                .count();
    }

    private void review(String annotations) throws Exception {
        AdmissionRequest request = ReviewReader.read("""
                {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
                  "uid": "u1", "operation": "CREATE", "namespace": "shop",
                  "resource": {"group": "", "version": "v1", "resource": "pods"},
                  "object": {"metadata": {"annotations": {%s}}, "spec": {"containers": [{"name": "web"}]}}}}
                """.formatted(annotations).getBytes(StandardCharsets.UTF_8));
        metrics.counters("mutate", request, mutating.review(request)).count(1);
    }
}
