package dev.pillion.injection;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.profile;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.ReviewLimits;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The limits of requests and Pods, and the messages for Pods that exceed them. */
class ReviewLimitsTest {

    private static String numbered(String prefix, int count, String suffix) {
        return IntStream.range(0, count)
                .mapToObj(index -> prefix + index + suffix)
                .collect(Collectors.joining(","));
    }

    private static Trial withContainers(int count, String... annotations) {
        return Trial.of(
                "metadata:\n  annotations:\n" + String.join("\n", annotations).indent(4) + "spec: {containers: ["
                        + numbered("{name: c", count, "}") + "]}");
    }

    private static Trial withVariables(String variables, String subPathExpr) {
        return Trial.of("""
                metadata: {annotations: {pillion.dev/inject: logging}}
                spec:
                  containers:
                    - name: web
                      env: [%s]
                      volumeMounts: [{name: data, mountPath: /var/log/app, subPathExpr: "%s"}]
                    - {name: other}
                """.formatted(variables, subPathExpr));
    }

    @Test
    void boundTheVariablesOfAllContainers() {
        assertThat(withContainers(
                                600,
                                "pillion.dev/inject: env",
                                "env.pillion.dev/variables: " + numbered("V", 900, "=1"))
                        .denied())
                .isEqualTo(new Reason(
                        ReasonCode.TOO_LARGE,
                        "annotation pillion.dev/inject requests profile 'env', but the Pod would then get more than 5000 environment variables in all containers together,"
                                + " which is the limit"));
        assertThat(withContainers(
                                5,
                                "pillion.dev/inject: env",
                                "env.pillion.dev/variables: " + numbered("V", 1_000, "=1"))
                        .injected()
                        .at("/spec/containers/4/env"))
                .hasSize(1_000);
    }

    @Test
    void boundOneLongVariableInManyContainers() {
        assertThat(withContainers(100, "pillion.dev/inject: env", "env.pillion.dev/variables: A=" + "x".repeat(20_000))
                        .denied())
                .isEqualTo(
                        new Reason(
                                ReasonCode.TOO_LARGE,
                                "annotation pillion.dev/inject requests profile 'env', but the Pod would then get more than 1572864 bytes, which is the limit"));
    }

    @Test
    void boundTheMountsOfAllContainers() {
        assertThat(withContainers(5_000, "pillion.dev/inject: logging").denied().message())
                .isEqualTo(
                        "annotation pillion.dev/inject requests profile 'logging', but the Pod would then get more than 5000 volume mounts in all containers together,"
                                + " which is the limit");
    }

    @Test
    void boundTheAddedContainers() {
        Trial trial = annotated("pillion.dev/inject: each", "each.pillion.dev/names: " + numbered("n", 251, ""))
                .withProfiles(profile("each", """
                        parameters: [{name: names, type: list}]
                        sidecars: [{name: "${n}", image: a, forEach: {'n': "${params.names}"}}]
                        """));

        assertThat(trial.denied())
                .isEqualTo(
                        new Reason(
                                ReasonCode.TOO_LARGE,
                                "annotation pillion.dev/inject requests profile 'each', but the Pod would then get more than 250 containers, which is the limit"));
    }

    @Test
    void boundTheElementsOfAnExpression() {
        Trial trial = annotated("pillion.dev/inject: each", "each.pillion.dev/text: " + "x".repeat(1_001))
                .withProfiles(profile("each", """
                        parameters: [{name: text, type: string}]
                        sidecars: [{name: "${n}", image: a, when: "${n == 'y'}", forEach: {'n': "${params.text.split('')}"}}]
                        """));

        assertThat(trial.denied())
                .isEqualTo(
                        new Reason(
                                ReasonCode.TOO_LARGE,
                                "annotation pillion.dev/inject requests profile 'each', but ${params.text.split('')} has 1001 elements; at most 1000 are allowed"));
    }

