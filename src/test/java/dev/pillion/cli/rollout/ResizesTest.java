package dev.pillion.cli.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cli.Run;
import dev.pillion.cli.rollout.SimulatedCluster.Workload;
import dev.pillion.cluster.StubApiServer.Response;
import dev.pillion.injection.Trial;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code pillion rollout} after a change of the resources of a companion. */
class ResizesTest extends SimulatedRollout {

    private static final String FIRST = SimulatedCluster.PODS + "/web-h1-0";
    private static final String SECOND = SimulatedCluster.PODS + "/web-h1-1";
    private static final String DEPLOYMENT = "/apis/apps/v1/namespaces/shop/deployments/web";

    private static final String BEFORE = """
            requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
            """.strip();

    private static final String AFTER = BEFORE.replace("16Mi", "32Mi").replace("64Mi", "128Mi");

    private Workload web;

    @BeforeEach
    void changeResources() throws IOException {
        web = cluster.add("Deployment", "web", true);
        cluster.changeProfile(BEFORE, AFTER);
    }

    @Test
    void changesTheResourcesOfTheLivePodsOneAfterTheOther() throws IOException {
        Run run = rolloutOfShop();

        assertThat(run.out())
                .contains(
                        " in-place  logging (outdated): generation ",
                        "differences: resources of container log-tailer\n")
                .endsWith("""
                        1 workload: 1 to update in place
                        Deployment/web in namespace shop: Pod web-h1-0: container log-tailer gets requests.memory 32Mi instead of 16Mi, limits.memory 128Mi instead of 64Mi
                        Deployment/web in namespace shop: Pod web-h1-1: container log-tailer gets requests.memory 32Mi instead of 16Mi, limits.memory 128Mi instead of 64Mi
                        Deployment/web in namespace shop: up to date after 0s
                        1 of 1 workload up to date
                        """);
        assertThat(run.code()).isZero();
        assertThat(cluster.patches()).containsExactly(FIRST + "/resize", FIRST, SECOND + "/resize", SECOND);
    }

    /** The subresource ignores annotations, so the status comes in a request of its own, after the kubelet has applied the resources. */
    @Test
    void changesTheResourcesAndThenTheStatus() throws IOException {
        rolloutOfShop();

        JsonNode resize = SimulatedCluster.parse(cluster.server.bodies().getFirst());
        JsonNode change = SimulatedCluster.parse(cluster.server.bodies().get(1));
        assertThat(resize).isEqualTo(SimulatedCluster.parse("""
                                {"metadata": {"resourceVersion": "1"},
                                 "spec": {"initContainers": [{"name": "log-tailer", "resources":
                                   {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "128Mi"}}}]}}
                                """));
        assertThat(change.path("spec")).isEmpty();
        assertThat(change.at("/metadata/annotations").propertyStream().map(each -> each.getKey()))
                .containsExactly("pillion.dev/status");
    }

    @Test
    void auditAndExplainFindNothingAfterwards() throws IOException {
        assertThat(audit().out()).endsWith("2 Pods: 2 with findings (2 with outdated companions)\n");

        rolloutOfShop();

        assertThat(audit()).isEqualTo(new Run(0, "2 Pods: no findings\n", ""));
        cluster.server.on(
                "/api/v1/namespaces/shop/events?limit=500&fieldSelector=reason%3DFailedCreate", "{\"items\": []}");
        Run explained = Run.of(
                "explain",
                "deploy/web",
                "-n",
                "shop",
                "--kubeconfig",
                cluster.server.kubeconfig(directory).toString());
        assertThat(explained.out()).contains("up to date").doesNotContain("was changed");
    }

    /** Pods of strict namespaces stay what their policies require. */
    @Test
    void theChangedPodsComplyWithThePolicy() throws IOException {
        rolloutOfShop();

        String profile = Files.readString(cluster.profiles.resolve("logging.yaml"));
        String policy = Trial.policy("must-log", "mode: Enforce\nmatch: {}\nprofiles: [{name: logging}]\n");
        assertThat(cluster.pods()).hasSize(2).allSatisfy(pod -> assertThat(
                        Trial.of(pod).withPolicies(policy, profile).missing())
                .isEmpty());
    }

