package dev.pillion.injection.uninject;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.profile;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.Decision;
import dev.pillion.injection.Trial;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.ReasonCode;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An injected Pod with the same request, in which someone has changed the app or the additions. */
class LaterChangesTest {

    @Nested
    class AChangedAddition {

        private final Trial.Result injected = Trial.of("""
                        metadata: {name: web, annotations: {pillion.dev/inject: "logging, env, more", env.pillion.dev/variables: A=1}}
                        spec: {containers: [{name: web, image: nginx}]}
                        """)
                .withProfiles(profile("more", "pod: {labels: {tier: web}, terminationGracePeriodSeconds: 60}"))
                .injected();

        private final Consumer<ObjectNode> edit = pod -> {
            ObjectNode companion = (ObjectNode) pod.at("/spec/initContainers/0");
            companion.putArray("env").addObject().put("name", "DEBUG").put("value", "1");
            ((ArrayNode) companion.path("args")).set(0, "/elsewhere");
            companion.remove("securityContext");
            ((ObjectNode) pod.at("/spec/containers/0/env/0")).put("value", "2");
            ((ObjectNode) pod.at("/spec/containers/0/volumeMounts/0")).put("readOnly", true);
            ((ObjectNode) pod.at("/spec/volumes/0/emptyDir")).put("sizeLimit", "1Gi");
            ((ObjectNode) pod.at("/metadata/labels")).put("tier", "other");
        };

        private final String[] sentences = {
            "args, securityContext, env of container log-tailer were changed after the injection, and the change is removed too",
            "mount at /var/log/app, variable A of container web were changed after the injection, and the change is removed too",
            "volume pillion-var-log-app, label tier of the Pod were changed after the injection, and the change is removed too"
        };

        @Test
        void isNamedWhenItIsRemoved() {
            Uninjection uninjection = edited(edit).uninjection();

            assertThat(uninjection.edits()).containsExactlyInAnyOrder(sentences);
            assertThat(uninjection.pod()).isEqualTo(injected.again().uninjected());
        }

        @Test
        void isNamedWhenTheRequestChanges() {
            Trial changed = edited(edit.andThen(
                    pod -> pod.withObject("/metadata/annotations").put("logging.pillion.dev/files", "*.txt")));

            Trial.Result result = changed.injected();

            assertThat(result.warnings()).contains(sentences);
            assertThat(result.pod())
                    .isEqualTo(injected.trial()
                            .again(changed.uninjected())
                            .injected()
                            .pod());
        }

        @Test
        void isKeptIfItIsAFieldOfThePod() {
            Uninjection uninjection = edited(pod -> pod.withObject("/spec").put("terminationGracePeriodSeconds", 90))
                    .uninjection();

            assertThat(uninjection.edits())
                    .containsExactly(
                            "terminationGracePeriodSeconds was changed after it was injected, so it stays as it is");
        }

        @Test
        void isNotAnAdditionWithDefaultsOfTheApiServer() {
            Uninjection uninjection = edited(pod -> {
                        ObjectNode companion = (ObjectNode) pod.at("/spec/initContainers/0");
                        companion
                                .put("terminationMessagePath", "/dev/termination-log")
                                .put("terminationMessagePolicy", "File")
                                .put("imagePullPolicy", "IfNotPresent")
                                .putArray("env");
                        companion.withObject("/resources/requests").put("cpu", "0.01");
                        companion
                                .withArray("/volumeMounts")
                                .addObject()
                                .put("name", "kube-api-access-x")
                                .put("mountPath", "/var/run/secrets/kubernetes.io/serviceaccount")
                                .put("readOnly", true);
                        ObjectNode sorted = companion.objectNode();
                        companion.properties().stream()
                                .sorted(java.util.Map.Entry.comparingByKey())
                                .forEach(field -> sorted.set(field.getKey(), field.getValue()));
                        ((ArrayNode) pod.at("/spec/initContainers")).set(0, sorted);
                    })
                    .uninjection();

            assertThat(uninjection.edits()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "env, variable A of container web",
            "volumeMounts, the mount at /var/log/app of container web",
            "labels, label tier",
            "volumes, volume pillion-var-log-app",
            "initContainers, container log-tailer"
        })
        void isKeptWithAWarningIfTheStatusDoesNotListIt(String list, String addition) {
            Uninjection uninjection = edited(pod -> {
                        ObjectNode annotations = pod.withObject("/metadata/annotations");
                        ObjectNode status = (ObjectNode)
                                yaml(annotations.path(Annotations.STATUS).asText());
                        status.remove(list);
                        annotations.put(Annotations.STATUS, status.toString());
                    })
                    .uninjection();

            assertThat(uninjection.kept())
                    .extracting(Uninjection.Kept::toString)
                    .contains(
                            addition
                                    + " is kept: Pillion has added it, and annotation pillion.dev/status does not list it; remove it by hand");
        }

