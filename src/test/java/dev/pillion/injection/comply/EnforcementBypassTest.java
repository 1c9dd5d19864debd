package dev.pillion.injection.comply;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.policy;
import static dev.pillion.injection.Trial.profile;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.Decision;
import dev.pillion.injection.Trial;
import dev.pillion.injection.comply.DefaultedPodsTest.Case;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.settings.ToleratedAdditions;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attempts to bypass enforced profiles that a security review found. */
class EnforcementBypassTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static String enforcing(String grant) {
        return policy("rule", "mode: Enforce\nmatch: {}\nprofiles: [" + grant + "]\n");
    }

    private static Trial strict(Trial trial) {
        return trial.inNamespaceLabelled("pillion.dev/enforcement", "strict");
    }

    @Nested
    class OnTheFinalPod {

        /** Changes of an injected companion with defaults. */
        enum Change {
            A_COMMAND(companion -> companion.putArray("command").add("sleep").add("infinity")),
            A_SECOND_VARIABLE(companion -> {
                ArrayNode env = companion.withArray("/env");
                String name = env.path(0).path("name").asText("HOME");
                env.addObject().put("name", name).put("value", "other");
            }),
            LD_PRELOAD(companion -> companion
                    .withArray("/env")
                    .addObject()
                    .put("name", "LD_PRELOAD")
                    .put("value", "/tmp/a.so")),
            A_MOUNT_BELOW(companion -> {
                ArrayNode mounts = companion.withArray("/volumeMounts");
                String directory = mounts.path(0).path("mountPath").asText();
                mounts.addObject().put("name", "data").put("mountPath", directory + "/below");
            }),
            A_MOUNT_WITH_A_SLASH(companion -> {
                ArrayNode mounts = companion.withArray("/volumeMounts");
                String directory = mounts.path(0).path("mountPath").asText();
                mounts.addObject().put("name", "data").put("mountPath", directory + "/");
            }),
            A_MOUNT_OVER_BIN(companion -> companion
                    .withArray("/volumeMounts")
                    .addObject()
                    .put("name", "data")
                    .put("mountPath", "/bin")),
            A_SUB_PATH(companion ->
                    ((ObjectNode) companion.withArray("/volumeMounts").get(0)).put("subPath", "elsewhere")),
            A_HOOK(companion -> companion
                    .withObject("/lifecycle/postStart/exec")
                    .putArray("command")
                    .add("true")),
            A_CAPABILITY(companion -> companion
                    .withObject("/securityContext/capabilities")
                    .putArray("add")
                    .add("SYS_PTRACE")),
            NEXT_TO_NO_CPU(
                    companion -> companion.withObject("/resources/limits").put("cpu", "1m")),
            A_FAILING_LIVENESS_PROBE(companion -> companion
                    .withObject("/livenessProbe/exec")
                    .putArray("command")
                    .add("false")),
            A_FAILING_STARTUP_PROBE(companion -> companion
                    .withObject("/startupProbe/exec")
                    .putArray("command")
                    .add("false")),
            RESTART_RULES(companion -> companion
                    .putArray("restartPolicyRules")
                    .addObject()
                    .put("action", "Restart")
                    .putObject("exitCodes")
                    .put("operator", "In")
                    .putArray("values")
                    .add(0)),
            ENV_FROM(companion -> companion
                    .withArray("/envFrom")
                    .addObject()
                    .putObject("configMapRef")
                    .put("name", "mine")),
            ROOT(companion -> companion.withObject("/securityContext").put("runAsUser", 0)),
            NEVER_PULLED(companion -> companion.put("imagePullPolicy", "Never"));

            private final Consumer<ObjectNode> change;

            Change(Consumer<ObjectNode> change) {
                this.change = change;
            }
        }

        static Stream<Arguments> everyChange() {
            return Stream.of(
                            "log-shipper",
                            "metrics",
                            "git-sync",
                            "logging",
                            "proxy",
                            "file-sync",
                            "config-reload",
                            "backup")
                    .flatMap(profile -> Arrays.stream(Change.values()).flatMap(edit -> Stream.of(true, false)
                            .map(natively -> Arguments.of(profile, edit, natively))));
        }

        @ParameterizedTest
        @MethodSource("everyChange")
        void isAFindingInEverySidecar(String profile, Change edit, boolean natively) throws Exception {
            Case each = new Case(profile, natively);
            ObjectNode pod = (ObjectNode) JSON.readTree(Files.readString(each.file()));
            ObjectNode companion = Stream.of("initContainers", "containers")
                    .flatMap(list -> pod.path("spec").path(list).valueStream())
                    .filter(container -> !Set.of("prepare", "web", "worker")
                            .contains(container.path("name").asText()))
                    .map(ObjectNode.class::cast)
                    .toList()
                    .getLast();
            assertThat(each.trial(pod).missing()).isEmpty();

            edit.change.accept(companion);

            assertThat(each.trial(pod).missing()).singleElement().satisfies(reason -> assertThat(reason.message())
                    .startsWith("policy 'all' enforces '" + profile + "', and container "
                            + companion.path("name").asText() + " differs from the profile: "));
        }

        @Test
        void aSecondRepositoryOfBackupIsAFinding() throws Exception {
            Case backup = new Case("backup", true);
            ObjectNode pod = (ObjectNode) JSON.readTree(Files.readString(backup.file()));
            pod.withArray("/spec/initContainers").forEach(container -> {
                if (container.path("name").asText().equals("backup")) {
                    ((ObjectNode) container)
                            .withArray("/env")
                            .addObject()
                            .put("name", "RESTIC_REPOSITORY")
                            .put("value", "/tmp");
                }
            });

            assertThat(backup.trial(pod).missing()).singleElement().satisfies(reason -> assertThat(reason.message())
                    .contains("env has RESTIC_REPOSITORY twice"));
        }

        @Test
        void aProxyMovedAfterTheAppsInitContainersIsAFinding() throws Exception {
            Case proxy = new Case("proxy", true);
            ObjectNode pod = (ObjectNode) JSON.readTree(Files.readString(proxy.file()));
            ArrayNode containers = pod.withArray("/spec/initContainers");
            JsonNode first = containers.remove(0);
            assertThat(first.path("name").asText()).isEqualTo("proxy");
            containers.add(first);

            assertThat(proxy.trial(pod).missing())
                    .extracting(Reason::message)
                    .containsExactly(
                            "policy 'all' enforces 'proxy', and container proxy starts after container prepare");
        }

        @Test
        void anotherAppArmorProfileByAnnotationIsAFinding() throws Exception {
            Case logging = new Case("logging", true);
            ObjectNode pod = (ObjectNode) JSON.readTree(Files.readString(logging.file()));
            ((ObjectNode) pod.at("/metadata/annotations"))
                    .put("container.apparmor.security.beta.kubernetes.io/log-tailer", "localhost/nothing");

            assertThat(logging.trial(pod).missing()).hasSize(1);
        }

        @ParameterizedTest
        @CsvSource({
            "shared volume at another place, '[{name: data, mountPath: /var/log/app}]'",
            "shadowed below, '[{name: pillion-var-log-app, mountPath: /var/log/app}, {name: data, mountPath: /var/log/app/now}]'",
            "twice, '[{name: pillion-var-log-app, mountPath: /var/log/app}, {name: data, mountPath: /var/log/app/}]'",
            "another part, '[{name: pillion-var-log-app, mountPath: /var/log/app, subPath: x}]'",
            "none, '[]'"
        })
        void theMountOfTheAppInASharedDirectoryIsChecked(String what, String mounts) throws Exception {
            Case logging = new Case("logging", true);
            ObjectNode pod = (ObjectNode) JSON.readTree(Files.readString(logging.file()));
            pod.withArray("/spec/containers").forEach(container -> {
                if (container.path("name").asText().equals("worker")) {
                    ((ObjectNode) container).set("volumeMounts", yaml(mounts));
                }
            });

            assertThat(logging.trial(pod).missing()).as(what).isNotEmpty().allSatisfy(reason -> assertThat(
                            reason.message())
                    .contains("the Pod lacks the shared directory /var/log/app in container worker, which "));
        }
    }

    @Nested
    class ByGuards {

        private static final String PROXY = enforcing("{name: proxy}");

        @ParameterizedTest
        @ValueSource(strings = {"proxy.pillion.dev/port: '15006'", "proxy.pillion.dev/listen: '8080'"})
        void noAnnotationSetsAParameterThatAGuardReads(String annotation) {
            Trial trial = annotated(annotation).withPolicies(PROXY);

            assertThat(trial.denied().code()).isEqualTo(ReasonCode.LOCKED_PARAMETER);
            assertThat(trial.missing()).extracting(Reason::code).containsExactly(ReasonCode.LOCKED_PARAMETER);
        }

        @Test
        void aPolicyCanOpenAProtectedParameter() {
            assertThat(annotated("proxy.pillion.dev/port: '80'")
                            .withPolicies(enforcing("{name: proxy, overridable: [port]}"))
                            .decide())
                    .isInstanceOf(Decision.Injected.class);
        }

        @Test
        void aPolicyOpensTheListedParametersOnly() {
            assertThat(annotated("metrics.pillion.dev/interval: 10s")
                            .withPolicies(enforcing(
                                    "{name: metrics, parameters: {endpoint: 'http://otel:4318'}, overridable: [port]}"))
                            .denied()
                            .code())
                    .isEqualTo(ReasonCode.LOCKED_PARAMETER);
        }

        @Test
        void anOpenParameterThatThePolicySetsIsADefault() {
            String open = enforcing("{name: logging, parameters: {path: /srv/log}, overridable: [path]}");

            assertThat(annotated("a: b")
                            .withPolicies(open)
                            .injected()
                            .at("/spec/initContainers/0/args/0")
                            .asText())
                    .isEqualTo("/srv/log");
            assertThat(annotated("logging.pillion.dev/path: /elsewhere")
                            .withPolicies(open)
                            .injected()
                            .at("/spec/initContainers/0/args/0")
                            .asText())
                    .isEqualTo("/elsewhere");
        }

        @Test
        void aDefaultPolicyDoesNotOpenAParameterOfAnEnforcePolicy() {
            Trial trial = annotated("logging.pillion.dev/path: /elsewhere")
                    .withPolicies(enforcing("{name: logging}"), policy("soft", """
                            mode: Default
                            match: {}
                            profiles: [{name: logging, parameters: {path: /srv/log}}]
                            """));

            assertThat(trial.denied().code()).isEqualTo(ReasonCode.LOCKED_PARAMETER);
        }

        static Stream<Arguments> podsForWhichAGuardHolds() {
            String backup = "{name: backup, parameters: {repository: 'rest:http://b/s', secret: s}}";
            String reload = "{name: config-reload, parameters: {directories: /data/conf, port: 80}}";
            return Stream.of(
                    Arguments.of(
                            "same-port",
                            "{name: proxy}",
                            "{containers: [{name: web, ports: [{containerPort: 15006}]}]}"),
                    Arguments.of(
                            "host-network",
                            "{name: proxy}",
                            "{hostNetwork: true, containers: [{name: web, ports: [{containerPort: 80}]}]}"),
                    Arguments.of(
                            "no-volume",
                            backup,
                            "{containers: [{name: decoy}, {name: web, volumeMounts: [{name: d, mountPath: /data}]}]}"),
                    Arguments.of(
                            "no-volume",
                            backup,
                            "{containers: [{name: web, volumeMounts: [{name: pillion-x, mountPath: /data}]}]}"),
                    Arguments.of(
                            "not-mounted",
                            reload,
                            "{containers: [{name: decoy}, {name: web, volumeMounts: [{name: d, mountPath: /data}]}]}"),
                    Arguments.of(
                            "not-mounted",
                            reload,
                            "{containers: [{name: web, volumeMounts: [{name: pillion-x, mountPath: /data}]}]}"));
        }

        @ParameterizedTest
        @MethodSource("podsForWhichAGuardHolds")
        void aGuardThatHoldsForAPodIsADenialInStrictNamespaces(String guard, String grant, String spec) {
            Trial trial = Trial.of("metadata: {name: web}\nspec: " + spec).withPolicies(enforcing(grant));

            Reason denied = strict(trial).denied();
            assertThat(denied.code()).isEqualTo(ReasonCode.GUARD_NOT_ACCEPTED);
            assertThat(denied.message())
                    .startsWith("policy rule requests profile ")
                    .contains("its guard '" + guard + "' would skip it")
                    .endsWith("add '" + guard + "' to acceptedGuards of policy rule");
            assertThat(trial.missing()).containsExactly(denied);
            assertThat(trial.unchanged().plan().warnings())
                    .as("a warning in other namespaces")
                    .extracting(Reason::code)
                    .contains(ReasonCode.PROFILE_SKIPPED);
        }

        @ParameterizedTest
        @MethodSource("podsForWhichAGuardHolds")
        void aGuardThatThePolicyAcceptsSkipsTheProfile(String guard, String grant, String spec) {
            Trial trial = Trial.of("metadata: {name: web}\nspec: " + spec)
                    .withPolicies(enforcing(grant.replaceFirst("}$", ", acceptedGuards: [" + guard + "]}")));

            assertThat(strict(trial).unchanged().reason().code()).isEqualTo(ReasonCode.SKIPPED);
            assertThat(trial.missing()).isEmpty();
        }

        @Test
        void anotherPathForTheBackupIsRefused() {
            assertThat(Trial.of("""
                                    metadata: {annotations: {backup.pillion.dev/path: /elsewhere}}
                                    spec: {containers: [{name: web, volumeMounts: [{name: d, mountPath: /data}]}]}
                                    """)
                            .withPolicies(
                                    enforcing("{name: backup, parameters: {repository: 'rest:http://b/s', secret: s}}"))
                            .denied()
                            .code())
                    .isEqualTo(ReasonCode.LOCKED_PARAMETER);
        }

        /** A guard can depend on a parameter through the default of another one. */
        @Test
        void noAnnotationSetsAParameterThatAGuardReadsThroughADefault() {
            String tail = profile("tail", """
                    parameters:
                      - {name: home, type: path, default: /srv}
                      - {name: logs, type: path, default: "${params.home}/logs"}
                      - {name: level, type: string, default: info}
                    skipWhen: [{name: nowhere, expression: "params.logs == '/none/logs'", message: m}]
                    sidecars: [{name: tail, image: "busybox:1.37", args: ["${params.logs}", "${params.level}"]}]
                    """);

            assertThat(annotated("tail.pillion.dev/home: /none")
                            .withPolicies(tail, enforcing("{name: tail}"))
                            .denied()
                            .code())
                    .isEqualTo(ReasonCode.LOCKED_PARAMETER);
            assertThat(annotated("tail.pillion.dev/level: debug")
                            .withPolicies(tail, enforcing("{name: tail}"))
                            .decide())
                    .isInstanceOf(Decision.Injected.class);
        }
    }

    @Nested
    class ByParameters {

        @Test
        void noAnnotationRunsACompanionAsRoot() {
            Trial trial = annotated("logging.pillion.dev/user: '0'").withPolicies(enforcing("{name: logging}"));

            assertThat(trial.denied())
                    .isEqualTo(new Reason(
                            ReasonCode.LOCKED_PARAMETER,
                            "annotation logging.pillion.dev/user: policy rule enforces the profile and does not let Pods set 'user';"
                                    + " remove the annotation, or have the platform team add 'user' to overridable of policy rule"
                                    + " (policy rule requests profile 'logging')"));
        }

        @Test
        void aRequiredParameterCanBeSetByThePod() {
            assertThat(annotated("backup.pillion.dev/repository: rest:http://b/s", "backup.pillion.dev/secret: s")
                            .withPolicies(enforcing("{name: backup, acceptedGuards: [no-volume]}"))
                            .unchanged()
                            .reason()
                            .code())
                    .isEqualTo(ReasonCode.SKIPPED);
        }

        static Stream<Arguments> uses() {
            return Stream.of(
                    Arguments.of("image: \"a:${params.p}\"", true),
                    Arguments.of("image: \"a:1\", command: [\"${params.p}\"]", true),
                    Arguments.of("image: \"a:1\", workingDir: \"${params.p}\"", true),
                    Arguments.of("image: \"a:1\", resources: {limits: {cpu: \"${params.p}\"}}", true),
                    Arguments.of("image: \"a:1\", livenessProbe: {exec: {command: [\"${params.p}\"]}}", true),
                    Arguments.of("image: \"a:1\", when: \"${params.p == '1'}\"", true),
                    Arguments.of("image: \"a:1\", env: [{name: \"${params.p}\", value: a}]", true),
                    Arguments.of("image: \"a:1\", env: \"${[{'name': 'A', 'value': params.p}]}\"", true),
                    Arguments.of("image: \"a:1\", envFrom: [{secretRef: {name: \"${params.p}\"}}]", true),
                    Arguments.of("image: \"a:1\", files: [{path: \"/etc/x/${params.p}\", content: a}]", true),
                    Arguments.of("image: \"a:1\", args: [\"${params.p}\"]", false),
                    Arguments.of("image: \"a:1\", env: [{name: A, value: \"${params.p}\"}]", false),
                    Arguments.of("image: \"a:1\", files: [{path: /etc/x/a, content: \"${params.p}\"}]", false));
        }

        @ParameterizedTest
        @MethodSource("uses")
        void anAnnotationSetsOnlyArgumentsAndValues(String container, boolean isProtected) {
            Trial trial = annotated("tail.pillion.dev/p: '1'")
                    .withPolicies(profile("tail", """
                    parameters: [{name: p, type: string, default: "1"}]
                    sidecars: [{name: tail, %s}]
                    """.formatted(container)), enforcing("{name: tail}"));

            if (isProtected) {
                assertThat(trial.denied().code()).isEqualTo(ReasonCode.LOCKED_PARAMETER);
            } else {
                assertThat(trial.decide()).isInstanceOf(Decision.Injected.class);
            }
        }
    }

    @Nested
    class ByNamesAndValues {

        private static final String ENV = "{name: env, parameters: {variables: {MODE: strict}}}";

        @Test
        void anAppWithTheNameOfAKnownSidecarIsTheApp() {
            Trial trial = Trial.of("""
                    metadata: {name: web}
                    spec: {containers: [{name: istio-proxy, image: nginx}]}
                    """).withPolicies(enforcing("{name: logging}"));

            var result = trial.injected();

            assertThat(result.container("istio-proxy")
                            .at("/volumeMounts/0/mountPath")
                            .asText())
                    .isEqualTo("/var/log/app");
            assertThat(trial.missing())
                    .extracting(Reason::message)
                    .anyMatch(message -> message.contains("istio-proxy"));
            assertThat(trial.again(result.pod()).missing()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "[{name: MODE, value: lax}]",
                    "[{name: MODE, value: strict}, {name: MODE, value: lax}]",
                    "[{name: MODE, valueFrom: {configMapKeyRef: {name: mine, key: mode}}}]",
                    "[{name: MODE, value: strict, valueFrom: {configMapKeyRef: {name: mine, key: mode}}}]"
                })
        void anotherValueOfAnEnforcedVariableIsAFinding(String env) {
            Trial trial = Trial.of(
                            "metadata: {name: web}\nspec: {containers: [{name: web, image: a, env: " + env + "}]}")
                    .withPolicies(enforcing(ENV));

            assertThat(trial.missing()).singleElement().satisfies(reason -> assertThat(reason.message())
                    .startsWith("policy 'rule' enforces 'env', and variable MODE in container web differs from"
                            + " the profile: "));
        }

        @Test
        void anotherValueOfAnEnforcedVariableIsAllowedByThePolicy() {
            assertThat(Trial.of("""
                            metadata: {name: web}
                            spec: {containers: [{name: web, image: a, env: [{name: MODE, value: lax}]}]}
                            """)
                            .withPolicies(enforcing(ENV.replaceFirst("}$", ", keepAppValues: true}")))
                            .missing())
                    .isEmpty();
        }

        @Test
        void anEnforcedLabelIsEnforced() {
            String labelled = profile("labelled", "pod: {labels: {scrape: 'true'}}");
            Trial trial = Trial.of("""
                    metadata: {name: web, labels: {scrape: 'false'}}
                    spec: {containers: [{name: web, image: a}]}
                    """);

            assertThat(trial.withPolicies(labelled, enforcing("{name: labelled}"))
                            .missing())
                    .hasSize(1);
            assertThat(trial.withPolicies(labelled, enforcing("{name: labelled, keepAppValues: true}"))
                            .missing())
                    .isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"PATH", "LD_PRELOAD", "GIT_SSH_COMMAND"})
        void aVariableOfASubPathHasNoEffectInTheCompanion(String name) {
            Trial trial = Trial.of("""
                    metadata: {name: web}
                    spec:
                      volumes: [{name: logs, persistentVolumeClaim: {claimName: logs}}]
                      containers:
                        - name: web
                          image: nginx
                          env: [{name: %1$s, value: x}]
                          volumeMounts: [{name: logs, mountPath: /var/log/app, subPathExpr: $(%1$s)}]
                    """.formatted(name)).withPolicies(enforcing("{name: logging}"));

            var result = trial.injected();

            assertThat(result.container("log-tailer").path("env"))
                    .extracting(variable -> variable.path("name").asText())
                    .containsExactly("PILLION_SUBPATH_" + name);
            assertThat(trial.again(result.pod()).missing()).isEmpty();
        }
    }

    @Nested
    class ByThePod {

        private static final Trial LOGGED = annotated("a: b")
                .withPolicies(enforcing("{name: log-shipper, parameters: {endpoint: 'http://otel.logs:4318'}}"));

        private static JsonNode with(String field, String value) {
            ObjectNode pod = (ObjectNode) LOGGED.injected().pod();
            pod.withObject("/spec").set(field, yaml("[" + value + "]").get(0));
            return pod;
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "hostAliases|[{ip: 127.0.0.1, hostnames: [other, OTEL.logs]}]",
                    "dnsPolicy|None",
                    "dnsPolicy|Default",
                    "dnsConfig|{nameservers: [10.1.1.1]}",
                    "shareProcessNamespace|true",
                    "hostPID|true",
                    "hostIPC|true",
                    "ephemeralContainers|[{name: debug}]",
                    "securityContext|{appArmorProfile: {type: Unconfined}}",
                    "securityContext|{seLinuxOptions: {type: spc_t}}"
                })
        void aFieldThatChangesWhatCompanionsRunIsAFinding(String field, String value) {
            JsonNode pod = with(field, value);

            assertThat(LOGGED.again(pod).missing()).singleElement().satisfies(reason -> assertThat(reason.message())
                    .contains("spec." + field + " "));
            assertThat(LOGGED.tolerating(new ToleratedAdditions(
                                    Set.of(), Set.of(), Set.of(), Set.of(), Set.of(field), false))
                            .again(pod)
                            .missing())
                    .isEmpty();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "hostAliases|[{ip: 127.0.0.1, hostnames: [otel, legacy.example.com]}]",
                    "dnsPolicy|ClusterFirstWithHostNet",
                    "dnsConfig|{options: [{name: ndots, value: '2'}], searches: [corp.example.com]}",
                    "shareProcessNamespace|false",
                    "securityContext|{fsGroup: 1000, seLinuxOptions: {level: 's0:c1,c2'}}",
                    "hostNetwork|true",
                    "activeDeadlineSeconds|60"
                })
        void aFieldForTheAppOnlyIsNoFinding(String field, String value) {
            assertThat(LOGGED.again(with(field, value)).missing()).isEmpty();
        }

        @Test
        void aBudgetThatIsTooSmallForACompanionIsAFinding() {
            Trial trial = Trial.of("""
                    metadata: {name: web}
                    spec: {resources: {limits: {cpu: 1m}}, containers: [{name: web, image: a}]}
                    """).withPolicies(enforcing("{name: logging}"));

            assertThat(trial.again(trial.injected().pod()).missing())
                    .extracting(Reason::message)
                    .containsExactly(
                            "policy 'rule' enforces 'logging', and spec.resources limits cpu to less than companion"
                                    + " log-tailer requests");
        }

        @Test
        void aPodWithWindowsSettingsIsRefusedInAStrictNamespaceOnly() {
            Trial trial = Trial.of("""
                    metadata: {name: web}
                    spec: {securityContext: {windowsOptions: {hostProcess: true}}, containers: [{name: web, image: a}]}
                    """).withPolicies(enforcing("{name: logging}"));
            Trial strict = trial.inNamespaceLabelled("pillion.dev/enforcement", "strict");
            Reason reason = new Reason(
                    ReasonCode.WINDOWS_NOT_SELECTED,
                    "policy rule requests profile 'logging', but spec.securityContext.windowsOptions does not keep the Pod"
                            + " off Linux nodes; set spec.os.name to windows for a Windows Pod, or remove this field");

            assertThat(strict.denied()).isEqualTo(reason);
            assertThat(strict.missing()).containsExactly(reason);
            assertThat(trial.unchanged().reason().code()).isEqualTo(ReasonCode.WINDOWS_POD);
            assertThat(trial.missing()).containsExactly(reason);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{os: {name: windows}}",
                    "{nodeSelector: {kubernetes.io/os: windows}}",
                    // The kubelet also sets and corrects this label (updateDefaultLabels in kubelet_node_status.go).
                    "{nodeSelector: {beta.kubernetes.io/os: windows}}",
                    "{affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/os, operator: In, values: [windows]}]}]}}}}"
                })
        void aPodThatNoLinuxNodeCanRunIsForWindows(String spec) {
            ObjectNode pod = (ObjectNode) yaml("{metadata: {name: web}, spec: " + spec + "}");
            pod.withArray("/spec/containers").addObject().put("name", "web");

            assertThat(Trial.of(pod).withPolicies(enforcing("{name: logging}")).missing())
                    .isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/os, operator: In, values: [windows]}]}, {matchExpressions: [{key: a, operator: Exists}]}]}}}}",
                    "{affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: {matchExpressions: [{key: kubernetes.io/os, operator: In, values: [windows]}]}}]}}}",
                    "{securityContext: {windowsOptions: {runAsUserName: ContainerUser}}}",
                    "{securityContext: {windowsOptions: {hostProcess: true}}}",
                    "{os: {name: Windows}}",
                    "{nodeSelector: {kubernetes.io/os: linux}}"
                })
        void aPodThatALinuxNodeCanRunIsNotForWindows(String spec) {
            ObjectNode pod = (ObjectNode) yaml("{metadata: {name: web}, spec: " + spec + "}");
            pod.withArray("/spec/containers").addObject().put("name", "web");

            assertThat(Trial.of(pod).withPolicies(enforcing("{name: logging}")).missing())
                    .isNotEmpty();
        }
    }

    @Nested
    class ToleratedAdditionsOfTheOperator {

        private static final Trial TRIAL = annotated("a: b").withPolicies(enforcing("{name: logging}"));

        private static final ToleratedAdditions ADDITIONS = new ToleratedAdditions(
                Set.of("MESH_*", "TZ"),
                Set.of("/etc/mesh", "/var/log/app/mesh"),
                Set.of("example.com/dongle", "memory"),
                Set.of(),
                Set.of(),
                false);

        private static JsonNode with(Consumer<ObjectNode> change) {
            ObjectNode pod = (ObjectNode) TRIAL.injected().pod();
            change.accept((ObjectNode) pod.at("/spec/initContainers/0"));
            return pod;
        }

        private static Map<String, Consumer<ObjectNode>> tolerated() {
            return Map.of(
                    "a variable",
                    tailer -> tailer.withArray("/env")
                            .addObject()
                            .put("name", "TZ")
                            .put("value", "UTC"),
                    "a variable by its prefix",
                    tailer -> tailer.withArray("/env")
                            .addObject()
                            .put("name", "MESH_ID")
                            .put("value", "1"),
                    "a mount",
                    tailer -> tailer.withArray("/volumeMounts")
                            .addObject()
                            .put("name", "m")
                            .put("mountPath", "/etc/mesh/"),
                    "the amount of a resource",
                    tailer -> tailer.withObject("/resources/requests").put("memory", "99Mi"),
                    "a resource",
                    tailer -> tailer.withObject("/resources/limits").put("example.com/dongle", "1"));
        }

        static Stream<String> toleratedNames() {
            return tolerated().keySet().stream();
        }

        @ParameterizedTest
        @MethodSource("toleratedNames")
        void areNoFindings(String name) {
            JsonNode pod = with(tolerated().get(name));

            assertThat(TRIAL.again(pod).missing()).hasSize(1);
            assertThat(TRIAL.tolerating(ADDITIONS).again(pod).missing()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"MESH", "TZ2", "LD_PRELOAD"})
        void allowNothingElse(String variable) {
            JsonNode pod = with(tailer ->
                    tailer.withArray("/env").addObject().put("name", variable).put("value", "1"));

            assertThat(TRIAL.tolerating(ADDITIONS).again(pod).missing()).hasSize(1);
        }

        @Test
        void cannotHideADirectoryOfTheProfile() {
            JsonNode pod = with(tailer -> tailer.withArray("/volumeMounts")
                    .addObject()
                    .put("name", "m")
                    .put("mountPath", "/var/log/app/mesh"));

            assertThat(TRIAL.tolerating(ADDITIONS).again(pod).missing()).hasSize(1);
        }
    }

    @Test
    void aGeneratedNameIsTheSameForBothWebhooks() {
        String half = policy("half", "mode: Enforce\nmatch: {}\npercentage: 50\nprofiles: [{name: logging}]\n");
        List<Boolean> complied = Stream.iterate(0, index -> index + 1)
                .limit(40)
                .map(index -> {
                    Trial trial = Trial.of("""
                            metadata: {generateName: job%d-}
                            spec: {containers: [{name: web, image: a}]}
                            """.formatted(index)).withPolicies(half);
                    boolean isGiven = trial.decide() instanceof Decision.Injected;
                    ObjectNode created =
                            (ObjectNode) (isGiven ? trial.injected().pod() : yaml("""
                                    metadata: {generateName: job%d-}
                                    spec: {containers: [{name: web, image: a}]}
                                    """.formatted(index)));
                    created.withObject("/metadata")
                            .put("name", "job" + index + "-x1y2z")
                            .put("uid", "u" + index);
                    return trial.again(created).missing().isEmpty();
                })
                .toList();

        assertThat(complied).doesNotContain(false);
    }
}
