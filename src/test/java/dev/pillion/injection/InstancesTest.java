package dev.pillion.injection;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.policy;
import static dev.pillion.injection.Trial.profile;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Trial.Result;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.uninject.Uninjection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code INSTANCE.PROFILE} requests another copy of a profile for the same Pod. */
class InstancesTest {

    private static final String INJECT = "pillion.dev/inject";
    private static final String TWO = INJECT + ": 'logging, audit.logging'";
    private static final String AUDIT_PATH = "audit.logging.pillion.dev/path: /var/log/audit";

    /** A profile with every kind of addition that has a name in the Pod. */
    private static final String NAMED = profile("named", """
            parameters:
              - {name: path, type: path, default: /data}
              - {name: text, type: string, default: none}
              - {name: targets, type: list, default: [a]}
            initContainers:
              - name: setup-${target}
                forEach: {target: "${params.targets}"}
                image: busybox:1.37
            sidecars:
              - name: worker
                image: busybox:1.37
                files: [{path: /config/file.txt, content: "${params.text}"}]
                volumeMounts:
                  - {name: scratch, mountPath: /scratch}
                  - {name: own, mountPath: /own}
            volumes: [{name: scratch, emptyDir: {}}, {name: own, emptyDir: {}}]
            sharedDirectories: [{name: content, path: "${params.path}", writers: [worker]}]
            app:
              volumeMounts: [{name: scratch, mountPath: "${params.path}-scratch"}]
            """);

    private static List<String> codes(List<Reason> reasons) {
        return reasons.stream().map(reason -> reason.code().toString()).toList();
    }

