package dev.pillion.injection;

import static dev.pillion.injection.Trial.profile;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A Pod is given back as it was, to the field. */
class UninjectTest {

    /** Adds to every list and map that Pillion adds to. */
    private static final String EVERYTHING = profile("everything", """
            initContainers: [{name: first, image: a}]
            sidecars: [{name: beside, image: a, files: [{path: /etc/a/b, content: c}]}]
            volumes: [{name: more, emptyDir: {}}]
            sharedDirectories: [{path: /shared, readers: [beside]}]
            app:
              env: [{name: A, value: a}]
              envFrom: [{configMapRef: {name: a}}]
              volumeMounts: [{name: more, mountPath: /more}]
            pod:
              labels: {a: a}
              annotations: {a: a}
              imagePullSecrets: [{name: a}]
            """);

    static List<Arguments> listsAndMaps() {
        return List.of(
                        "/metadata/labels",
                        "/spec/initContainers",
                        "/spec/volumes",
                        "/spec/imagePullSecrets",
                        "/spec/containers/0/env",
                        "/spec/containers/0/envFrom",
                        "/spec/containers/0/volumeMounts")
                .stream()
                .flatMap(place -> List.of("absent", "null", "empty").stream()
                        .flatMap(before ->
                                List.of(true, false).stream().map(natively -> Arguments.of(place, before, natively))))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("listsAndMaps")
    void givesAListOrMapBackThatWas(String place, String before, boolean natively) {
        ObjectNode pod = (ObjectNode) yaml("""
                metadata: {annotations: {pillion.dev/inject: everything}}
                spec: {containers: [{name: web}]}
                """);
        String owner = place.substring(0, place.lastIndexOf('/'));
        String field = place.substring(place.lastIndexOf('/') + 1);
        ObjectNode at = (ObjectNode) pod.at(owner);
        switch (before) {
            case "null" -> at.putNull(field);
            case "empty" -> at.set(field, yaml(field.equals("labels") ? "{}" : "[]"));
            default -> assertThat(at.has(field)).isFalse();
        }
        Trial trial = Trial.of(pod).withProfiles(EVERYTHING);

        Trial.Result result = (natively ? trial : trial.withPlainSidecars()).injected();

        assertThat(result.at(place)).as("something was added").isNotEmpty();
        assertThat(result.again().uninjected()).isEqualTo(pod);
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(
            strings = {
                "{spec: {containers: [{name: web}]}}",
                "{metadata: null, spec: {containers: [{name: web}]}}",
                "{metadata: {}, spec: {containers: [{name: web}]}}",
                "{metadata: {annotations: null}, spec: {containers: [{name: web}]}}",
                "{metadata: {annotations: {}, labels: {}}, spec: {containers: [{name: web}]}}"
            })
    void givesMetadataBackThatWas(String pod) {
        var result = Trial.of(pod)
                .withProfiles(EVERYTHING)
                .inNamespaceThatInjects("everything")
                .injected();

        assertThat(result.again().unchanged().reason().code()).isEqualTo(Code.ALREADY_INJECTED);
        assertThat(result.again().uninjected()).isEqualTo(yaml(pod));
    }

    @Test
    void givesBackWhatStoodAmongTheAdditions() {
        String pod = """
                metadata:
                  name: web
                  labels: {own: x}
                  annotations:
                    pillion.dev/inject: everything
                    own/annotation~x: "y"
                    cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes: "own, other"
                spec:
                  futureField: {list: [1, 2.50]}
                  initContainers: [{name: own, restartPolicy: Always}]
                  containers:
                    - name: web
                      env: [{name: OWN, value: x}, {name: A, value: own}]
                      envFrom: [{configMapRef: {name: a}}, {secretRef: {name: own}}]
                      volumeMounts: [{name: own, mountPath: /own}, {name: own, mountPath: /more}]
                    - {name: worker, env: []}
                  volumes: [{name: own, emptyDir: {}}]
                  imagePullSecrets: [{name: own}]
                """;

        var result = Trial.of(pod).withProfiles(EVERYTHING).injected();

        assertThat(result.initContainers()).containsExactly("first", "own", "beside");
        assertThat(result.again().uninjected()).isEqualTo(yaml(pod));
    }

    @Test
    void givesAPodBackThatWasNeverInjected() {
        JsonNode pod = yaml("{metadata: {annotations: {a: b}}, spec: {containers: [{name: log-tailer, env: null}]}}");

        assertThat(Trial.of(pod).uninjected()).isEqualTo(pod).isNotSameAs(pod);
    }

    @Test
    void keepsWhatOthersAddedToAListThatPillionMade() {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: everything}}
                        spec: {containers: [{name: web}]}
                        """).withProfiles(EVERYTHING).injected();
        ObjectNode pod = result.pod().deepCopy();
        pod.withArray("/spec/volumes").addObject().put("name", "theirs");
        pod.withObject("/metadata/labels").put("theirs", "x");
        pod.withArray("/spec/initContainers").addObject().put("name", "istio-init");

        JsonNode uninjected = Trial.of(pod).uninjected();

        assertThat(uninjected.at("/spec")).isEqualTo(yaml("""
                containers: [{name: web}]
                volumes: [{name: theirs}]
                initContainers: [{name: istio-init}]
                """));
        assertThat(uninjected.at("/metadata/labels")).isEqualTo(yaml("{theirs: x}"));
    }

    @Test
    void changesNothingOfThePodItIsGiven() {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: everything}}
                        spec: {containers: [{name: web}]}
                        """).withProfiles(EVERYTHING).injected();
        JsonNode copy = result.pod().deepCopy();

        result.again().uninjected();

        assertThat(result.pod()).isEqualTo(copy);
    }
}
