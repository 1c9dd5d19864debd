package dev.pillion.injection.apply;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.profile;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.Trial;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Additions to a Pod outside of its containers. */
class PodAdditionsTest {

    private static final String SAFE_TO_EVICT = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes";
    private static final String DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

    @Nested
    class Metadata {

        private final String profile = profile("team", """
                parameters: [{name: team, type: string, default: payments}]
                pod:
                  labels: {example.com/team: "${params.team}"}
                  annotations: {example.com/contact: "${params.team}@example.com"}
                  imagePullSecrets: [{name: registry}]
                """);

        @Test
        void isAdded() {
            var result =
                    annotated("pillion.dev/inject: team").withProfiles(profile).injected();

            assertThat(result.at("/metadata/labels")).isEqualTo(yaml("{example.com/team: payments}"));
            assertThat(result.annotation("example.com/contact").asText()).isEqualTo("payments@example.com");
            assertThat(result.at("/spec/imagePullSecrets")).isEqualTo(yaml("[{name: registry}]"));
            assertThat(result.plan().profiles().getFirst().additions())
                    .containsExactly(
                            "label example.com/team", "annotation example.com/contact", "image pull secret registry");
        }

        @Test
        void ofThePodIsKeptWithAWarning() {
            var result = Trial.of("""
                            metadata:
                              labels: {example.com/team: shop}
                              annotations: {pillion.dev/inject: team, example.com/contact: me}
                            spec:
                              imagePullSecrets: [{name: own}, {name: registry}]
                              containers: [{name: web}]
                            """)
                    .withProfiles(profile, profile("other", "app: {env: [{name: A, value: b}]}"))
                    .unchanged();

            assertThat(result.plan().warnings())
                    .containsExactly(
                            new Reason(
                                    ReasonCode.METADATA_CONFLICT,
                                    "annotation pillion.dev/inject requests profile 'team', but the Pod keeps its own label example.com/team"),
                            new Reason(
                                    ReasonCode.METADATA_CONFLICT,
                                    "annotation pillion.dev/inject requests profile 'team', but the Pod keeps its own annotation example.com/contact"));
        }

        @Test
        void withTheSameValueIsKeptWithoutAWarning() {
            var result = Trial.of("""
                            metadata:
                              labels: {example.com/team: payments}
                              annotations: {pillion.dev/inject: team, example.com/contact: payments@example.com}
                            spec:
                              imagePullSecrets: [{name: own}]
                              containers: [{name: web}]
                            """).withProfiles(profile).injected();

            assertThat(result.warnings()).isEmpty();
            assertThat(result.at("/spec/imagePullSecrets")).isEqualTo(yaml("[{name: own}, {name: registry}]"));
        }

        @Test
        void isTheFirstOfTwoProfilesWithAWarning() {
            var result = annotated("pillion.dev/inject: a, b")
                    .withProfiles(
                            profile("a", "pod: {labels: {team: a}, imagePullSecrets: [{name: one}]}"),
                            profile("b", "pod: {labels: {team: b}, imagePullSecrets: [{name: one}]}"))
                    .injected();

            assertThat(result.at("/metadata/labels/team").asText()).isEqualTo("a");
            assertThat(result.at("/spec/imagePullSecrets")).hasSize(1);
            assertThat(result.warnings())
                    .singleElement()
                    .asString()
                    .contains("label team")
                    .contains("b");
        }
    }

    @Nested
    class Volumes {

        @Test
        void areSharedByTwoProfilesIfTheyAreEqual() {
            String spec = "volumes: [{name: state, emptyDir: {}}]";

            var result = annotated("pillion.dev/inject: a, b")
                    .withProfiles(profile("a", spec), profile("b", spec))
                    .injected();

            assertThat(result.names("volumes")).containsExactly("state");
        }

        @Test
        void areADenialIfTwoProfilesDefineThemDifferently() {
            var reason = annotated("pillion.dev/inject: a, b")
                    .withProfiles(
                            profile("a", "volumes: [{name: state, emptyDir: {}}]"),
                            profile("b", "volumes: [{name: state, configMap: {name: settings}}]"))
                    .denied();

            assertThat(reason.code()).isEqualTo(ReasonCode.NAME_TAKEN);
            assertThat(reason.message()).contains("'state'");
        }

