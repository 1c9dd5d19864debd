package dev.pillion.injection;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.policy;
import static dev.pillion.injection.Trial.profile;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks on each sentence of {@code docs/security.md}. The names have the numbers of the sentences. */
class TrustModelTest {

    private static final String LOGS = policy("logs", """
            mode: Enforce
            match: {}
            profiles: [{name: logging, parameters: {path: /srv/log}}]
            """);

    private static final String SECRET = profile("secret", "access: Restricted\napp: {env: [{name: A, value: b}]}\n");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pillion.dev/image: evil:1",
                "pillion.dev/command: rm -rf /",
                "pillion.dev/inject.image: evil:1",
                "pillion.dev/template: evil",
                "pillion.dev/status.image: evil:1"
            })
    void sentence1AnAnnotationThatNoProfileDeclaresIsRefused(String annotation) {
        assertThat(annotated("pillion.dev/inject: logging", annotation).denied().code())
                .isEqualTo(ReasonCode.UNKNOWN_ANNOTATION);
    }

    static Stream<Arguments> locked() {
        return CatalogReader.builtIn().profiles().stream().flatMap(profile -> profile.parameters().values().stream()
                .filter(parameter -> !parameter.overridable())
                .map(parameter -> Arguments.of(profile, parameter)));
    }

    @ParameterizedTest
    @MethodSource("locked")
    void sentence2ALockedParameterOfABuiltInProfileIsRefused(Profile profile, Parameter parameter) {
        String annotation = Annotations.parameter(profile.name(), parameter.name()) + ": evil:1";

        // This Pod can be denied or the profile skipped for another reason.
        assertThat(annotated("pillion.dev/inject: " + profile.name(), annotation)
                        .decide())
                .isNotInstanceOf(Decision.Injected.class);
        assertThat(annotated("pillion.dev/inject: " + profile.name(), annotation)
                        .withPolicies(policy(
                                "given", "mode: Enforce\nmatch: {}\nprofiles: [{name: " + profile.name() + "}]\n"))
                        .decide())
                .isNotInstanceOf(Decision.Injected.class);
    }

    @Test
    void sentence2ImagesOfBuiltInProfilesAreLocked() {
        assertThat(CatalogReader.builtIn().profiles()).allSatisfy(profile -> assertThat(
                        profile.parameters().values())
                .filteredOn(parameter -> parameter.type().word().equals("image"))
                .allSatisfy(parameter -> assertThat(parameter.overridable()).isFalse()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$(reboot)",
                "`reboot`",
                "a; reboot",
                "a' ; reboot '",
                "a\" ; reboot \"",
                "${params.image}",
                "--help",
                "a b"
            })
    void sentence3AValueStaysOneArgument(String value) {
        String quoted = "'" + value.replace("'", "''") + "'";
        JsonNode args = annotated("pillion.dev/inject: logging", "logging.pillion.dev/files: " + quoted)
                .injected()
                .at("/spec/initContainers/0/args");

        assertThat(args).hasSize(2);
        // The kubelet replaces $$ by $, and $(NAME) by the value of a variable.
        assertThat(args.get(1).asText().replace("$$", "$")).isEqualTo(value);
        assertThat(args.get(1).asText().replace("$$", "")).doesNotContain("$");
    }

    @Test
    void sentence4ANamespacesAnnotationIsNoPolicy() {
        assertThat(annotated("a: b")
                        .withProfiles(SECRET)
                        .inNamespaceThatInjects("secret")
                        .denied()
                        .code())
                .isEqualTo(ReasonCode.RESTRICTED_PROFILE);
    }

    @Test
    void sentence4APolicyInAuditModePermitsNothing() {
        assertThat(annotated("pillion.dev/inject: secret")
                        .withPolicies(SECRET, policy("watch", "mode: Audit\nmatch: {}\nprofiles: [{name: secret}]\n"))
                        .denied()
                        .code())
                .isEqualTo(ReasonCode.RESTRICTED_PROFILE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pillion.dev/inject: 'false'",
                "pillion.dev/inject: ' false '",
                "pillion.dev/inject: ''",
                "pillion.dev/containers: web",
                "pillion.dev/status: '{\"version\":1,\"profiles\":{\"logging\":{}},\"initContainers\":[\"log-tailer\"]}'",
                "logging.pillion.dev/files: '*.txt'"
            })
    void sentence5AnEnforcedProfileIsInjected(String annotation) {
        JsonNode pod = annotated(annotation).withPolicies(LOGS).injected().pod();

        assertThat(pod.at("/spec/initContainers/0/name").asText()).isEqualTo("log-tailer");
        assertThat(pod.at("/spec/initContainers/0/args/0").asText()).isEqualTo("/srv/log");
        assertThat(pod.at("/spec/containers/0/volumeMounts/0/mountPath").asText())
                .isEqualTo("/srv/log");
    }

    @Test
    void sentence5ASettingOfThePolicyIsNotOverridden() {
        assertThat(annotated("logging.pillion.dev/path: /tmp/elsewhere")
                        .withPolicies(LOGS)
                        .denied()
                        .code())
                .isEqualTo(ReasonCode.LOCKED_PARAMETER);
    }

    @Test
    void sentence6AConditionThatFailsDoesNotExemptAPod() {
        String byTier = policy("by-tier", """
                mode: Enforce
                match: {matchConditions: [{name: tier, expression: "pod.metadata.labels['tier'] == 'web'"}]}
                profiles: [{name: logging}]
                """);

        assertThat(annotated("a: b").withPolicies(byTier).decide()).isInstanceOf(Decision.Injected.class);
    }

    @Test
    void sentence7AContainerThatOnlyHasTheNameIsRefused() {
        Trial trial = Trial.of("""
                metadata: {name: web}
                spec:
                  containers: [{name: web, image: nginx}]
                  initContainers: [{name: log-tailer, image: "busybox:1.37", restartPolicy: Always, command: [sleep, infinity]}]
                """).withPolicies(LOGS);

        assertThat(trial.denied().code()).isEqualTo(ReasonCode.NAME_TAKEN);
        assertThat(trial.missing()).isNotEmpty();
    }

    @Test
    void sentence7AContainerThatTheStatusListsIsCheckedInTheFinalPod() {
        ObjectNode pod =
                (ObjectNode) annotated("a: b").withPolicies(LOGS).injected().pod();
        ((ObjectNode) pod.at("/spec/initContainers/0")).putArray("command").add("sleep");

        Trial claimed = annotated("a: b").withPolicies(LOGS).again(pod);
        assertThat(claimed.decide()).as("the second pass does not change it").isInstanceOf(Decision.Unchanged.class);
        assertThat(claimed.missing()).extracting(Reason::code).containsExactly(ReasonCode.COMPANION_CHANGED);
    }

    @Test
    void sentence8AStatusDoesNotRemovePartsOfTheApp() {
        Trial trial = Trial.of("""
                metadata:
                  name: web
                  annotations:
                    pillion.dev/inject: env
                    env.pillion.dev/variables: MODE=injected
                    pillion.dev/status: '{"version":1,"env":{"web":["MODE"]},"volumes":["data"],"containers":["web"]}'
                spec:
                  volumes: [{name: data, emptyDir: {}}]
                  containers: [{name: web, image: nginx, env: [{name: MODE, value: own}]}]
                """);

        assertThat(trial.decide()).isInstanceOf(Decision.Unchanged.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sentence9CompanionsAreHardenedForEveryPod(boolean nativeSidecars) {
        Trial trial = Trial.of("""
                metadata: {name: web, annotations: {pillion.dev/inject: "logging, proxy"}}
                spec:
                  securityContext: {runAsNonRoot: false, seccompProfile: {type: Unconfined}}
                  containers: [{name: web, image: a, ports: [{containerPort: 80}], securityContext: {privileged: true}}]
                """);
        JsonNode pod =
                (nativeSidecars ? trial : trial.withPlainSidecars()).injected().pod();

        List<JsonNode> companions = Stream.of("initContainers", "containers")
                .flatMap(list -> Stream.iterate(
                                0, index -> index < pod.at("/spec/" + list).size(), index -> index + 1)
                        .map(index -> pod.at("/spec/" + list + "/" + index)))
                .filter(container -> !container.path("name").asText().equals("web"))
                .toList();
        assertThat(companions).hasSize(2).allSatisfy(companion -> {
            JsonNode security = companion.path("securityContext");
            assertThat(security.path("allowPrivilegeEscalation").asBoolean(true))
                    .isFalse();
            assertThat(security.path("runAsNonRoot").asBoolean()).isTrue();
            assertThat(security.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
            assertThat(security.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            assertThat(security.path("privileged").asBoolean()).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.io/busybox:1.37",
                "mirror.corp.evil.io/busybox:1.37",
                "mirror.corp/busybox:1.37-evil",
                "mirror.corp/a/busybox:1.37"
            })
    void sentence10AnImageWithASimilarNameIsRefused(String image) {
        ObjectNode pod =
                (ObjectNode) annotated("a: b").withPolicies(LOGS).injected().pod();
        ((ObjectNode) pod.at("/spec/initContainers/0")).put("image", image);

        assertThat(annotated("a: b")
                        .withPolicies(LOGS)
                        .withImageMirror("mirror.corp")
                        .again(pod)
                        .missing())
                .extracting(Reason::code)
                .containsExactly(ReasonCode.COMPANION_CHANGED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"logging.pillion.dev/user: '0'", "logging.pillion.dev/path: /nowhere"})
    void sentence2NoAnnotationSetsAProtectedParameterOfAnEnforcedProfile(String annotation) {
        String enforced = policy("p", "mode: Enforce\nmatch: {}\nprofiles: [{name: logging}]\n");

        assertThat(annotated(annotation).withPolicies(enforced).denied().code()).isEqualTo(ReasonCode.LOCKED_PARAMETER);
    }

    @Test
    void sentence5NoGuardSkipsAnEnforcedProfileInAStrictNamespace() {
        Trial trial = Trial.of("""
                        metadata: {name: web}
                        spec: {containers: [{name: web, ports: [{containerPort: 15006}]}]}
                        """).withPolicies(policy("p", "mode: Enforce\nmatch: {}\nprofiles: [{name: proxy}]\n"));

        assertThat(trial.inNamespaceLabelled("pillion.dev/enforcement", "strict")
                        .denied()
                        .code())
                .isEqualTo(ReasonCode.GUARD_NOT_ACCEPTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{command: [sleep, infinity]}",
                "{env: [{name: LD_PRELOAD, value: /tmp/a.so}]}",
                "{lifecycle: {postStart: {exec: {command: [kill, '1']}}}}",
                "{fieldOfTomorrow: true}"
            })
    void sentence11EveryFieldOfAnEnforcedCompanionIsChecked(String fields) {
        ObjectNode pod =
                (ObjectNode) annotated("a: b").withPolicies(LOGS).injected().pod();
        ((ObjectNode) pod.at("/spec/initContainers/0")).setAll((ObjectNode) Trial.yaml(fields));

        assertThat(annotated("a: b").withPolicies(LOGS).again(pod).missing())
                .extracting(Reason::code)
                .containsExactly(ReasonCode.COMPANION_CHANGED);
    }

    @Test
    void sentence12AVolumeOfTheAppDoesNotHideTheImageOfACompanion() {
        assertThat(Trial.of("""
                        metadata: {name: web, annotations: {pillion.dev/inject: logging, logging.pillion.dev/path: /bin/logs}}
                        spec: {containers: [{name: web, volumeMounts: [{name: mine, mountPath: /bin}]}]}
                        """).denied().code()).isEqualTo(ReasonCode.DIRECTORY_NOT_SHAREABLE);
    }

    @Test
    void sentence13EveryPodHasAnAppContainer() {
        assertThat(Trial.of("metadata: {name: web}\nspec: {containers: [{name: istio-proxy, image: nginx}]}\n")
                        .withPolicies(LOGS)
                        .injected()
                        .plan()
                        .targets())
                .containsExactly("istio-proxy");
    }

    @Test
    void sentence14AnEnforcedVariableHasTheProfilesValue() {
        String env =
                policy("p", "mode: Enforce\nmatch: {}\nprofiles: [{name: env, parameters: {variables: {A: '1'}}}]\n");

        assertThat(Trial.of("metadata: {name: web}\nspec: {containers: [{name: web, env: [{name: A, value: '2'}]}]}\n")
                        .withPolicies(env)
                        .missing())
                .extracting(Reason::code)
                .containsExactly(ReasonCode.COMPANION_CHANGED);
    }
}
