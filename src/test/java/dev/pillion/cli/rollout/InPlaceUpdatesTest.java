package dev.pillion.cli.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cli.Run;
import dev.pillion.cli.rollout.SimulatedCluster.Workload;
import dev.pillion.cluster.StubApiServer.Response;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code pillion rollout} after a change of the image of a companion. */
class InPlaceUpdatesTest extends SimulatedRollout {

    private static final String FIRST = SimulatedCluster.PODS + "/web-h1-0";
    private static final String SECOND = SimulatedCluster.PODS + "/web-h1-1";
    private static final String DEPLOYMENT = "/apis/apps/v1/namespaces/shop/deployments/web";

    private Workload web;

    @BeforeEach
    void changeImage() throws IOException {
        web = cluster.add("Deployment", "web", true);
        cluster.changeProfile("busybox:1.37", "busybox:1.38");
    }

    @Test
    void changesTheImagesInTheLivePodsOneAfterTheOther() throws IOException {
        Run run = rolloutOfShop();

        assertThat(run.out())
                .contains(
                        " in-place  logging (outdated): generation ",
                        "image of container log-tailer: busybox:1.37 → busybox:1.38")
                .endsWith("""
                        1 workload: 1 to update in place
                        Deployment/web in namespace shop: Pod web-h1-0: container log-tailer gets busybox:1.38 instead of busybox:1.37
                        Deployment/web in namespace shop: Pod web-h1-1: container log-tailer gets busybox:1.38 instead of busybox:1.37
                        Deployment/web in namespace shop: up to date after 0s
                        1 of 1 workload up to date
                        """);
        assertThat(run.code()).isZero();
        assertThat(cluster.patches()).containsExactly(FIRST, SECOND);
    }

    @Test
    void changesOnlyTheImageAndTheStatus() throws IOException {
        rolloutOfShop();

        JsonNode patch = SimulatedCluster.parse(cluster.server.bodies().getFirst());

        assertThat(patch.path("spec"))
                .isEqualTo(SimulatedCluster.parse(
                        "{\"initContainers\": [{\"name\": \"log-tailer\", \"image\": \"busybox:1.38\"}]}"));
        assertThat(patch.at("/metadata/annotations").propertyStream().map(Map.Entry::getKey))
                .containsExactly("pillion.dev/status");
    }

    @Test
    void theAuditFindsNothingAfterwards() throws IOException {
        assertThat(audit().out()).endsWith("2 Pods: 2 with findings (2 with outdated companions)\n");

        rolloutOfShop();

        assertThat(audit()).isEqualTo(new Run(0, "2 Pods: no findings\n", ""));
    }

    @Test
    void changesOnlyTheStatusIfTheChangeOfTheProfileHasNoEffect() throws IOException {
        cluster.changeProfile("image: ${params.image}", "image: \"${params.image + ''}\"");
        cluster.onChange(pod -> {});

        Run run = rolloutOfShop();

        assertThat(run.out())
                .contains("Deployment/web in namespace shop: Pod web-h1-0: no container changes, only the status\n")
                .contains("up to date after");
        assertThat(cluster.patches()).containsExactly(FIRST, SECOND);
        assertThat(audit().out()).isEqualTo("2 Pods: no findings\n");
    }

    @Test
    void restartsOnRequest() throws IOException {
        Run run = rolloutOfShop("--restart");

        assertThat(run.out()).contains("Deployment/web in namespace shop: restarted\n", "up to date after");
        assertThat(cluster.patches()).containsExactly(DEPLOYMENT);
    }

    @Test
    void restartsIfMoreThanTheImageDiffers() throws IOException {
        cluster.changeProfile("name: log-tailer\n", "name: log-tailer\n      workingDir: /tmp\n");

        rolloutOfShop();

        assertThat(cluster.patches()).containsExactly(DEPLOYMENT);
    }

    @Test
    void updatesPodsThatARestartWouldNotReplace() throws IOException {
        web.spec().withObject("/updateStrategy").put("type", "OnDelete");

        assertThat(rolloutOfShop().out()).contains("1 of 1 workload up to date");
    }

