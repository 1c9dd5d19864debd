package dev.pillion.injection.comply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.Decision;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Oracles;
import dev.pillion.injection.RealPodsTest;
import dev.pillion.injection.Trial;
import dev.pillion.injection.comply.DefaultedPodsTest.Case;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every injected Pod complies if nobody changes it, so a strict namespace accepts it. */
class ComplianceAfterInjectionTest {

    /** The mutating webhook warns about these Pods: a field of the app has precedence over the profile. */
    private static final Set<ReasonCode> WARNED = EnumSet.of(
            ReasonCode.DIRECTORY_NOT_SHARED,
            ReasonCode.ENV_CONFLICT,
            ReasonCode.MOUNT_CONFLICT,
            ReasonCode.METADATA_CONFLICT,
            ReasonCode.POD_FIELD_CONFLICT,
            ReasonCode.PROFILE_SKIPPED,
            // The namespace is not strict, so the Pod starts without the profile; a strict one denies it on /mutate
            // already.
            ReasonCode.MISSING_PARAMETER);

    static List<Case> cases() {
        return DefaultedPodsTest.cases().toList();
    }

    /** A plain sidecar is among the containers of the app. An app container with its name is not a companion. */
    @Test
    void onlyAPlainSidecarIsACompanion() {
        Trial trial = Trial.annotated("pillion.dev/inject: logging")
                .withPolicies(Trial.policy(
                        "p", "mode: Enforce\nmatch: {}\nprofiles: [{name: env, parameters: {variables: {A: '1'}}}]\n"))
                .withPlainSidecars();
        ObjectNode pod = (ObjectNode) trial.injected().pod();

        assertThat(trial.again(pod).missing()).isEmpty();

        ((ObjectNode) pod.at("/spec/containers/1")).putArray("command").add("app");
        assertThat(pod.at("/spec/containers/1/name").asText()).isEqualTo("log-tailer");
        assertThat(trial.again(pod).missing())
                .extracting(Reason::message)
                .containsExactly("policy 'p' enforces 'env', and the Pod lacks variable A in container log-tailer");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void anUnchangedPodComplies(Case each) throws Exception {
        List<JsonNode> pods = Stream.concat(
                        RealPodsTest.pods().map(RealPodsTest.Case::pod).filter(pod -> !pod.at("/metadata/annotations")
                                .has(Annotations.STATUS)),
                        Stream.of(Trial.yaml("""
                                metadata: {name: mounts, annotations: {pillion.dev/inject: logging}}
                                spec:
                                  containers: [{name: web, ports: [{containerPort: 80}], volumeMounts: [{name: d, mountPath: /data}]}]
                                  volumes: [{name: d, emptyDir: {}}]
                                """)))
                .toList();
        Trial trial = each.trial(pods.getFirst());
        List<String> refused = new ArrayList<>();
        int injected = 0;
        for (JsonNode pod : pods) {
            Decision decision = trial.again(pod).decide();
            if (!(decision instanceof Injected(Plan plan, var patch))
                    || plan.warnings().stream().anyMatch(warning -> WARNED.contains(warning.code()))) {
                continue;
            }
            injected++;
            ObjectNode result = (ObjectNode) Oracles.apply(patch, pod);
            trial.again(result).missing().stream()
                    .map(Reason::message)
                    // These fields of the Pod are refused with or without an injection.
                    .filter(message -> !message.contains(" and spec."))
                    .map(message -> pod.at("/metadata/name").asText() + ": " + message)
                    .forEach(refused::add);
        }

        assertThat(refused).isEmpty();
        assertThat(injected).isPositive();
    }
}