        @Test
        void areNotAddedIfThePodHasThem() {
            var result = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: a}}
                            spec:
                              containers: [{name: web}]
                              volumes: [{name: settings, configMap: {name: settings, defaultMode: 420}}]
                            """).withProfiles(profile("a", """
                            volumes: [{name: settings, configMap: {name: settings}}]
                            sidecars: [{name: a, image: b, volumeMounts: [{name: settings, mountPath: /etc/a}]}]
                            """)).injected();

            assertThat(result.names("volumes")).containsExactly("settings");
            assertThat(result.status().has("volumes")).isFalse();
        }

        @Test
        void haveTheirKindInThePlan() {
            var result = annotated("pillion.dev/inject: a")
                    .withProfiles(profile("a", "volumes: [{name: config, configMap: {name: config}}, {name: state}]"))
                    .injected();

            assertThat(result.plan().profiles().getFirst().additions())
                    .containsExactly("volume config (configMap)", "volume state (emptyDir)");
        }
    }

    @Nested
    class TheDefaultContainer {

        @Test
        void isTheOnlyContainerOfThePod() {
            var result = annotated("pillion.dev/inject: logging").injected();

            assertThat(result.annotation(DEFAULT_CONTAINER).asText()).isEqualTo("web");
        }

        @Test
        void isNotSetForTwoContainers() {
            var result = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: logging}}
                            spec: {containers: [{name: web}, {name: worker}]}
                            """).injected();

            assertThat(result.annotation(DEFAULT_CONTAINER).isMissingNode()).isTrue();
        }

        @Test
        void isKeptIfThePodNamesOne() {
            var result = annotated("pillion.dev/inject: logging", DEFAULT_CONTAINER + ": web")
                    .injected();

            assertThat(result.annotation(DEFAULT_CONTAINER).asText()).isEqualTo("web");
            assertThat(result.warnings()).isEmpty();
            assertThat(result.again().uninjected().at("/metadata/annotations").has(DEFAULT_CONTAINER))
                    .isTrue();
        }

        @Test
        void isNotSetIfNoContainerIsAdded() {
            var result = annotated("pillion.dev/inject: env", "env.pillion.dev/variables: A=1")
                    .injected();

            assertThat(result.annotation(DEFAULT_CONTAINER).isMissingNode()).isTrue();
        }
    }

    @Nested
    class VolumesThatMayBeLost {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '"',
                value = {
                    "\"''\"            | pillion-var-log-app",
                    "data              | data,pillion-var-log-app",
                    "'data, other'     | data, other,pillion-var-log-app",
                    "'data,'           | data,,pillion-var-log-app"
                })
        void areAddedToTheVolumesThatThePodNames(String before, String after) {
            var result = annotated("pillion.dev/inject: logging", SAFE_TO_EVICT + ": " + before)
                    .injected();

            assertThat(result.annotation(SAFE_TO_EVICT).asText()).isEqualTo(after);
        }

        @Test
        void areAddedToABlankValueThatUninjectingRestores() {
            var result = annotated("pillion.dev/inject: logging", SAFE_TO_EVICT + ": ' '")
                    .injected();

            assertThat(result.again()
                            .uninjected()
                            .at("/metadata/annotations")
                            .path(SAFE_TO_EVICT)
                            .asText())
                    .isEqualTo(" ");
        }

        @Test
        void areNamedOnce() {
            var result = annotated("pillion.dev/inject: logging", SAFE_TO_EVICT + ": a, pillion-var-log-app")
                    .injected();

            assertThat(result.annotation(SAFE_TO_EVICT).asText()).isEqualTo("a, pillion-var-log-app");
        }

        @Test
        void areAllAddedEmptyDirs() {
            var result = annotated("pillion.dev/inject: a, logging")
                    .withProfiles(profile(
                            "a", "volumes: [{name: state, emptyDir: {}}, {name: config, configMap: {name: config}}]"))
                    .injected();

            assertThat(result.annotation(SAFE_TO_EVICT).asText()).isEqualTo("state,pillion-var-log-app");
        }

        @Test
        void areEmptyIfAVolumeOfTheAppIsShared() {
            var result = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: logging}}
                            spec:
                              containers: [{name: web, volumeMounts: [{name: own, mountPath: /var/log/app}]}]
                              volumes: [{name: own, emptyDir: {}}]
                            """).injected();

            assertThat(result.annotation(SAFE_TO_EVICT).isMissingNode()).isTrue();
        }

        @Test
        void areRemovedIfAnotherWebhookAddedMore() {
            var result = annotated("pillion.dev/inject: logging", SAFE_TO_EVICT + ": data")
                    .injected();
            ObjectNode pod = result.pod().deepCopy();
            pod.withObject("/metadata/annotations").put(SAFE_TO_EVICT, "data,pillion-var-log-app,theirs");

            assertThat(Trial.of(pod)
                            .uninjected()
                            .path("metadata")
                            .path("annotations")
                            .path(SAFE_TO_EVICT)
                            .asText())
                    .isEqualTo("data,theirs");
        }
    }

    @Nested
    class Files {

        private static final String TWO_DIRECTORIES = profile("a", """
                parameters: [{name: level, type: string, default: "a\\"b\\\\{}"}]
                sidecars:
                  - name: agent
                    image: agent
                    files:
                      - path: /etc/agent/agent.json
                        content: {level: "${params.level}", list: [1, true]}
                      - path: /etc/agent/plain.txt
                        content: "just text with $${env:X}\\n"
                      - path: /etc/other/left-out
                        when: ${params.level == 'x'}
                        content: x
                      - path: /etc/other/given
                        content: "${params.level}"
                """);

        private final Trial.Result result =
                annotated("pillion.dev/inject: a").withProfiles(TWO_DIRECTORIES).injected();

        @Test
        void areInAnnotationsWithTreesAsJson() {
            assertThat(result.annotation("pillion.dev/file.agent.0").asText())
                    .isEqualTo("{\"level\":\"a\\\"b\\\\{}\",\"list\":[1,true]}");
            assertThat(result.annotation("pillion.dev/file.agent.1").asText()).isEqualTo("just text with ${env:X}\n");
            assertThat(result.annotation("pillion.dev/file.agent.2").asText()).isEqualTo("a\"b\\{}");
        }

        @Test
        void areMountedFromOneVolumeForEachDirectory() {
            assertThat(result.volume("pillion-files-agent")).isEqualTo(yaml("""
                    name: pillion-files-agent
                    downwardAPI:
                      items:
                        - path: agent.json
                          fieldRef: {apiVersion: v1, fieldPath: "metadata.annotations['pillion.dev/file.agent.0']"}
                        - path: plain.txt
                          fieldRef: {apiVersion: v1, fieldPath: "metadata.annotations['pillion.dev/file.agent.1']"}
                    """));
            assertThat(result.volume("pillion-files-agent-1").at("/downwardAPI/items"))
                    .hasSize(1);
            assertThat(result.container("agent").path("volumeMounts")).isEqualTo(yaml("""
                    - {name: pillion-files-agent, mountPath: /etc/agent, readOnly: true}
                    - {name: pillion-files-agent-1, mountPath: /etc/other, readOnly: true}
                    """));
        }

        @Test
        void haveValidNamesForALongContainerName() {
            String name = "a".repeat(63);

            var long63 = annotated("pillion.dev/inject: a")
                    .withProfiles(TWO_DIRECTORIES.replace("name: agent", "name: " + name))
                    .injected();

            assertThat(long63.names("volumes"))
                    .allMatch(volume -> volume.length() <= 63)
                    .doesNotHaveDuplicates();
            assertThat(long63.pod().at("/metadata/annotations").properties())
                    .extracting(annotation -> annotation.getKey().replaceFirst(".*/", ""))
                    .allMatch(annotation -> annotation.length() <= 63);
        }

        @Test
        void cannotBeReplacedByAnnotationsOfThePod() {
            var reason = annotated("pillion.dev/inject: a", "pillion.dev/file.agent.1: evil")
                    .withProfiles(TWO_DIRECTORIES)
                    .denied();

            assertThat(reason)
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.NAME_TAKEN,
                                    "annotation pillion.dev/inject requests profile 'a', but annotation pillion.dev/file.agent.1 is reserved for Pillion; remove it"));
        }

        @Test
        void areADenialIfTheAnnotationsBecomeTooLarge() {
            var reason = annotated("pillion.dev/inject: a", "example.com/a: " + "x".repeat(261_600))
                    .withProfiles(TWO_DIRECTORIES)
                    .denied();

            assertThat(reason)
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.ANNOTATIONS_TOO_LARGE,
                                    "annotation pillion.dev/inject requests profile 'a', but the Pod's annotations would then have 262616 bytes; Kubernetes allows 262144"));
        }
    }

    @Nested
    class TheSizeOfAnnotations {

        private static final int LIMIT = 256 * 1024;

        @Test
        void canBeTheLimitOfKubernetes() {
            assertThat(size(withAnnotationsOf(LIMIT).injected().pod())).isEqualTo(LIMIT);
        }

        @Test
        void cannotExceedTheLimitByOneByte() {
            assertThat(withAnnotationsOf(LIMIT + 1).denied().code()).isEqualTo(ReasonCode.ANNOTATIONS_TOO_LARGE);
        }

        @Test
        void isReportedAsMoreThanTheLimit() {
            assertThat(withAnnotationsOf(LIMIT + 1).denied().message()).doesNotContain("would have 256 KiB");
        }

        @Test
        void includesAnEarlierStatusOnce() {
            var first = withAnnotationsOf(LIMIT).injected();
            ObjectNode pod = first.pod().deepCopy();
            pod.withObject("/spec").withArray("initContainers").removeAll();

            var second = first.trial().again(pod).injected();

            assertThat(size(second.pod())).isLessThanOrEqualTo(LIMIT);
        }

        /** A Pod whose annotations have this size after the injection. */
        private Trial withAnnotationsOf(int bytes) {
            int size = size(annotated("pillion.dev/inject: logging", "example.com/a: ''")
                    .injected()
                    .pod());
            return annotated("pillion.dev/inject: logging", "example.com/a: " + "x".repeat(bytes - size));
        }

        private int size(JsonNode pod) {
            return pod.at("/metadata/annotations").properties().stream()
                    .mapToInt(each ->
                            each.getKey().length() + each.getValue().asText().length())
                    .sum();
        }
    }

    @Nested
    class TheStatus {

        @Test
        void hasTheAdditionsWithTheirProfilesAndReasons() {
            var result = annotated("pillion.dev/inject: logging").injected();

            String request = result.status().at("/profiles/logging/request").asText();
            assertThat(request).matches("[0-9a-f]{8}");
            assertThat(result.status()).isEqualTo(yaml("""
                    version: 1
                    profiles: {logging: {generation: %s, reason: annotation pillion.dev/inject, request: "%s"}}
                    initContainers: [log-tailer]
                    volumes: [pillion-var-log-app]
                    volumeMounts: {web: [/var/log/app]}
                    annotations: [%s, %s]
                    safeToEvict: [pillion-var-log-app]
                    hashes:
                      containers.web: {"volumeMounts./var/log/app": "28e158"}
                      spec: {volumes.pillion-var-log-app: "0fc169"}
                      initContainers.log-tailer: {image: "2f9532", command: 9129d2, args: "12aab0", securityContext: "68cf95",
                        resources: f5720b, restartPolicy: db36a3, volumeMounts: ae7000}
                    absent: [containers.web.volumeMounts, spec.volumes, spec.initContainers]
                    """.formatted(
                    CatalogReader.builtIn().profile("logging").orElseThrow().generation(),
                    request,
                    DEFAULT_CONTAINER,
                    SAFE_TO_EVICT)));
        }

        @Test
        void listsPlainSidecarsAsContainers() {
            var result =
                    annotated("pillion.dev/inject: logging").withPlainSidecars().injected();

            assertThat(result.status().path("containers")).isEqualTo(yaml("[log-tailer]"));
            assertThat(result.status().has("initContainers")).isFalse();
        }

        @Test
        void listsAdditionsOnly() {
            var result = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: env, env.pillion.dev/variables: "A=1, B=2"}}
                            spec: {containers: [{name: web, env: [{name: A, value: own}]}]}
                            """).injected();

            assertThat(result.status().path("env")).isEqualTo(yaml("{web: [B]}"));
        }
    }
}