        @Test
        void isNotAnEarlierVolumeOfTheManifest() {
            Trial.Result copied = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: env, env.pillion.dev/variables: A=1}}
                            spec:
                              containers: [{name: web, volumeMounts: [{name: pillion-logs, mountPath: /logs}]}]
                              volumes: [{name: pillion-logs, emptyDir: {}}]
                            """).injected();

            assertThat(copied.again().uninjection().kept()).isEmpty();
        }

        private Trial edited(Consumer<ObjectNode> change) {
            return LaterChangesTest.edited(injected, change);
        }
    }

    @Nested
    class AChangedApp {

        private final Trial trial = annotated("pillion.dev/inject: a").withProfiles(profile("a", """
                        parameters: [{name: port, type: port, default: "${app.ports[0].containerPort}"}]
                        sidecars:
                          - {name: a, image: "a:1", args: ["${string(params.port)}"]}
                          - {name: b, image: "b:1", args: ["${has(app.ports) ? string(app.ports[0].containerPort) : ''}"]}
                        app: {env: [{name: IMAGE, value: "${app.?image.orValue('')}"}]}
                        """));

        private final Consumer<ObjectNode> edit = pod -> {
            ((ObjectNode) pod.at("/spec/containers/0/ports/0")).put("containerPort", 9090);
            ((ObjectNode) pod.at("/spec/containers/0")).put("image", "nginx:2");
        };

        @Test
        void isInjectedAgainForAManifest() {
            Trial.Result injected = trial.injectedManifest();

            Trial.Result again = edited(injected, edit).injectedManifest();

            assertThat(again.pod()).isEqualTo(fresh().injectedManifest().pod());
            assertThat(again.container("a").path("args")).isEqualTo(yaml("['9090']"));
            assertThat(again.container("b").path("args")).isEqualTo(yaml("['9090']"));
            assertThat(again.container("web").at("/env/0/value").asText()).isEqualTo("nginx:2");
            assertThat(again.warnings())
                    .containsExactly("injected again, because the Pod has changed since it was injected");
            assertThat(again.again().decideOnManifest()).isInstanceOf(Decision.Unchanged.class);
        }

        @Test
        void isInjectedAgainByTheWebhookForAnInjectedManifest() {
            Trial.Result injected = trial.injectedManifest();

            assertThat(edited(injected, edit).injected().pod().path("spec"))
                    .isEqualTo(fresh().injected().pod().path("spec"));
        }

        @Test
        void keepsItsCompanionsDuringAnAdmission() {
            Trial.Result injected = trial.injected();

            Trial second = edited(injected, edit.andThen(pod -> ((ObjectNode) pod.at("/spec/initContainers/0"))
                    .put("image", "mirror/a:1")));

            assertThat(second.unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void isUnchangedIfOnlyTheInjectionHasChangedIt(boolean manifest) {
            Trial counting = annotated("pillion.dev/inject: c").withProfiles(profile("c", """
                    sidecars: [{name: c, image: a, args: ["${string(size(pod.spec.?initContainers.orValue([])))}"]}]
                    """));
            Trial.Result injected = manifest ? counting.injectedManifest() : counting.injected();

            assertThat(
                            manifest
                                    ? injected.again().decideOnManifest()
                                    : injected.again().decide())
                    .isInstanceOf(Decision.Unchanged.class);
        }

        private Trial fresh() {
            ObjectNode pod = trial.injected().again().uninjected().deepCopy();
            edit.accept(pod);
            return trial.again(pod);
        }
    }

    private static Trial edited(Trial.Result injected, Consumer<ObjectNode> edit) {
        JsonNode pod = injected.pod().deepCopy();
        edit.accept((ObjectNode) pod);
        assertThat(pod).isNotEqualTo(injected.pod());
        return injected.trial().again(pod);
    }
}
