package dev.pillion.injection;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A second pass over a Pod that was injected, or that has a forged status. */
class SecondPassTest {

    private static final String STATUS = "/metadata/annotations/pillion.dev~1status";

    private final Trial.Result injected = annotated(
                    "pillion.dev/inject: logging, env", "env.pillion.dev/variables: A=1")
            .injected();

    @Nested
    class AfterOtherWebhooks {

        @Test
        void keepsAnImageFromAMirror() {
            var pod = edited(injected, tree -> companion(tree).put("image", "mirror.example/busybox:1.37"));

            assertThat(injected.trial().again(pod).unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        }

        @Test
        void keepsACompanionThatSomebodyChanged() {
            var pod = edited(injected, tree -> companion(tree).putArray("args").add("other"));

            assertThat(injected.trial().again(pod).unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        }

        @Test
        void keepsAVariableThatSomebodyChangedWithoutAWarning() {
            var pod = edited(injected, tree -> ((ObjectNode) tree.at("/spec/containers/0/env/0")).put("value", "2"));

            assertThat(injected.trial().again(pod).unchanged().plan().warnings())
                    .isEmpty();
        }

        @Test
        void restoresARemovedCompanion() {
            var pod = edited(injected, tree -> ((ArrayNode) tree.at("/spec/initContainers")).removeAll());

            var again = injected.trial().again(pod).injected();

            assertThat(again.at("/spec")).isEqualTo(injected.at("/spec"));
            assertThat(again.again().uninjected()).isEqualTo(injected.again().uninjected());
        }

        @Test
        void restoresARemovedVolume() {
            var pod = edited(injected, tree -> ((ObjectNode) tree.at("/spec")).remove("volumes"));

            var again = injected.trial().again(pod).injected();

            assertThat(again.names("volumes")).containsExactly("pillion-var-log-app");
            assertThat(again.again().unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        }

        @Test
        void restoresARemovedMountAndVariable() {
            var pod = edited(injected, tree -> {
                ((ObjectNode) tree.at("/spec/containers/0")).putNull("env");
                ((ArrayNode) tree.at("/spec/containers/0/volumeMounts")).removeAll();
            });

            var again = injected.trial().again(pod).injected();

            assertThat(again.container("web")).isEqualTo(injected.container("web"));
        }

        @Test
        void addsMountsAndEnvironmentToALaterContainer() {
            var pod = edited(injected, tree -> ((ArrayNode) tree.at("/spec/containers"))
                    .addObject()
                    .put("name", "late"));

            var again = injected.trial().again(pod).injected();

            assertThat(again.container("late").path("volumeMounts"))
                    .isEqualTo(yaml("[{name: pillion-var-log-app, mountPath: /var/log/app}]"));
            assertThat(again.container("late").path("env")).isEqualTo(yaml("[{name: A, value: '1'}]"));
            assertThat(again.container("web")).isEqualTo(injected.container("web"));
            assertThat(again.status().path("volumeMounts"))
                    .isEqualTo(yaml("{web: [/var/log/app], late: [/var/log/app]}"));
        }

        @Test
        void allowsUninjectingAfterwards() {
            var pod = edited(injected, tree -> ((ArrayNode) tree.at("/spec/containers"))
                    .addObject()
                    .put("name", "late"));

            JsonNode uninjected = injected.trial().again(pod).injected().again().uninjected();

            assertThat(uninjected.at("/spec")).isEqualTo(yaml("""
                    containers:
                      - {name: web, image: nginx, ports: [{containerPort: 8080}]}
                      - {name: late}
                    """));
            assertThat(uninjected.at("/metadata/annotations"))
                    .isEqualTo(yaml("{pillion.dev/inject: 'logging, env', env.pillion.dev/variables: A=1}"));
        }

        @Test
        void restoresAFileThatSomebodyChanged() {
            var first = annotated("pillion.dev/inject: proxy").injected();
            String annotation = "pillion.dev/file.proxy.0";
            var pod = edited(first, tree -> ((ObjectNode) tree.at("/metadata/annotations")).put(annotation, "evil"));

            var again = first.trial().again(pod).injected();

            assertThat(again.at("/spec")).isEqualTo(first.at("/spec"));
            assertThat(again.annotation(annotation)).isEqualTo(first.annotation(annotation));
            assertThat(again.again().uninjected()).isEqualTo(first.again().uninjected());
        }

        @Test
        void hasTheSameWarningsAsTheFirst() {
            var first = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: env, env.pillion.dev/variables: "A=1, B=2"}}
                            spec: {containers: [{name: web, env: [{name: A, value: own}]}]}
                            """).injected();

            assertThat(first.again().unchanged().plan().warnings())
                    .isEqualTo(first.plan().warnings())
                    .hasSize(1);
        }
    }

    @Nested
    class WithoutAStatus {

        @Test
        void identifiesTheAdditionsByTheirContent() {
            var pod = edited(injected, SecondPassTest::removeStatus);

            assertThat(injected.trial().again(pod).unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        }

        @Test
        void identifiesTheAdditionsAfterChangesOfOthers() {
            var pod = edited(injected, tree -> {
                removeStatus(tree);
                companion(tree).putArray("env").addObject().put("name", "MESH").put("value", "1");
                companion(tree).put("terminationMessagePath", "/dev/termination-log");
                companion(tree)
                        .withArray("volumeMounts")
                        .insertObject(0)
                        .put("name", "token")
                        .put("mountPath", "/t");
            });

            assertThat(injected.trial().again(pod).unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        }

        @Test
        void doesNotRecogniseAContainerThatDiffers() {
            var pod = edited(injected, tree -> {
                removeStatus(tree);
                companion(tree).put("image", "evil");
            });

            assertThat(injected.trial().again(pod).denied())
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.NAME_TAKEN,
                                    "annotation pillion.dev/inject requests profile 'logging', but the Pod has another container called 'log-tailer', the name of the profile's container; rename it"));
        }

        @Test
        void doesNotRecogniseAContainerInAnotherList() {
            var pod = edited(injected, tree -> {
                JsonNode moved = ((ArrayNode) tree.at("/spec/initContainers")).remove(0);
                ((ArrayNode) tree.at("/spec/containers")).add(moved);
            });

            assertThat(injected.trial().again(pod).denied().code()).isEqualTo(ReasonCode.NAME_TAKEN);
        }

        @Test
        void doesNotRecogniseAnEphemeralContainer() {
            var reason = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: logging}}
                            spec: {containers: [{name: web}], ephemeralContainers: [{name: log-tailer}]}
                            """).denied();

            assertThat(reason.code()).isEqualTo(ReasonCode.NAME_TAKEN);
        }

