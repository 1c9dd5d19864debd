package dev.pillion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An injected variable replaces a variable that the app reads by {@code envFrom}. */
class ReplacedVariablesTest {

    private static final Path POD = Path.of("src/test/resources/field/env-vs-envfrom.yaml");
    private static final String START =
            "warning: Pod/one: annotation pillion.dev/inject requests profile 'env', but its LOG_LEVEL ";

    @Test
    void isAConditionalWarningIfTheConfigMapIsNotKnown() {
        assertThat(Run.of("inject", "-q", "-f", POD.toString()).err())
                .isEqualTo(
                        START
                                + "would replace a variable of this name that container web takes from ConfigMap settings by envFrom, if there is one\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"data", "binaryData"})
    void isAWarningIfTheConfigMapInTheInputHasTheKey(String field) throws Exception {
        assertThat(with(settings("ConfigMap", field, "LOG_LEVEL")))
                .isEqualTo(
                        START
                                + "replaces a variable of this name that container web takes from ConfigMap settings by envFrom\n");
    }

    @ParameterizedTest
    @CsvSource({"ConfigMap, data, OTHER", "ConfigMap, data, log_level"})
    void isNoWarningIfTheConfigMapInTheInputDoesNotHaveTheKey(String kind, String field, String key) throws Exception {
        assertThat(with(settings(kind, field, key))).isEmpty();
    }

    @Test
    void isAConditionalWarningIfOnlyAnotherObjectHasTheName() throws Exception {
        assertThat(with(settings("ConfigMap", "data", "OTHER").replace("metadata: {", "metadata: {namespace: other, ")))
                .startsWith(START + "would replace");
        assertThat(with(settings("Secret", "data", "OTHER"))).startsWith(START + "would replace");
    }

    @ParameterizedTest
    @CsvSource({
        "'{prefix: DB_, configMapRef: {name: settings}}', ''",
        "'{prefix: LOG_, configMapRef: {name: settings}}', 'would replace'",
        "'{secretRef: {name: settings}}', 'would replace'",
        "'{prefix: LOG_LEVEL_AND_MORE, secretRef: {name: settings}}', ''"
    })
    void dependsOnThePrefixOfTheSource(String source, String expected) throws Exception {
        String err = run(Files.readString(POD).replace("{configMapRef: {name: settings}}", source));

        assertThat(err.isEmpty()).isEqualTo(expected.isEmpty());
        assertThat(err).contains(expected);
    }

    @Test
    void dependsOnTheKeyAfterThePrefix() throws Exception {
        String pod = Files.readString(POD)
                .replace("{configMapRef: {name: settings}}", "{prefix: LOG_, configMapRef: {name: settings}}");

        assertThat(run(pod + "---\n" + settings("ConfigMap", "data", "LEVEL"))).startsWith(START + "replaces");
        assertThat(run(pod + "---\n" + settings("ConfigMap", "data", "LOG_LEVEL")))
                .isEmpty();
    }

    @Test
    void isOneWarningForAllVariablesOfAProfile() throws Exception {
        String pod = Files.readString(POD).replace("LOG_LEVEL=debug", "\"LOG_LEVEL=debug,B=2,C=3\"");

        assertThat(run(pod))
                .startsWith(
                        "warning: Pod/one: annotation pillion.dev/inject requests profile 'env', but its LOG_LEVEL (and 2 more) would replace")
                .hasLineCount(1);
    }

    @Test
    void isNoWarningForAPolicyIfTheConfigMapIsNotKnown() throws Exception {
        Path catalog = Files.createTempDirectory("catalog");
        Files.writeString(catalog.resolve("policy.yaml"), """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionPolicy
                metadata: {name: all-env}
                spec: {mode: Default, match: {}, profiles: [{name: env, parameters: {variables: {LOG_LEVEL: info}}}]}
                """);
        String pod = Files.readString(POD)
                .replaceAll("(?m)^.*pillion.dev/.*\\R", "")
                .replace("annotations:", "annotations: {}");

        assertThat(run(pod, "--profiles", catalog.toString())).isEmpty();
        assertThat(run(pod + "---\n" + settings("ConfigMap", "data", "LOG_LEVEL"), "--profiles", catalog.toString()))
                .isEqualTo(
                        "warning: Pod/one: policy all-env requests profile 'env', but its LOG_LEVEL replaces a variable of this name that container web takes from ConfigMap settings by envFrom\n");
    }

    @Test
    void isNoWarningIfTheAppSetsTheVariable() throws Exception {
        String pod = Files.readString(POD) + "    env: [{name: LOG_LEVEL, value: warn}]\n";

        assertThat(run(pod)).doesNotContain("replace");
    }

    private static String with(String more) throws Exception {
        return run(Files.readString(POD) + "---\n" + more);
    }

    private static String run(String input, String... more) {
        String[] arguments = {"inject", "-q", "-f", "-"};
        String[] all = new String[arguments.length + more.length];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        Run run = Run.withInput(input, all);
        assertThat(run.code()).as(run.err()).isZero();
        return run.err();
    }

    private static String settings(String kind, String field, String key) {
        return "apiVersion: v1\nkind: " + kind + "\nmetadata: {name: settings}\n" + field + ": {" + key + ": a}\n";
    }
}