    @Test
    void changesTheImageToo() throws IOException {
        cluster.changeProfile(BEFORE, AFTER, "busybox:1.37", "busybox:1.38");

        Run run = rolloutOfShop();

        assertThat(run.out())
                .contains("Pod web-h1-0: container log-tailer gets requests.memory 32Mi instead of 16Mi, limits.memory")
                .contains("Pod web-h1-0: container log-tailer gets busybox:1.38 instead of busybox:1.37")
                .endsWith("1 of 1 workload up to date\n");
        assertThat(cluster.patches()).containsExactly(FIRST + "/resize", FIRST, SECOND + "/resize", SECOND);
        assertThat(audit().out()).isEqualTo("2 Pods: no findings\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            403 | {"kind": "Status", "code": 403, "message": "cannot patch resource \\"pods/resize\\""}            | (403): cannot patch resource "pods/resize"
            404 | {"kind": "Status", "code": 404, "message": "the server could not find the requested resource"} | (404): the server could not find the requested resource
            422 | {"kind": "Status", "code": 422, "message": "Pod QOS Class may not change"}                     | (422): Pod QOS Class may not change
            """)
    void restartsTheWorkloadIfTheApiServerRejectsTheChange(int code, String status, String reason) throws IOException {
        cluster.server.onPatch(FIRST + "/resize", _ -> new Response(code, status));

        Run run = rolloutOfShop();

        assertThat(run.out())
                .contains(
                        "Deployment/web in namespace shop: cannot be updated in place: Pod web-h1-0: the API server rejects"
                                + " the resize " + reason + "\nDeployment/web in namespace shop: restarted\n")
                .endsWith("1 of 1 workload up to date\n");
        assertThat(run.code()).isZero();
        assertThat(cluster.patches()).containsExactly(FIRST + "/resize", DEPLOYMENT);
    }

    @Test
    void anErrorOfTheApiServerIsNoReasonForARestart() throws IOException {
        cluster.server.onPatch(FIRST + "/resize", _ -> new Response(410, "{\"kind\": \"Status\", \"code\": 410}"));

        Run run = rolloutOfShop();

        assertThat(run.out()).contains("(410)").doesNotContain("restarted");
        assertThat(run.code()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "PodResizePending, Infeasible, Node didn't have enough capacity",
        "PodResizePending, Deferred, Node didn't have enough resource: memory",
        "PodResizeInProgress, Error, memory limit below the current usage"
    })
    void restartsTheWorkloadIfTheKubeletCannotApplyTheChange(String type, String reason, String message)
            throws IOException {
        cluster.onResize(pod -> condition(pod, type, reason, message));

        Run run = rolloutOfShop("--timeout", "0s");

        assertThat(run.out())
                .contains("cannot be updated in place: Pod web-h1-0: the kubelet does not apply the new resources ("
                        + reason + ": " + message + ")\nDeployment/web in namespace shop: restarted\n")
                .endsWith("1 of 1 workload up to date\n");
        assertThat(cluster.patches()).containsExactly(FIRST + "/resize", DEPLOYMENT);
    }

    private static void condition(ObjectNode pod, String type, String reason, String message) {
        pod.withArray("/status/conditions")
                .addObject()
                .put("type", type)
                .put("status", "True")
                .put("reason", reason)
                .put("message", message);
    }

    /** Nothing claims that the Pod is up to date before the container has the resources. */
    @Test
    void waitsUntilTheKubeletHasAppliedTheChange() throws IOException {
        cluster.onResize(_ -> {});

        Run run = rolloutOfShop("--timeout", "0s");

        assertThat(run.out())
                .contains("not ready after 0s: Pod web-h1-0: the kubelet has not applied the new resources yet\n");
        assertThat(run.code()).isEqualTo(1);
        assertThat(cluster.patches()).containsExactly(FIRST + "/resize");
        assertThat(audit().out()).contains("2 with outdated companions");
    }

    @Test
    void continuesWithAPodWhoseResourcesWereChangedBefore() throws IOException {
        cluster.onResize(_ -> {});
        rolloutOfShop("--timeout", "0s");
        cluster.onResize(SimulatedCluster::applyResources);
        web.pods().forEach(SimulatedCluster::applyResources);

        Run run = rolloutOfShop();

        assertThat(run.out()).endsWith("1 of 1 workload up to date\n");
        assertThat(cluster.patches()).containsExactly(FIRST + "/resize", FIRST, SECOND + "/resize", SECOND);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 409})
    void aPodThatHasChangedOrWasDeletedIsReadAgain(int code) throws IOException {
        ObjectNode first = web.pods().getFirst();
        cluster.server.onPatch(FIRST + "/resize", _ -> {
            cluster.add(first);
            return new Response(
                    code, "{\"kind\": \"Status\", \"code\": " + code + ", \"details\": {\"name\": \"web-h1-0\"}}");
        });

        Run run = rolloutOfShop();

        assertThat(run.out()).endsWith("1 of 1 workload up to date\n");
        assertThat(cluster.patches())
                .containsExactly(FIRST + "/resize", FIRST + "/resize", FIRST, SECOND + "/resize", SECOND);
    }

    @ParameterizedTest
    @CsvSource({"v1.36.0, true, true", "v1.33.0, true, true", "v1.32.4, true, false", "v1.36.0, false, false"})
    void needsAClusterAndAKubeletThatCanResize(String server, boolean kubelet, boolean inPlace) throws IOException {
        cluster.server.on("/version", "{\"gitVersion\": \"" + server + "\"}");
        web.pods().forEach(pod -> {
            ObjectNode status = pod.withArray("/status/containerStatuses").addObject();
            status.put("name", "web").putObject("state").putObject("running");
            if (kubelet) {
                status.putObject("resources");
            }
        });

        assertThat(rollout("-n", "shop", "--dry-run").out()).contains(inPlace ? " in-place " : " restart ");
    }

    /** A restart replaces no Pod, and the Pods do not have the new resources. */
    @Test
    void leavesPodsOfAnOnDeleteStrategyAlone() throws IOException {
        web.spec().withObject("/updateStrategy").put("type", "OnDelete");
        cluster.server.onPatch(FIRST + "/resize", _ -> new Response(403, "{\"kind\": \"Status\", \"code\": 403}"));

        Run run = rolloutOfShop();

        assertThat(run.out()).contains("left alone: its update strategy is OnDelete");
        assertThat(cluster.patches()).containsExactly(FIRST + "/resize");
    }

    @Test
    void restartsOnRequest() throws IOException {
        rolloutOfShop("--restart");

        assertThat(cluster.patches()).containsExactly(DEPLOYMENT);
    }
}
