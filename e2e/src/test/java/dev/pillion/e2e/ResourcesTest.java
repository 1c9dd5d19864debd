package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Profiles and policies as custom resources. Their definitions are installed after Pillion starts. */
@ExtendWith(Stage.class)
@Execution(ExecutionMode.SAME_THREAD)
@ResourceLock("custom resource definitions")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResourcesTest {

    private static final String LABEL = "e2e.pillion.dev/resources";
    private static final Duration SOON = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String STAMP = """
            apiVersion: pillion.dev/v1alpha1
            kind: InjectionProfile
            metadata: {name: e2e-stamp}
            spec:
              description: Marks a Pod.
              parameters: [{name: value, type: string, default: first}]
              pod: {annotations: {example.com/stamp: "${params.value}"}}
            """;

    private PillionProcess pillion;
    private WebhookConfiguration mutating;
    private WebhookConfiguration validating;
    private Sandbox sandbox;
    private boolean readyWithoutDefinitions;

    @BeforeAll
    void startPillionBeforeTheDefinitionsExist(KubernetesClient client) throws Exception {
        kubectl("delete", "--ignore-not-found", "--kustomize=" + Environment.ROOT.resolve("deploy/crds"))
                .orFail();
        pillion = PillionProcess.start("resources", Map.of());
        readyWithoutDefinitions = pillion.metrics().contains("pillion_resources_synced 0.0");

        kubectl("apply", "--kustomize=" + Environment.ROOT.resolve("deploy/crds"))
                .orFail();
        soon(() -> assertThat(pillion.metrics()).contains("pillion_resources_synced 1.0"));

        mutating = WebhookConfiguration.register(
                client,
                "pillion-e2e-resources",
                LABEL + "=own",
                "Fail",
                pillion.url("/mutate"),
                pillion.certificate().caBundle());
        sandbox = Sandbox.open(client, Map.of(LABEL, "own"));
        register(client);
    }

    @AfterAll
    void deleteAll() throws Exception {
        validating.close();
        mutating.close();
        sandbox.close();
        pillion.close();
        kubectl("delete", "--kustomize=" + Environment.ROOT.resolve("deploy/crds"))
                .orFail();
    }

    @Test
    void isReadyInAClusterWithoutTheDefinitions() {
        assertThat(readyWithoutDefinitions).isTrue();
    }

    /** The API server also keeps fields that the definitions do not name. */
    @Test
    void theApiServerStoresEveryProfileAndPolicyUnchanged() throws Exception {
        List<Path> files = Stream.of(
                        "src/main/resources/profiles",
                        "examples/profiles",
                        "examples/platform/profiles",
                        "examples/platform/policies")
                .flatMap(ResourcesTest::filesIn)
                .toList();
        for (Path file : files) {
            kubectl("apply", "--filename=" + file).orFail();
        }

        for (Path file : files) {
            JsonNode written =
                    JSON.readTree(kubectl("create", "--dry-run=client", "--output=json", "--filename=" + file)
                            .orFail());
            JsonNode stored = stored(
                    written.path("kind").asText(), written.at("/metadata/name").asText());
            assertThat(stored.path("spec")).as(file.toString()).isEqualTo(written.path("spec"));
        }
        assertThat(files).hasSizeGreaterThan(18);
        for (String kind : List.of("injectionprofiles", "injectionpolicies")) {
            kubectl("wait", "--for=condition=Ready", "--timeout=60s", kind, "--all")
                    .orFail();
        }
        assertThat(kubectl("get", "pillion").orFail())
                .contains("NAME", "ACCESS", "READY", "AGE", "DESCRIPTION", "MODE", "PRIORITY", "PERCENTAGE", "UNTIL");
        assertThat(kubectl("explain", "injectionprofile.spec.parameters.overridable")
                        .orFail())
                .contains("Whether an annotation may set the parameter");
        // Policies first, because a profile that a policy names cannot be deleted.
        for (Path file : files.reversed()) {
            kubectl("delete", "--filename=" + file).orFail();
        }
    }

    @Test
    void injectsAProfileOfTheCluster() {
        applied(STAMP).orFail();

        soon(() -> assertThat(stampOf("given")).isEqualTo("first"));
    }

    /** The policy is applied immediately after the profile is stored. */
    @Test
    void acceptsAPolicyThatIsAppliedTogetherWithItsProfile() {
        for (int time = 0; time < 5; time++) {
            String both = STAMP.replace("e2e-stamp", "e2e-both-" + time) + "---\n" + """
                    apiVersion: pillion.dev/v1alpha1
                    kind: InjectionPolicy
                    metadata: {name: e2e-both-%1$d}
                    spec:
                      mode: Audit
                      match: {podSelector: {matchLabels: {e2e: both}}}
                      profiles: [{name: e2e-both-%1$d}]
                    """.formatted(time);
            assertThat(applied(both).orFail()).contains("injectionpolicy.pillion.dev/e2e-both-" + time + " created");
        }
    }

    @Test
    void refusesAnInvalidProfileWithAllItsErrors() {
        Command refused = applied(STAMP.replace("e2e-stamp", "e2e-refused")
                .replace("params.value", "params.valu")
                .replace("  description", "  acces: Open\n  description"));

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.errors())
                .contains("denied the request: injectionprofile/e2e-refused does not compile (not-compiled):")
                .contains("spec.acces: unknown field 'acces'; did you mean 'access'?")
                .contains("spec.pod.annotations.example.com/stamp: ${params.valu}, column 7: unknown field 'valu'");
        assertThat(kubectl("get", "injectionprofile", "e2e-refused").exitCode()).isNotZero();
    }

    @Test
    void suggestsTheNearestNameForAnUnknownProfile() {
        assertThat(applied("""
                        apiVersion: pillion.dev/v1alpha1
                        kind: InjectionPolicy
                        metadata: {name: e2e-unknown}
                        spec: {mode: Audit, match: {}, profiles: [{name: loging}]}
                        """).errors())
                .contains("spec.profiles[0].name: there is no profile 'loging'; did you mean 'logging'?");
    }

    @Test
    void refusesAProfileThatBreaksAPolicyInForce() {
        String profile = STAMP.replace("e2e-stamp", "e2e-needed");
        applied(profile).orFail();
        applied("""
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionPolicy
                metadata: {name: e2e-needs}
                spec: {mode: Audit, match: {}, profiles: [{name: e2e-needed, parameters: {value: x}}]}
                """).orFail();
        kubectl("wait", "--for=condition=Ready", "--timeout=60s", "injectionpolicy/e2e-needs")
                .orFail();

        Command refused =
                applied(profile.replace("name: value", "name: worth").replace("params.value", "params.worth"));

        assertThat(refused.errors())
                .contains("policy 'e2e-needs' is in force and would not compile any more")
                .contains("profile 'e2e-needed' has no parameter 'value'");
    }

    @Test
    void warnsAboutLints() {
        Command warned = applied("""
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionProfile
                metadata: {name: e2e-floating}
                spec: {description: Floats., sidecars: [{name: a, image: busybox}]}
                """);

        assertThat(warned.orFail()).contains("e2e-floating created");
        assertThat(warned.errors()).contains("Warning: pillion: floating-image: spec.sidecars[0].image");
    }

    /** The API server checks these rules itself, also if it does not call Pillion. */
    @Test
    void theDefinitionsRejectInvalidFieldsWithoutPillion(KubernetesClient client) throws Exception {
        validating.close();
        try {
            assertThat(applied(STAMP.replace("[{name: value", "[{name: value, type: path}, {name: value"))
                            .errors())
                    .contains("the names of parameters are unique");
            assertThat(applied(STAMP.replace("type: string", "type: enum")).errors())
                    .contains("an enum lists its values");
            assertThat(applied(STAMP.replace("type: string", "type: strin")).errors())
                    .contains("Unsupported value: \"strin\"");
            assertThat(applied(STAMP.replace("e2e-stamp", "e2e.stamp")).errors())
                    .contains("63 lower-case letters, digits and hyphens");
            assertThat(applied(STAMP.replace("pod:", "sidecars: [{name: a, forEach: {a: x, b: x}, image: i}]\n  pod:"))
                            .errors())
                    .contains("must have at most 1 item");
            assertThat(applied(STAMP.replace("pod:", "sidecars: [{name: a}]\n  pod:"))
                            .errors())
                    .contains("a container has an image, or inherits it");
            assertThat(applied("""
                            apiVersion: pillion.dev/v1alpha1
                            kind: InjectionPolicy
                            metadata: {name: e2e-all}
                            spec: {mode: Audit, match: {}, percentage: 101, profiles: [{name: env}, {name: env}]}
                            """).errors())
                    .contains("spec.percentage", "less than or equal to 100", "a policy lists each profile");
        } finally {
            register(client);
        }
    }

    @Test
    void theLastGoodVersionStaysInForceUntilAnInvalidOneIsCorrected(KubernetesClient client) throws Exception {
        String good = STAMP.replace("e2e-stamp", "e2e-kept").replace("first", "good");
        applied(good).orFail();
        soon(() -> assertThat(condition("e2e-kept").path("status").asText()).isEqualTo("True"));
        validating.close();
        try {
            applied(good.replace("${params.value}", "${params.nowhere}")).orFail();

            soon(() -> assertThat(condition("e2e-kept").path("status").asText()).isEqualTo("False"));
            assertThat(condition("e2e-kept").path("reason").asText()).isEqualTo("UsingLastGood");
            assertThat(condition("e2e-kept").path("observedGeneration").asInt()).isEqualTo(2);
            assertThat(condition("e2e-kept").path("message").asText())
                    .contains("unknown field 'nowhere'")
                    .endsWith("Generation 1 stays in force.");
            assertThat(pillion.metrics())
                    .contains("pillion_resources{kind=\"InjectionProfile\",state=\"last-good\"} 1.0");
            assertThat(sandbox.create(pod("kept", "e2e-kept"))).contains("created");
            assertThat(sandbox.pod("kept").getMetadata().getAnnotations()).containsEntry("example.com/stamp", "good");
            soon(() -> assertThat(events("e2e-kept")).contains("Warning UsingLastGood"));

            applied(good.replace("good", "better")).orFail();

            soon(() -> assertThat(condition("e2e-kept").path("status").asText()).isEqualTo("True"));
            soon(() -> assertThat(events("e2e-kept")).contains("Normal Compiled"));
        } finally {
            register(client);
        }
    }

    /** A strict namespace admits no Pod without an enforced profile, also after a user deletes the profile. */
    @Test
    void protectsAnEnforcedProfileFromDeletionAndRefusesPodsWithoutIt(KubernetesClient client) throws Exception {
        applied(STAMP.replace("e2e-stamp", "e2e-must")).orFail();
        applied(enforcing("e2e-must")).orFail();
        kubectl("wait", "--for=condition=Ready", "--timeout=60s", "injectionpolicy/e2e-must")
                .orFail();
        try (Sandbox strict = Sandbox.open(
                        client, Map.of(LABEL, "own", "e2e", "e2e-must", "pillion.dev/enforcement", "strict"));
                Sandbox lenient = Sandbox.open(client, Map.of(LABEL, "own", "e2e", "e2e-must"))) {
            soon(() -> assertThat(strict.tryToCreate(bare("before")).orFail()).contains("created"));
            assertThat(strict.pod("before").getMetadata().getAnnotations()).containsKey("example.com/stamp");

            assertThat(kubectl("delete", "injectionprofile", "e2e-must").errors())
                    .contains("injectionprofile/e2e-must is named by policy e2e-must (profile-in-use)")
                    .contains("pillion.dev/allow-deletion");
            kubectl("annotate", "injectionprofile", "e2e-must", "pillion.dev/allow-deletion=true")
                    .orFail();
            kubectl("delete", "injectionprofile", "e2e-must").orFail();

            soon(() -> assertThat(policyCondition("e2e-must").path("reason").asText())
                    .isEqualTo("NotEnforced"));
            Command refused = strict.tryToCreate(bare("after"));
            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.errors())
                    .contains("policy e2e-must enforces profile 'e2e-must', which cannot be provided")
                    .contains("there is no profile 'e2e-must'");
            Command warned = lenient.tryToCreate(bare("after"));
            assertThat(warned.orFail()).contains("created");
            assertThat(warned.errors()).contains("policy e2e-must enforces profile 'e2e-must'");
            assertThat(pillion.metrics()).contains("pillion_resources{kind=\"InjectionPolicy\",state=\"invalid\"} 1.0");
            Command audit = audit(lenient);
            assertThat(audit.exitCode()).isEqualTo(1);
            assertThat(audit.output()).contains("injectionpolicy/e2e-must", "nothing ");

            applied(STAMP.replace("e2e-stamp", "e2e-must")).orFail();
            soon(() -> assertThat(strict.tryToCreate(bare("again")).orFail()).contains("created"));
        } finally {
            kubectl("delete", "injectionpolicy", "e2e-must").orFail();
        }
    }

    @Test
    void deniesAPolicyThatWouldDenyAnExistingPodUnlessItIsAcknowledged(KubernetesClient client) throws Exception {
        String policy = """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionPolicy
                metadata: {name: e2e-denies}
                spec: {mode: Enforce, match: {namespaceSelector: {matchLabels: {e2e: e2e-denies}}}, profiles: [{name: wait-for}]}
                """;
        try (Sandbox strict =
                Sandbox.open(client, Map.of(LABEL, "own", "e2e", "e2e-denies", "pillion.dev/enforcement", "strict"))) {
            strict.create(bare("present"));

            Command denied = applied(policy);
            assertThat(denied.exitCode()).isNotZero();
            assertThat(denied.errors())
                    .contains(
                            "injectionpolicy/e2e-denies would deny 1 existing Pod when it is replaced (denies-existing-pods)")
                    .contains("for example, " + strict.namespace() + "/present: ");

            Command rehearsed = kubectlWith("apply", "--dry-run=server", policy);
            rehearsed.orFail();
            assertThat(rehearsed.errors())
                    .contains(
                            "Warning: pillion: without --dry-run, this is denied: injectionpolicy/e2e-denies would deny 1 existing Pod");

            Command acknowledged = applied(policy.replace(
                    "{name: e2e-denies}",
                    "{name: e2e-denies, annotations: {pillion.dev/acknowledge-denials: \"true\"}}"));
            acknowledged.orFail();
            assertThat(acknowledged.errors()).contains("would deny 1 existing Pod");
            soon(() -> assertThat(strict.tryToCreate(bare("later")).errors()).contains("(missing-parameter)"));

            kubectl(
                            "patch",
                            "injectionpolicy",
                            "e2e-denies",
                            "--type=merge",
                            "--patch={\"spec\": {\"until\": \"2020-01-31T00:00:00Z\"}}")
                    .orFail();
            soon(() ->
                    assertThat(strict.tryToCreate(bare("afterwards")).orFail()).contains("created"));
        } finally {
            kubectl("delete", "--ignore-not-found", "injectionpolicy", "e2e-denies")
                    .orFail();
        }
    }

    @Test
    void anAuditReportsPodsWithAnEarlierGeneration(KubernetesClient client) {
        String profile = STAMP.replace("e2e-stamp", "e2e-aged");
        String pod = """
                apiVersion: v1
                kind: Pod
                metadata: {name: aged, annotations: {pillion.dev/inject: e2e-aged}}
                spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "busybox:1.37", command: [sleep, "3600"]}]}
                """;
        applied(profile).orFail();
        try (Sandbox own = Sandbox.open(client, Map.of(LABEL, "own"))) {
            soon(() -> assertThat(own.rehearse(pod).output()).contains("example.com/stamp: first"));
            own.create(pod);
            // Policies in Audit mode of other tests may match the Pod.
            assertThat(audit(own).output()).contains("1 Pod: no findings");

            applied(profile.replace("default: first", "default: second")).orFail();
            Command outdated = audit(own);

            assertThat(outdated.exitCode()).isEqualTo(1);
            assertThat(outdated.output())
                    .contains("e2e-aged (outdated)", "differences: annotation example.com/stamp of the Pod")
                    .contains("1 Pod: 1 with findings (1 with outdated companions)");
        }
    }

    private static Command audit(Sandbox sandbox) {
        return Command.run(List.of(
                Environment.ROOT.resolve("pillion").toString(),
                "audit",
                "--kubeconfig=" + Environment.KUBECONFIG,
                "--namespace=" + sandbox.namespace()));
    }

    @Test
    void theLastGoodVersionIsUsedAfterARestart(KubernetesClient client) throws Exception {
        String good = STAMP.replace("e2e-stamp", "e2e-survives").replace("first", "good");
        applied(good).orFail();
        applied(enforcing("e2e-survives")).orFail();
        soon(() -> assertThat(stored("InjectionProfile", "e2e-survives")
                        .at("/status/lastGood/spec")
                        .asText())
                .contains("good"));
        validating.close();
        try (Sandbox strict = Sandbox.open(
                client, Map.of(LABEL, "own", "e2e", "e2e-survives", "pillion.dev/enforcement", "strict"))) {
            applied(good.replace("${params.value}", "${params.nowhere}")).orFail();
            soon(() -> assertThat(condition("e2e-survives").path("reason").asText())
                    .isEqualTo("UsingLastGood"));

            pillion.stop();
            pillion.start();

            assertThat(strict.create(bare("restarted"))).contains("created");
            assertThat(strict.pod("restarted").getMetadata().getAnnotations())
                    .containsEntry("example.com/stamp", "good");
            assertThat(condition("e2e-survives").path("reason").asText()).isEqualTo("UsingLastGood");
        } finally {
            register(client);
            kubectl("delete", "injectionpolicy", "e2e-survives").orFail();
            // It is not valid, and another test counts the profiles that are not.
            kubectl("delete", "injectionprofile", "e2e-survives").orFail();
        }
    }

    /** The status in the cluster has the earlier generation, and a Pod that pins it gets it, also after a restart. */
    @Test
    void givesAPodTheEarlierGenerationThatItPins() throws Exception {
        String former = STAMP.replace("e2e-stamp", "e2e-pinned")
                .replace("spec:", "spec:\n  pinnable: true")
                .replace("default: first", "default: former");
        applied(former).orFail();
        soon(() -> assertThat(generation("e2e-pinned")).isNotEmpty());
        String generation = generation("e2e-pinned");
        applied(former.replace("default: former", "default: present")).orFail();
        soon(() -> assertThat(stored("InjectionProfile", "e2e-pinned")
                        .at("/status/history/0/generation")
                        .asText())
                .isEqualTo(generation));
        assertThat(kubectl("get", "injectionprofile", "e2e-pinned").orFail())
                .contains("GENERATION")
                .contains(generation("e2e-pinned"));

        pillion.stop();
        pillion.start();

        sandbox.create(pinned("pinned", generation));
        sandbox.create(pod("unpinned", "e2e-pinned"));
        Command unknown = sandbox.tryToCreate(pinned("unknown", "0123abcd"));

        assertThat(stampIn("pinned")).isEqualTo("former");
        assertThat(stampIn("unpinned")).isEqualTo("present");
        assertThat(unknown.errors())
                .contains("which is not known; known generations: " + generation("e2e-pinned") + " (in force), "
                        + generation);

        applied(former.replace("default: former", "default: present").replace("spec:", "spec:\n  percentage: 0"))
                .orFail();
        AtomicInteger tries = new AtomicInteger();
        soon(() -> {
            String pod = "unselected-" + tries.incrementAndGet();
            sandbox.create(pod(pod, "e2e-pinned"));
            assertThat(stampIn(pod)).isEqualTo("former");
        });
    }

    private static String pinned(String name, String generation) {
        return pod(name, "e2e-pinned, e2e-pinned.pillion.dev/generation: '" + generation + "'");
    }

    private String stampIn(String pod) {
        return sandbox.pod(pod).getMetadata().getAnnotations().get("example.com/stamp");
    }

    private static String generation(String profile) throws IOException {
        return stored("InjectionProfile", profile).at("/status/generation").asText();
    }

    private static String enforcing(String name) {
        return """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionPolicy
                metadata: {name: %1$s}
                spec:
                  mode: Enforce
                  match: {namespaceSelector: {matchLabels: {e2e: %1$s}}}
                  profiles: [{name: %1$s}]
                """.formatted(name);
    }

    private static String bare(String name) {
        return pod(name, "none").replace(", annotations: {pillion.dev/inject: none}", "");
    }

    private static JsonNode policyCondition(String policy) throws IOException {
        return stored("InjectionPolicy", policy).at("/status/conditions/0");
    }

    /** The removal of a finalizer is also an update of the object. */
    @Test
    void anInvalidProfileCanBeDeleted(KubernetesClient client) throws Exception {
        validating.close();
        try {
            applied(STAMP.replace("{name: e2e-stamp}", "{name: e2e-held, finalizers: [example.com/held]}")
                            .replace("${params.value}", "${params.nowhere}"))
                    .orFail();
        } finally {
            register(client);
        }

        kubectl("delete", "injectionprofile", "e2e-held", "--wait=false").orFail();
        kubectl("patch", "injectionprofile", "e2e-held", "--type=merge", "--patch={\"metadata\":{\"finalizers\":null}}")
                .orFail();

        soon(() -> assertThat(kubectl("get", "injectionprofile", "e2e-held").exitCode())
                .isNotZero());
    }

    @Test
    void aHundredChangesAtOnceLeadToFewCatalogs() throws Exception {
        double before = metric("pillion_catalog_reloads_total");
        StringBuilder many = new StringBuilder();
        for (int index = 0; index < 100; index++) {
            many.append(STAMP.replace("e2e-stamp", "e2e-many-" + index)).append("---\n");
        }

        long start = System.nanoTime();
        applied(many.toString()).orFail();
        double seconds = (System.nanoTime() - start) / 1e9;
        soon(() -> assertThat(condition("e2e-many-99").path("status").asText()).isEqualTo("True"));

        double catalogs = metric("pillion_catalog_reloads_total") - before;
        System.out.printf("100 profiles applied in %.1f s made %.0f catalogs%n", seconds, catalogs);
        assertThat(catalogs).isLessThanOrEqualTo(seconds / 2 + 3);
    }

    private void register(KubernetesClient client) throws IOException {
        validating = WebhookConfiguration.registerForResources(
                client,
                "pillion-e2e-resources",
                pillion.url("/validate-resources"),
                pillion.certificate().caBundle());
        soon(() -> assertThat(kubectlWith("apply", "--dry-run=server", STAMP.replace("${params.value}", "${nowhere}"))
                        .errors())
                .contains("denied the request"));
    }

    private double metric(String name) throws Exception {
        return pillion.metrics()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private String stampOf(String pod) {
        sandbox.kubectl("delete", "pod", pod, "--ignore-not-found", "--now").orFail();
        Command created = sandbox.tryToCreate(pod(pod, "e2e-stamp"));
        return created.exitCode() == 0
                ? sandbox.pod(pod).getMetadata().getAnnotations().get("example.com/stamp")
                : created.errors();
    }

    private static String pod(String name, String profile) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, annotations: {pillion.dev/inject: %s}}
                spec:
                  schedulerName: none
                  containers: [{name: app, image: "busybox:1.37"}]
                """.formatted(name, profile);
    }

    private static String events(String name) {
        return kubectl(
                        "get",
                        "events",
                        "--namespace=default",
                        "--field-selector=involvedObject.name=" + name,
                        "--output=jsonpath={range .items[*]}{.type} {.reason}{\"\\n\"}{end}")
                .orFail();
    }

    private static JsonNode condition(String profile) throws IOException {
        return stored("InjectionProfile", profile).at("/status/conditions/0");
    }

    private static JsonNode stored(String kind, String name) throws IOException {
        return JSON.readTree(kubectl("get", kind, name, "--output=json").orFail());
    }

    private static Command applied(String manifest) {
        return kubectlWith("apply", "--server-side=false", manifest);
    }

    private static Command kubectlWith(String verb, String option, String manifest) {
        return Command.run(List.of("kubectl", verb, option, "--filename=-"), manifest);
    }

    private static Command kubectl(String... arguments) {
        return Command.run(
                Stream.concat(Stream.of("kubectl"), Stream.of(arguments)).toList());
    }

    private static Stream<Path> filesIn(String directory) {
        try (Stream<Path> files = Files.list(Environment.ROOT.resolve(directory))) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void soon(ThrowingRunnable assertion) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(200)).untilAsserted(assertion);
    }
}
