package dev.pillion.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code pillion explain} of custom resources whose controllers create Pods. */
class ExplainCustomResourceTest {

    private static final String ROLLOUTS = "/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts";

    private static final String ROLLOUT = """
            {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout",
             "metadata": {"name": "web", "namespace": "shop", "uid": "o1"},
             "spec": {"selector": {"matchLabels": {"app": "web"}},
                      "template": {"metadata": {"labels": {"app": "web"}, "annotations": {"pillion.dev/inject": "logging"}},
                                   "spec": {"containers": [{"name": "web", "image": "web"}]}}}}
            """;

    private static final String DATABASE = """
            {"apiVersion": "db.example.com/v1", "kind": "Database",
             "metadata": {"name": "orders", "namespace": "shop", "uid": "b1"}, "spec": {"size": 3}}
            """;

    @TempDir
    private Path directory;

    private final StubApiServer server = new StubApiServer();

    @BeforeEach
    void fillCluster() {
        server.on("/version", "{\"gitVersion\": \"v1.36.0\"}")
                .on("/api/v1/namespaces/shop", """
                        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
                        """)
                .on("/apis", """
                        {"kind": "APIGroupList", "apiVersion": "v1", "groups": [
                          {"name": "metrics.k8s.io", "versions": [{"groupVersion": "metrics.k8s.io/v1", "version": "v1"}],
                           "preferredVersion": {"groupVersion": "metrics.k8s.io/v1", "version": "v1"}},
                          {"name": "argoproj.io", "versions": [{"groupVersion": "argoproj.io/v1alpha1", "version": "v1alpha1"}],
                           "preferredVersion": {"groupVersion": "argoproj.io/v1alpha1", "version": "v1alpha1"}},
                          {"name": "db.example.com", "versions": [
                             {"groupVersion": "db.example.com/v1alpha1", "version": "v1alpha1"}, {"groupVersion": "db.example.com/v1", "version": "v1"}],
                           "preferredVersion": {"groupVersion": "db.example.com/v1", "version": "v1"}}]}
                        """)
                .on("/api/v1", """
                        {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "v1", "resources": [
                          {"name": "services", "singularName": "service", "namespaced": true, "kind": "Service",
                           "verbs": ["get", "list"], "shortNames": ["svc"]}]}
                        """)
                .on("/apis/metrics.k8s.io/v1", 503, "{}")
                .on("/apis/argoproj.io/v1alpha1", """
                        {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "argoproj.io/v1alpha1", "resources": [
                          {"name": "rollouts", "singularName": "rollout", "namespaced": true, "kind": "Rollout",
                           "verbs": ["delete", "get", "list"], "shortNames": ["ro"]},
                          {"name": "rollouts/status", "singularName": "", "namespaced": true, "kind": "Rollout", "verbs": ["get"]}]}
                        """)
                .on("/apis/db.example.com/v1", """
                        {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "db.example.com/v1", "resources": [
                          {"name": "databases", "singularName": "database", "namespaced": true, "kind": "Database", "verbs": ["get", "list"]},
                          {"name": "classes", "singularName": "class", "namespaced": false, "kind": "Class", "verbs": ["get", "list"]},
                          {"name": "queries", "singularName": "query", "namespaced": true, "kind": "Query", "verbs": ["create"]}]}
                        """)
                .on(ROLLOUTS + "/web", ROLLOUT)
                .on(ROLLOUTS + "?limit=500", "{\"items\": [" + ROLLOUT + "]}")
                .on("/apis/db.example.com/v1/namespaces/shop/databases/orders", DATABASE)
                .on("/apis/apps/v1/namespaces/shop/replicasets/web-5f7", """
                        {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "web-5f7", "namespace": "shop", "uid": "r1",
                          "ownerReferences": [{"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "web", "uid": "o1",
                                               "controller": true}]}}
                        """)
                .on("/apis/apps/v1/namespaces/shop/statefulsets/orders", """
                        {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "orders", "namespace": "shop", "uid": "s1",
                          "ownerReferences": [{"apiVersion": "db.example.com/v1", "kind": "Database", "name": "orders", "uid": "b1",
                                               "controller": true}]}}
                        """)
                .on("/api/v1/namespaces/shop/events?limit=500&fieldSelector=reason%3DFailedCreate", """
                        {"items": [{"involvedObject": {"kind": "ReplicaSet", "name": "web-5f7"}, "lastTimestamp": "2026-01-02T00:00:00Z",
                                    "message": "Error creating: admission webhook \\"mutate.pillion.dev\\" denied the request: no"}]}
                        """);
        serve(
                pod("web-5f7-a", "2026-01-01T00:00:00Z", "ReplicaSet", "web-5f7", "r1"),
                pod("orders-0", "2026-01-01T00:00:00Z", "StatefulSet", "orders", "s1"),
                pod("orders-1", "2026-01-03T00:00:00Z", "StatefulSet", "orders", "s1"),
                pod("other", "2026-01-01T00:00:00Z", "ReplicaSet", "deleted-1", "gone"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String pod(String name, String created, String kind, String owner, String uid) {
        return """
                {"metadata": {"name": "%s", "namespace": "shop", "creationTimestamp": "%s", "labels": {"app": "web"},
                   "ownerReferences": [{"apiVersion": "apps/v1", "kind": "%s", "name": "%s", "uid": "%s", "controller": true}]},
                 "spec": {"containers": [{"name": "web", "image": "web"}]}}
                """.formatted(name, created, kind, owner, uid);
    }

    private void serve(String... pods) {
        server.on("/api/v1/namespaces/shop/pods?limit=500", "{\"items\": " + List.of(pods) + "}");
    }

    private Run explain(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("explain", "--kubeconfig"));
        all.add(server.kubeconfig(directory).toString());
        all.addAll(List.of("-n", "shop"));
        all.addAll(List.of(arguments));
        return Run.of(all.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rollouts/web",
                "rollout/web",
                "Rollout/web",
                "ro/web",
                "ro web",
                "rollouts.argoproj.io/web",
                "rollout.v1alpha1.argoproj.io/web",
                "ro"
            })
    void showsTheTemplateThePodsAndTheDenialsOfARollout(String arguments) throws IOException {
        Run run = explain(arguments.split(" "));

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("Rollout/web in the cluster: injected\n")
                .containsPattern("Pod web-5f7-a, \\w+ old: without companions of Pillion")
                .contains("reported for ReplicaSet/web-5f7: ")
                .doesNotContain("orders", "other");
    }

    @Test
    void usesTheNewestPodOfAnObjectWithoutATemplate() throws Exception {
        Run run = explain("databases/orders");

        assertThat(run.out())
                .startsWith("Pod/orders-1 in the cluster: unchanged (not-requested)\n")
                .contains("Database/orders has no Pod template, so the decision above is for its newest Pod")
                .contains("2 Pods orders-0, orders-1, the oldest is");
        assertThat(explain("databases/orders", "-o", "json")
                        .documents()
                        .getFirst()
                        .at("/workloads/0/withoutTemplate")
                        .asText())
                .isEqualTo("Database/orders");
    }

    @Test
    void ignoresPodsWhoseControllerIsDeleted() throws IOException {
        serve(pod("other", "2026-01-01T00:00:00Z", "ReplicaSet", "deleted-1", "gone"));

        assertThat(explain("rollouts/web").out()).contains("there is no Pod");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            rolouts/web      | the API server has no resource type 'rolouts'; did you mean 'rollouts'?; the types of these groups could not be read: metrics.k8s.io/v1
            rolouts.argoproj.io/x | the API server has no resource type 'rolouts.argoproj.io'; did you mean 'rollouts.argoproj.io'?
            services/web     | Service/web does not exist in namespace shop
            classes/small    | classes.db.example.com are not in a namespace, so they are not workloads
            queries/one      | queries.db.example.com cannot be read: the API server offers only the verbs create
            rollouts/api     | Rollout/api does not exist in namespace shop
            ro/web,svc/x     | Rollout/web,svc/x does not exist in namespace shop
            """)
    void reportsWhatCannotBeExplained(String argument, String message) throws IOException {
        Run run = explain(argument);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(message);
    }

    @Test
    void reportsAnObjectWithoutTemplateAndPods() throws IOException {
        server.on("/api/v1/namespaces/shop/services/web", """
                {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop", "uid": "v1"}, "spec": {}}
                """);

        assertThat(explain("svc/web").err()).contains("Service/web has no Pod template and no Pods");
    }

    @Test
    void reportsATypeThatTheUserMayNotRead() throws IOException {
        server.on(ROLLOUTS + "/web", 403, "{\"kind\": \"Status\", \"code\": 403}");

        assertThat(explain("rollouts/web").err())
                .contains("does not permit these credentials to read " + ROLLOUTS + "/web (403)");
    }

    @Test
    void builtInTypesNeedNoDiscovery() throws IOException {
        explain("pods");

        assertThat(server.requests()).doesNotContain("GET /apis", "GET /api/v1");
    }

    @Test
    void saysThatThereIsNoSuchFileEither() {
        Run run = Run.of("explain", "shop/web");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("there is no file shop/web, and as a resource of a cluster: ");
    }
}
