package dev.pillion.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cli.Run;
import dev.pillion.cluster.StubApiServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pillion explain} of a workload in a cluster: the responses of its API server go in. */
class ExplainLiveWorkloadTest {

    private static final String DEPLOYMENT = """
            {"apiVersion": "apps/v1", "kind": "Deployment",
             "metadata": {"name": "web", "namespace": "shop", "uid": "d1"},
             "spec": {"selector": {"matchLabels": {"app": "web"}},
                      "template": {"metadata": {"labels": {"app": "web"}},
                                   "spec": {"containers": [{"name": "web", "image": "web"}]}}}}
            """;

    private static final String PODS = "/api/v1/namespaces/shop/pods?limit=500&labelSelector=app+in+%28web%29";

    private static final String EVENTS = "/api/v1/namespaces/shop/events?limit=500&fieldSelector=reason%3DFailedCreate";

    @TempDir
    private Path directory;

    private final StubApiServer server = new StubApiServer();

    private ObjectNode pod;

    @BeforeEach
    void fillCluster() throws Exception {
        server.on("/version", "{\"gitVersion\": \"v1.36.0\"}")
                .on("/api/v1/namespaces/shop", """
                        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"team": "shop"}}}
                        """)
                .on("/apis/pillion.dev/v1alpha1/injectionpolicies?limit=500", """
                        {"items": [
                          {"apiVersion": "pillion.dev/v1alpha1", "kind": "InjectionPolicy",
                           "metadata": {"name": "must-log", "generation": 1},
                           "spec": {"mode": "Enforce", "match": {"namespaceSelector": {"matchLabels": {"team": "shop"}}},
                                    "profiles": [{"name": "logging"}]}}]}
                        """)
                .on("/apis/apps/v1/namespaces/shop/deployments/web", DEPLOYMENT)
                .on(EVENTS, "{\"items\": []}");
        pod = injected("pillion.dev/inject: logging");
        serve(pod);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** A Pod of the Deployment after its injection. */
    private static ObjectNode injected(String annotations) throws Exception {
        return (ObjectNode) Run.withInput("""
                        apiVersion: v1
                        kind: Pod
                        metadata:
                          name: web-5f7-abcde
                          namespace: shop
                          creationTimestamp: "2026-01-01T00:00:00Z"
                          labels: {app: web, pod-template-hash: 5f7}
                          annotations: {%s}
                          ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-5f7, uid: r1, controller: true}]
                        spec: {containers: [{name: web, image: web}]}
                        """.formatted(annotations), "inject", "-f", "-", "-o", "json")
                .documents()
                .getFirst();
    }

    private void serve(JsonNode... pods) {
        server.on(PODS, "{\"items\": " + List.of(pods) + "}");
    }

    private Run explain(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("explain", "--kubeconfig"));
        all.add(server.kubeconfig(directory).toString());
        all.addAll(List.of(arguments));
        return Run.of(all.toArray(String[]::new));
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    private ObjectNode companion() {
        return (ObjectNode) pod.at("/spec/initContainers/0");
    }

    @Test
    void showsWhatThePodsWouldGetAndWhatTheyHave() throws IOException {
        Run run = explain("deploy/web", "-n", "shop");

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("Deployment/web in the cluster: injected\n")
                .contains("logging, requested by policy must-log")
                .containsPattern("Pod web-5f7-abcde, \\d+d old: logging \\(generation \\w{8}\\)\n    up to date");
    }

    @Test
    void groupsEqualPods() throws IOException {
        ObjectNode other = pod.deepCopy();
        ((ObjectNode) other.path("metadata")).put("name", "web-5f7-fghij");
        serve(pod, other);

        assertThat(explain("deployment", "web", "-n", "shop").out()).contains("2 Pods web-5f7-abcde, web-5f7-fghij, ");
    }

    @Test
    void reportsPodsWithoutCompanions() throws IOException {
        pod.withObject("/metadata").remove("annotations");
        pod.withObject("/spec").remove("initContainers");
        serve(pod);

        assertThat(explain("deploy/web", "-n", "shop").out())
                .contains("without companions of Pillion")
                .contains("missing logging: ");
    }

    @Test
    void namesTheFieldThatAnotherWebhookStripped() throws IOException {
        companion().remove("securityContext");
        serve(pod);

        assertThat(explain("deploy/web", "-n", "shop").out())
                .contains(
                        "securityContext of container log-tailer was changed or removed; the Pod does not record by whom");
    }

    @Test
    void namesTheManagerOfALaterChange() throws IOException {
        companion().put("image", "busybox:other");
        pod.withObject("/metadata").withArray("managedFields").add(json("""
                        {"manager": "kube-controller-manager", "operation": "Update", "time": "2026-01-01T00:00:00Z",
                         "fieldsV1": {"f:metadata": {"f:annotations": {"f:pillion.dev/status": {}}},
                                      "f:spec": {"f:initContainers": {"k:{\\"name\\":\\"log-tailer\\"}": {"f:image": {}}}}}}
                        """)).add(json("""
                {"manager": "kubectl-set", "operation": "Update", "time": "2026-01-01T00:00:00Z",
                 "fieldsV1": {"f:spec": {"f:initContainers": {"k:{\\"name\\":\\"log-tailer\\"}": {"f:image": {}}}}}}
                """));
        serve(pod);

        assertThat(explain("deploy/web", "-n", "shop").out())
                .contains("image of container log-tailer was changed by kubectl-set");
    }

    @Test
    void doesNotNameTheManagerOfAnotherAnnotation() throws Exception {
        String file = "pillion.dev/file.log-shipper.0";
        pod = injected("pillion.dev/inject: log-shipper, log-shipper.pillion.dev/endpoint: \"http://otel:4318\"");
        pod.withObject("/metadata/annotations").put(file, "other");
        pod.withObject("/metadata").withArray("managedFields").add(json("""
                {"manager": "calico", "operation": "Update", "time": "2026-02-01T00:00:00Z",
                 "fieldsV1": {"f:metadata": {"f:annotations": {"f:cni.projectcalico.org/podIP": {}}}}}
                """));
        serve(pod);

        assertThat(explain("deploy/web", "-n", "shop").out())
                .contains("annotation " + file + " of the Pod was changed or removed")
                .doesNotContain("calico");
    }

    @Test
    void aPodThatHasEndedIsNotCompared() throws IOException {
        companion().put("image", "busybox:old");
        pod.withObject("/status").put("phase", "Succeeded");
        serve(pod);

        assertThat(explain("deploy/web", "-n", "shop").out())
                .contains("not compared: ")
                .doesNotContain("up to date");
    }

    @Test
    void podsOfANamespaceThatTheWebhookExcludesAreNotCompared() throws IOException {
        server.on("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/pillion", """
                {"webhooks": [{"name": "mutate.pillion.dev", "namespaceSelector": {"matchLabels": {"team": "other"}}}]}
                """);

        assertThat(explain("deploy/web", "-n", "shop").out())
                .contains("the webhook configuration excludes namespace shop")
                .contains("not compared: ");
    }

    @Test
    void readsTheEventsOfANamespaceOnce() throws IOException {
        server.on(
                "/apis/apps/v1/namespaces/shop/deployments?limit=500",
                "{\"items\": [" + DEPLOYMENT + "," + DEPLOYMENT + "]}");

        assertThat(explain("deploy", "-n", "shop").code()).isZero();
        assertThat(server.requests())
                .filteredOn(request -> request.contains("/events"))
                .hasSize(1);
    }

    @Test
    void saysThatNothingMatches() throws IOException {
        server.on("/apis/apps/v1/namespaces/shpo/deployments?limit=500&labelSelector=app%3Dweb", "{\"items\": []}");

        Run run = explain("deploy", "-n", "shpo", "-l", "app=web");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("there is no such resource in namespace shpo with labels app=web");
    }

    @Test
    void showsTheDenialFromTheEventsOfTheReplicaSet() throws IOException {
        serve();
        server.on(EVENTS, """
                {"items": [
                  {"lastTimestamp": "2026-01-02T00:00:00Z", "involvedObject": {"kind": "ReplicaSet", "name": "web-5f7"},
                   "message": "Error creating: admission webhook \\"mutate.pillion.dev\\" denied the request: there is no profile 'x'"},
                  {"lastTimestamp": "2026-01-02T00:00:00Z", "involvedObject": {"kind": "ReplicaSet", "name": "web-api-5f7"},
                   "message": "Error creating: admission webhook \\"mutate.pillion.dev\\" denied the request: of another workload"}]}
                """);

        assertThat(explain("deploy/web", "-n", "shop").out())
                .contains("there is no Pod")
                .contains("denied the request: there is no profile 'x'")
                .doesNotContain("of another workload");
    }

    @Test
    void readsAllWorkloadsOfATypeByTheirLabels() throws IOException {
        server.on(
                "/apis/apps/v1/namespaces/shop/deployments?limit=500&labelSelector=app%3Dweb",
                "{\"items\": [" + DEPLOYMENT + "]}");

        assertThat(explain("deployments", "-l", "app=web", "-n", "shop").out())
                .startsWith("Deployment/web in the cluster");
    }

    @Test
    void jsonHasThePods() throws Exception {
        companion().remove("securityContext");
        serve(pod);

        JsonNode workload = explain("deploy/web", "-n", "shop", "-o", "json")
                .documents()
                .getFirst()
                .at("/workloads/0");

        assertThat(workload.at("/pods/0/name").asText()).isEqualTo("web-5f7-abcde");
        assertThat(workload.at("/pods/0/profiles/0/name").asText()).isEqualTo("logging");
        assertThat(workload.at("/pods/0/changes/0/addition").asText())
                .isEqualTo("securityContext of container log-tailer");
    }

    @Test
    void saysThatAWorkloadDoesNotExist() throws IOException {
        Run run = explain("sts/web", "-n", "shop");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("StatefulSet/web does not exist in namespace shop");
    }

    @Test
    void optionsOfTheClusterNeedAResource() throws IOException {
        Run run = explain("-f", "examples/myapp-pod.yaml");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--kubeconfig and --context are for live resources");
    }

    @Test
    void reportsAnUnknownType() throws IOException {
        Run run = explain("deploy/web", "secret/x", "-n", "shop");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("the API server has no resource type 'secret'");
    }
}