    /** Native sidecars are restarted by kubelets from 1.32 on. A kubelet can be three versions older than the API server. */
    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            v1.36.0, v1.33.1, true
            v1.35.0, -,       true
            v1.34.0, v1.32.0, true
            v1.34.0, v1.31.5, false
            v1.34.0, -,       false
            """)
    void needsAKubeletThatRestartsNativeSidecars(String server, String kubelet, boolean inPlace) throws IOException {
        web.pods().forEach(pod -> pod.withObject("/spec").put("nodeName", "node1"));
        cluster.server.on("/version", "{\"gitVersion\": \"" + server + "\"}");
        if (kubelet == null) {
            cluster.server.on("/api/v1/nodes/node1", 403, "{}");
        } else {
            cluster.server.on(
                    "/api/v1/nodes/node1", "{\"status\": {\"nodeInfo\": {\"kubeletVersion\": \"" + kubelet + "\"}}}");
        }

        Run run = rolloutOfShop("--dry-run");

        assertThat(run.out()).contains(inPlace ? " in-place " : " restart ");
    }

    @Test
    void waitsForAPodBeforeItChangesTheNext() throws IOException {
        cluster.onChange(pod -> {});

        Run run = rolloutOfShop("--timeout", "0s");

        assertThat(run.out())
                .contains(
                        "Deployment/web in namespace shop: not ready after 0s: Pod web-h1-0: the kubelet has not restarted the"
                                + " container yet\n");
        assertThat(run.code()).isEqualTo(1);
        assertThat(cluster.patches()).containsExactly(FIRST);
    }

    @Test
    void changesAsManyPodsAtATimeAsMayBeUnavailable() throws IOException {
        cluster.onChange(pod -> {});

        rolloutOfShop("--timeout", "0s", "--max-unavailable", "2");

        assertThat(cluster.patches()).containsExactly(FIRST, SECOND);
    }

    @Test
    void changesNoReadyPodWhileAnotherPodIsNotReady() throws IOException {
        ObjectNode broken = web.createPod(5, "1", true);
        broken.withArray("/status/conditions").removeAll();

        Run run = rolloutOfShop("--timeout", "0s");

        assertThat(run.out()).contains("not ready after 0s: Pod web-h1-5: is not ready\n");
        assertThat(cluster.patches()).isEmpty();
    }

    /** The new image is a repair, and makes no other Pod unavailable. */
    @Test
    void changesAPodThatIsNotReadyFirst() throws IOException {
        web.pods().getLast().withArray("/status/conditions").removeAll();
        cluster.onChange(pod -> {
            SimulatedCluster.restartContainers(pod);
            pod.withArray("/status/conditions")
                    .removeAll()
                    .add(SimulatedCluster.parse("{\"type\": \"Ready\", \"status\": \"True\"}"));
        });

        rolloutOfShop();

        assertThat(cluster.patches()).containsExactly(SECOND, FIRST);
    }

    @Test
    void namesTheStateOfAContainerThatDoesNotStart() throws IOException {
        cluster.onChange(pod -> {
            pod.withArray("/status/conditions").removeAll();
            ((ObjectNode) pod.at("/status/initContainerStatuses/0"))
                    .put("ready", false)
                    .set("state", SimulatedCluster.parse("{\"waiting\": {\"reason\": \"ErrImagePull\"}}"));
        });

        Run run = rolloutOfShop("--timeout", "0s");

        assertThat(run.out()).contains("Pod web-h1-0: container log-tailer is waiting: ErrImagePull\n");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void aPodThatChangesMeanwhileIsReadAgain() throws IOException {
        ObjectNode first = web.pods().getFirst();
        cluster.server.onPatch(FIRST, _ -> {
            first.withObject("/metadata").put("resourceVersion", "2");
            cluster.add(first);
            return new Response(409, "{\"kind\": \"Status\", \"code\": 409}");
        });

        Run run = rolloutOfShop();

        assertThat(run.out()).contains("1 of 1 workload up to date");
        assertThat(cluster.patches()).containsExactly(FIRST, FIRST, SECOND);
    }

    @Test
    void saysThatPodsCannotBePatched() throws IOException {
        cluster.server.onPatch(FIRST, _ -> new Response(403, "{\"kind\": \"Status\", \"code\": 403}"));

        assertThat(rolloutOfShop().out())
                .contains("does not permit these credentials to patch pods in namespace shop (403)");
    }

    @ParameterizedTest
    @CsvSource({"25%, 1, 1", "50%, 1, 0", "50%, 0, 0", "1, 0, 1", "2, 0, 0"})
    void restartsNoWorkloadWhoseStrategyMakesMorePodsUnavailable(String unavailable, String surge, int restarts)
            throws IOException {
        web.spec().put("replicas", 4);
        ObjectNode update = web.spec().withObject("/strategy/rollingUpdate");
        update.put("maxUnavailable", unavailable).put("maxSurge", surge);
        web.status()
                .put("updatedReplicas", 4)
                .put("availableReplicas", 4)
                .put("replicas", 4)
                .put("readyReplicas", 4);

        Run run = rolloutOfShop("--restart", "--max-unavailable", "1", "--dry-run");

        assertThat(run.out())
                .contains(
                        restarts == 1
                                ? "1 to restart"
                                : "its update strategy allows 2 unavailable Pods, and --max-unavailable allows 1");
    }

    @Test
    void atLeastOnePodMustBeAllowedToBeUnavailable() throws IOException {
        Run run = rolloutOfShop("--max-unavailable", "0");

        assertThat(run.err()).isEqualTo("--max-unavailable must be at least 1, is 0\n");
        assertThat(run.code()).isEqualTo(2);
    }
}