        @Test
        void treatsAPlainSidecarAsACompanion() {
            var first = annotated("pillion.dev/inject: logging, env", "env.pillion.dev/variables: A=1")
                    .withPlainSidecars()
                    .injected();
            var pod = edited(first, SecondPassTest::removeStatus);

            assertThat(first.trial().again(pod).unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        }

        @Test
        void treatsAPlainSidecarBeforeTheAppAsACompanion() {
            var first =
                    annotated("pillion.dev/inject: proxy").withPlainSidecars().injected();
            var pod = edited(first, SecondPassTest::removeStatus);

            assertThat(first.trial().again(pod).unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        }
    }

    @Nested
    class WithAForgedStatus {

        @Test
        void addsACompanionThatOnlyTheStatusLists() {
            var result = annotated(
                            "pillion.dev/inject: logging",
                            "pillion.dev/status: '"
                                    + annotated("pillion.dev/inject: logging")
                                            .injected()
                                            .annotation("pillion.dev/status")
                                            .asText()
                                    + "'")
                    .injected();

            assertThat(result.initContainers()).containsExactly("log-tailer");
            assertThat(result.names("volumes")).containsExactly("pillion-var-log-app");
        }

        @Test
        void treatsAListedAppContainerAsTheApp() {
            var result = annotated(
                            "pillion.dev/inject: env",
                            "env.pillion.dev/variables: A=1",
                            "pillion.dev/status: '{\"containers\":[\"web\"]}'")
                    .injected();

            assertThat(result.container("web").path("env")).hasSize(1);
        }

        @Test
        void doesNotListPartsOfTheAppAsAdditions() {
            var result = Trial.of("""
                            metadata:
                              annotations:
                                pillion.dev/inject: logging
                                pillion.dev/status: '{"containers":["web"],"volumes":["own"],"env":{"web":["OWN"]},"volumeMounts":{"web":["/own"]},"annotations":["pillion.dev/inject"],"labels":["own"],"imagePullSecrets":["own"]}'
                              labels: {own: x}
                            spec:
                              containers: [{name: web, env: [{name: OWN, value: x}], volumeMounts: [{name: own, mountPath: /own}]}]
                              volumes: [{name: own, emptyDir: {}}]
                              imagePullSecrets: [{name: own}]
                            """).injected();

            JsonNode uninjected = result.again().uninjected();
            assertThat(uninjected.at("/metadata/labels/own").asText()).isEqualTo("x");
            assertThat(uninjected.at("/metadata/annotations")).isEqualTo(yaml("{pillion.dev/inject: logging}"));
            assertThat(uninjected.at("/spec")).isEqualTo(yaml("""
                    containers: [{name: web, env: [{name: OWN, value: x}], volumeMounts: [{name: own, mountPath: /own}]}]
                    volumes: [{name: own, emptyDir: {}}]
                    imagePullSecrets: [{name: own}]
                    """));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "garbage",
                    "null",
                    "3",
                    "[]",
                    "\"text\"",
                    "{",
                    "{\"version\":\"one\"}",
                    "{\"initContainers\":{\"a\":1}}",
                    "{\"initContainers\":[null,1,{}]}",
                    "{\"volumeMounts\":{\"web\":null}}",
                    "{\"volumeMounts\":{\"web\":[null]}}",
                    "{\"env\":null,\"envFrom\":{\"web\":[null,1]}}",
                    "{\"profiles\":{\"logging\":null},\"null\":[null],\"absent\":[null]}",
                    "{\"future\":{\"field\":1}}"
                })
        void acceptsAnInvalidStatus(String status) {
            var clean = annotated("pillion.dev/inject: logging").injected();
            ObjectNode pod = (ObjectNode)
                    yaml(
                            "{metadata: {name: web, annotations: {pillion.dev/inject: logging}}, spec: {containers: [{name: web, image: nginx, ports: [{containerPort: 8080}]}]}}");
            pod.withObject("/metadata/annotations").put("pillion.dev/status", status);

            var result = clean.trial().again(pod).injected();

            assertThat(result.at("/spec")).isEqualTo(clean.at("/spec"));
            assertThat(result.again().unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
            assertThat(Trial.of(pod).uninjected().at("/spec")).isEqualTo(pod.at("/spec"));
        }
    }

    private static void removeStatus(ObjectNode pod) {
        ((ObjectNode) pod.at("/metadata/annotations")).remove("pillion.dev/status");
        assertThat(pod.at(STATUS).isMissingNode()).isTrue();
    }

    private static ObjectNode companion(ObjectNode pod) {
        return (ObjectNode) pod.at("/spec/initContainers/0");
    }

    private static ObjectNode edited(Trial.Result result, Consumer<ObjectNode> edit) {
        ObjectNode pod = result.pod().deepCopy();
        edit.accept(pod);
        assertThat(pod).as("the edit changes the Pod").isNotEqualTo(result.pod());
        return pod;
    }

    /** The controller of a StatefulSet replaces a volume of the template by a claim of the same name, and the template has a status. */
    @Test
    void refusesAClaimThatReplacesAnInjectedVolume() throws Exception {
        var injected = annotated("pillion.dev/inject: logging").injected();
        var pod = yaml(injected.pod()
                .toString()
                .replace("\"emptyDir\":{}", "\"persistentVolumeClaim\":{\"claimName\":\"a\"}"));

        assertThat(injected.trial().again(pod).denied())
                .isEqualTo(
                        new Reason(
                                ReasonCode.NAME_TAKEN,
                                "annotation pillion.dev/inject requests profile 'logging', but the Pod has a different volume called 'pillion-var-log-app'; rename it"));
    }
}
