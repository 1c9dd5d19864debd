package dev.pillion.pod;

import static dev.pillion.injection.Trial.policy;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.Trial;
import dev.pillion.injection.reason.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In a Pod with pod-level resources, a companion omits only the resources that the Pod sets. */
class PodLevelResourcesTest {

    private static final String ENFORCED = policy("all-log", "mode: Enforce\nmatch: {}\nprofiles: [{name: logging}]\n");

    @Test
    void aPodWithACpuLimitKeepsTheCompanionsMemory() throws Exception {
        var result = Trial.of(
                        yaml(Files.readString(Path.of("src/test/resources/field/pod-level-resources-cpu-only.yaml"))))
                .injected();

        assertThat(result.container("log-tailer").path("resources"))
                .isEqualTo(yaml("{requests: {memory: 16Mi}, limits: {memory: 64Mi}}"));
    }

    /** The tailer has requests {cpu: 10m, memory: 16Mi} and limits {memory: 64Mi}. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {limits: {cpu: 1}, requests: {cpu: 1, memory: 64Mi}}          | {requests: {memory: "0"}, limits: {memory: 64Mi}}
            {requests: {cpu: 1, memory: 1Gi}}                             | {requests: {memory: "0"}, limits: {memory: 64Mi}}
            {requests: {cpu: 1}}                                          | {requests: {memory: 16Mi}, limits: {memory: 64Mi}}
            {requests: {memory: 1Gi}}                                     | {requests: {cpu: 10m, memory: "0"}, limits: {memory: 64Mi}}
            {limits: {memory: 1Gi}}                                       | {requests: {cpu: 10m}}
            {limits: {hugepages-2Mi: 2Mi}, requests: {hugepages-2Mi: 2Mi}} | {requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 64Mi}}
            {}                                                            | {requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 64Mi}}
            {limits: {}}                                                  | {requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 64Mi}}
            """)
    void eachResourceIsOmittedSeparately(String own, String expected) {
        var result = pod(own).injected();

        assertThat(result.container("log-tailer").path("resources")).isEqualTo(yaml(expected));
    }

    @Test
    void allAreOmittedIfThePodSetsAll() {
        var result = pod("{limits: {cpu: 1, memory: 1Gi}}").injected();

        assertThat(result.container("log-tailer").has("resources")).isFalse();
    }

    /** The API server derives the Pod's memory request from its containers, the companion among them. */
    @ParameterizedTest
    @CsvSource({"80Mi", "64Mi"})
    void aManifestThatWasInjectedBeforeItWasSentCompliesAfterwards(String derived) {
        var injected = pod("{limits: {cpu: 1}}").withPolicies(ENFORCED).injected();
        var sent = injected.pod().deepCopy();
        ((ObjectNode) sent.at("/spec/resources")).set("requests", yaml("{cpu: 1, memory: " + derived + "}"));

        assertThat(injected.trial().again(sent).missing()).isEmpty();
    }

    @Test
    void aLimitThatTheProfileDoesNotHaveIsADifference() {
        var injected = pod("{requests: {memory: 1Gi}}").withPolicies(ENFORCED).injected();
        var sent = injected.pod().deepCopy();
        ((ObjectNode) sent.at("/spec/initContainers/0/resources/limits")).put("memory", "4Mi");

        assertThat(injected.trial().again(sent).missing())
                .extracting(Reason::message)
                .containsExactly(
                        "policy 'all-log' enforces 'logging', and container log-tailer differs from the profile: resources.limits.memory is \"4Mi\", and the profile has \"64Mi\"");
    }

    private static Trial pod(String resources) {
        return Trial.of("""
                metadata: {annotations: {pillion.dev/inject: logging}}
                spec:
                  resources: %s
                  containers: [{name: web, image: app, resources: {requests: {memory: 64Mi}}}]
                """.formatted(resources));
    }
}
