package dev.pillion.cli.doctor.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cli.doctor.check.Finding.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What the checks of the cluster and of Pillion's objects find. */
class InstallationChecksTest extends CheckedInstallation {

    private void assertFailed(Check check, String sentence) {
        assertFound(check, Status.FAILED, sentence);
    }

    private void assertWarning(Check check, String sentence) {
        assertFound(check, Status.WARNING, sentence);
    }

    private void assertOk(Check check, String sentence) {
        assertFound(check, Status.OK, sentence);
    }

    private void editDeployment(Consumer<ObjectNode> change) {
        cluster.edit(Resource.DEPLOYMENT, "pillion", change);
    }

    @Test
    void theOldestVersionIsThatOfTheChart() throws IOException {
        assertThat(Files.readString(Path.of("deploy/helm/pillion/Chart.yaml")))
                .contains("kubeVersion: \">=1." + KubernetesVersionCheck.OLDEST_MINOR + ".0-0\"");
    }

    @Test
    void anOldVersionOfKubernetesFails() {
        cluster.server.on("/version", "{\"gitVersion\": \"v1.26.9\"}");

        assertFailed(new KubernetesVersionCheck(), "Kubernetes v1.26.9 is too old");
    }

    @Test
    void anUnknownVersionIsAWarning() {
        cluster.server.on("/version", "{\"gitVersion\": \"other\"}");

        assertWarning(
                new KubernetesVersionCheck(),
                "The API server reports the version 'other', which is not a version of Kubernetes");
    }

    @Test
    void aClockThatIsAheadOfTheApiServerIsAWarning() {
        cluster.setClock(Duration.ofMinutes(10));

        assertThat(only(new ClockCheck()).sentence())
                .matches("The clock of the API server is (599|600|601) s behind the clock of this machine");
        assertThat(only(new ClockCheck()).status()).isEqualTo(Status.WARNING);
    }

    @Test
    void missingRightsToInstallAreListed() {
        cluster.deny("create deployments.apps in namespace pillion");
        cluster.deny("patch customresourcedefinitions.apiextensions.k8s.io");

        assertFailed(
                new InstallRightsCheck(),
                "You may not install Pillion. Missing: patch customresourcedefinitions.apiextensions.k8s.io, create"
                        + " deployments.apps in namespace pillion");
    }

    @Test
    void aUserWithoutEscalateNeedsTheRightsOfTheRoles() {
        cluster.deny("escalate clusterroles.rbac.authorization.k8s.io");
        assertThat(only(new InstallRightsCheck()).status()).isEqualTo(Status.OK);

        cluster.deny("watch injectionpolicies.pillion.dev");
        assertFailed(
                new InstallRightsCheck(), "You may not install Pillion. Missing: watch injectionpolicies.pillion.dev");
    }

    @Test
    void aNamespaceThatDoesNotExistYetIsNoFinding() {
        cluster.delete(Resource.NAMESPACE, "pillion");

        assertOk(
                new PodSecurityCheck(),
                "Namespace pillion does not exist yet. The manifests create it, and enforce the level restricted");
    }

    @Test
    void anUnknownLevelOfPodSecurityIsAWarning() {
        cluster.namespaces("pillion pod-security.kubernetes.io/enforce=strict");

        assertWarning(
                new PodSecurityCheck(),
                "Namespace pillion has the label pod-security.kubernetes.io/enforce=strict, which is not a level");
    }

    @Test
    void aMissingCustomResourceDefinitionFails() {
        cluster.delete(Resource.CUSTOM_RESOURCE_DEFINITION, "injectionprofiles.pillion.dev");

        assertFailed(
                new CrdsCheck(),
                "CustomResourceDefinition injectionprofiles.pillion.dev does not exist, so the cluster has no such resources");
    }

