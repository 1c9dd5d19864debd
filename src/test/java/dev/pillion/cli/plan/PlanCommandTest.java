package dev.pillion.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cli.Run;
import dev.pillion.cluster.StubApiServer;
import dev.pillion.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code pillion plan}: the responses of an API server and a directory go in. */
class PlanCommandTest {

    private static final String WEBHOOK = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/pillion";
    private static final String PROFILES = "/apis/pillion.dev/v1alpha1/injectionprofiles?limit=500";
    private static final String POLICIES = "/apis/pillion.dev/v1alpha1/injectionpolicies?limit=500";
    private static final String DEPLOYMENTS = "/apis/apps/v1/deployments?limit=500";

    @TempDir
    private Path directory;

    private final StubApiServer server = new StubApiServer();

    private Path platform;

    @BeforeEach
    void fillCluster() throws IOException {
        platform = Files.createDirectory(directory.resolve("platform"));
        server.on("/version", "{\"gitVersion\": \"v1.36.0\"}")
                .on("/api/v1/namespaces?limit=500", list("""
                        {"metadata": {"name": "bank", "labels": {"kubernetes.io/metadata.name": "bank"}}}""", """
                        {"metadata": {"name": "shop", "labels": {"kubernetes.io/metadata.name": "shop"}}}""", """
                        {"metadata": {"name": "storage", "labels": {"kubernetes.io/metadata.name": "storage"}}}"""))
                .on(PROFILES, list(profile("agent", "agent:1", "10m")))
                .on(POLICIES, list(policy("agents", "Enforce", "agent", "bank")))
                .on(WEBHOOK, """
                        {"webhooks": [
                          {"name": "mutate.pillion.dev", "namespaceSelector": {"matchExpressions": [
                            {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["kube-system", "storage"]}]}}]}
                        """);
        deployments(deployment("bank", "ledger", 3, ""), deployment("shop", "web", 2, ""));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void deployments(String... deployments) {
        server.on(DEPLOYMENTS, list(deployments));
    }

    private static String list(String... items) {
        return "{\"items\": [" + String.join(", ", items) + "]}";
    }

    private static String deployment(String namespace, String name, int replicas, String annotations) {
        return """
                {"metadata": {"name": "%s", "namespace": "%s"},
                 "spec": {"replicas": %d, "selector": {"matchLabels": {"app": "%s"}}, "template": %s}}
                """.formatted(name, namespace, replicas, name, template(annotations));
    }

    private static String template(String annotations) {
        return """
                {"metadata": {"labels": {"app": "app"}, "annotations": {%s}},
                 "spec": {"containers": [{"name": "app", "image": "app"}]}}""".formatted(annotations);
    }

    private static String profile(String name, String image, String cpu) {
        return """
                {"apiVersion": "pillion.dev/v1alpha1", "kind": "InjectionProfile", "metadata": {"name": "%s"},
                 "spec": {"description": "Agent.", "sidecars": [{"name": "%s", "image": "%s",
                          "resources": {"requests": {"cpu": "%s", "memory": "16Mi"}, "limits": {"memory": "32Mi"}}}]}}
                """.formatted(name, name, image, cpu);
    }

    private static String policy(String name, String mode, String profile, String namespace) {
        return """
                {"apiVersion": "pillion.dev/v1alpha1", "kind": "InjectionPolicy", "metadata": {"name": "%s"},
                 "spec": {"mode": "%s", "profiles": [{"name": "%s"}],
                          "match": {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "%s"}}}}}
                """.formatted(name, mode, profile, namespace);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(platform.resolve(name), text);
    }

    private Run plan(String... options) throws IOException {
        return planWith("", options);
    }

    private Run planWith(String input, String... options) throws IOException {
        String[] arguments = new String[options.length + 3];
        arguments[0] = "plan";
        arguments[1] = "--kubeconfig";
        arguments[2] = server.kubeconfig(directory).toString();
        System.arraycopy(options, 0, arguments, 3, options.length);
        return Run.withInput(input, arguments);
    }

    private Run planDirectory(String... options) throws IOException {
        String[] all = new String[options.length + 1];
        all[0] = platform.toString();
        System.arraycopy(options, 0, all, 1, options.length);
        return plan(all);
    }

    /** The columns of each change without the detail. */
    private static List<String> changes(Run run) {
        return run.out()
                .lines()
                .filter(line -> line.matches("\\S+ +\\w+/.*"))
                .map(line -> line.replaceAll(" {2,}", " | ")
                        .replaceFirst("(([^|]+\\|){5}[^|]+)\\|.*", "$1")
                        .strip())
                .toList();
    }

    @Test
    void theSameProfilesChangeNothing() throws IOException {
        file("agent.yaml", profile("agent", "agent:1", "10m"));

        Run run = planDirectory();

        assertThat(run.out()).isEqualTo("2 workloads with 5 Pods: 2 unchanged\n");
        assertThat(run.code()).isZero();
    }

    @Test
    void aChangedProfileChangesTheWorkloadsThatGetIt() throws IOException {
        file("agent.yaml", profile("agent", "agent:2", "10m"));

        Run run = planDirectory();

        assertThat(changes(run)).containsExactly("bank | Deployment/ledger | 3 | changes | agent | policy agents");
        assertThat(run.out())
                .containsPattern("generation \\w{8} → \\w{8}; differences: image of container agent: agent:1 → agent:2")
                .endsWith("2 workloads with 5 Pods: 1 unchanged, 1 with changes\n");
        assertThat(run.code()).isZero();
    }

    @Test
    void aPolicyThatMovesToAnotherNamespaceGivesAndTakesAway() throws IOException {
        file("policy.yaml", policy("agents", "Enforce", "agent", "shop"));

        Run run = planDirectory();

        assertThat(changes(run))
                .containsExactly(
                        "bank | Deployment/ledger | 3 | loses | agent | policy agents",
                        "shop | Deployment/web | 2 | gains | agent | policy agents");
        assertThat(run.out())
                .contains("native sidecar agent (agent:1)")
                .contains("1 with gains, 1 with losses")
                .containsPattern("bank +-30m +-48Mi +-\n")
                .containsPattern("shop +\\+20m +\\+32Mi +-\n");
    }

    @Test
    void resourcesOfTheClusterStayInForceUnlessTheyArePruned() throws IOException {
        file("other.yaml", profile("other", "other:1", "10m"));

        assertThat(planDirectory().out()).contains("2 unchanged");
        assertThat(changes(planDirectory("--prune")))
                .containsExactly("bank | Deployment/ledger | 3 | loses | agent | policy agents");
    }

    @Test
    void aPolicyOfAFileCanNameAProfileOfTheCluster() throws IOException {
        Run run = planWith(policy("more", "Enforce", "agent", "shop"), "-f", "-");

        assertThat(changes(run)).containsExactly("shop | Deployment/web | 2 | gains | agent | policy more");
    }

    @Test
    void aNewDenialIsListedFirstAndChangesTheExitCode() throws IOException {
        deployments(
                deployment("bank", "ledger", 3, ""),
                deployment("shop", "already", 1, "\"pillion.dev/inject\": \"nothing\""),
                deployment("shop", "web", 2, "\"pillion.dev/inject\": \"agent\""));
        file(
                "agent.yaml",
                profile("agent", "agent:2", "10m")
                        .replace(
                                "\"sidecars\"",
                                "\"parameters\": [{\"name\": \"key\", \"type\": \"string\", \"required\": true}], \"sidecars\""));
        file(
                "policy.yaml",
                policy("agents", "Enforce", "agent", "bank")
                        .replace("{\"name\": \"agent\"}", "{\"name\": \"agent\", \"parameters\": {\"key\": \"x\"}}"));

        Run run = planDirectory();

        assertThat(changes(run))
                .containsExactly(
                        "shop | Deployment/web | 2 | denied | agent | annotation pillion.dev/inject",
                        "bank | Deployment/ledger | 3 | changes | agent | policy agents",
                        "shop | Deployment/already | 1 | still-denied | - | -");
        assertThat(run.out())
                .contains("agent.pillion.dev/key")
                .endsWith(
                        "3 workloads with 6 Pods: 0 unchanged, 1 would be denied, 1 with changes, 1 denied already\n");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void aWorkloadThatIsNoLongerDeniedIsNoProblem() throws IOException {
        deployments(deployment("shop", "web", 2, "\"pillion.dev/inject\": \"other\""));
        file("other.yaml", profile("other", "other:1", "10m"));

        Run run = planDirectory();

        assertThat(changes(run))
                .containsExactly(
                        "shop | Deployment/web | 2 | gains | other | annotation pillion.dev/inject",
                        "shop | Deployment/web | 2 | admitted | - | -");
        assertThat(run.code()).isZero();
    }

    @Test
    void policiesInAuditModeAreReportedAndAreNoGains() throws IOException {
        file("policy.yaml", policy("try", "Audit", "agent", "shop"));

        Run run = planDirectory();

        assertThat(changes(run)).containsExactly("shop | Deployment/web | 2 | audited | agent | policy try");
        assertThat(run.out())
                .endsWith("2 workloads with 5 Pods: 2 unchanged, 1 with profiles of policies in Audit mode\n");
        assertThat(run.code()).isZero();
    }

    @Test
    void anEnforcedProfileThatCannotBeProvidedIsReported() throws IOException {
        file("policy.yaml", policy("meters", "Enforce", "metrics", "shop"));

        Run run = planDirectory();

        assertThat(changes(run)).containsExactly("shop | Deployment/web | 2 | unmet | metrics | policy meters");
        assertThat(run.out())
                .contains("its parameter 'endpoint' needs a value")
                .endsWith("2 workloads with 5 Pods: 2 unchanged, 1 without a profile that a policy enforces\n");
        assertThat(run.code()).isZero();
    }

    /** The validating webhook denies Pods of strict namespaces. */
    @Test
    void inAStrictNamespaceAnEnforcedProfileThatCannotBeProvidedIsADenial() throws IOException {
        server.on("/api/v1/namespaces?limit=500", list("""
                {"metadata": {"name": "shop", "labels": {"kubernetes.io/metadata.name": "shop", "pillion.dev/enforcement": "strict"}}}"""));
        file("policy.yaml", policy("meters", "Enforce", "metrics", "shop"));

        Run run = planDirectory();

        assertThat(changes(run)).containsExactly("shop | Deployment/web | 2 | denied | metrics | policy meters");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void aQuotaThatWouldBeExceededChangesTheExitCode() throws IOException {
        server.on("/api/v1/resourcequotas?limit=500", list("""
                {"metadata": {"name": "team", "namespace": "bank"}, "spec": {"hard": {"requests.cpu": "1", "memory": "1Gi"}},
                 "status": {"hard": {"requests.cpu": "1", "memory": "1Gi"}, "used": {"requests.cpu": "800m", "memory": "256Mi"}}}"""));
        file("agent.yaml", profile("agent", "agent:1", "110m").replace("16Mi", "32Mi"));

        Run run = planDirectory();

        assertThat(run.out())
                .containsPattern(
                        "bank +\\+300m +\\+48Mi +ResourceQuota/team: requests.cpu 800m \\+ 300m of 1: exceeded\n"
                                + " +ResourceQuota/team: memory 256Mi \\+ 48Mi of 1Gi\n")
                .endsWith("; 1 limit of a quota would be exceeded\n");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void aQuotaWithEnoughRoomIsNoProblem() throws IOException {
        server.on("/api/v1/resourcequotas?limit=500", list("""
                {"metadata": {"name": "team", "namespace": "bank"}, "spec": {"hard": {"requests.cpu": "1"}},
                 "status": {"hard": {"requests.cpu": "1"}, "used": {"requests.cpu": "700m"}}}"""));
        file("agent.yaml", profile("agent", "agent:1", "110m"));

        Run run = planDirectory();

        assertThat(run.out()).contains("ResourceQuota/team: requests.cpu 700m + 300m of 1\n");
        assertThat(run.code()).isZero();
    }

    @Test
    void theDefaultsOfALimitRangeCount() throws IOException {
        server.on("/api/v1/limitranges?limit=500", list("""
                {"metadata": {"name": "defaults", "namespace": "shop"},
                 "spec": {"limits": [{"type": "Container", "default": {"cpu": "200m"}, "defaultRequest": {"cpu": "50m"}}]}}""")).on("/api/v1/resourcequotas?limit=500", list("""
                {"metadata": {"name": "team", "namespace": "shop"}, "spec": {"hard": {"limits.cpu": "1"}},
                 "status": {"hard": {"limits.cpu": "1"}, "used": {"limits.cpu": "400m"}}}"""));
        file("policy.yaml", policy("more", "Enforce", "agent", "shop"));

        assertThat(planDirectory().out())
                .containsPattern("shop +\\+20m +\\+32Mi +ResourceQuota/team: limits.cpu 400m \\+ 400m of 1\n");
    }

    @Test
    void podsThatPodSecurityWouldRejectChangeTheExitCode() throws IOException {
        server.on("/api/v1/namespaces?limit=500", list("""
                {"metadata": {"name": "bank", "labels": {"kubernetes.io/metadata.name": "bank",
                 "pod-security.kubernetes.io/enforce": "restricted"}}}"""));
        file(
                "agent.yaml",
                profile("agent", "agent:1", "10m")
                        .replace(
                                "\"resources\"",
                                "\"securityContext\": {\"runAsUser\": 0, \"runAsNonRoot\": false}, \"resources\""));

        Run run = planDirectory();

        assertThat(changes(run)).contains("bank | Deployment/ledger | 3 | rejected | - | -");
        assertThat(run.out())
                .contains(
                        "namespace bank enforces Pod Security 'restricted', and companion agent violates it: runAsUser is 0");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void podsThatAreRejectedAlreadyAreNoNewProblem() throws IOException {
        server.on("/api/v1/namespaces?limit=500", list("""
                        {"metadata": {"name": "bank", "labels": {"kubernetes.io/metadata.name": "bank",
                         "pod-security.kubernetes.io/enforce": "restricted"}}}"""))
                .on(
                        PROFILES,
                        list(
                                profile("agent", "agent:1", "10m")
                                        .replace(
                                                "\"resources\"",
                                                "\"securityContext\": {\"runAsUser\": 0, \"runAsNonRoot\": false}, \"resources\"")));
        file("other.yaml", profile("other", "other:1", "10m"));

        Run run = planDirectory();

        assertThat(changes(run)).containsExactly("bank | Deployment/ledger | 3 | still-rejected | - | -");
        assertThat(run.code()).isZero();
    }

    @Test
    void excludedNamespacesAreSkipped() throws IOException {
        deployments(deployment("storage", "disk", 1, "\"pillion.dev/inject\": \"agent\""));
        file("agent.yaml", profile("agent", "agent:2", "10m"));

        assertThat(planDirectory().out()).isEqualTo("0 workloads with 0 Pods: 0 unchanged\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            apps/v1/statefulsets  | "spec: {template: TEMPLATE}"                                                        | StatefulSet/it | 1
            apps/v1/statefulsets  | "spec: {replicas: 0, template: TEMPLATE}"                                           | StatefulSet/it | 0
            apps/v1/daemonsets    | "spec: {template: TEMPLATE}, status: {desiredNumberScheduled: 7}"                   | DaemonSet/it   | 7
            apps/v1/daemonsets    | "spec: {template: TEMPLATE}"                                                        | DaemonSet/it   | 0
            apps/v1/replicasets   | "spec: {replicas: 2, template: TEMPLATE}"                                           | ReplicaSet/it  | 2
            apps/v1/replicasets   | "OWNED(Rollout), spec: {replicas: 2, template: TEMPLATE}"                           | ReplicaSet/it  | 2
            apps/v1/replicasets   | "OWNED(Rollout), spec: {replicas: 0, template: TEMPLATE}"                           | ""             | 0
            apps/v1/replicasets   | "OWNED(Deployment), spec: {replicas: 2, template: TEMPLATE}"                        | ""             | 0
            v1/replicationcontrollers | "spec: {replicas: 3, template: TEMPLATE}"                                       | ReplicationController/it | 3
            batch/v1/jobs         | "spec: {template: TEMPLATE, parallelism: 4}"                                        | Job/it         | 4
            batch/v1/jobs         | "spec: {template: TEMPLATE, suspend: true}"                                         | Job/it         | 0
            batch/v1/jobs         | "spec: {template: TEMPLATE}, status: {conditions: [{type: Complete, status: 'True'}]}" | ""          | 0
            batch/v1/jobs         | "OWNED(CronJob), spec: {template: TEMPLATE}"                                        | ""             | 0
            batch/v1/cronjobs     | "spec: {jobTemplate: {spec: {template: TEMPLATE}}}"                                 | CronJob/it     | 1
            batch/v1/cronjobs     | "spec: {suspend: true, jobTemplate: {spec: {template: TEMPLATE}}}"                  | CronJob/it     | 0
            v1/pods               | "spec: {containers: [{name: app, image: app}]}, status: {phase: Running}"           | Pod/it         | 1
            v1/pods               | "spec: {containers: [{name: app, image: app}]}, status: {phase: Succeeded}"         | ""             | 0
            v1/pods               | "OWNED(ReplicaSet), spec: {containers: [{name: app, image: app}]}"                  | ""             | 0
            v1/pods               | "DELETED, spec: {containers: [{name: app, image: app}]}"                            | ""             | 0
            """)
    void readsEachKindOfWorkloadAndItsNumberOfPods(String path, String fields, String workload, int pods)
            throws Exception {
        deployments();
        String metadata = "name: it, namespace: bank";
        String rest = fields;
        if (fields.startsWith("OWNED(")) {
            String kind = fields.substring(6, fields.indexOf(')'));
            metadata += ", ownerReferences: [{kind: " + kind + ", name: owner, uid: u, controller: true}]";
            rest = fields.substring(fields.indexOf(',') + 2);
        } else if (fields.startsWith("DELETED")) {
            metadata += ", deletionTimestamp: '2026-01-01T00:00:00Z'";
            rest = fields.substring(fields.indexOf(',') + 2);
        }
        String object = "{metadata: {" + metadata + "}, " + rest.replace("TEMPLATE", template("")) + "}";
        server.on(
                (path.startsWith("v1") ? "/api/" : "/apis/") + path + "?limit=500",
                list(YamlReader.read(object).getFirst().tree().toString()));
        file("agent.yaml", profile("agent", "agent:2", "10m"));

        List<String> changes = changes(planDirectory());

        assertThat(changes)
                .isEqualTo(
                        workload.isEmpty()
                                ? List.of()
                                : List.of("bank | " + workload + " | " + pods + " | changes | agent | policy agents"));
    }

    /** A Pod has what the webhook added. A new Pod of the same manifest has nothing at first. */
    @Test
    void aPodWithoutAControllerIsEvaluatedAsItWasBeforeItsInjection() throws Exception {
        deployments();
        Path now = Files.createDirectory(directory.resolve("now"));
        Files.writeString(now.resolve("agent.yaml"), profile("agent", "agent:1", "10m"));
        Files.writeString(now.resolve("policy.yaml"), policy("agents", "Enforce", "agent", "bank"));
        String injected = Run.withInput(
                        "{apiVersion: v1, kind: Pod, metadata: {name: one, namespace: bank}, spec: {containers: [{name: app, image: app}]}}",
                        "inject",
                        "--profiles",
                        now.toString(),
                        "-f",
                        "-",
                        "-o",
                        "json")
                .out();
        assertThat(injected).contains("agent:1");
        server.on("/api/v1/pods?limit=500", list(injected));
        file("agent.yaml", profile("agent", "agent:2", "10m"));

        assertThat(changes(planDirectory())).containsExactly("bank | Pod/one | 1 | changes | agent | policy agents");
        assertThat(changes(plan("-f", now.toString()))).isEmpty();
    }

    @Test
    void showsADiffOfANewPodOnRequest() throws IOException {
        file("agent.yaml", profile("agent", "agent:2", "10m"));

        assertThat(planDirectory("--diff").out())
                .contains("bank Deployment/ledger\n  --- now\n  +++ planned\n")
                .containsPattern("  - +image: \"?agent:1\"?\n  \\+ +image: \"?agent:2\"?\n")
                .doesNotContain("pillion.dev/status");
        assertThat(planDirectory().out()).doesNotContain("+++ planned");
    }

    @Test
    void problemsInFilesHaveTheFileTheLineAndTheField() throws IOException {
        Path file = file("agent.yaml", """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionProfile
                metadata: {name: agent}
                spec:
                  description: Agent.
                  sidecarz: []
                """);

        Run run = planDirectory();
        Run checked = Run.of("check", platform.toString());

        assertThat(run.err())
                .isEqualTo(file + ":6: spec.sidecarz: unknown field 'sidecarz'; did you mean 'sidecars'?\n");
        assertThat(checked.err()).isEqualTo(run.err());
        assertThat(run.code()).isEqualTo(2);
    }

    @Test
    void aProfileOfTheClusterThatDoesNotCompileDoesNotStopThePlan() throws IOException {
        server.on(
                PROFILES,
                list(
                        profile("agent", "agent:1", "10m"),
                        profile("broken", "x", "10m").replace("\"description\"", "\"descriptionz\"")));
        file("agent.yaml", profile("agent", "agent:2", "10m"));

        Run run = planDirectory();

        assertThat(run.out())
                .startsWith("DOES NOT COMPILE")
                .contains("injectionprofile/broken")
                .contains("Deployment/ledger")
                .endsWith("; 1 profile or policy does not compile now\n");
        assertThat(run.code()).isZero();
    }

    @Test
    void aProfileThatWouldBreakAPolicyOfTheClusterChangesTheExitCode() throws IOException {
        server.on(
                        PROFILES,
                        list(
                                profile("agent", "agent:1", "10m")
                                        .replace(
                                                "\"sidecars\"",
                                                "\"parameters\": [{\"name\": \"key\", \"type\": \"string\", \"default\": \"a\"}], \"sidecars\"")))
                .on(
                        POLICIES,
                        list(policy("agents", "Enforce", "agent", "bank")
                                .replace(
                                        "{\"name\": \"agent\"}",
                                        "{\"name\": \"agent\", \"parameters\": {\"key\": \"x\"}}")));
        file("agent.yaml", profile("agent", "agent:2", "10m"));

        Run run = planDirectory();

        assertThat(run.out())
                .contains("injectionprofile/agent")
                .contains("policy 'agents' is in force and would not compile any more")
                .endsWith("2 workloads with 5 Pods: 2 unchanged; 1 profile or policy would not compile\n");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void unusableInputHasExitCode2() throws IOException {
        assertThat(plan().err())
                .isEqualTo("nothing to plan: give the directory of profiles and policies, or -f FILE, or -f - for"
                        + " standard input\n");
        assertThat(plan("no-such").err()).isEqualTo("no-such: no such file or directory\n");
        assertThat(planDirectory().err()).isEqualTo("there are no profiles or policies in the given files\n");
        assertThat(planDirectory().code()).isEqualTo(2);
        file("agent.yaml", profile("agent", "agent:2", "10m"));
        assertThat(planDirectory("-n", "nowhere").err()).isEqualTo("namespace 'nowhere' does not exist\n");
        server.on(DEPLOYMENTS, 403, "{}");
        assertThat(planDirectory().err())
                .contains("does not permit these credentials to read")
                .contains("deployments");
        assertThat(planDirectory().code()).isEqualTo(2);
    }

    @Test
    void withoutPermissionToReadQuotasThePlanSaysSo() throws IOException {
        server.on("/api/v1/resourcequotas?limit=500", 403, "{}").on("/api/v1/limitranges?limit=500", 403, "{}");
        file("agent.yaml", profile("agent", "agent:2", "10m"));

        Run run = planDirectory();

        assertThat(run.err()).contains("the plan does not consider ResourceQuotas and LimitRanges: ");
        assertThat(run.out()).contains("1 with changes");
    }

    @Test
    void onlyReads() throws IOException {
        file("agent.yaml", profile("agent", "agent:2", "10m"));

        planDirectory();

        assertThat(server.requests()).isNotEmpty().allMatch(request -> request.startsWith("GET "));
    }

    @Test
    void jsonAlsoHasTheWorkloadsThatDoNotChange() throws Exception {
        file("agent.yaml", profile("agent", "agent:2", "20m"));

        JsonNode plan = planDirectory("-o", "json").documents().getFirst();

        assertThat(plan.at("/summary/workloads").asInt()).isEqualTo(2);
        assertThat(plan.at("/summary/blocked").asBoolean()).isFalse();
        assertThat(plan.at("/workloads/0/changes/0/change").asText()).isEqualTo("changes");
        assertThat(plan.at("/workloads/0/changes/0/differences").toString())
                .contains("image of container agent: agent:1 → agent:2");
        assertThat(plan.at("/workloads/1").toString())
                .isEqualTo("{\"namespace\":\"shop\",\"workload\":\"Deployment/web\",\"pods\":2,\"changes\":[]}");
        assertThat(plan.at("/namespaces/0/added").toString())
                .isEqualTo(
                        "{\"requests.cpu\":\"30m\",\"requests.memory\":\"0\",\"limits.cpu\":\"0\",\"limits.memory\":\"0\"}");
    }
}
