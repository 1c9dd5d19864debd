package dev.pillion.pod;

import static dev.pillion.pod.Manifests.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.yaml.RandomTree;
import dev.pillion.yaml.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadTest {

    @ParameterizedTest
    @CsvSource({
        "apps/v1, Deployment",
        "apps/v1, StatefulSet",
        "apps/v1, DaemonSet",
        "apps/v1, ReplicaSet",
        "apps/v1beta1, Deployment",
        "batch/v1, Job",
        "v1, ReplicationController",
    })
    void containsAPodTemplate(String apiVersion, String kind) throws Exception {
        // given
        JsonNode manifest = tree("""
                apiVersion: %s
                kind: %s
                metadata: {name: web, namespace: shop}
                spec:
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: app}]}
                """.formatted(apiVersion, kind));

        // when
        Workload workload = Workload.of(manifest).orElseThrow();

        // then
        assertThat(workload.kind()).isEqualTo(kind);
        assertThat(workload.name()).isEqualTo("web");
        assertThat(workload.namespace()).isEqualTo("shop");
        assertThat(workload.podPath()).containsExactly("spec", "template");
        assertThat(workload.podTree()).isSameAs(manifest.at("/spec/template"));
        assertThat(workload.pod().name()).as("as its owner will call it").isEqualTo("web-");
        assertThat(workload.pod().owner()).as("as its Pods will have it").isEqualTo(new Owner(kind, "web"));
        assertThat(workload.pod().labels()).containsEntry("app", "web");
        assertThat(workload.pod().containers()).hasSize(1);
    }

    @Test
    void containsThePodOfACronJob() throws Exception {
        // given
        JsonNode manifest = tree("""
                apiVersion: batch/v1
                kind: CronJob
                metadata: {generateName: nightly-}
                spec: {jobTemplate: {spec: {template: {metadata: {name: own}, spec: {containers: []}}}}}
                """);

        // when
        Workload workload = Workload.of(manifest).orElseThrow();

        // then
        assertThat(workload.name()).isEqualTo("nightly-");
        assertThat(workload.namespace()).isEmpty();
        assertThat(workload.podPath()).containsExactly("spec", "jobTemplate", "spec", "template");
        assertThat(workload.pod().name()).isEqualTo("own");
        assertThat(workload.pod().owner()).isEqualTo(new Owner("CronJob", "nightly-"));
    }

    @Test
    void isThePodItself() throws Exception {
        // given
        JsonNode manifest = tree("{apiVersion: v1, kind: Pod, metadata: {generateName: web-}, spec: {}}");

        // when
        Workload workload = Workload.of(manifest).orElseThrow();

        // then
        assertThat(workload.podPath()).isEmpty();
        assertThat(workload.podTree()).isSameAs(manifest);
        assertThat(workload.pod().name()).isEqualTo("web-");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{apiVersion: batch.volcano.sh/v1alpha1, kind: Job, spec: {template: {spec: {}}}}",
                "{apiVersion: serving.knative.dev/v1, kind: Service, spec: {template: {spec: {}}}}",
                "{apiVersion: v1, kind: Deployment, spec: {template: {spec: {}}}}",
                "{apiVersion: apps/v1, kind: Job, spec: {template: {spec: {}}}}",
                "{apiVersion: apps/v1, kind: ReplicationController, spec: {template: {spec: {}}}}",
                "{apiVersion: example.com/v1, kind: Pod, spec: {}}",
                "{apiVersion: v1, kind: Service, spec: {}}",
                "{kind: Deployment, spec: {template: {spec: {}}}}",
                "{apiVersion: v1}",
                "{}",
                "[]",
                "text",
                "{apiVersion: [], kind: {}}",
            })
    void isEmptyForOtherKinds(String manifest) {
        assertThat(Workload.of(tree(manifest))).isEmpty();
    }

    @Test
    void reportsAMissingSpecOfItsTemplate() {
        // given
        Workload workload = Workload.of(tree("{apiVersion: apps/v1, kind: Deployment, spec: {replicas: 1}}"))
                .orElseThrow();

        // then
        assertThatThrownBy(workload::pod)
                .isInstanceOf(MalformedPodException.class)
                .hasMessageContaining("spec is missing");
    }

    @Test
    void isReadOrRejectedForRandomTrees() {
        Seeds.each(1_000, random -> {
            JsonNode manifest = tree("""
                    apiVersion: batch/v1
                    kind: CronJob
                    metadata: {name: web, namespace: shop}
                    spec: {jobTemplate: {spec: {template: {metadata: {name: own}, spec: {containers: []}}}}}
                    """);
            Manifests.replaceSomething(manifest, random, RandomTree.value(random, 2));
            try {
                if (Workload.of(manifest).isPresent()) {
                    Workload.of(manifest).get().pod();
                }
            } catch (MalformedPodException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        });
    }
}
