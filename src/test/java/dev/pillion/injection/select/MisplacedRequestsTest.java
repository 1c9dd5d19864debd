package dev.pillion.injection.select;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.injection.Trial;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.Namespace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests in the wrong place, and misspelt requests. */
class MisplacedRequestsTest {

    private static List<String> warnings(Trial trial) {
        return trial.decide().plan().warnings().stream()
                .filter(reason -> reason.code() == ReasonCode.REQUEST_MISPLACED)
                .map(Reason::message)
                .toList();
    }

    @Test
    void aLabelOfThePodIsAWarningWithTheRightPlace() throws Exception {
        assertThat(warnings(Trial.ofFile("label-of-pod.yaml")))
                .containsExactly(
                        "label pillion.dev/inject has no effect; write it as an annotation of the Pod: pillion.dev/inject");
    }

    @Test
    void aLabelOfTheNamespaceIsAWarningWithTheRightPlace() {
        Trial trial = annotated("a: b").inNamespaceLabelled("pillion.dev/inject", "logging");

        assertThat(warnings(trial))
                .containsExactly(
                        "label pillion.dev/inject of namespace shop has no effect; write it as an annotation of the namespace: pillion.dev/inject");
    }

    @Test
    void aLabelThatAPolicySelectsIsNoWarning() {
        String policy = policy("p", """
                mode: Default
                match: {namespaceSelector: {matchLabels: {pillion.dev/inject: enabled}}}
                profiles: [{name: logging}]
                """);

        assertThat(warnings(
                        annotated("a: b").withPolicies(policy).inNamespaceLabelled("pillion.dev/inject", "enabled")))
                .isEmpty();
    }

    @Test
    void theLabelOfStrictNamespacesOnAPodIsAWarning() {
        assertThat(warnings(Trial.of(
                        "metadata: {labels: {pillion.dev/enforcement: strict}}\nspec: {containers: [{name: a}]}")))
                .containsExactly(
                        "label pillion.dev/enforcement has no effect on a Pod; it is a label of the Namespace");
    }

    @Test
    void otherAnnotationsOfANamespaceAreAWarning() {
        Namespace shop = new Namespace(
                "shop", Map.of(), Map.of("logging.pillion.dev/path", "/srv", "pillion.dev/inject", "logging"));

        assertThat(MisplacedRequests.of(
                        Trial.readPod(Trial.yaml("{spec: {}}")),
                        shop,
                        dev.pillion.catalog.compile.CatalogReader.builtIn()))
                .extracting(Reason::message)
                .containsExactly(
                        "annotation logging.pillion.dev/path of namespace shop has no effect; only pillion.dev/inject and the pin of a generation apply to a namespace's Pods, so write it on the Pod or its template");
    }

