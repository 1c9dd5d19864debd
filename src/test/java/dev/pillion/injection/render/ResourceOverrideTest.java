package dev.pillion.injection.render;

import static dev.pillion.injection.Trial.policy;
import static dev.pillion.injection.Trial.profile;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.injection.Trial;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Resources of companions by annotation, and their effect on the QoS class of the Pod. */
class ResourceOverrideTest {

    private static final String TAILER = profile("tailer", """
            parameters:
              - {name: resources, type: resources, atMost: {cpu: 2, memory: 1Gi}}
            sidecars:
              - name: tailer
                image: busybox
                resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 64Mi}}
            """);

    @Nested
    class ByAnnotation {

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                guaranteed                              | {requests: {cpu: 10m, memory: 64Mi}, limits: {memory: 64Mi, cpu: 10m}}
                guaranteed, cpu=200m                    | {requests: {cpu: 200m, memory: 64Mi}, limits: {memory: 64Mi, cpu: 200m}}
                guaranteed requests.memory=128Mi        | {requests: {cpu: 10m, memory: 128Mi}, limits: {memory: 128Mi, cpu: 10m}}
                cpu=100m,memory=64Mi                    | {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 64Mi, cpu: 100m}}
                requests.cpu=50m                        | {requests: {cpu: 50m, memory: 16Mi}, limits: {memory: 64Mi}}
                limits.memory=1Gi                       | {requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 1Gi}}
                ephemeral-storage=1Gi                   | {requests: {cpu: 10m, memory: 16Mi, ephemeral-storage: 1Gi}, limits: {memory: 64Mi, ephemeral-storage: 1Gi}}
                """)
        void areSetInTheContainer(String annotation, String expected) {
            var result = tailer(annotation).injected();

            assertThat(result.container("tailer").path("resources")).isEqualTo(yaml(expected));
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                memory=32Mi          | limits.memory of container tailer cannot be less than the profile's 64Mi, is 32Mi
                requests.cpu=5m      | requests.cpu of container tailer cannot be less than the profile's 10m, is 5m
                limits.cpu=5m        | limits.cpu of container tailer cannot be less than the profile's 10m, is 5m
                cpu=3                | the value must set requests.cpu to at most 2, sets it to 3
                limits.memory=2Gi    | the value must set limits.memory to at most 1Gi, sets it to 2Gi
                requests.memory=128Mi | container tailer would request 128Mi of memory, more than its limit 64Mi; set limits.memory as well
                cpu=1,requests.cpu=1 | the value sets requests.cpu twice
                cpu=lots             | the value must be a quantity such as 100m, 64Mi or 2, is 'lots'
                gpu=1                | the value must be 'guaranteed', or amounts of cpu, memory and ephemeral-storage such as cpu=100m,memory=64Mi or requests.cpu=50m,limits.memory=128Mi, contains 'gpu=1'
                burstable            | the value must be 'guaranteed', or amounts of cpu, memory and ephemeral-storage such as cpu=100m,memory=64Mi or requests.cpu=50m,limits.memory=128Mi, contains 'burstable'
                """)
        void areADenialIfTheyAreOutsideTheBounds(String annotation, String problem) {
            assertThat(tailer(annotation).denied())
                    .isEqualTo(new Reason(
                            ReasonCode.INVALID_VALUE,
                            "annotation tailer.pillion.dev/resources: " + problem
                                    + " (annotation pillion.dev/inject requests profile 'tailer')"));
        }

        @Test
        void canBeLessIfTheProfileHasAMinimum() {
            var result = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: tailer, tailer.pillion.dev/resources: "memory=32Mi"}}
                            spec: {containers: [{name: web}]}
                            """)
                    .withProfiles(TAILER.replace("atMost:", "atLeast: {memory: 20Mi}, atMost:"))
                    .injected();

            assertThat(result.container("tailer").path("resources"))
                    .isEqualTo(yaml("{requests: {cpu: 10m, memory: 32Mi}, limits: {memory: 32Mi}}"));
        }

        @Test
        void areAnUnknownParameterForAProfileWithoutContainers() {
            var reason = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: plain, plain.pillion.dev/resources: guaranteed}}
                            spec: {containers: [{name: web}]}
                            """)
                    .withProfiles(profile("plain", "sidecars: [{name: plain, image: busybox}]\n"))
                    .denied();

            assertThat(reason.code()).isEqualTo(ReasonCode.UNKNOWN_PARAMETER);
        }

        @Test
        void canOnlyBeIncreasedForAnEnforcedCompanion() {
            String enforced = policy("tailing", "mode: Enforce\nmatch: {}\nprofiles: [{name: tailer}]\n");
            var result = tailer("guaranteed, cpu=100m")
                    .withPolicies(TAILER, enforced)
                    .injected();

            assertThat(result.again().missing()).isEmpty();
            assertThat(tailer("memory=32Mi")
                            .withPolicies(TAILER, enforced)
                            .denied()
                            .code())
                    .isEqualTo(ReasonCode.INVALID_VALUE);
        }

        @Test
        void areNotLimitedIfAPolicySetsThem() {
            var result =
                    Trial.of("""
                            metadata: {name: web}
                            spec: {containers: [{name: web}]}
                            """).withPolicies(TAILER, policy("tailing", """
                            mode: Enforce
                            match: {}
                            profiles: [{name: tailer, parameters: {resources: {limits: {memory: 32Mi}}}}]
                            """)).injected();

            assertThat(result.container("tailer").path("resources"))
                    .isEqualTo(yaml("{requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 32Mi}}"));
            assertThat(result.again().missing()).isEmpty();
        }

        private static Trial tailer(String annotation) {
            return Trial.of("""
                    metadata: {annotations: {pillion.dev/inject: tailer, tailer.pillion.dev/resources: "%s"}}
                    spec: {containers: [{name: web}]}
                    """.formatted(annotation)).withProfiles(TAILER);
        }
    }

    @Nested
    class InAGuaranteedPod {

        private static final String EQUAL = "{requests: {cpu: 2, memory: 1Gi}, limits: {cpu: 2, memory: 1Gi}}";

        @Test
        void loseTheClassWithAWarningForEachProfile() throws Exception {
            var result = Trial.of(yaml(Files.readString(Path.of("src/test/resources/field/guaranteed-qos.yaml"))))
                    .injected();

            assertThat(result.plan().warnings())
                    .containsExactly(
                            new Reason(
                                    ReasonCode.GUARANTEED_QOS_LOST,
                                    "annotation pillion.dev/inject requests profile 'logging', but the Pod loses its QoS class Guaranteed, because the cpu and memory limits of container log-tailer are not equal to its requests; set annotation logging.pillion.dev/resources: guaranteed"),
                            new Reason(
                                    ReasonCode.GUARANTEED_QOS_LOST,
                                    "annotation pillion.dev/wait-for requests profile 'wait-for', but the Pod loses its QoS class Guaranteed, because the cpu and memory limits of container wait-for-db-5432 are not equal to its requests; set annotation wait-for.pillion.dev/resources: guaranteed"));
        }

        @Test
        void keepTheClassWithTheKeyword() {
            var result = pod("pillion.dev/inject: tailer, tailer.pillion.dev/resources: guaranteed", EQUAL, "")
                    .withProfiles(TAILER)
                    .injected();

            assertThat(result.warnings()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{limits: {cpu: 2, memory: 1Gi}}",
                    "{requests: {cpu: 2000m, memory: 1024Mi}, limits: {cpu: 2, memory: 1Gi}}"
                })
        void areRecognisedInEveryForm(String resources) {
            assertThat(pod("pillion.dev/inject: tailer", resources, "")
                            .withProfiles(TAILER)
                            .injected()
                            .warnings())
                    .hasSize(1);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{}",
                    "{limits: {memory: 1Gi}}",
                    "{requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 2, memory: 1Gi}}",
                    "{limits: {cpu: 0, memory: 0}}"
                })
        void causeNoWarningForAnotherClass(String resources) {
            assertThat(pod("pillion.dev/inject: tailer", resources, "")
                            .withProfiles(TAILER)
                            .injected()
                            .warnings())
                    .isEmpty();
        }

        @Test
        void dependOnPodLevelResources() {
            assertThat(pod("pillion.dev/inject: tailer", EQUAL, "resources: {limits: {cpu: 4, memory: 2Gi}}, ")
                            .withProfiles(TAILER)
                            .injected()
                            .warnings())
                    .isEmpty();
        }

        @Test
        void areReportedAgainInASecondPass() {
            var result = pod("pillion.dev/inject: tailer", EQUAL, "")
                    .withProfiles(TAILER)
                    .injected();

            assertThat(result.again().unchanged().plan().warnings())
                    .isEqualTo(result.plan().warnings());
        }

        @Test
        void keepTheClassWithMigrateWhichInheritsResources() {
            var result = pod("pillion.dev/inject: migrate, migrate.pillion.dev/command: a", EQUAL, "")
                    .injected();

            assertThat(result.container("migrate").path("resources")).isEqualTo(yaml(EQUAL));
            assertThat(result.warnings()).isEmpty();
        }

        private static Trial pod(String annotations, String resources, String spec) {
            return Trial.of("""
                    metadata: {annotations: {%s}}
                    spec: {%scontainers: [{name: web, image: app, resources: %s}]}
                    """.formatted(annotations, spec, resources));
        }
    }
}
