package dev.pillion.injection.apply;

import static dev.pillion.injection.Trial.policy;
import static dev.pillion.injection.Trial.profile;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.Trial;
import dev.pillion.injection.reason.ReasonCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The kubelet replaces $(NAME) only by an earlier variable, so injected variables are inserted before those that use them. */
class VariableOrderTest {

    @Test
    void anInjectedVariablePrecedesAVariableOfTheAppThatUsesIt() throws Exception {
        var result = Trial.of(yaml(Files.readString(Path.of("src/test/resources/field/env-used-by-app.yaml"))))
                .injected();

        assertThat(result.container("web").path("env"))
                .isEqualTo(
                        yaml("[{name: REGION, value: eu-1}, {name: BASE_URL, value: https://$(REGION).example.com}]"));
        assertThat(result.patch().operations())
                .extracting(operation -> operation.path().toString())
                .contains("/spec/containers/0/env/0");
    }

    @Test
    void itIsDirectlyBeforeTheFirstUseOrAtTheEnd() {
        assertThat(
                        names(
                                injected(
                                        "A=1,B=2,C=3",
                                        "[{name: ONE, value: x}, {name: TWO, value: $(B)}, {name: THREE, value: $(A)-$(B)}, {name: FOUR, value: y}]")))
                .containsExactly("ONE", "B", "TWO", "A", "THREE", "FOUR", "C");
    }

    @Test
    void aVariableThatAnInjectedOneUsesPrecedesIt() {
        assertThat(names(injected("URL=http://$(HOST):$(PORT),PORT=80,HOST=db", "[{name: OWN, value: x}]")))
                .containsExactly("OWN", "HOST", "PORT", "URL");
    }

    @Test
    void aVariableThatAnInjectedOneUsesMovesWithIt() {
        assertThat(names(injected(
                        "URL=http://$(HOST),HOST=db.$(ZONE),ZONE=a,OTHER=1",
                        "[{name: FIRST, value: x}, {name: USER, value: $(URL)/u}]")))
                .containsExactly("FIRST", "ZONE", "HOST", "URL", "USER", "OTHER");
    }

    @Test
    void anInjectedVariableCanUseAVariableOfTheApp() {
        assertThat(names(injected("URL=http://$(HOST)", "[{name: HOST, value: db}]")))
                .containsExactly("HOST", "URL");
    }

    @Test
    void anEscapedReferenceHasNoEffect() {
        assertThat(names(injected("A=1", "[{name: ONE, value: $$(A)}, {name: TWO, value: '$$$$(A)'}]")))
                .containsExactly("ONE", "TWO", "A");
        assertThat(names(injected("A=1", "[{name: ONE, value: '$$$(A)'}]"))).containsExactly("A", "ONE");
    }

    @Test
    void variablesWithACircularReferenceAreAllAdded() {
        assertThat(names(injected("A=$(B),B=$(A)", "[{name: USER, value: $(A)}]")))
                .containsExactlyInAnyOrder("A", "B", "USER")
                .endsWith("USER");
    }

    @Test
    void eachContainerIsOrderedSeparately() {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: env, env.pillion.dev/variables: A=1}}
                        spec:
                          containers:
                            - {name: web, env: [{name: X, value: "1"}, {name: USER, value: $(A)}]}
                            - {name: worker, env: [{name: USER, value: $(A)}]}
                            - {name: other}
                        """).injected();

        assertThat(names(result.container("web").path("env"))).containsExactly("X", "A", "USER");
        assertThat(names(result.container("worker").path("env"))).containsExactly("A", "USER");
        assertThat(names(result.container("other").path("env"))).containsExactly("A");
    }

    @Test
    void variablesOfTwoProfilesAreOrderedTogether() {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: "url, host"}}
                        spec: {containers: [{name: web, env: [{name: USER, value: $(URL)}]}]}
                        """)
                .withProfiles(
                        profile("url", "app: {env: [{name: URL, value: http://$(HOST)}]}\n"),
                        profile("host", "app: {env: [{name: HOST, value: db}]}\n"))
                .injected();

        assertThat(names(result.container("web").path("env"))).containsExactly("HOST", "URL", "USER");
    }

    @Test
    void theSecondPassUninjectingAndTheFinalCheckFindThem() {
        var result = Trial.of("""
                        metadata: {annotations: {env.pillion.dev/variables: A=1}}
                        spec: {containers: [{name: web, env: [{name: USER, value: $(A)}]}]}
                        """)
                .withPolicies(policy("env", "mode: Enforce\nmatch: {}\nprofiles: [{name: env}]\n"))
                .injected();

        assertThat(names(result.container("web").path("env"))).containsExactly("A", "USER");
        assertThat(result.again().unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        assertThat(result.again().missing()).isEmpty();
        assertThat(result.again().uninjected().at("/spec/containers/0/env"))
                .isEqualTo(yaml("[{name: USER, value: $(A)}]"));
    }

    @Test
    void aThousandVariablesInAChainArePlaced() {
        StringBuilder variables = new StringBuilder();
        for (int index = 0; index < 999; index++) {
            variables.append("V%d=$(V%d),".formatted(index, index + 1));
        }

        List<String> names = names(injected(variables + "V999=x", "[{name: USER, value: $(V0)}]"));

        assertThat(names).hasSize(1001).startsWith("V999", "V998").endsWith("V0", "USER");
    }

    private static JsonNode injected(String variables, String env) {
        return Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: env, env.pillion.dev/variables: "%s"}}
                        spec: {containers: [{name: web, env: %s}]}
                        """.formatted(variables, env))
                .injected()
                .container("web")
                .path("env");
    }

    private static List<String> names(JsonNode env) {
        return env.findValuesAsText("name");
    }
}