    @Test
    void anOutdatedCustomResourceDefinitionFailsAndNamesTheField() {
        cluster.edit(Resource.CUSTOM_RESOURCE_DEFINITION, "injectionpolicies.pillion.dev", definition -> {
            ObjectNode fields =
                    (ObjectNode) definition.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties");
            fields.remove("percentage");
            fields.withObject("/priority").put("description", "Another description.");
        });

        assertFailed(
                new CrdsCheck(),
                "CustomResourceDefinition injectionpolicies.pillion.dev is outdated: it differs in spec.percentage");
    }

    /** The API server stores 100.0 as 100. */
    @Test
    void theFormOfANumberDoesNotMatter() {
        cluster.edit(Resource.CUSTOM_RESOURCE_DEFINITION, "injectionpolicies.pillion.dev", definition -> ((ObjectNode)
                        definition.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/percentage"))
                .put("maximum", 100)
                .put("minimum", 0));

        assertThat(only(new CrdsCheck()).status()).isEqualTo(Status.OK);
    }

    @Test
    void aNewerCustomResourceDefinitionIsAWarning() {
        cluster.edit(Resource.CUSTOM_RESOURCE_DEFINITION, "injectionpolicies.pillion.dev", definition -> ((ObjectNode)
                        definition.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties"))
                .putObject("future")
                .put("type", "string"));

        assertWarning(
                new CrdsCheck(),
                "CustomResourceDefinition injectionpolicies.pillion.dev has what this command does not know: spec.future");
    }

    @Test
    void missingRightsOfPillionAreListed() {
        cluster.deny("list pods");

        assertFailed(new RbacCheck(), "ServiceAccount pillion/pillion lacks rights: list pods");
    }

    @Test
    void onlyASelfManagedCertificateNeedsItsRights() {
        cluster.deny("get secrets pillion-ca in namespace pillion");
        assertThat(only(new RbacCheck()).status()).isEqualTo(Status.OK);

        editDeployment(deployment -> FakeInstallation.container(deployment.at("/spec/template/spec"))
                .withArray("env")
                .addObject()
                .put("name", "PILLION_TLS_SELF_MANAGED")
                .put("value", "true"));
        assertFailed(
                new RbacCheck(),
                "ServiceAccount pillion/pillion lacks rights: get secrets pillion-ca in namespace pillion");
    }

    @Test
    void comparesRolesIfTheUserMayNotAskForTheRightsOfOthers() {
        cluster.forbidReviewsOfOthers();
        String source = ". Only the Roles and bindings of the manifests were compared, because you may not create"
                + " subjectaccessreviews.authorization.k8s.io";
        assertOk(new RbacCheck(), "ServiceAccount pillion/pillion has the rights of the manifests" + source);

        cluster.delete(Resource.ROLE_BINDING, "pillion");
        assertFailed(
                new RbacCheck(),
                "ServiceAccount pillion/pillion lacks rights: create leases.coordination.k8s.io in namespace pillion, get"
                        + " leases.coordination.k8s.io pillion in namespace pillion, patch leases.coordination.k8s.io"
                        + " pillion in namespace pillion" + source);
    }

    @Test
    void anImageThatCannotBePulledFails() {
        cluster.editPods(pod -> {
            ObjectNode status = (ObjectNode) pod.at("/status/containerStatuses/0");
            status.put("imageID", "");
            status.putObject("state")
                    .putObject("waiting")
                    .put("reason", "ImagePullBackOff")
                    .put("message", "not found");
        });

        assertThat(cluster.run(new ImageCheck()).getFirst().sentence())
                .isEqualTo("Pod pillion-a cannot pull registry.example.com/pillion:1.2.3: not found");
    }

    @Test
    void aMissingPullSecretFails() {
        editDeployment(deployment -> deployment
                .withObject("/spec/template/spec")
                .putArray("imagePullSecrets")
                .addObject()
                .put("name", "registry"));

        assertFailed(new ImageCheck(), "Pull secret pillion/registry does not exist");
    }

    @Test
    void theImageOfTheManifestsIsInNoRegistry() {
        cluster.delete(Resource.DEPLOYMENT, "pillion");

        assertThat(only(new ImageCheck()).sentence())
                .startsWith("Image localhost/pillion:")
                .endsWith(" is in no registry: there is no published image yet");
    }

    @Test
    void onlyTheReferenceOfAnImageThatWillBeInstalledIsChecked() {
        cluster.install("registry.example.com:5000/team/pillion:1.0.0@sha256:" + "a".repeat(64));
        assertThat(only(new ImageCheck()).sentence())
                .endsWith(" is a valid reference. Nothing else is checked: the command does not contact the registry");

        cluster.install("https://registry.example.com/pillion");
        assertFailed(new ImageCheck(), "'https://registry.example.com/pillion' is not a reference of an image");
    }

    @Test
    void aMissingDeploymentFails() {
        cluster.delete(Resource.DEPLOYMENT, "pillion");

        assertFailed(new DeploymentCheck(), "Deployment pillion/pillion does not exist");
    }

    @Test
    void replicasThatAreNotReadyAreNamedWithTheirReason() {
        editDeployment(deployment -> deployment.putObject("status").put("readyReplicas", 1));
        cluster.editPods(pod -> {
            if (PillionWorkload.name(pod).equals("pillion-b")) {
                ObjectNode status = (ObjectNode) pod.at("/status/containerStatuses/0");
                status.put("ready", false);
                status.putObject("state").putObject("waiting").put("reason", "CrashLoopBackOff");
            }
        });

        assertWarning(new DeploymentCheck(), "1 of 2 replicas ready: pillion-b CrashLoopBackOff");
    }

    @Test
    void noReadyReplicaFails() {
        editDeployment(deployment -> deployment.putObject("status"));
        cluster.noPods();

        assertFailed(new DeploymentCheck(), "No replica is ready");
    }

    @Test
    void oneReplicaIsAWarning() {
        editDeployment(deployment -> {
            deployment.withObject("/spec").put("replicas", 1);
            deployment.putObject("status").put("readyReplicas", 1);
        });

        assertWarning(new DeploymentCheck(), "Pillion has one replica, so each restart is an outage");
    }

    @Test
    void noDisruptionBudgetIsAWarning() {
        cluster.list(Resource.DISRUPTION_BUDGET, "");

        assertWarning(
                new DisruptionBudgetCheck(),
                "No PodDisruptionBudget selects Pillion's Pods, so a drain of nodes can evict all replicas at once");
    }

    @Test
    void aDisruptionBudgetThatBlocksDrainsIsAWarning() {
        cluster.list(Resource.DISRUPTION_BUDGET, "", FakeInstallation.tree("""
                {"metadata": {"name": "all"}, "spec": {"maxUnavailable": 0,
                 "selector": {"matchLabels": {"app.kubernetes.io/name": "pillion"}}}, "status": {"disruptionsAllowed": 0}}
                """));

        assertWarning(
                new DisruptionBudgetCheck(),
                "PodDisruptionBudget all allows no disruption although all replicas are ready, so nodes cannot be drained");
    }

    @Test
    void anotherVersionOfTheReplicasIsAWarning() {
        cluster.editPods(pod -> FakeInstallation.container(pod.path("spec"))
                .put("image", "registry.example.com:5000/pillion:1.2.2-aot"));

        assertWarning(new VersionsCheck(), "This command has the version 1.2.3, and replicas have 1.2.2");
    }

    @Test
    void theVersionOfAnImageWithADigestIsThatOfTheLabel() {
        cluster.setVersion("1.2.3");
        assertOk(new VersionsCheck(), "The replicas and this command have the version 1.2.3");

        cluster.editPods(pod -> FakeInstallation.container(pod.path("spec")).put("image", "pillion:main"));
        assertWarning(
                new VersionsCheck(),
                "The version of a replica is not known: the tag of its image is not a version, and the Pod has no label"
                        + " app.kubernetes.io/version");
    }

    @Test
    void noReplicasHaveNoVersion() {
        cluster.noPods();

        assertWarning(new VersionsCheck(), "Not checked: there is no replica");
    }
}