    @Test
    void haveTheirOwnContainersAndParameters() {
        Result result = annotated(TWO, "logging.pillion.dev/path: /var/log/web", AUDIT_PATH)
                .injected();

        assertThat(result.initContainers()).containsExactly("log-tailer", "log-tailer-audit");
        assertThat(result.container("log-tailer").toString())
                .contains("/var/log/web")
                .doesNotContain("audit");
        assertThat(result.container("log-tailer-audit").path("args").toString())
                .contains("/var/log/audit")
                .doesNotContain("/var/log/web");
        assertThat(result.names("volumes")).contains("pillion-var-log-web", "pillion-var-log-audit");
        assertThat(result.container("web").path("volumeMounts")).hasSize(2);
        assertThat(result.status().path("profiles").properties().stream()
                        .map(entry -> entry.getKey())
                        .toList())
                .containsExactly("logging", "audit.logging");
        assertThat(result.again().unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        assertThat(result.again().uninjected())
                .isEqualTo(annotatedPod(TWO, "logging.pillion.dev/path: /var/log/web", AUDIT_PATH));
    }

    private static JsonNode annotatedPod(String... annotations) {
        return annotated(annotations).uninjected();
    }

    @Test
    void doNotShareParametersWithTheProfile() {
        Result result = annotated(INJECT + ": audit.logging", "logging.pillion.dev/files: '*.txt'")
                .injected();

        assertThat(result.initContainers()).containsExactly("log-tailer-audit");
        assertThat(result.container("log-tailer-audit").toString()).doesNotContain("*.txt");
        assertThat(result.plan().warnings())
                .extracting(Reason::message)
                .containsExactly(
                        "annotation logging.pillion.dev/files has no effect: nothing requests profile 'logging'; add pillion.dev/inject: logging");
    }

    @Test
    void haveUniqueNamesForAllAdditions() {
        Trial pod = annotated(
                        INJECT + ": 'named, b.named'",
                        "named.pillion.dev/targets: 'a, b'",
                        "b.named.pillion.dev/path: /more",
                        "b.named.pillion.dev/text: other")
                .withProfiles(NAMED);
        Result result = pod.injected();

        assertThat(result.initContainers()).containsExactly("setup-a", "setup-b", "setup-a-b", "worker", "worker-b");
        assertThat(result.names("volumes"))
                .containsExactly(
                        "pillion-files-worker",
                        "scratch",
                        "own",
                        "content",
                        "pillion-files-worker-b",
                        "scratch-b",
                        "own-b",
                        "content-b");
        assertThat(mounts(result.container("worker")))
                .containsExactly("scratch /scratch", "own /own", "pillion-files-worker /config", "content /data");
        assertThat(mounts(result.container("worker-b")))
                .containsExactly(
                        "scratch-b /scratch", "own-b /own", "pillion-files-worker-b /config", "content-b /more");
        assertThat(mounts(result.container("web")))
                .containsExactlyInAnyOrder(
                        "scratch /data-scratch", "content /data", "scratch-b /more-scratch", "content-b /more");
        assertThat(result.annotation("pillion.dev/file.worker.0").asText()).isEqualTo("none");
        assertThat(result.annotation("pillion.dev/file.worker-b.0").asText()).isEqualTo("other");
        Uninjection undone = result.again().uninjection();
        assertThat(undone.kept()).isEmpty();
        assertThat(undone.pod()).isEqualTo(pod.uninjected());
    }

    private static List<String> mounts(JsonNode container) {
        return container
                .path("volumeMounts")
                .valueStream()
                .map(mount -> mount.path("name").asText() + " "
                        + mount.path("mountPath").asText())
                .toList();
    }

    @Test
    void useTheResourcesOfTheirOwnContainers() {
        Result result = annotated(INJECT + ": 'b.sized'")
                .withProfiles(profile("sized", """
                        sidecars:
                          - name: worker
                            image: busybox:1.37
                            resources: {limits: {memory: 64Mi}}
                            env:
                              - {name: OWN, valueFrom: {resourceFieldRef: {containerName: worker, resource: limits.memory}}}
                              - {name: OF_APP, valueFrom: {resourceFieldRef: {containerName: web, resource: limits.memory}}}
                            volumeMounts: [{name: info, mountPath: /info}]
                        volumes:
                          - name: info
                            downwardAPI: {items: [{path: memory, resourceFieldRef: {containerName: worker, resource: limits.memory}}]}
                        app:
                          env: [{name: OF_WORKER, valueFrom: {resourceFieldRef: {containerName: worker, resource: limits.memory}}}]
                        """))
                .injected();

        JsonNode worker = result.container("worker-b");
        String containerName = "/valueFrom/resourceFieldRef/containerName";
        assertThat(worker.at("/env/0" + containerName).asText()).isEqualTo("worker-b");
        assertThat(worker.at("/env/1" + containerName).asText()).isEqualTo("web");
        assertThat(result.container("web").at("/env/0" + containerName).asText())
                .isEqualTo("worker-b");
        assertThat(result.volume("info-b")
                        .at("/downwardAPI/items/0/resourceFieldRef/containerName")
                        .asText())
                .isEqualTo("worker-b");
    }

    @Test
    void shareOneVolumeForOneDirectory() {
        Result result =
                annotated(TWO, "audit.logging.pillion.dev/files: '*.txt'").injected();

        assertThat(result.names("volumes")).containsOnlyOnce("pillion-var-log-app");
        assertThat(result.container("web").path("volumeMounts")).hasSize(1);
    }

    @Test
    void canSelectTheirOwnContainers() {
        Result result = Trial.of(
                        "metadata: {annotations: {" + TWO + ", " + AUDIT_PATH
                                + ", audit.logging.pillion.dev/containers: b}}\nspec: {containers: [{name: a, image: x}, {name: b, image: y}]}")
                .injected();

        assertThat(mounts(result.container("a"))).containsExactly("pillion-var-log-app /var/log/app");
        assertThat(mounts(result.container("b")))
                .containsExactlyInAnyOrder("pillion-var-log-app /var/log/app", "pillion-var-log-audit /var/log/audit");
    }

    @Test
    void waitForTheirOwnTargets() {
        Result result = annotated(
                        INJECT + ": 'later.wait-for'",
                        "pillion.dev/wait-for: 'db:5432'",
                        "later.wait-for.pillion.dev/targets: 'cache:6379'")
                .injected();

        assertThat(result.initContainers()).containsExactly("wait-for-db-5432", "wait-for-cache-6379-later");
    }

    @Test
    void areSkippedWithAWarningIfTheyNeedThePortOfAnother() {
        Result result = annotated(INJECT + ": 'proxy, b.proxy'").injected();

        assertThat(result.initContainers()).containsExactly("proxy");
        assertThat(result.plan().skipped()).singleElement().satisfies(skipped -> assertThat(
                        skipped.reason().message())
                .isEqualTo(
                        "annotation pillion.dev/inject requests profile 'b.proxy', but its guard 'port-taken' skips it:"
                                + " container 'proxy' declares port 15006, which the profile's container 'proxy-b' needs;"
                                + " for another port, set annotation b.proxy.pillion.dev/listen"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            audit.loging      | annotation pillion.dev/inject: there is no profile 'audit.loging'; did you mean 'audit.logging'?
            Audit.logging     | annotation pillion.dev/inject: there is no profile 'Audit.logging'; 'Audit' is not a valid instance name, which has lower-case letters, digits and hyphens; did you mean 'audit.logging'?
            my.audit.logging  | annotation pillion.dev/inject: there is no profile 'my.audit.logging'; 'my.audit' is not a valid instance name, which has lower-case letters, digits and hyphens; did you mean 'my-audit.logging'?
            logging.second    | annotation pillion.dev/inject: there is no profile 'logging.second'; another instance of profile 'logging' is called second.logging
            """)
    void areRejectedWithAnInvalidName(String name, String message) {
        assertThat(annotated(INJECT + ": '" + name + "'").denied())
                .isEqualTo(new Reason(ReasonCode.UNKNOWN_PROFILE, message));
    }

    @Test
    void areRejectedWithAMisspeltAnnotation() {
        Denied denied = annotated(TWO, "audit.loging.pillion.dev/path: /a", "audit.logging.pillion.dev/pth: /b")
                .denial();

        assertThat(denied.mistakes())
                .extracting(Reason::message)
                .containsExactlyInAnyOrder(
                        "annotation audit.loging.pillion.dev/path: there is no profile 'audit.loging'; did you mean 'audit.logging'?",
                        "annotation audit.logging.pillion.dev/pth: profile 'audit.logging' has no parameter 'pth'; did you mean 'path'?");
    }

    @Test
    void areNamedInWarningsAndDenials() {
        assertThat(annotated(INJECT + ": logging", AUDIT_PATH).injected().plan().warnings())
                .extracting(Reason::message)
                .containsExactly(
                        "annotation audit.logging.pillion.dev/path has no effect: nothing requests profile 'audit.logging'; add pillion.dev/inject: audit.logging");
        assertThat(annotated(INJECT + ": b.env").denied().message())
                .startsWith(
                        "annotation pillion.dev/inject requests profile 'b.env', but its parameter 'variables' needs a value; set annotation b.env.pillion.dev/variables");
        assertThat(annotated(INJECT + ": logging.env", "logging.env.pillion.dev/variables: A=1")
                        .injected()
                        .plan()
                        .warnings())
                .extracting(Reason::message)
                .contains(
                        "annotation pillion.dev/inject requests instance 'logging' of profile 'env'; to request both profiles, write logging, env");
    }

    @Test
    void haveNamesThatFitIntoContainerNames() {
        assertThat(annotated(INJECT + ": " + "a".repeat(53) + ".logging")
                        .denied()
                        .message())
                .isEqualTo(
                        "annotation pillion.dev/inject requests profile '" + "a".repeat(53)
                                + ".logging', but container 'log-tailer-" + "a".repeat(53)
                                + "' would have a name of 64 characters, and Kubernetes allows 63; give the instance a shorter name");
        assertThat(annotated(INJECT + ": " + "a".repeat(52) + ".logging")
                        .injected()
                        .initContainers())
                .containsExactly("log-tailer-" + "a".repeat(52));
    }

    @Test
    void cannotHaveTheNameOfAnotherContainer() {
        Reason taken = Trial.of(
                        "metadata: {annotations: {" + INJECT
                                + ": audit.logging}}\nspec: {containers: [{name: log-tailer-audit, image: x}, {name: web, image: y}]}")
                .denied();

        assertThat(taken.message())
                .isEqualTo(
                        "annotation pillion.dev/inject requests profile 'audit.logging', but the Pod has another container called 'log-tailer-audit', the name of the profile's container; rename it");
    }

    @Test
    void areLimitedInNumber() {
        String many = IntStream.range(0, 51)
                .mapToObj(index -> "i" + index + ".logging")
                .collect(Collectors.joining(","));

        Reason denied = annotated(INJECT + ": '" + many + "'").denied();

        assertThat(denied.code()).isEqualTo(ReasonCode.TOO_LARGE);
        assertThat(denied.message()).endsWith("but the Pod would get 51 instances of profiles; at most 50 are allowed");
    }

    @Test
    void arePlainSidecarsAndNotTheApp() {
        Result result = annotated(TWO, AUDIT_PATH).withPlainSidecars().injected();

        assertThat(result.containers()).containsExactly("web", "log-tailer", "log-tailer-audit");
        assertThat(result.again().unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        assertThat(result.again().uninjected()).isEqualTo(annotatedPod(TWO, AUDIT_PATH));
    }

    @Nested
    class ChangedLater {

        private final Result two = annotated(TWO, AUDIT_PATH).injected();

        @Test
        void areRemoved() {
            Result one = two.againAnnotated(INJECT, "logging").injected();

            assertThat(one.plan().warnings())
                    .extracting(Reason::message)
                    .contains(
                            "injected again, because 'audit.logging' was injected before and would not be injected now");
            assertThat(one.pod())
                    .isEqualTo(annotated(INJECT + ": logging", AUDIT_PATH)
                            .injected()
                            .pod());
        }

        @Test
        void areAdded() {
            Result one = annotated(INJECT + ": logging", AUDIT_PATH).injected();

            Result added = one.againAnnotated(INJECT, "logging, audit.logging").injected();

            assertThat(added.pod()).isEqualTo(two.pod());
        }

        @Test
        void areInjectedWithOtherParameters() {
            Result other = two.againAnnotated("audit.logging.pillion.dev/path", "/var/log/other")
                    .injected();

            assertThat(other.pod())
                    .isEqualTo(annotated(TWO, "audit.logging.pillion.dev/path: /var/log/other")
                            .injected()
                            .pod());
        }

        @Test
        void areFoundIfTheStatusDoesNotListThem() {
            ObjectNode pod = two.pod().deepCopy();
            ObjectNode status = (ObjectNode) two.status();
            ((ObjectNode) status.path("profiles")).remove("audit.logging");
            status.putArray("initContainers").add("log-tailer");
            ((ObjectNode) pod.at("/metadata/annotations"))
                    .put(INJECT, "logging")
                    .put(Annotations.STATUS, status.toString());

            assertThat(two.trial().again(pod).uninjection().kept())
                    .extracting(Uninjection.Kept::addition)
                    .contains("container log-tailer-audit");
        }

        @Test
        void areAllRemovedByOptingOut() {
            Result none = two.againAnnotated(INJECT, "false").injected();

            assertThat(none.initContainers()).isEmpty();
            assertThat(none.annotation(Annotations.STATUS).isMissingNode()).isTrue();
        }

        @Test
        void areFoundIfTheStatusCannotBeRead() {
            ObjectNode pod =
                    two.againAnnotated(INJECT, "logging").uninjection().pod().deepCopy();
            ObjectNode left = (ObjectNode) two.pod().deepCopy();
            ((ObjectNode) left.at("/metadata/annotations"))
                    .put(Annotations.STATUS, "{")
                    .put(INJECT, "logging");

            assertThat(pod.at("/spec/initContainers").isMissingNode()).isTrue();
            assertThat(annotated().again(left).denied().message()).contains("container log-tailer-audit");
        }
    }

    @Nested
    class UnderPolicies {

        private static final String LOGS =
                "mode: Enforce\nmatch: {}\nprofiles: [{name: logging, parameters: {path: /srv/log}}]";
        private static final String AUDIT_LOGS =
                "mode: Enforce\nmatch: {}\nprofiles: [{name: logging, instance: audit, parameters: {path: /srv/audit}}]";

        @Test
        void areEnforcedBesideTheProfile() {
            Result result = annotated("a: b").withPolicies(policy("all", """
                            mode: Enforce
                            match: {}
                            profiles:
                              - {name: logging, parameters: {path: /srv/log}}
                              - {name: logging, instance: audit, parameters: {path: /srv/audit}}
                            """)).injected();

            assertThat(result.initContainers()).containsExactly("log-tailer", "log-tailer-audit");
            assertThat(result.again().missing()).isEmpty();
        }

        @Test
        void areMissingIfThePodHasOnlyAnotherInstance() {
            Trial pod = annotated(INJECT + ": 'logging, own.logging'", "own.logging.pillion.dev/path: /srv/audit");

            assertThat(pod.again(pod.injected().pod())
                            .withPolicies(policy("audits", AUDIT_LOGS))
                            .missing())
                    .extracting(Reason::message)
                    .contains("policy 'audits' enforces 'audit.logging', and the Pod lacks container log-tailer-audit");
            assertThat(pod.withPolicies(policy("audits", AUDIT_LOGS)).injected().initContainers())
                    .containsExactly("log-tailer", "log-tailer-audit", "log-tailer-own");
        }

        @Test
        void complyOnlyWithTheEnforcedParameters() {
            Trial pod = annotated("a: b").withPolicies(policy("audits", AUDIT_LOGS));
            ObjectNode changed = (ObjectNode) pod.injected().pod().deepCopy();
            ((ObjectNode) changed.at("/spec/initContainers/0"))
                    .putArray("command")
                    .add("true");

            assertThat(pod.again(changed).missing())
                    .extracting(Reason::message)
                    .singleElement()
                    .asString()
                    .startsWith("policy 'audits' enforces 'audit.logging', and container log-tailer-audit");
        }

        @Test
        void cannotSetParametersThatAPolicyLocksForTheProfile() {
            Trial pod = annotated(INJECT + ": own.logging", "own.logging.pillion.dev/path: /elsewhere");

            assertThat(pod.withPolicies(policy("logs", LOGS)).denied().message())
                    .isEqualTo(
                            "annotation own.logging.pillion.dev/path: policy logs sets 'path' to /srv/log, and it cannot be changed; remove the annotation, or have the platform team name instance 'own' in a policy (annotation pillion.dev/inject requests profile 'own.logging')");
            assertThat(pod.withPolicies(
                                    policy("logs", LOGS),
                                    policy(
                                            "own",
                                            "mode: Permit\nmatch: {}\nprofiles: [{name: logging, instance: own}]"))
                            .injected()
                            .initContainers())
                    .containsExactly("log-tailer", "log-tailer-own");
        }

        @Test
        void cannotSetProtectedParametersOfAnEnforcedProfile() {
            Trial pod = annotated(INJECT + ": own.logging", "own.logging.pillion.dev/user: '0'")
                    .withPolicies(policy(
                            "logs",
                            "mode: Enforce\nmatch: {}\nprofiles: [{name: logging, parameters: {path: /srv/log}}]"));

            assertThat(pod.denied().code()).isEqualTo(ReasonCode.LOCKED_PARAMETER);
        }

        @Test
        void areSkippedByAGuardWithoutADenialInStrictNamespaces() {
            Result result = annotated(INJECT + ": b.proxy")
                    .withPolicies(policy("edge", "mode: Enforce\nmatch: {}\nprofiles: [{name: proxy}]"))
                    .inNamespaceLabelled("pillion.dev/enforcement", "strict")
                    .injected();

            assertThat(result.initContainers()).containsExactly("proxy");
            assertThat(codes(result.plan().warnings())).contains("profile-skipped");
        }

        @Test
        void areAllPermittedByAPolicyWithoutInstances() {
            String root = profile("root", """
                    access: Restricted
                    parameters: [{name: level, type: enum, values: [low, high], default: low}]
                    app: {env: [{name: LEVEL, value: "${params.level}"}]}
                    """);
            Trial pod = annotated(INJECT + ": b.root");
            String permit = "mode: Permit\nmatch: {}\nprofiles: [{name: root, parameters: {level: low}%s}]";

            assertThat(pod.withProfiles(root).denied().code()).isEqualTo(ReasonCode.RESTRICTED_PROFILE);
            assertThat(pod.withProfiles(root, policy("p", permit.formatted("")))
                            .injected()
                            .container("web")
                            .at("/env/0/value")
                            .asText())
                    .isEqualTo("low");
            assertThat(annotated(INJECT + ": b.root", "b.root.pillion.dev/level: high")
                            .withProfiles(root, policy("p", permit.formatted("")))
                            .denied()
                            .code())
                    .isEqualTo(ReasonCode.LOCKED_PARAMETER);
            assertThat(pod.withProfiles(root, policy("p", permit.formatted(", instance: c")))
                            .denied()
                            .code())
                    .isEqualTo(ReasonCode.RESTRICTED_PROFILE);
            assertThat(annotated(INJECT + ": root")
                            .withProfiles(root, policy("p", permit.formatted(", instance: c")))
                            .denied()
                            .code())
                    .isEqualTo(ReasonCode.RESTRICTED_PROFILE);
            assertThat(pod.withProfiles(root, policy("p", "mode: Enforce\nmatch: {}\nprofiles: [{name: root}]"))
                            .denied()
                            .code())
                    .isEqualTo(ReasonCode.RESTRICTED_PROFILE);
        }

        @Test
        void areAuditedByName() {
            assertThat(annotated(INJECT + ": logging")
                            .withPolicies(policy(
                                    "watch", "mode: Audit\nmatch: {}\nprofiles: [{name: logging, instance: audit}]"))
                            .injected()
                            .plan()
                            .audited())
                    .extracting(Plan.Audited::toString)
                    .containsExactly("policy watch requests profile 'audit.logging': would be injected");
        }

        @Test
        void cannotReplaceTheContainerOfAnEnforcedOne() {
            Trial pod = Trial.of(
                            "metadata: {annotations: {a: b}}\nspec: {containers: [{name: web, image: y}], initContainers: [{name: log-tailer-audit, image: x, restartPolicy: Always}]}")
                    .withPolicies(policy("audits", AUDIT_LOGS));

            assertThat(pod.denied().code()).isEqualTo(ReasonCode.NAME_TAKEN);
            assertThat(codes(pod.missing())).contains("companion-changed");
        }
    }
}
