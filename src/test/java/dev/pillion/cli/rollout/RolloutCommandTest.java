package dev.pillion.cli.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cli.Run;
import dev.pillion.cli.rollout.SimulatedCluster.Workload;
import dev.pillion.cluster.StubApiServer.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RolloutCommandTest extends SimulatedRollout {

    private static final String MISSING =
            "logging (missing): mount pillion-var-log-app at /var/log/app in web; volume pillion-var-log-app (emptyDir); native sidecar"
                    + " log-tailer (busybox:1.37)";

    @ParameterizedTest
    @ValueSource(strings = {"Deployment", "StatefulSet", "DaemonSet"})
    void restartsAWorkloadAndWaitsUntilItsPodsAreUpToDate(String kind) throws IOException {
        cluster.add(kind, "web");

        Run run = rollout("-n", "shop", "--yes");

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains(kind + "/web in namespace shop: restarted\n")
                .contains(kind + "/web in namespace shop: up to date after 0s\n")
                .endsWith("1 of 1 workload up to date\n");
        assertThat(run.code()).isZero();
        assertThat(cluster.patches()).containsExactly(SimulatedCluster.TYPES.get(kind) + "/web");
        assertThat(cluster.server.bodies().getLast())
                .matches("\\{\"spec\":\\{\"template\":\\{\"metadata\":\\{\"annotations\":"
                        + "\\{\"kubectl.kubernetes.io/restartedAt\":\"[0-9TZ:-]+\"}}}}}");
    }

    @Test
    void namesItselfAsTheManagerOfTheField() throws IOException {
        cluster.add("Deployment", "web");

        rollout("-n", "shop", "--yes");

        assertThat(cluster.server.requests()).anyMatch(request -> request.endsWith("?fieldManager=pillion-rollout"));
    }

    @Test
    void aDryRunShowsTheOrderAndChangesNothing() throws IOException {
        cluster.add("StatefulSet", "store");
        cluster.add("Deployment", "web");

        Run run = rollout("-n", "shop", "--dry-run");

        assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ")))
                .satisfiesExactly(
                        title -> assertThat(title).isEqualTo("NAMESPACE WORKLOAD PODS ACTION WHY"),
                        first -> assertThat(first).startsWith("shop Deployment/web 2 restart " + MISSING),
                        second -> assertThat(second).startsWith("shop StatefulSet/store 2 restart " + MISSING),
                        summary -> assertThat(summary).isEqualTo("2 workloads: 2 to restart"));
        assertThat(run.code()).isZero();
        assertThat(cluster.patches()).isEmpty();
    }

    /** Run with {@code -Dupdate=true} to write the output into the page. */
    @Test
    void printsWhatTheDocumentationShows() throws IOException {
        cluster.add("StatefulSet", "store").spec().withObject("/updateStrategy").put("type", "OnDelete");
        cluster.add("Deployment", "web");
        Path path = Path.of("docs/rollout.md");
        String page = Files.readString(path);

        Run run = rollout("-n", "shop", "--yes");

        String printed = "```console\n$ ./pillion rollout -n shop --yes\n" + run.out() + "```\n";
        String written = page.replaceFirst("(?s)```console\n.*?```\n", Matcher.quoteReplacement(printed));
        if (Boolean.getBoolean("update")) {
            Files.writeString(path, written);
        }
        assertThat(page).isEqualTo(written);
    }

    @Test
    void asksForConfirmationOnATerminal() throws IOException {
        cluster.add("Deployment", "web");
        String[] line = cluster.commandLine(directory, "-n", "shop");

        Run refused = Run.onTerminalWithInput("n\n", line);
        Run accepted = Run.onTerminalWithInput("y\n", line);

        assertThat(refused.err()).endsWith("Bring this workload up to date? [y/N] nothing was changed\n");
        assertThat(refused.code()).isZero();
        assertThat(accepted.out()).contains("up to date after");
        assertThat(cluster.patches()).hasSize(1);
    }

    @Test
    void changesNothingWithoutATerminalAndWithoutYes() throws IOException {
        cluster.add("Deployment", "web");

        Run run = rollout("-n", "shop");

        assertThat(run.err())
                .isEqualTo("there is no terminal to ask for confirmation: use --yes, or --dry-run first\n");
        assertThat(run.code()).isEqualTo(2);
        assertThat(cluster.patches()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            deploy/web                        | Deployment/web
            sts                               | StatefulSet/store
            --profile=logging                 | Deployment/web, StatefulSet/store
            --profile=proxy                   | ''
            """)
    void selectsWorkloads(String arguments, String workloads) throws IOException {
        cluster.add("StatefulSet", "store");
        cluster.add("Deployment", "web");

        Run run = rollout(("-n shop --dry-run " + arguments).split(" "));

        assertThat(run.out()
                        .lines()
                        .filter(line -> line.startsWith("shop"))
                        .map(line -> line.split(" +", 3)[1])
                        .toList())
                .isEqualTo(workloads.isEmpty() ? List.of() : List.of(workloads.split(", ")));
    }

    @Test
    void selectsWorkloadsByLabels() throws IOException {
        cluster.add("StatefulSet", "store");
        Workload web = cluster.add("Deployment", "web");
        cluster.server.on(
                "/apis/apps/v1/namespaces/shop/deployments?limit=500&labelSelector=app%3Dweb",
                "{\"items\": [" + web.tree + "]}");

        assertThat(rollout("-n", "shop", "--dry-run", "-l", "app=web").out())
                .contains("Deployment/web")
                .doesNotContain("StatefulSet/store");
    }

    @Test
    void namesAndLabelsExcludeEachOther() throws IOException {
        assertThat(rollout("deploy/web", "-l", "app=web").err())
                .isEqualTo("--selector and --all-namespaces need a TYPE without a name\n");
        assertThat(rollout("deploy/web", "-A").err())
                .isEqualTo("--selector and --all-namespaces need a TYPE without a name\n");
    }

    @Test
    void skipsNamespacesThatTheWebhookExcludes() throws IOException {
        cluster.add("Deployment", "web");
        cluster.server.on("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/pillion", """
                {"webhooks": [{"name": "mutate.pillion.dev", "namespaceSelector": {"matchLabels": {"team": "other"}}}]}
                """);

        assertThat(rollout("-A", "--yes").out()).startsWith("no Pod of the selected workloads");
        assertThat(cluster.patches()).isEmpty();
    }

    @Test
    void anUnknownWorkloadIsAMistake() throws IOException {
        Run run = rollout("-n", "shop", "deploy/wbe");

        assertThat(run.err()).isEqualTo("Deployment/wbe does not exist in namespace shop\n");
        assertThat(run.code()).isEqualTo(2);
    }

    @Test
    void saysThatNothingIsOutdated() throws IOException {
        Run run = rollout("-n", "shop");

        assertThat(run)
                .isEqualTo(
                        new Run(0, "no Pod of the selected workloads lacks a companion or has an outdated one\n", ""));
    }

    @Test
    void leavesAPausedDeploymentAlone() throws IOException {
        cluster.add("Deployment", "web").spec().put("paused", true);

        assertLeftAlone("it is paused");
    }

    @Test
    void neverRestartsAWorkloadWhoseNewPodsWouldBeDenied() throws IOException {
        cluster.add("Deployment", "web")
                .spec()
                .withObject("/template/metadata/annotations")
                .put("pillion.dev/inject", "lgging");

        assertLeftAlone("its new Pods would be denied: annotation pillion.dev/inject: there is no profile 'lgging';"
                + " did you mean 'logging'? (unknown-profile)");
    }

    @Test
    void saysThatARestartDoesNotReplacePodsOfAnOnDeleteStrategy() throws IOException {
        cluster.add("StatefulSet", "store").spec().withObject("/updateStrategy").put("type", "OnDelete");

        assertLeftAlone(
                "its update strategy is OnDelete, so a restart does not replace Pods; delete its Pods one by one");
    }

    @Test
    void saysThatARestartDoesNotReplacePodsBelowThePartition() throws IOException {
        cluster.add("StatefulSet", "store")
                .spec()
                .withObject("/updateStrategy/rollingUpdate")
                .put("partition", 2);

        assertLeftAlone(
                "a restart does not replace Pods with an ordinal below the partition of its update strategy, 2");
    }

    @Test
    void namesOtherKindsAndLeavesThemAlone() throws IOException {
        ObjectNode pod = cluster.add("Deployment", "web").createPod(7, "1", false);
        cluster.rollout(directory, "-n", "shop", "--yes");
        pod.withObject("/metadata/ownerReferences/0").put("kind", "Job").put("name", "load");
        cluster.add(pod);

        assertLeftAlone("only Deployments, StatefulSets and DaemonSets are restarted");
    }

    private void assertLeftAlone(String why) throws IOException {
        int before = cluster.patches().size();

        Run run = rollout("-n", "shop", "--yes");

        assertThat(run.out()).containsPattern(" none +\\Q" + why + "\\E\n").endsWith("1 workload: 1 left alone\n");
        assertThat(run.code()).isZero();
        assertThat(cluster.patches()).hasSize(before);
    }

    @Test
    void stopsAtTheFirstWorkloadThatDoesNotBecomeReadyAndNamesThePodAndItsContainer() throws IOException {
        cluster.add("Deployment", "api");
        cluster.add("Deployment", "web");
        cluster.onRestart(workload -> {
            workload.observe();
            ObjectNode pod = workload.createPod(2, "2", true);
            pod.withObject("/status").removeAll();
            pod.withArray("/status/containerStatuses").add(SimulatedCluster.parse("""
                    {"name": "web", "state": {"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling image \\"web\\""}}}
                    """));
        });

        Run run = rollout("-n", "shop", "--yes", "--timeout", "0s");

        assertThat(run.out())
                .contains(
                        "Deployment/api in namespace shop: not ready after 0s: 0 of 2 Pods are updated; Pod api-h2-2: container web is"
                                + " waiting: ImagePullBackOff: Back-off pulling image \"web\"\n")
                .endsWith(
                        "0 of 2 workloads up to date; 1 not started; correct the problem, and repeat the command to continue\n");
        assertThat(run.code()).isEqualTo(1);
        assertThat(cluster.patches()).containsExactly("/apis/apps/v1/namespaces/shop/deployments/api");
    }

    @Test
    void stopsWhenTheProgressDeadlineIsExceeded() throws IOException {
        cluster.add("Deployment", "web");
        cluster.onRestart(workload -> {
            workload.observe();
            workload.status()
                    .withArray("conditions")
                    .add(SimulatedCluster.parse("""
                    {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}
                    """))
                    .add(SimulatedCluster.parse("""
                    {"type": "ReplicaFailure", "status": "True", "message": "exceeded quota: pods"}
                    """));
        });

        Run run = rollout("-n", "shop", "--yes");

        assertThat(run.out()).contains("not ready after 0s: its progress deadline is exceeded; exceeded quota: pods\n");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void stopsIfTheNewPodsAreNotUpToDateEither() throws IOException {
        cluster.add("Deployment", "web");
        cluster.onRestart(workload -> {
            workload.replacePods();
            workload.createPods("2", false);
        });

        Run run = rollout("-n", "shop", "--yes");

        assertThat(run.out())
                .contains("was restarted, but its new Pods are outdated too: " + MISSING)
                .contains("check that the API server calls the webhook");
        assertThat(run.code()).isEqualTo(1);
        assertThat(cluster.patches()).hasSize(1);
    }

    /** The first run ends after the restart of the workload. The second one must not restart it again. */
    @Test
    void waitsFirstForAWorkloadThatIsBeingRolledOutAndDoesNotRestartItAgain() throws IOException {
        cluster.add("Deployment", "api");
        cluster.add("Deployment", "web");
        cluster.onRestart(workload -> {
            workload.observe();
            workload.createPod(2, "2", true);
        });
        rollout("-n", "shop", "deploy/web", "--yes", "--timeout", "0s");
        cluster.onRestart(SimulatedCluster.Workload::replacePods);

        Run planned = rollout("-n", "shop", "--dry-run");
        Run stopped = rollout("-n", "shop", "--yes", "--timeout", "0s");

        assertThat(planned.out()).containsSubsequence("Deployment/web  2     wait ", "Deployment/api  2     restart ");
        assertThat(stopped.out())
                .contains("Deployment/web in namespace shop: not ready after 0s: 0 of 2 Pods are updated");
        assertThat(cluster.patches()).containsExactly("/apis/apps/v1/namespaces/shop/deployments/web");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Deployment", "StatefulSet", "DaemonSet"})
    void continuesAfterARolloutThatWasBegunBefore(String kind) throws IOException {
        Workload web = cluster.add(kind, "web");
        cluster.onRestart(Workload::observe);
        rollout("-n", "shop", "--yes", "--timeout", "0s");
        completeWhenItIsReadAgain(kind, web);

        Run run = rollout("-n", "shop", "--yes");

        assertThat(run.out()).contains("wait", kind + "/web in namespace shop: up to date after");
        assertThat(cluster.patches()).hasSize(1);
    }

    /** A restart whose new Pods are outdated already, because the profile has changed meanwhile, is not waited for. */
    @Test
    void restartsAgainIfThePodsOfARolloutInProgressAreOutdated() throws IOException {
        Workload web = cluster.add("Deployment", "web");
        cluster.onRestart(workload -> {
            workload.observe();
            workload.createPod(2, "2", false);
        });
        rollout("-n", "shop", "--yes", "--timeout", "0s");
        cluster.onRestart(Workload::replacePods);

        Run run = rollout("-n", "shop", "--yes");

        assertThat(run.out()).contains("restart", "up to date after 0s");
        assertThat(cluster.patches()).hasSize(2);
        assertThat(web.revision()).isEqualTo(3);
    }

    /** The controller has not seen the restart of the first run yet. */
    @Test
    void doesNotRestartAWorkloadAgainBeforeItsControllerHasSeenTheRestart() throws IOException {
        cluster.add("Deployment", "web");
        cluster.onRestart(_ -> {});
        rollout("-n", "shop", "--yes", "--timeout", "0s");

        Run run = rollout("-n", "shop", "--yes", "--timeout", "0s");

        assertThat(run.out()).contains("the controller has not seen the new template yet");
        assertThat(cluster.patches()).hasSize(1);
    }

    private void completeWhenItIsReadAgain(String kind, Workload workload) {
        cluster.server.on(SimulatedCluster.TYPES.get(kind) + "/web", () -> {
            Response before = new Response(200, workload.tree.toString());
            workload.complete();
            return before;
        });
    }

    @Test
    void saysWhichRightIsMissing() throws IOException {
        cluster.add("Deployment", "web");
        cluster.server.onPatch(
                "/apis/apps/v1/namespaces/shop/deployments/web",
                _ -> new Response(403, "{\"kind\": \"Status\", \"code\": 403}"));

        Run run = rollout("-n", "shop", "--yes");

        assertThat(run.out())
                .containsPattern(
                        "Deployment/web in namespace shop: the API server at \\S+ does not permit these credentials to patch"
                                + " deployments in namespace shop \\(403\\)\n");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void printsAnObjectForEachWorkload() throws Exception {
        cluster.add("Deployment", "api").spec().put("paused", true);
        cluster.add("Deployment", "web");

        Run run = rollout("-n", "shop", "--yes", "-o", "json");

        assertThat(run.err()).contains("Deployment/web in namespace shop: restarted\n");
        assertThat(run.documents().getFirst().toString().replaceAll("\"why\":\\[[^]]*]", "\"why\":[]"))
                .isEqualTo(
                        "[{\"namespace\":\"shop\",\"workload\":\"Deployment/web\",\"pods\":2,\"action\":\"restart\",\"why\":[],"
                                + "\"outcome\":\"up-to-date\",\"detail\":\"up to date after 0s\"},"
                                + "{\"namespace\":\"shop\",\"workload\":\"Deployment/api\",\"pods\":2,\"action\":\"none\",\"why\":[],"
                                + "\"outcome\":\"left-alone\",\"detail\":\"it is paused\"}]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "m", "1d", "-1s"})
    void aTimeoutHasAUnit(String timeout) throws IOException {
        Run run = rollout("--timeout=" + timeout);

        assertThat(run.err()).contains("must be a duration such as 90s, 10m or 1h, is '" + timeout + "'");
        assertThat(run.code()).isEqualTo(2);
    }
}
