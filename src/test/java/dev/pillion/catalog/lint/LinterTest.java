package dev.pillion.catalog.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.catalog.LintRule;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.compile.CatalogReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files with and without a finding for each rule. */
class LinterTest {

    private static final String REQUESTS = "resources: {requests: {cpu: 10m, memory: 16Mi}}";

    @TempDir
    private Path directory;

    @Test
    void reportsACompanionWithoutRequests() throws Exception {
        profile("tail", """
                sidecars:
                  - name: tail
                    image: busybox:1.37
                    resources:
                      requests: {cpu: 10m}
                """);

        assertThat(lints())
                .containsExactly("missing-requests tail.yaml:9 spec.sidecars[0].resources: requests no memory; set"
                        + " resources.requests to what the companion uses");
    }

    @Test
    void reportsAnInitContainerWithoutResources() throws Exception {
        profile("fetch", "initContainers: [{name: fetch, image: \"curlimages/curl:8.16.0\"}]");

        assertThat(lints())
                .containsExactly(
                        "missing-requests fetch.yaml:6 spec.initContainers[0]: requests no cpu and no memory; set"
                                + " resources.requests to what the companion uses");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{requests: {cpu: 10m, memory: 16Mi}}",
                "{requests: {cpu: 10m}, limits: {memory: 16Mi}}",
                "{requests: \"${{'cpu': '10m', 'memory': '16Mi'}}\"}",
                "\"${{'requests': {'cpu': '10m', 'memory': '16Mi'}}}\""
            })
    void acceptsACompanionWithRequests(String resources) throws Exception {
        profile("tail", "sidecars: [{name: tail, image: \"busybox:1.37\", resources: " + resources + "}]");

        assertThat(lints()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"busybox", "registry:5000/team/app", "${params.registry}/app"})
    void reportsAnImageWithoutAVersion(String image) throws Exception {
        profile("tail", """
                parameters: [{name: registry, type: string, default: "${string('a')}"}]
                sidecars: [{name: "${params.registry}", image: "%s", %s}]
                """.formatted(image, REQUESTS));

        assertThat(lints())
                .containsExactly(
                        "floating-image tail.yaml:7 spec.sidecars[0].image: names no version; write a version's tag,"
                                + " such as " + image + ":1.2, or a digest");
    }

    @Test
    void reportsACommandSubstitutionThatTheKubeletCanExpand() throws Exception {
        profile("tail", """
                sidecars:
                  - name: tail
                    image: busybox:1.37
                    command: [sh, -c, 'end=$(date +%%s); own=$$; right=$$(date); echo $(POD_NAME)', "$(OTHER)"]
                    args: [$(POD_NAME), "$$(POD)"]
                    env: [{name: POD_NAME, value: a}, {name: TWICE, value: $(POD_NAME)$(NONE)}]
                    %s
                """.formatted(REQUESTS).stripTrailing());

        assertThat(lints())
                .extracting(lint -> lint.replaceFirst(":[0-9]+ ", " "))
                .containsExactlyInAnyOrder(
                        "kubelet-variable tail.yaml spec.sidecars[0].command[2]: holds $(date +%s), which the kubelet"
                                + " replaces if a variable has that name; write $$(date +%s) to pass it to the shell",
                        "kubelet-variable tail.yaml spec.sidecars[0].command[3]: holds $(OTHER), which the kubelet replaces"
                                + " if a variable has that name; write $$(OTHER) to pass it to the shell",
                        "kubelet-variable tail.yaml spec.sidecars[0].env[1].value: holds $(NONE), which the kubelet replaces"
                                + " if a variable has that name; write $$(NONE) to pass it to the shell");
    }

    @Test
    void reportsAPolicyWithoutOverridableParameters() throws Exception {
        profile("tail", """
                parameters:
                  - {name: path, type: path, default: /logs}
                  - {name: files, type: string, default: "*.log"}
                  - {name: level, type: string, default: info}
                  - {name: target, type: string, required: true}
                  - {name: format, type: string, default: json, overridable: false}
                  - {name: wanted, type: boolean, default: true}
                sidecars:
                  - name: tail
                    image: app:1
                    when: ${params.wanted}
                    args: ["${params.path}", "${params.files}", "${params.level}", "${params.target}", "${params.format}"]
                    %s
                """.formatted(REQUESTS));
        policy(
                "open",
                "{mode: Enforce, match: {podSelector: {matchLabels: {a: b}}}, profiles: [{name: tail, parameters: {path: /a}}]}");
        policy(
                "closed",
                "{mode: Enforce, match: {podSelector: {matchLabels: {a: b}}}, profiles: [{name: tail, parameters: {target: a}, overridable: []}]}");
        policy(
                "chosen",
                "{mode: Enforce, match: {podSelector: {matchLabels: {a: b}}}, profiles: [{name: tail, parameters: {target: a}, overridable: [files]}]}");
        policy("default", "{mode: Default, match: {}, profiles: [{name: tail}]}");

        assertThat(lints())
                .containsExactly(
                        "open-parameters open.yaml:4 spec.profiles[0]: lets Pods set files, level of the enforced profile 'tail';"
                                + " add 'overridable' with those that Pods need, or 'overridable: []'",
                        "required-parameter open.yaml:4 spec.profiles[0]: sets no value for target, which the enforced profile"
                                + " 'tail' requires; set 'parameters', so that Pods need not set annotations");
    }

    @Test
    void reportsTheLatestImageInProfilesAndPolicies() throws Exception {
        profile("tail", """
                parameters: [{name: image, type: image, default: "app:latest"}]
                sidecars: [{name: tail, image: "${params.image}", %s}]
                """.formatted(REQUESTS));
        policy(
                "p",
                "{mode: Enforce, match: {podSelector: {matchLabels: {a: b}}}, profiles: [{name: tail, parameters: {image: \"team/app:latest\"}}]}");

        assertThat(lints())
                .containsExactly(
                        "floating-image p.yaml:4 spec.profiles[0].parameters.image: has the tag 'latest', which changes; write a version's"
                                + " tag, such as team/app:1.2, or a digest",
                        "floating-image tail.yaml:6 spec.parameters[0].default: has the tag 'latest', which changes; write a version's tag,"
                                + " such as app:1.2, or a digest");
    }

    @Test
    void reportsAnEnforcePolicyForAllPods() throws Exception {
        profile("tail", "sidecars: [{name: tail, image: \"app:1\", " + REQUESTS + "}]");
        policy("all", "{mode: Enforce, match: {}, profiles: [{name: tail}]}");
        policy("empty", "{mode: Enforce, match: {podSelector: {}}, profiles: [{name: tail}]}");
        policy("some", "{mode: Enforce, match: {podSelector: {matchLabels: {a: b}}}, profiles: [{name: tail}]}");
        policy("default", "{mode: Default, match: {}, profiles: [{name: tail}]}");

        assertThat(lints())
                .containsExactly(
                        "unrestricted-match all.yaml:4 spec.match: matches all Pods; add a namespaceSelector, a podSelector or"
                                + " matchConditions, or test the policy in mode Audit first",
                        "unrestricted-match empty.yaml:4 spec.match: matches all Pods; add a namespaceSelector, a podSelector or"
                                + " matchConditions, or test the policy in mode Audit first");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "busybox:1.37",
                "registry:5000/team/app:v2",
                "app@sha256:0123456789abcdef0123456789abcdef",
                "${params.image}",
                "${params.image}:1.2",
                "registry.example/${params.image}"
            })
    void acceptsAnImageWithAVersionOrFromAnExpression(String image) throws Exception {
        profile("tail", """
                parameters: [{name: image, type: string, default: "${app.image}"}]
                sidecars: [{name: "${params.image}", image: "%s", %s}]
                """.formatted(image, REQUESTS));

        assertThat(lints()).isEmpty();
    }

    @Test
    void reportsAPolicyThatHasEnded() throws Exception {
        String policy = """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionPolicy
                metadata: {name: trial}
                spec: {mode: Audit, match: {}, profiles: [{name: logging}], until: %s}
                """;
        Files.writeString(directory.resolve("trial.yaml"), policy.formatted("2030-01-31T00:00:00Z"));
        assertThat(lints())
                .containsExactly(
                        "ended-policy trial.yaml:4 spec.until: has passed; delete the policy, or set a later time");

        Files.writeString(directory.resolve("trial.yaml"), policy.formatted("2030-01-31T00:00:01Z"));
        assertThat(lints()).isEmpty();
    }

    @Test
    void reportsAFieldThatThisKubernetesDoesNotHave() throws Exception {
        profile("tail", """
                sidecars:
                  - name: tail
                    image: busybox:1.37
                    hologram: true
                    env: [{name: A, secretKeyRef: {name: a, key: b}}]
                    resources: {requests: {cpu: 10m, memory: 16Mi}}
                """);

        assertThat(lints())
                .containsExactly(
                        "unknown-field tail.yaml:9 spec.sidecars[0].hologram: is not a field of Kubernetes 1.34,"
                                + " which this version of Pillion knows; an older Kubernetes ignores it",
                        "unknown-field tail.yaml:10 spec.sidecars[0].env[0].secretKeyRef: is not a field of Kubernetes 1.34,"
                                + " which this version of Pillion knows; did you mean 'valueFrom.secretKeyRef'?");
    }

    @Test
    void reportsAConditionThatReadsAnOptionalField() throws Exception {
        policy(
                "p",
                "{mode: Default, match: {matchConditions: [{name: a, expression: \"has(pod.metadata.name)\"},"
                        + " {name: b, expression: \"!has(pod.metadata.labels.batch)\"}]}, profiles: [{name: env}]}");

        assertThat(lints())
                .containsExactly(
                        "optional-read p.yaml:4 spec.match.matchConditions[1].expression: pod.metadata.labels may be absent, and then"
                                + " there is no value; write pod.metadata.?labels.orValue({}), or test has(pod.metadata.labels)");
    }

    @Test
    void reportsTheItemOfAList() throws Exception {
        Files.writeString(directory.resolve("list.yaml"), """
                apiVersion: v1
                kind: List
                items:
                  - apiVersion: pillion.dev/v1alpha1
                    kind: InjectionProfile
                    metadata: {name: one}
                    spec: {description: One., parameters: [{name: a, type: string}]}
                """);

        assertThat(lints())
                .containsExactly(
                        "unused-parameter list.yaml:7 items[0].spec.parameters[0]: nothing in the profile uses params.a; use it or remove the parameter");
    }

    @ParameterizedTest
    @EnumSource(
            value = Policy.Mode.class,
            names = {"ENFORCE", "DEFAULT", "PERMIT"})
    void acceptsARestrictedProfileThatAPolicyGrants(Policy.Mode mode) throws Exception {
        profile("secret", "access: Restricted");
        policy("p", "{mode: " + mode + ", match: {podSelector: {matchLabels: {a: b}}}, profiles: [{name: secret}]}");

        assertThat(lints()).isEmpty();
    }

    @Test
    void reportsARestrictedProfileThatIsOnlyAudited() throws Exception {
        profile("secret", "access: Restricted");
        policy("p", "{mode: Audit, match: {}, profiles: [{name: secret}]}");

        assertThat(lints())
                .containsExactly(
                        "unreachable-profile secret.yaml:6 spec.access: no policy injects or permits this profile, so no Pod can get it; write a policy with mode Permit, or set access: Open");
    }

    @Test
    void reportsAParameterThatOnlyDescriptionsMention() throws Exception {
        profile("greet", """
                parameters:
                  - {name: name, type: string, default: x, description: "As params.name."}
                  - {name: nam, type: string, default: x}
                app: {env: [{name: A, value: "${params.nam}"}]}
                """);

        assertThat(lints())
                .containsExactly(
                        "unused-parameter greet.yaml:7 spec.parameters[0]: nothing in the profile uses params.name; use it or remove the parameter");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app: {env: [{name: A, value: \"${params.name}\"}]}",
                "skipWhen: [{name: nobody, expression: \"params.name == ''\", message: Nobody.}]",
                "parameters: [{name: name, type: string, default: x}, {name: b, type: string, default: \"${params.name}\"}]\n"
                        + "app: {env: [{name: A, value: \"${params.b}\"}]}"
            })
    void acceptsAParameterThatAnExpressionUses(String spec) throws Exception {
        profile(
                "greet",
                spec.startsWith("parameters") ? spec : "parameters: [{name: name, type: string, default: x}]\n" + spec);

        assertThat(lints()).isEmpty();
    }

    @Test
    void reportsADirectoryThatTwoProfilesWriteInBoth() throws Exception {
        profile("a", writing("/data/"));
        profile("b", writing("/data"));

        assertThat(lints())
                .containsExactly(
                        "contested-directory a.yaml:7 spec.sharedDirectories[0].path: profile 'b' writes to /data too; give one of them another directory, or a parameter for its path",
                        "contested-directory b.yaml:7 spec.sharedDirectories[0].path: profile 'a' writes to /data too; give one of them another directory, or a parameter for its path");
    }

    @Test
    void acceptsADirectoryThatOneProfileWrites() throws Exception {
        profile("a", writing("/data"));
        profile("b", writing("/data").replace("writers", "readers"));
        profile("c", writing("/data/c"));
        profile("d", writing("${params.path}") + "parameters: [{name: path, type: path, default: /data}]\n");

        assertThat(lints()).isEmpty();
    }

    @Test
    void exemptsAResourceByAnnotation() throws Exception {
        String unused = "parameters: [{name: name, type: string, default: x}]";
        profile("reasoned", unused);
        profile("unreasoned", unused);
        annotate("reasoned", "lint.pillion.dev/unused-parameter: \"of the version before, which manifests still set\"");
        annotate("unreasoned", "lint.pillion.dev/unused-parameter: \"\"");

        assertThat(lints()).hasSize(1).first().asString().startsWith("unused-parameter unreasoned.yaml:6 ");
    }

    /** Restricted profiles are an exception: Pillion contains no policies, so that each operator decides who can use them. */
    @Test
    void hasNoFindingsInBuiltInProfiles() throws Exception {
        assertThat(lints(Path.of("src/main/resources/profiles")))
                .filteredOn(lint -> !lint.startsWith(LintRule.UNREACHABLE_PROFILE.id()))
                .isEmpty();
    }

    @Test
    void hasNoFindingsInExamples() throws Exception {
        assertThat(lints(Path.of("examples/profiles"))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void hasAReasonForEveryRule(LintRule rule) {
        assertThat(rule.id()).matches("[a-z]+-[a-z]+");
        assertThat(rule.reason()).matches("[A-Z].{40,120}\\.");
    }

    private static String writing(String path) {
        return """
                sidecars: [{name: w, image: "busybox:1.37", %s}]
                sharedDirectories: [{path: "%s", writers: [w]}]
                """.formatted(REQUESTS, path);
    }

    private void profile(String name, String spec) throws IOException {
        Files.writeString(directory.resolve(name + ".yaml"), """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionProfile
                metadata: {name: %s}
                spec:
                  description: An example.
                """.formatted(name) + spec.indent(2));
    }

    private void policy(String name, String spec) throws IOException {
        Files.writeString(directory.resolve(name + ".yaml"), """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionPolicy
                metadata: {name: %s}
                spec: %s
                """.formatted(name, spec));
    }

    private void annotate(String name, String annotation) throws IOException {
        Path file = directory.resolve(name + ".yaml");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("{name: " + name + "}", "{name: " + name + ", annotations: {" + annotation + "}}"));
    }

    private List<String> lints() throws Exception {
        return lints(directory);
    }

    private static List<String> lints(Path directory) throws Exception {
        return Linter.lint(directory, CatalogReader.read(directory), Instant.parse("2030-01-31T00:00:00Z")).stream()
                .map(lint -> lint.rule().id() + " " + lint.file() + ":" + lint.line() + " " + lint.path() + ": "
                        + lint.message())
                .toList();
    }
}
