package dev.pillion.pod;

import static dev.pillion.pod.Manifests.tree;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OwnerTest {

    private static Owner ownerOf(String metadata) throws Exception {
        return Pod.of(tree("metadata: " + metadata + "\nspec: {containers: [{name: app}]}\n"))
                .owner();
    }

    @Test
    void isTheDeploymentOfAReplicaSet() throws Exception {
        assertThat(
                        ownerOf(
                                "{labels: {pod-template-hash: 5d4f8}, ownerReferences: [{kind: ReplicaSet, name: web-5d4f8, controller: true}]}"))
                .isEqualTo(new Owner("Deployment", "web"));
    }

    @Test
    void isAReplicaSetWithoutADeployment() throws Exception {
        assertThat(ownerOf("{ownerReferences: [{kind: ReplicaSet, name: web, controller: true}]}"))
                .isEqualTo(new Owner("ReplicaSet", "web"));
    }

    @Test
    void isTheCronJobOfAJob() throws Exception {
        assertThat(ownerOf("{ownerReferences: [{kind: Job, name: nightly-29384756, controller: true}]}"))
                .isEqualTo(new Owner("CronJob", "nightly"));
    }

    @Test
    void isAJobWithoutACronJob() throws Exception {
        assertThat(ownerOf("{ownerReferences: [{kind: Job, name: import-2024, controller: true}]}"))
                .isEqualTo(new Owner("Job", "import-2024"));
    }

    @Test
    void isTheControllerAmongSeveral() throws Exception {
        assertThat(
                        ownerOf(
                                "{ownerReferences: [{kind: ConfigMap, name: a}, {kind: StatefulSet, name: db, controller: true}]}"))
                .isEqualTo(new Owner("StatefulSet", "db"));
    }

    @Test
    void isThePodItselfWithoutAController() throws Exception {
        assertThat(ownerOf("{name: web}")).isEqualTo(new Owner("Pod", "web"));
    }

    @Test
    void ofATemplateIsItsWorkload() throws Exception {
        Workload workload = Workload.of(tree("""
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: web}
                        spec: {template: {spec: {containers: [{name: app}]}}}
                        """)).orElseThrow();

        assertThat(workload.pod().owner()).isEqualTo(new Owner("Deployment", "web"));
    }
}