    @ParameterizedTest
    @CsvSource({
        "pilion.dev/inject, logging, pillion.dev/inject",
        "pillon.dev/inject, loging, pillion.dev/inject",
        "pillion.io/inject, anything, pillion.dev/inject",
        "Pillion.dev/inject, logging, pillion.dev/inject",
        "pillion/inject, logging, pillion.dev/inject",
        "pillion.dev.inject, logging, pillion.dev/inject",
        "pillion-inject, logging, pillion.dev/inject",
        "inject.pillion.dev, logging, pillion.dev/inject",
        "wait-for.pillion.dev, db:5432, pillion.dev/wait-for",
        "pillion.io/inject.logging, 'true', pillion.dev/inject",
        "pilion.dev/injects, logging, pillion.dev/inject",
        "pillion.com/wait-for, db:5432, pillion.dev/wait-for",
        "pillion.io/waitfor, db:5432, pillion.dev/wait-for",
        "logging.pilion.dev/path, /srv, logging.pillion.dev/path",
        "logging.pillion.io/path, /srv, logging.pillion.dev/path"
    })
    void aMisspeltAnnotationGetsASuggestion(String key, String value, String meant) {
        assertThat(warnings(annotated("'" + key + "': '" + value + "'")))
                .containsExactly("annotation " + key + " has no effect; did you mean " + meant + "?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"inject.logging", "inject-logging", "injct.logging"})
    void aProfileNameAsAnnotationGetsASuggestion(String name) {
        assertThat(annotated("pillion.dev/" + name + ": 'true'").denied().message())
                .isEqualTo("annotation pillion.dev/" + name
                        + " is unknown; to request the profile, write pillion.dev/inject: logging");
    }

    @ParameterizedTest
    @CsvSource({
        "sidecar.istio.io/inject, true",
        "linkerd.io/inject, enabled",
        "million.dev/inject, on",
        "vision.dev/inject, true",
        "example.com/inject, logging",
        "prometheus.io/path, /metrics",
        "logging.million.dev/level, debug",
        "inject, logging",
        "pillions-of-sand, x",
        "kubectl.kubernetes.io/default-container, web",
        "cluster-autoscaler.kubernetes.io/safe-to-evict, true"
    })
    void anAnnotationOfOtherSoftwareIsNoWarning(String key, String value) {
        assertThat(warnings(annotated("'" + key + "': '" + value + "'"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"inject: ''", "inject: ' , '", "wait-for: ''", "wait-for: ' '", "containers: ','"})
    void anEmptyAnnotationIsAWarning(String annotation) {
        assertThat(annotated("pillion.dev/" + annotation).decide().plan().warnings())
                .extracting(Reason::code)
                .containsExactly(ReasonCode.REQUEST_EMPTY);
    }

    @Test
    void anEmptyAnnotationOfTheNamespaceIsAWarning() {
        assertThat(annotated("a: b").inNamespaceThatInjects(" ").decide().plan().warnings())
                .containsExactly(
                        new Reason(
                                ReasonCode.REQUEST_EMPTY,
                                "annotation pillion.dev/inject of namespace shop is empty and requests nothing; write names of profiles, or remove it"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    true             | "true" names no profile
                    yes              | "yes" names no profile
                    enabled          | "enabled" names no profile
                    "no"             | "no" names no profile; to opt out, write "false"
                    False            | "False" names no profile; to opt out, write "false"
                    "false\\u00a0"    | without the invisible character it would be "false", which opts out
                    disabled         | "disabled" names no profile; to opt out, write "false"
                    logging;proxy    | separate profiles by commas: logging, proxy
                    logging proxy    | separate profiles by commas: logging, proxy
                    logging\\nproxy  | separate profiles by commas: logging, proxy
                    [logging, proxy] | separate profiles by commas: logging, proxy
                    - logging        | write logging
                    """)
    void aValueThatIsNoListOfProfilesIsCorrected(String value, String correction) {
        var reason = annotated("pillion.dev/inject: \"" + value.replace("\"", "") + "\"")
                .denied();

        assertThat(reason.code()).isEqualTo(ReasonCode.UNKNOWN_PROFILE);
        assertThat(reason.message()).contains(correction);
    }

    @ParameterizedTest
    @CsvSource({"\u00a0, U+00A0", "\u200b, U+200B", "\u3164, U+3164", "\ufeff, U+FEFF", "\u2007, U+2007"})
    void anInvisibleCharacterIsPrintedAsItsCodePoint(String character, String point) {
        var reason = annotated("pillion.dev/inject: \"logging," + character + "env\"")
                .denied();

        assertThat(reason.message())
                .isEqualTo("annotation pillion.dev/inject: there is no profile '<" + point
                        + ">env'; without the invisible character it would be 'env'");
    }

    @ParameterizedTest
    @CsvSource({
        "pillion.dev/logging, 'true', pillion.dev/inject: logging",
        "inject.pillion.dev/logging, 'true', pillion.dev/inject: logging",
        "pillion.dev/logging.path, /srv, logging.pillion.dev/path"
    })
    void aProfileInTheKeyIsCorrected(String key, String value, String correction) {
        assertThat(annotated(key + ": '" + value + "'").denied().message()).contains(correction);
    }

    @Test
    void aCopyOfAPodWithoutItsAnnotationsGetsAWarning() throws Exception {
        assertThat(Trial.ofFile("debug-copy.yaml").decide().plan().warnings())
                .containsExactly(
                        new Reason(
                                ReasonCode.FILE_MISSING,
                                "volume pillion-files-proxy of a companion needs annotation pillion.dev/file.proxy.0, which the Pod does not have, so the companion's file will be empty; a copy of a Pod keeps its annotations with kubectl debug --copy-to=NAME --keep-annotations"));
    }

    @Test
    void anInjectedPodGetsNoWarning() {
        var result = annotated("pillion.dev/inject: proxy").injected();

        assertThat(result.plan().warnings()).isEmpty();
        assertThat(result.again().unchanged().plan().warnings()).isEmpty();
    }
}
