package dev.pillion.injection.comply;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.policy;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.Trial;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The requirements of Enforce policies for the final Pod. */
class ComplianceCheckTest {

    private static final String LOGS = policy("logs", "mode: Enforce\nmatch: {}\nprofiles: [{name: logging}]\n");

    private static final Trial TRIAL = annotated("a: b").withPolicies(LOGS);

    /** The Pod after the mutating webhook. */
    private static ObjectNode injected() {
        return (ObjectNode) TRIAL.injected().pod();
    }

    private static ObjectNode tailer(JsonNode pod) {
        return (ObjectNode) pod.at("/spec/initContainers/0");
    }

    @Test
    void areMetByAnInjectedPod() {
        assertThat(TRIAL.again(injected()).missing()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"env", "proxy", "log-shipper", "wait-for"})
    void areMetByAnInjectedPodForEachProfile(String profile) {
        Trial trial = annotated("a: b")
                .withPolicies(policy(
                        "p",
                        "mode: Enforce\nmatch: {}\nprofiles: [{name: " + profile + ", parameters: "
                                + switch (profile) {
                                    case "env" -> "{variables: {A: '1'}}";
                                    case "log-shipper" -> "{endpoint: 'http://logs:4318'}";
                                    case "wait-for" -> "{targets: 'db:5432, http://auth/'}";
                                    default -> "{}";
                                }
                                + "}]\n"));

        assertThat(trial.missing()).isNotEmpty();
        assertThat(trial.again(trial.injected().pod()).missing()).isEmpty();
        Trial plain = trial.withPlainSidecars();
        assertThat(plain.again(plain.injected().pod()).missing()).isEmpty();
    }

    @Test
    void areNotMetByAPodWithoutCompanions() {
        assertThat(TRIAL.missing())
                .extracting(Reason::message)
                .contains("policy 'logs' enforces 'logging', and the Pod lacks container log-tailer");
    }

    @Test
    void areNotMetByAForgedStatus() {
        ObjectNode pod = injected();
        ((ObjectNode) pod.path("spec")).remove("initContainers");

        assertThat(TRIAL.again(pod).missing()).extracting(Reason::code).contains(ReasonCode.COMPANION_MISSING);
    }

    @Test
    void areNotMetByAFieldThatTheProfileDoesNotSet() {
        ObjectNode pod = injected();
        tailer(pod).put("workingDir", "/tmp");

        assertThat(TRIAL.again(pod).missing())
                .extracting(Reason::message)
                .containsExactly("policy 'logs' enforces 'logging', and container log-tailer differs from the profile:"
                        + " workingDir is \"/tmp\", and the profile does not set it");
    }

    @Test
    void areNotMetByASidecarAmongTheContainers() {
        ObjectNode pod = injected();
        ObjectNode tailer = tailer(pod);
        ((ObjectNode) pod.path("spec")).remove("initContainers");
        ((ArrayNode) pod.at("/spec/containers")).add(tailer);

        assertThat(TRIAL.again(pod).missing())
                .extracting(Reason::message)
                .contains(
                        "policy 'logs' enforces 'logging', and container log-tailer is in containers, and the profile has it"
                                + " in initContainers");
    }

    @Test
    void areNotMetByAnotherImage() {
        ObjectNode pod = injected();
        tailer(pod).put("image", "evil:1");

        assertThat(TRIAL.again(pod).missing())
                .containsExactly(new Reason(
                        ReasonCode.COMPANION_CHANGED,
                        "policy 'logs' enforces 'logging', and container log-tailer differs from the profile: image is"
                                + " \"evil:1\", and the profile has \"busybox:1.37\"; if another webhook replaces the registry,"
                                + " add it to the setting pillion.image-mirrors"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "registry.corp/mirror/busybox:1.37",
                "registry.corp/mirror/library/busybox:1.37",
                "registry.corp/mirror/docker.io/library/busybox:1.37",
                "docker.io/library/busybox:1.37"
            })
    void areMetByTheImageOfAMirror(String image) {
        ObjectNode pod = injected();
        tailer(pod).put("image", image);

        assertThat(TRIAL.withImageMirror("registry.corp/mirror").again(pod).missing())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "registry.evil/busybox:1.37",
                "registry.corp/mirror/evil/busybox:1.37",
                "registry.corp/mirror/busybox:1.36"
            })
    void areNotMetByTheImageOfAnotherRegistry(String image) {
        ObjectNode pod = injected();
        tailer(pod).put("image", image);

        assertThat(TRIAL.withImageMirror("registry.corp/mirror").again(pod).missing())
                .isNotEmpty();
    }

    @Test
    void areNotMetByAnotherCommand() {
        ObjectNode pod = injected();
        ((ArrayNode) tailer(pod).path("command")).removeAll().add("sleep").add("infinity");

        assertThat(TRIAL.again(pod).missing()).extracting(Reason::code).containsExactly(ReasonCode.COMPANION_CHANGED);
    }

    @Test
    void areNotMetByAnInitContainerInsteadOfASidecar() {
        ObjectNode pod = injected();
        tailer(pod).remove("restartPolicy");

        assertThat(TRIAL.again(pod).missing()).extracting(Reason::code).containsExactly(ReasonCode.COMPANION_CHANGED);
    }

    @Test
    void areNotMetWithoutTheSharedDirectory() {
        ObjectNode pod = injected();
        ((ObjectNode) pod.at("/spec/containers/0")).remove("volumeMounts");

        assertThat(TRIAL.again(pod).missing())
                .extracting(Reason::message)
                .contains(
                        "policy 'logs' enforces 'logging', and the Pod lacks the shared directory /var/log/app in container web,"
                                + " which does not mount it");
    }

    @Test
    void areMetBesideOtherInjectorsContainers() {
        ObjectNode pod = injected();
        tailer(pod).withObject("/resources/requests").put("cpu", "0.01");
        pod.withArray("/spec/containers").addObject().put("name", "istio-proxy").put("image", "istio/proxyv2:1.28.0");
        pod.withArray("/spec/initContainers")
                .insertObject(0)
                .put("name", "istio-init")
                .put("image", "gcr.io/istio-release/proxyv2:1.28.0@sha256:" + "0".repeat(64));

        assertThat(TRIAL.again(pod).missing()).isEmpty();
    }
}
