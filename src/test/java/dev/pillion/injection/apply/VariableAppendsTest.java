package dev.pillion.injection.apply;

import static dev.pillion.injection.Trial.policy;
import static dev.pillion.injection.Trial.profile;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.Trial;
import dev.pillion.injection.Trial.Result;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.uninject.Uninjection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code append} on a variable of a profile's {@code app.env}. */
class VariableAppendsTest {

    private static final String AGENT =
            profile("agent", "app: {env: [{name: OPTS, value: -javaagent:/a.jar, append: {separator: ' '}}]}");
    private static final String DEBUG =
            profile("debug", "app: {env: [{name: OPTS, value: -Ddebug, append: {separator: ' '}}]}");

    private static String pod(String request, String env) {
        return """
                metadata: {annotations: {pillion.dev/inject: '%s'}}
                spec: {containers: [{name: web, image: a%s}]}
                """.formatted(request, env.isEmpty() ? "" : ", env: " + env);
    }

    private static Result injected(String request, String env) {
        return Trial.of(pod(request, env)).withProfiles(AGENT, DEBUG).injected();
    }

    private static String value(Result result) {
        return value(result.pod());
    }

    private static String value(JsonNode pod) {
        return pod.at("/spec/containers/0/env/0/value").asText();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{name: OPTS, value: -Xmx1g}]                    | -Xmx1g -javaagent:/a.jar",
                "[{name: OPTS, value: '-Xmx1g '}]                 | -Xmx1g  -javaagent:/a.jar",
                "[{name: OPTS, value: ''}]                        | -javaagent:/a.jar",
                "[{name: OPTS}]                                   | -javaagent:/a.jar",
                "[]                                               | -javaagent:/a.jar",
                "''                                               | -javaagent:/a.jar",
                "[{name: OPTS, value: -javaagent:/a.jar.old}]     | -javaagent:/a.jar.old -javaagent:/a.jar",
                "[{name: OPTS, value: $(BASE)}]                   | $(BASE) -javaagent:/a.jar"
            })
    void areAppendedOnceAndRemovedAgain(String env, String expected) {
        Result result = injected("agent", env == null ? "" : env);

        assertThat(value(result)).isEqualTo(expected);
        assertThat(result.pod().at("/spec/containers/0/env")).hasSize(1);
        assertThat(result.pod().at("/spec/containers/0/env/0").has("append")).isFalse();
        assertThat(result.again().unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        assertThat(result.again().uninjected()).isEqualTo(yaml(pod("agent", env == null ? "" : env)));
    }

    @ParameterizedTest
    @CsvSource({"-javaagent:/a.jar", "-javaagent:/a.jar -Xmx1g", "-Xmx1g -javaagent:/a.jar", "-a -javaagent:/a.jar -b"})
    void areNotAppendedIfTheAppHasThemItself(String value) {
        String pod = pod("agent", "[{name: OPTS, value: '" + value + "'}]");

        Trial trial = Trial.of(pod).withProfiles(AGENT);

        assertThat(trial.unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
    }

    @Test
    void ofSeveralProfilesFollowThePlan() {
        String env = "[{name: OPTS, value: -Xmx1g}]";
        Result result = injected("debug,agent", env);

        assertThat(value(result)).isEqualTo("-Xmx1g -Ddebug -javaagent:/a.jar");
        assertThat(result.patch().toString().split("/env/0").length)
                .as("a single operation")
                .isEqualTo(2);
        assertThat(result.again().unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        assertThat(result.again().uninjected()).isEqualTo(yaml(pod("debug,agent", env)));
        assertThat(value(injected("debug,agent", ""))).isEqualTo("-Ddebug -javaagent:/a.jar");
    }

    private static final String LIST =
            profile("list", "app: {env: [{name: OPTS, value: x.so, append: {separator: ':'}}]}");

    /** {@code -javaagent:/a.jar:x.so} would be one text, which a second pass would not find. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "agent,list | -Xmx1g -javaagent:/a.jar | list  | agent",
                "list,agent | -Xmx1g:x.so              | agent | list"
            })
    void ofSeveralProfilesHaveOneSeparator(String request, String expected, String without, String first) {
        String env = "[{name: OPTS, value: -Xmx1g}]";

        Result result = Trial.of(pod(request, env)).withProfiles(AGENT, LIST).injected();

        assertThat(value(result)).isEqualTo(expected);
        assertThat(result.warnings())
                .containsExactly(
                        "annotation pillion.dev/inject requests profile '%s', but nothing is appended to OPTS of container web, because annotation pillion.dev/inject requests profile '%s', which appends to it with another separator"
                                .formatted(without, first));
        assertThat(result.again().unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        assertThat(result.again().uninjected()).isEqualTo(yaml(pod(request, env)));
    }

    @Test
    void haveTheSeparatorOfAnEnforcedProfile() {
        Trial trial = Trial.of(pod("list", "[{name: OPTS, value: -Xmx1g}]"))
                .withProfiles(AGENT, LIST, policy("all", "{mode: Enforce, match: {}, profiles: [{name: agent}]}"));

        Result result = trial.injected();

        assertThat(value(result)).isEqualTo("-Xmx1g -javaagent:/a.jar");
        assertThat(result.again().unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
    }

    @Test
    void followTheValueOfAnotherProfile() {
        String setting = profile("setting", "app: {env: [{name: OPTS, value: -Xss1m}]}");

        Result result =
                Trial.of(pod("agent,setting", "")).withProfiles(AGENT, setting).injected();

        assertThat(value(result)).isEqualTo("-Xss1m -javaagent:/a.jar");
        assertThat(result.again().unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        assertThat(result.again().uninjected()).isEqualTo(yaml(pod("agent,setting", "")));
    }

    @Test
    void areRemovedIfOthersChangedTheRest() {
        Result result = injected("agent", "[{name: OPTS, value: -Xmx1g}]");
        JsonNode changed = result.pod().deepCopy();
        ((ObjectNode) changed.at("/spec/containers/0/env/0"))
                .put("value", "-Xmx2g -javaagent:/a.jar -javaagent:/otel.jar");

        assertThat(value(result.trial().again(changed).uninjected())).isEqualTo("-Xmx2g -javaagent:/otel.jar");
    }

    @Test
    void stayInTheStatusIfTheValueNoLongerContainsThem() {
        Result result = injected("agent", "[{name: OPTS, value: -Xmx1g}]");
        JsonNode changed = result.pod().deepCopy();
        ((ObjectNode) changed.at("/spec/containers/0/env/0")).put("value", "-Xmx2g");

        Uninjection uninjection = result.trial().again(changed).uninjection();

        assertThat(uninjection.kept())
                .extracting(Uninjection.Kept::toString)
                .containsExactly(
                        "what was appended to variable OPTS of container web is kept: its value no longer contains the text");
        assertThat(value(result.trial().again(changed).injected())).isEqualTo("-Xmx2g -javaagent:/a.jar");
    }

    @Test
    void cannotBeAppendedToAReference() {
        String env = "[{name: OPTS, valueFrom: {configMapKeyRef: {name: a, key: b}}}]";

        assertThat(Trial.of(pod("agent", env))
                        .withProfiles(AGENT)
                        .unchanged()
                        .plan()
                        .warnings())
                .extracting(Reason::message)
                .containsExactly(
                        "annotation pillion.dev/inject requests profile 'agent', but container web sets OPTS by valueFrom, and"
                                + " nothing can be appended to that");
    }

    @Test
    void extendTheLastVariableOfAName() {
        Result result = injected("agent", "[{name: OPTS, value: a}, {name: OPTS, value: b}]");

        assertThat(result.pod().at("/spec/containers/0/env"))
                .isEqualTo(yaml("[{name: OPTS, value: a}, {name: OPTS, value: b -javaagent:/a.jar}]"));
    }

    @Test
    void areRequiredIfAPolicyEnforcesThem() {
        Trial trial = Trial.of(pod("", "[{name: OPTS, value: -Xmx1g}]").replace("pillion.dev/inject: ''", ""))
                .withPolicies(AGENT, policy("p", "mode: Enforce\nmatch: {}\nprofiles: [{name: agent}]"));
        Result result = trial.injected();

        assertThat(value(result)).isEqualTo("-Xmx1g -javaagent:/a.jar");
        assertThat(result.again().missing()).isEmpty();
        assertThat(trial.missing())
                .extracting(Reason::message)
                .containsExactly(
                        "policy 'p' enforces 'agent', and variable OPTS in container web does not have what the profile"
                                + " appends to it: -javaagent:/a.jar");
    }

    @Test
    void canFollowTheValueOfAnotherEnforcedProfile() {
        String setting = profile("setting", "app: {env: [{name: OPTS, value: -Xss1m}]}");
        String both = policy("p", "mode: Enforce\nmatch: {}\nprofiles: [{name: agent}, {name: setting}]");
        Result result = Trial.of(pod("", "").replace("pillion.dev/inject: ''", ""))
                .withPolicies(AGENT, setting, both)
                .injected();

        assertThat(value(result)).isEqualTo("-Xss1m -javaagent:/a.jar");
        assertThat(result.again().missing()).isEmpty();
    }

    @Test
    void doNotChangeWhatAPolicyEnforces() {
        String setting = profile("setting", "app: {env: [{name: OPTS, value: -Xss1m}]}");
        String enforced = policy("p", "mode: Enforce\nmatch: {}\nprofiles: [{name: setting}]");
        Result result = Trial.of(pod("agent", ""))
                .withPolicies(AGENT, setting, enforced)
                .injected();

        assertThat(value(result)).isEqualTo("-Xss1m");
        assertThat(result.plan().warnings())
                .extracting(Reason::message)
                .containsExactly(
                        "annotation pillion.dev/inject requests profile 'agent', but nothing is appended to OPTS of"
                                + " container web, because policy p requests profile 'setting', which sets its value");
        assertThat(result.again().unchanged().plan().warnings()).hasSize(1);
        assertThat(result.again().missing()).isEmpty();
    }
}