    @Test
    void boundTheInheritedFieldsOfAllCompanions() {
        Trial trial = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: each, each.pillion.dev/names: "%s"}}
                        spec: {containers: [{name: web, env: [{name: A, value: %s}]}]}
                        """.formatted(numbered("n", 200, ""), "x".repeat(100_000)))
                .withProfiles(profile("each", """
                        parameters: [{name: names, type: list}]
                        sidecars: [{name: "${n}", image: a, inherit: [env], forEach: {'n': "${params.names}"}}]
                        """));

        assertThat(trial.denied().message()).contains("more than 1572864 bytes");
    }

    @Test
    void boundTheTextOfAParameter() {
        assertThat(annotated("pillion.dev/inject: env", "env.pillion.dev/variables: A=" + "x".repeat(65_535))
                        .denied())
                .isEqualTo(
                        new Reason(
                                ReasonCode.TOO_LARGE,
                                "annotation env.pillion.dev/variables: the value has 65537 characters; at most 65536 are allowed (annotation pillion.dev/inject requests profile 'env')"));
    }

    /** As Kubernetes counts them: a character can have four bytes. */
    @Test
    void boundTheBytesOfAllAnnotations() {
        assertThat(annotated("pillion.dev/inject: env", "note: " + "€".repeat(90_000))
                        .denied())
                .isEqualTo(
                        new Reason(
                                ReasonCode.ANNOTATIONS_TOO_LARGE,
                                "annotation pillion.dev/inject requests profile 'env', but the Pod's annotations have 270025 bytes; Kubernetes allows 262144"));
    }

    @Test
    void boundTheTextForAPattern() {
        assertThat(annotated(
                                "pillion.dev/inject: prefetch",
                                "prefetch.pillion.dev/sha256: '" + "0".repeat(64) + "'",
                                "prefetch.pillion.dev/url: https://x.example/" + "a".repeat(250_000 - 200_000))
                        .denied()
                        .message())
                .isEqualTo(
                        "annotation prefetch.pillion.dev/url: the value has 50018 characters; at most 4096 are allowed (annotation pillion.dev/inject requests profile 'prefetch')");
    }

    @Test
    void boundTheTermsOfALabelSelector() {
        assertThat(annotated("pillion.dev/wait-for: pod/a=b" + ",a=b".repeat(10_000))
                        .denied())
                .isEqualTo(new Reason(
                        ReasonCode.TOO_LARGE,
                        "annotation pillion.dev/wait-for: the value names a target of 40007 characters; at most 2048 are allowed: 'pod/a=b"
                                + ",a=b".repeat(23) + ",…'"));
    }

    @Test
    void boundTheNameOfAContainer() {
        Trial trial = Trial.of("""
                metadata: {annotations: {pillion.dev/inject: logging, pillion.dev/containers: %s}}
                spec: {containers: [{name: %s}]}
                """.formatted("m" + "n".repeat(100_000), "n".repeat(100_000)));

        assertThat(trial.denied())
                .isEqualTo(new Reason(
                        ReasonCode.TOO_LARGE,
                        "annotation pillion.dev/inject requests profile 'logging', but the name of container '"
                                + "n".repeat(100) + "…' has 100000 characters; Kubernetes allows 63"));
    }

    @Test
    void boundTheVariablesOfASubPath() {
        String variables = IntStream.range(0, 3_000)
                .mapToObj(index -> "{name: V" + index + ", value: x}")
                .collect(Collectors.joining(", "));
        String expression =
                IntStream.range(0, 3_000).mapToObj(index -> "$(V" + index + ")").collect(Collectors.joining());

        assertThat(withVariables(variables, expression).denied())
                .isEqualTo(new Reason(
                        ReasonCode.TOO_LARGE,
                        "annotation pillion.dev/inject requests profile 'logging', but the Pod would then get more than 5000 environment variables in all containers together,"
                                + " which is the limit"));
    }

    @Test
    void allowALongChainOfVariables() {
        String variables = IntStream.range(0, 6_000)
                .mapToObj(index -> "{name: V" + index + ", value: $(V" + (index + 1) + ")}")
                .collect(Collectors.joining(", "));

        assertThat(withVariables(variables, "$(V0)").denied().code()).isEqualTo(ReasonCode.TOO_LARGE);
    }

    @Test
    void allowAChainOfVariablesInReverseOrder() {
        List<String> names = withVariables(
                        "{name: A, value: $(B)/$(C)}, {name: B, value: $(D)}, {name: C, value: c}, {name: D, value: d}, {name: E, value: e}",
                        "$(A)")
                .injected()
                .container("other")
                .path("env")
                .valueStream()
                .map(variable -> variable.path("name").asText())
                .toList();

        assertThat(names).containsExactly("D", "B", "C", "A");
    }

    @Test
    void allowVariablesThatReferToEachOther() {
        JsonNode env = withVariables("{name: A, value: $(B)}, {name: B, value: $(A)}", "$(A)")
                .injected()
                .container("other")
                .path("env");

        assertThat(env.valueStream().map(variable -> variable.path("name").asText()))
                .containsExactly("A", "B");
    }

    @Test
    void boundTheLengthOfMessagesAndTheNumberOfWarnings() {
        List<Reason> warnings = Trial.of(
                        "metadata: {annotations: {pillion.dev/inject: env, env.pillion.dev/variables: A=1}}\nspec: {containers: ["
                                + numbered("{env: [{name: A, value: own}], name: c", 150, "}") + "]}")
                .unchanged()
                .plan()
                .warnings();

        assertThat(warnings).hasSize(100);
        assertThat(new Reason(ReasonCode.INVALID_VALUE, "x".repeat(10_000)).message())
                .isEqualTo("x".repeat(2_000) + "…");
    }

    @Test
    void areDocumented() throws Exception {
        String page = Files.readString(Path.of("docs/limits.md"));

        for (Field limit : ReviewLimits.class.getFields()) {
            // The API server shows fewer warnings than Pillion collects.
            if (!limit.getName().equals("WARNINGS")) {
                assertThat(page).as(limit.getName()).contains("| %,d ".formatted(limit.getInt(null)));
            }
        }
    }
}
