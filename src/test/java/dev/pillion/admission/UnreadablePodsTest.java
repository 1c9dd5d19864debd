package dev.pillion.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.Injector;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Namespace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods that exceed the limits of reading are denied, so they cannot fill the memory or start without companions. */
class UnreadablePodsTest {

    private static final Injector INJECTOR = new Injector(InjectionSettings.defaults());

    private final MutatingWebhook mutating =
            new MutatingWebhook(DecisionSnapshot.current(() -> INJECTOR, CatalogReader::builtIn, Namespace::named));

    private static AdmissionRequest read(String namespace, String object) throws Exception {
        // The uid comes last, which JSON allows.
        return ReviewReader.read("""
                {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
                  "operation": "CREATE", "namespace": "%s", "resource": {"group": "", "version": "v1", "resource": "pods"},
                  "object": %s, "uid": "u1"}}
                """.formatted(namespace, object).getBytes(StandardCharsets.UTF_8));
    }

    private ReviewOutcome mutate(String object) throws Exception {
        return mutating.review(read("shop", object));
    }

    private static String pod(String more) {
        return "{\"metadata\": {\"annotations\": {\"pillion.dev/inject\": \"logging\"}}, \"spec\": {\"containers\": [{\"name\": \"web\"}], \"x\": "
                + more + "}}";
    }

    @Test
    void aPodOfMoreNodesThanTheLimitIsDenied() throws Exception {
        ReviewOutcome outcome = mutate(pod("[" + "{\"a\":{}},".repeat(60_000) + "{}]"));

        assertThat(outcome.response().uid()).isEqualTo("u1");
        assertThat(outcome.code()).isEqualTo(ReasonCode.TOO_LARGE);
        assertThat(outcome.response().denial()).hasValueSatisfying(denial -> assertThat(denial.message())
                .isEqualTo("the object has more than 100000 fields and elements, which is the limit (too-large)"));
    }

    @Test
    void aPodOfManyNodesIsInjected() throws Exception {
        assertThat(mutate(pod("[" + "{\"a\":{}},".repeat(49_000) + "{}]")).code())
                .isEqualTo(ReasonCode.INJECTED);
    }

    @ParameterizedTest
    @ValueSource(ints = {98, 500, 990})
    void aPodThatIsNestedDeeperThanTheLimitIsDenied(int depth) throws Exception {
        ReviewOutcome outcome = mutate(pod("{\"a\":".repeat(depth) + "1" + "}".repeat(depth)));

        assertThat(outcome.code()).isEqualTo(ReasonCode.TOO_LARGE);
        assertThat(outcome.response().denial()).hasValueSatisfying(denial -> assertThat(denial.message())
                .isEqualTo("the object is nested more than 100 deep, which is the limit (too-large)"));
    }

    @Test
    void aReviewThatIsNestedOutsideOfItsObjectsIsMalformed() {
        String review = "{\"apiVersion\": \"admission.k8s.io/v1\", \"kind\": \"AdmissionReview\", \"x\": "
                + "[".repeat(500) + "]".repeat(500) + "}";

        assertThatThrownBy(() -> ReviewReader.read(review.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(MalformedReviewException.class)
                .hasMessageContaining("nested more than 100 deep");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e99999999999999", "-1.5E+1000", "1e-99999999999", "1e0000999999999"})
    void aNumberThatIsTooLargeIsDenied(String number) throws Exception {
        ReviewOutcome outcome = mutate(pod(number));

        assertThat(outcome.code()).isEqualTo(ReasonCode.MALFORMED_POD);
        assertThat(outcome.response().denial()).hasValueSatisfying(denial -> assertThat(denial.message())
                .isEqualTo("the object has the number " + number + ", whose exponent is out of range (malformed-pod)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999", "0.5", "1e0000000000001", "-1E-999", "123456789012345678901234567890"})
    void everyOtherNumberIsRead(String number) throws Exception {
        assertThat(mutate(pod(number)).code()).isEqualTo(ReasonCode.INJECTED);
    }

    /** The API server escapes the ampersand, and repeats the name of each variable as a field's name. */
    @Test
    void aVariableCanHaveAVeryLongName() throws Exception {
        String name = "V".repeat(60_000);
        ReviewOutcome outcome = mutate("""
                {"metadata": {"annotations": {"pillion.dev/inject": "logging", "a": "b\\u0026c"},
                   "managedFields": [{"fieldsV1": {"f:metadata": {"f:annotations": {"f:a\\u0026b": {}}},
                     "f:spec": {"k:{\\"name\\":\\"%1$s\\"}": {}}}}]},
                 "spec": {"containers": [{"name": "web", "env": [{"name": "%1$s", "value": "x"}]}]}}
                """.formatted(name));

        assertThat(outcome.code()).isEqualTo(ReasonCode.INJECTED);
    }

    @Test
    void aPodOfAnExcludedNamespaceIsAllowed() throws Exception {
        ReviewOutcome outcome = mutating.review(read("kube-system", pod("1e99999")));

        assertThat(outcome.response().isAllowed()).isTrue();
        assertThat(outcome.code()).isEqualTo(ReasonCode.EXCLUDED_NAMESPACE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theFinalPodIsRefusedInStrictNamespacesOnly(boolean strict) throws Exception {
        Namespace namespace =
                new Namespace("shop", strict ? Map.of(Namespace.ENFORCEMENT, Namespace.STRICT) : Map.of(), Map.of());
        ValidatingWebhook validating = new ValidatingWebhook(
                DecisionSnapshot.current(() -> INJECTOR, CatalogReader::builtIn, name -> namespace));

        ReviewOutcome outcome = validating.review(read("shop", pod("[".repeat(100) + "]".repeat(100))));

        assertThat(outcome.response().isAllowed()).isEqualTo(!strict);
        assertThat(outcome.code()).isEqualTo(ReasonCode.TOO_LARGE);
        assertThat(outcome.response().warnings())
                .isEqualTo(
                        strict
                                ? List.of()
                                : List.of("pillion: the object is nested more than 100 deep, which is the limit"));
    }

    /** Objects that Pillion does not decide on can have any size. */
    @Test
    void anObjectOfAnotherKindIsAllowed() throws Exception {
        AdmissionRequest request = ReviewReader.read("""
                {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"uid": "u1",
                  "operation": "DELETE", "resource": {"group": "", "version": "v1", "resource": "pods"}, "oldObject": 1e9999}}
                """.getBytes(StandardCharsets.UTF_8));

        assertThat(mutating.review(request).code()).isEqualTo(ReasonCode.NOT_A_POD_CREATION);
    }
}
