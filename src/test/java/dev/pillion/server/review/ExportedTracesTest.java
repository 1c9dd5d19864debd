package dev.pillion.server.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.DecisionSnapshot;
import dev.pillion.admission.MutatingWebhook;
import dev.pillion.admission.ReviewOutcome;
import dev.pillion.admission.ReviewReader;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.Injector;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Namespace;
import dev.pillion.server.configuration.InvalidConfigurationException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The exported span of a review. */
class ExportedTracesTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.5Z");

    private final MutatingWebhook webhook = new MutatingWebhook(DecisionSnapshot.current(
            () -> new Injector(InjectionSettings.defaults()), CatalogReader::builtIn, Namespace::named));

    @Test
    void haveTheReviewAndItsDecision() throws Exception {
        List<SpanData> spans = new ArrayList<>();
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(new CollectingExporter(spans)))
                .build();
        AdmissionRequest request = request("deployment-pod");
        ReviewOutcome outcome = webhook.review(request);

        try (ExportedTraces traces = new ExportedTraces(provider, Clock.fixed(NOW, ZoneOffset.UTC))) {
            traces.export("mutate", request, outcome, 2_000_000);
        }

        assertThat(spans).singleElement().satisfies(span -> {
            assertThat(span.getName()).isEqualTo("mutate");
            assertThat(span.getParentSpanContext().isValid()).isFalse();
            assertThat(span.getEndEpochNanos() - span.getStartEpochNanos()).isEqualTo(2_000_000);
            assertThat(span.getAttributes().asMap().entrySet().stream()
                            .collect(Collectors.toMap(each -> each.getKey().getKey(), each -> each.getValue()
                                    .toString())))
                    .isEqualTo(Map.of(
                            "pillion.webhook", "mutate",
                            "pillion.review.uid", request.uid(),
                            "k8s.namespace.name", request.namespace(),
                            "pillion.decision", "injected",
                            "pillion.code", "injected",
                            "pillion.dry_run", "false"));
        });
    }

    @Test
    void areSentToACollectorByHttp() throws Exception {
        List<String> received = new CopyOnWriteArrayList<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        AdmissionRequest request = request("deployment-pod");
        try {
            System.setProperty(
                    "otel.exporter.otlp.endpoint",
                    "http://localhost:" + collector.getAddress().getPort());
            try (ExportedTraces traces = ExportedTraces.fromEnvironment("1.2.3")) {
                traces.export("mutate", request, webhook.review(request), 1_000_000);
            }
        } finally {
            System.clearProperty("otel.exporter.otlp.endpoint");
            collector.stop(0);
        }

        assertThat(received)
                .singleElement()
                .asString()
                .contains("pillion.decision", "injected", request.uid(), "service.name", "1.2.3");
    }

    @Test
    void reportInvalidVariables() {
        System.setProperty("otel.traces.exporter", "zipkin");
        try {
            assertThatThrownBy(() -> ExportedTraces.fromEnvironment("1.2.3"))
                    .isInstanceOf(InvalidConfigurationException.class)
                    .hasMessageStartingWith("pillion.traces.enabled is true, but the variables OTEL_… cannot be used: ")
                    .hasMessageContaining("zipkin");
        } finally {
            System.clearProperty("otel.traces.exporter");
        }
    }

    private static AdmissionRequest request(String review) throws Exception {
        return ReviewReader.read(Files.readAllBytes(Path.of("src/test/resources/reviews", review + ".json")));
    }

    private record CollectingExporter(List<SpanData> spans) implements SpanExporter {

        @Override
        public CompletableResultCode export(Collection<SpanData> exported) {
            spans.addAll(exported);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
