package dev.pillion.server.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.DecisionSnapshot;
import dev.pillion.admission.MutatingWebhook;
import dev.pillion.admission.ReviewOutcome;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.Injector;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Namespace;
import dev.pillion.server.cluster.DecisionEvents;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReviewSideEffectsTest {

    private final AdmissionRequest request = new AdmissionRequest(
            "1", "pods", "", "CREATE", "shop", false, JsonNodeFactory.instance.objectNode(), MissingNode.getInstance());
    private final ReviewOutcome outcome = new MutatingWebhook(DecisionSnapshot.current(
                    () -> new Injector(InjectionSettings.defaults()), CatalogReader::builtIn, Namespace::named))
            .review(request);

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, StackOverflowError.class})
    void failWithoutAnEffectOnTheResponse(Class<? extends Throwable> failure) {
        AtomicInteger calls = new AtomicInteger();
        Clock failing = new Clock() {
            @Override
            public Instant instant() {
                calls.incrementAndGet();
                if (failure == IllegalStateException.class) {
                    throw new IllegalStateException("on purpose");
                }
                throw new StackOverflowError("on purpose");
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
        try (SdkTracerProvider provider = SdkTracerProvider.builder().build();
                ExportedTraces traces = new ExportedTraces(provider, failing)) {
            ReviewSideEffects sideEffects = new ReviewSideEffects(new DecisionEvents.Off(), traces);

            assertThatCode(() -> sideEffects.report("mutate", request, outcome, 1))
                    .doesNotThrowAnyException();
        }
        assertThat(calls).hasValue(1);
    }
}
