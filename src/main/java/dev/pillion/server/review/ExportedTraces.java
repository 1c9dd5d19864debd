package dev.pillion.server.review;

import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.ReviewOutcome;
import dev.pillion.expression.Excerpt;
import dev.pillion.server.configuration.InvalidConfigurationException;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One span for each review, handed to OpenTelemetry after the response. Another thread sends it. If the collector is unavailable or slow, spans
 * that do not fit into the queue are dropped.
 */
final class ExportedTraces implements ReviewTraces, AutoCloseable {

    /** OTLP over HTTP: gRPC would need another network stack. OpenTelemetry's own variables set everything else. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "otel.service.name", "pillion",
            "otel.exporter.otlp.protocol", "http/protobuf",
            "otel.metrics.exporter", "none",
            "otel.logs.exporter", "none");

    /** An unavailable collector must not delay the end of the process for long. */
    private static final long SHUTDOWN_SECONDS = 2;

    private static final AttributeKey<String> WEBHOOK = AttributeKey.stringKey("pillion.webhook");
    private static final AttributeKey<String> UID = AttributeKey.stringKey("pillion.review.uid");
    private static final AttributeKey<String> NAMESPACE = AttributeKey.stringKey("k8s.namespace.name");
    private static final AttributeKey<String> DECISION = AttributeKey.stringKey("pillion.decision");
    private static final AttributeKey<String> CODE = AttributeKey.stringKey("pillion.code");
    private static final AttributeKey<Boolean> DRY_RUN = AttributeKey.booleanKey("pillion.dry_run");

    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final Clock clock;

    ExportedTraces(SdkTracerProvider provider, Clock clock) {
        this.provider = provider;
        this.tracer = provider.get("dev.pillion");
        this.clock = clock;
    }

    /**
     * Reads OpenTelemetry's own environment variables and system properties ({@code OTEL_EXPORTER_OTLP_ENDPOINT}, {@code OTEL_TRACES_SAMPLER}, …).
     *
     * @throws InvalidConfigurationException if they cannot be used
     */
    static ExportedTraces fromEnvironment(String version) throws InvalidConfigurationException {
        try {
            return new ExportedTraces(
                    AutoConfiguredOpenTelemetrySdk.builder()
                            .addPropertiesSupplier(() -> DEFAULTS)
                            .addResourceCustomizer((resource, _) -> resource.toBuilder()
                                    .put("service.version", version)
                                    .build())
                            .disableShutdownHook()
                            .build()
                            .getOpenTelemetrySdk()
                            .getSdkTracerProvider(),
                    Clock.systemUTC());
        } catch (ConfigurationException | IllegalArgumentException | IllegalStateException e) {
            throw new InvalidConfigurationException(
                    "pillion.traces.enabled is true, but the variables OTEL_… cannot be used: " + e.getMessage());
        }
    }

    @Override
    public void export(String webhook, AdmissionRequest request, ReviewOutcome outcome, long nanoseconds) {
        Instant end = clock.instant();
        tracer.spanBuilder(webhook)
                // Another library may have left its span on this thread.
                .setParent(Context.root())
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(end.minusNanos(nanoseconds))
                .setAttribute(WEBHOOK, webhook)
                .setAttribute(UID, Excerpt.of(request.uid()))
                .setAttribute(NAMESPACE, Excerpt.of(request.namespace()))
                .setAttribute(DECISION, outcome.decision())
                .setAttribute(CODE, outcome.code().toString())
                .setAttribute(DRY_RUN, request.dryRun())
                .startSpan()
                .end(end);
    }

    /** Sends the spans that are left. */
    @Override
    public void close() {
        provider.shutdown().join(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    }
}
