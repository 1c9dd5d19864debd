package dev.pillion.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.Injector;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Namespace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A denial with several mistakes names the code of each mistake. */
class SeveralMistakesTest {

    private static final Injector INJECTOR = new Injector(InjectionSettings.defaults());

    private final MutatingWebhook mutating =
            new MutatingWebhook(DecisionSnapshot.current(() -> INJECTOR, CatalogReader::builtIn, Namespace::named));

    @Test
    void haveACodeEachInTheMessage() throws Exception {
        ReviewOutcome outcome = mutate("\"pillion.dev/inject\": \"loging\", \"pillion.dev/wait-for\": \"postgres\"");

        assertThat(message(outcome))
                .startsWith("2 mistakes: (1) annotation pillion.dev/inject: there is no profile 'loging'")
                .contains("did you mean 'logging'? (unknown-profile); (2) annotation pillion.dev/wait-for: ")
                .endsWith("write HOST:PORT (invalid-value)");
        assertThat(outcome.code()).isEqualTo(ReasonCode.UNKNOWN_PROFILE);
        assertThat(outcome.response().auditAnnotations()).isEqualTo(Map.of("denied", "unknown-profile,invalid-value"));
    }

    @Test
    void haveEachCodeOnceInTheAuditAnnotation() throws Exception {
        ReviewOutcome outcome =
                mutate("\"pillion.dev/inject\": \"loging,proxi\", \"pillion.dev/wait-for\": \"postgres\"");

        assertThat(message(outcome)).startsWith("3 mistakes");
        assertThat(outcome.response().auditAnnotations()).isEqualTo(Map.of("denied", "unknown-profile,invalid-value"));
    }

    @Test
    void haveOneCodeIfThereIsOneMistake() throws Exception {
        assertThat(message(mutate("\"pillion.dev/inject\": \"loging\"")))
                .endsWith("did you mean 'logging'? (unknown-profile)")
                .containsOnlyOnce("unknown-profile");
    }

    @Test
    void haveACodeEachForAFinalPod() {
        assertThat(Sentences.withCodes(List.of(
                        new Reason(ReasonCode.REQUIREMENT_UNMET, "one is missing"),
                        new Reason(ReasonCode.MALFORMED_POD, "two cannot be read"))))
                .isEqualTo("one is missing (requirement-unmet); two cannot be read (malformed-pod)");
    }

    private ReviewOutcome mutate(String annotations) throws Exception {
        return mutating.review(ReviewReader.read("""
                {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
                  "uid": "u1", "operation": "CREATE", "namespace": "shop",
                  "resource": {"group": "", "version": "v1", "resource": "pods"},
                  "object": {"metadata": {"annotations": {%s}}, "spec": {"containers": [{"name": "web"}]}}}}
                """.formatted(annotations).getBytes(StandardCharsets.UTF_8)));
    }

    private static String message(ReviewOutcome outcome) {
        return outcome.response().denial().orElseThrow().message();
    }
}
