package dev.pillion.cli.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.Trial;
import dev.pillion.injection.audit.Resize;
import dev.pillion.pod.ContainerList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResizeStateTest {

    private static final JsonNode NEEDED = Trial.yaml("{requests: {cpu: 20m, memory: 64Mi}, limits: {memory: 64Mi}}");

    private static ResizeState state(String conditions, String container) {
        JsonNode pod = Trial.yaml("""
                metadata: {name: web, generation: 3}
                spec: {containers: [{name: web, image: web}, {name: agent, image: agent}]}
                status: {observedGeneration: 3, conditions: [%s], containerStatuses: [{name: agent, %s}]}
                """.formatted(conditions, container));
        return ResizeState.of(
                Trial.readPod(pod), List.of(new Resize(ContainerList.CONTAINERS, "agent", NEEDED, NEEDED)));
    }

    private static final String APPLIED =
            "allocatedResources: {cpu: 0.02, memory: 64Mi}, resources: {requests: {cpu: 19m, memory: 64Mi}, limits: {memory: 67108864}}";

    /** The runtime reports rounded requests. */
    @Test
    void isAppliedIfTheContainerHasTheResources() {
        assertThat(state("", APPLIED)).isEqualTo(new ResizeState.Applied());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "allocatedResources: {cpu: 10m, memory: 64Mi}, resources: {limits: {memory: 64Mi}}",
                "allocatedResources: {cpu: 20m, memory: 64Mi}, resources: {limits: {memory: 32Mi}}",
                "resources: {requests: {cpu: 20m, memory: 64Mi}, limits: {memory: 64Mi}}",
                "ready: true"
            })
    void isWaitingUntilTheContainerHasTheResources(String container) {
        assertThat(state("", container)).isEqualTo(new ResizeState.Waiting());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PodResizePending    | Infeasible | Infeasible[reason=Infeasible: why]
            PodResizePending    | Deferred   | Delayed[reason=Deferred: why]
            PodResizeInProgress | Error      | Delayed[reason=Error: why]
            PodResizeInProgress | ''         | Waiting[]
            """)
    void theConditionsOfTheKubeletDecide(String type, String reason, String expected) {
        assertThat(state(condition(type, reason, 3), APPLIED)).hasToString(expected);
    }

    /** The kubelet has not seen the new resources yet. */
    @Test
    void aConditionOfAnEarlierSpecDoesNotCount() {
        assertThat(state(condition("PodResizePending", "Infeasible", 2), "resources: {limits: {memory: 32Mi}}"))
                .isEqualTo(new ResizeState.Waiting());
    }

    @Test
    void aConditionThatIsNotTrueDoesNotCount() {
        assertThat(state(condition("PodResizePending", "Infeasible", 3).replace("True", "False"), APPLIED))
                .isEqualTo(new ResizeState.Applied());
    }

    private static String condition(String type, String reason, int generation) {
        return "{type: %s, status: \"True\", reason: '%s', message: why, observedGeneration: %d}"
                .formatted(type, reason, generation);
    }
}
