package dev.pillion.injection;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.policy;
import static dev.pillion.injection.Trial.profile;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A Pod and a message for each code. The test does not compile without a Pod for a new code. */
class EveryCodeTest {

    private static final String ALL_LOG = policy("all-log", """
            mode: Enforce
            match: {}
            profiles: [{name: logging, parameters: {path: /srv/log}}]
            """);

    private record Example(Trial trial, String message) {}

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {
                "NOT_A_POD_CREATION",
                "MALFORMED_POD",
                "COMPLIANT",
                "COMPANION_MISSING",
                "COMPANION_CHANGED",
                "COMPILED",
                "NOT_COMPILED",
                "NOT_A_RESOURCE",
                "PROFILE_IN_USE",
                "DENIES_EXISTING_PODS",
                "REQUIREMENT_UNMET"
            })
    void isGivenToAPod(ReasonCode code) {
        Example example = example(code);

        assertThat(reasons(example.trial().decide())).contains(new Reason(code, example.message()));
    }

    @ParameterizedTest
    @EnumSource
    void isPrintedInLowerCaseWithHyphens(ReasonCode code) {
        assertThat(code.toString())
                .matches("[a-z]+(-[a-z]+)*")
                .isEqualTo(code.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    private static List<Reason> reasons(Decision decision) {
        return switch (decision) {
            case Injected injected -> both(new Reason(ReasonCode.INJECTED, ""), injected.plan());
            case Unchanged unchanged -> both(unchanged.reason(), unchanged.plan());
            case Denied denied -> List.of(denied.reason());
        };
    }

    private static List<Reason> both(Reason reason, Plan plan) {
        List<Reason> reasons = new ArrayList<>(plan.warnings());
        reasons.add(reason);
        return reasons;
    }

    private static Example example(ReasonCode code) {
        return switch (code) {
            case NOT_REQUESTED -> new Example(annotated("example.com/a: b"), "nothing requests a profile");
            case OPTED_OUT ->
                new Example(
                        annotated("pillion.dev/inject: 'false'"), "the Pod opts out by annotation pillion.dev/inject");
            case ALREADY_INJECTED ->
                new Example(
                        annotated("pillion.dev/inject: logging").injected().again(),
                        "the Pod already has everything that it requests");
            case SKIPPED -> new Example(onTheHostNetwork(), "every requested profile was skipped");
            case MIRROR_POD ->
                new Example(
                        annotated("kubernetes.io/config.mirror: abc", "pillion.dev/inject: logging"),
                        "Pillion never changes mirror Pods");
            case EXCLUDED_NAMESPACE ->
                new Example(
                        annotated("pillion.dev/inject: logging").inNamespace("kube-system"),
                        "Pillion never changes Pods in namespace kube-system");
            case WINDOWS_POD ->
                new Example(
                        Trial.of("""
                                metadata: {annotations: {pillion.dev/inject: logging}}
                                spec: {nodeSelector: {kubernetes.io/os: windows}, containers: [{name: web}]}
                                """),
                        "annotation pillion.dev/inject requests profile 'logging', but the Pod is for Windows nodes by spec.nodeSelector['kubernetes.io/os'], and the profiles are for Linux");
            case NOT_A_POD_CREATION,
                    MALFORMED_POD,
                    COMPLIANT,
                    COMPANION_MISSING,
                    COMPANION_CHANGED,
                    COMPILED,
                    NOT_COMPILED,
                    NOT_A_RESOURCE,
                    PROFILE_IN_USE,
                    DENIES_EXISTING_PODS,
                    REQUIREMENT_UNMET -> throw new IllegalArgumentException("only a webhook returns this code");
            case UNKNOWN_ANNOTATION ->
                new Example(
                        annotated("pillion.dev/contianers: web"),
                        "annotation pillion.dev/contianers is unknown; did you mean 'pillion.dev/containers'?");
            case UNKNOWN_PROFILE ->
                new Example(
                        annotated("pillion.dev/inject: loging"),
                        "annotation pillion.dev/inject: there is no profile 'loging'; did you mean 'logging'?");
            case UNKNOWN_PARAMETER ->
                new Example(
                        annotated("env.pillion.dev/vars: A=1"),
                        "annotation env.pillion.dev/vars: profile 'env' has no parameter 'vars'; known: variables");
            case UNKNOWN_CONTAINER ->
                new Example(
                        annotated("pillion.dev/inject: logging", "pillion.dev/containers: app"),
                        "annotation pillion.dev/containers: the Pod has no container 'app'; known: web");
            case INVALID_VALUE ->
                new Example(
                        annotated("pillion.dev/wait-for: postgres"),
                        "annotation pillion.dev/wait-for: the value 'postgres' has no port; write HOST:PORT");
            case MISSING_PARAMETER ->
                new Example(
                        annotated("pillion.dev/inject: wait-for"),
                        "annotation pillion.dev/inject requests profile 'wait-for', but its parameter 'targets' needs a value; set annotation wait-for.pillion.dev/targets (Targets, as HOST:PORT, dns://NAME, http(s)://HOST/PATH (any 2xx or 3xx response), grpc://HOST:PORT (the health check reports SERVING), job/NAME (complete) or pod/LABEL=VALUE (all ready). For the last two, the Pod's ServiceAccount needs the permission to get Jobs and to list Pods.)");
            case LOCKED_PARAMETER ->
                new Example(
                        annotated("pillion.dev/wait-for: a:1", "wait-for.pillion.dev/curlImage: evil"),
                        "annotation wait-for.pillion.dev/curlImage: the platform team has locked 'curlImage'; remove the annotation (annotation pillion.dev/wait-for requests profile 'wait-for')");
            case GENERATION_UNAVAILABLE ->
                new Example(
                        annotated("pillion.dev/inject: tail", "tail.pillion.dev/generation: '0123abcd'")
                                .withProfiles(profile("tail", "pinnable: true")),
                        "annotation tail.pillion.dev/generation: it pins generation '0123abcd' of profile 'tail', which is not known;"
                                + " the only known generation is 44136fa3 (in force); Pillion keeps earlier generations only of profiles that are resources of a cluster"
                                + " (annotation pillion.dev/inject requests profile 'tail')");
            case RESTRICTED_PROFILE ->
                new Example(
                        annotated("pillion.dev/inject: root").withProfiles(profile("root", "access: Restricted")),
                        "annotation pillion.dev/inject requests profile 'root', but it is restricted, and no policy permits it for this Pod; ask the platform team");
            case GUARD_NOT_ACCEPTED ->
                new Example(
                        onTheHostNetwork()
                                .withPolicies(
                                        policy("proxies", "mode: Enforce\nmatch: {}\nprofiles: [{name: proxy}]\n"))
                                .inNamespaceLabelled("pillion.dev/enforcement", "strict"),
                        "policy proxies requests profile 'proxy', but its guard 'host-network' would skip it: the Pod uses the node's"
                                + " network (hostNetwork), where the proxy would take a port of the node; change the Pod, or have the platform team"
                                + " add 'host-network' to acceptedGuards of policy proxies");
            case CONFLICTING_ANNOTATIONS ->
                new Example(
                        annotated("pillion.dev/wait-for: a:1", "wait-for.pillion.dev/targets: a:1"),
                        "annotations pillion.dev/wait-for and wait-for.pillion.dev/targets set the same parameter; remove one of them");
            case NAME_TAKEN ->
                new Example(
                        Trial.of("""
                                metadata: {annotations: {pillion.dev/inject: logging}}
                                spec: {containers: [{name: web}, {name: log-tailer}]}
                                """),
                        "annotation pillion.dev/inject requests profile 'logging', but the Pod has another container called 'log-tailer', the name of the profile's container; rename it");
            case CHANGED_REQUEST ->
                new Example(
                        annotated("pillion.dev/inject: logging")
                                .injected()
                                .againAnnotated("pillion.dev/inject", "false"),
                        "removed what was injected before, because nothing requests 'logging' now");
            case EXPRESSION_FAILED ->
                new Example(
                        annotated("pillion.dev/inject: a")
                                .withProfiles(profile(
                                        "a", "app: {env: [{name: COMMAND, value: \"${dyn(app).command[0]}\"}]}")),
                        "annotation pillion.dev/inject requests profile 'a', but it cannot be rendered for this Pod: ${dyn(app).command[0]} has no value: key 'command' is not present in map");
            case DIRECTORY_NOT_SHAREABLE ->
                new Example(
                        Trial.of("""
                                metadata: {annotations: {pillion.dev/inject: logging}}
                                spec: {containers: [{name: web, volumeDevices: [{name: d, devicePath: /var/log/app}]}]}
                                """),
                        "annotation pillion.dev/inject requests profile 'logging', but container web has a block device at /var/log/app, where no directory can be mounted; choose another directory");
            case ANNOTATIONS_TOO_LARGE ->
                new Example(
                        annotated("pillion.dev/inject: logging", "example.com/a: " + "x".repeat(261_900)),
                        "annotation pillion.dev/inject requests profile 'logging', but the Pod's annotations would then have 262838 bytes; Kubernetes allows 262144");
            case TOO_LARGE ->
                new Example(
                        annotated(
                                "pillion.dev/inject: env",
                                "env.pillion.dev/variables: "
                                        + IntStream.range(0, 1_001)
                                                .mapToObj(index -> "V" + index + "=1")
                                                .collect(joining(","))),
                        "annotation env.pillion.dev/variables: the value has 1001 elements; at most 1000 are allowed (annotation pillion.dev/inject requests profile 'env')");
            case INJECTED -> new Example(annotated("pillion.dev/inject: logging"), "");
            case PROFILE_SKIPPED ->
                new Example(
                        onTheHostNetwork(),
                        "annotation pillion.dev/inject requests profile 'proxy', but its guard 'host-network' skips it: the Pod uses the node's network (hostNetwork), where the proxy would take a port of the node");
            case PARAMETER_UNUSED ->
                new Example(
                        annotated("proxy.pillion.dev/port: '80'"),
                        "annotation proxy.pillion.dev/port has no effect: nothing requests profile 'proxy'; add pillion.dev/inject: proxy");
            case ENV_CONFLICT ->
                new Example(
                        Trial.of("""
                                metadata: {annotations: {pillion.dev/inject: env, env.pillion.dev/variables: A=1}}
                                spec: {containers: [{name: web, env: [{name: A, value: "2"}]}]}
                                """),
                        "annotation pillion.dev/inject requests profile 'env', but container web keeps its own value of A");
            case MOUNT_CONFLICT ->
                new Example(
                        Trial.of("""
                                        metadata: {annotations: {pillion.dev/inject: a}}
                                        spec: {containers: [{name: web, volumeMounts: [{name: own, mountPath: /a}]}]}
                                        """)
                                .withProfiles(profile("a", "app: {volumeMounts: [{name: \"${'a'}\", mountPath: /a}]}")),
                        "annotation pillion.dev/inject requests profile 'a', but container web keeps its own volume at /a");
            case METADATA_CONFLICT ->
                new Example(
                        Trial.of("""
                                        metadata: {annotations: {pillion.dev/inject: a}, labels: {team: own}}
                                        spec: {containers: [{name: web}]}
                                        """).withProfiles(profile("a", "pod: {labels: {team: a}}")),
                        "annotation pillion.dev/inject requests profile 'a', but the Pod keeps its own label team");
            case POD_FIELD_CONFLICT ->
                new Example(
                        Trial.of("""
                                        metadata: {annotations: {pillion.dev/inject: a}}
                                        spec: {nodeSelector: {disk: hdd}, containers: [{name: web}]}
                                        """).withProfiles(profile("a", "pod: {nodeSelector: {disk: ssd}}")),
                        "annotation pillion.dev/inject requests profile 'a', but the Pod keeps its own nodeSelector disk hdd");
            case DIRECTORY_NOT_SHARED ->
                new Example(
                        Trial.of("""
                                metadata: {annotations: {pillion.dev/inject: logging}}
                                spec: {containers: [{name: web, volumeMounts: [{name: a, mountPath: /var/log/app/a}]}]}
                                """),
                        "annotation pillion.dev/inject requests profile 'logging', but container web has its own volume at /var/log/app/a, which is not shared");
            case DIRECTORY_HIDDEN ->
                new Example(
                        annotated("pillion.dev/inject: logging", "logging.pillion.dev/path: /srv"),
                        "annotation pillion.dev/inject requests profile 'logging', but an empty directory at /srv hides files of the image of container web; choose another directory if the app needs it");
            case PROFILE_WARNING ->
                new Example(
                        annotated("pillion.dev/inject: metrics", "metrics.pillion.dev/endpoint: http://otel:4317"),
                        "annotation pillion.dev/inject requests profile 'metrics', but port 4317 of its endpoint is the port for OTLP/gRPC, and the sidecar sends OTLP/HTTP; write port 4318");
            case PORT_TAKEN ->
                new Example(
                        Trial.of("""
                                metadata:
                                  annotations: {pillion.dev/inject: proxy, pillion.dev/status: '{"initContainers": ["proxy"]}'}
                                spec:
                                  initContainers: [{name: proxy}]
                                  containers: [{name: web, ports: [{containerPort: 80}, {containerPort: 15006}]}]
                                """),
                        "annotation pillion.dev/inject requests profile 'proxy', but container 'web' declares port 15006, which the"
                                + " profile's container 'proxy' needs; it was added before, so one of the two containers cannot start");
            case SIDECAR_OUTLIVES_APP ->
                new Example(
                        Trial.of("""
                                metadata: {annotations: {pillion.dev/inject: logging}}
                                spec: {restartPolicy: OnFailure, containers: [{name: import}]}
                                """).withPlainSidecars(),
                        "annotation pillion.dev/inject requests profile 'logging', but its sidecar log-tailer continues to run after the app has ended, so the Pod does not complete; native sidecars (Kubernetes 1.29) end with the app");
            case GUARANTEED_QOS_LOST ->
                new Example(
                        Trial.of("""
                                metadata: {annotations: {pillion.dev/inject: logging}}
                                spec: {containers: [{name: web, resources: {limits: {cpu: 1, memory: 1Gi}}}]}
                                """)
                                .withProfiles(Trial.profile("logging", "sidecars: [{name: tail, image: busybox}]\n")),
                        "annotation pillion.dev/inject requests profile 'logging', but the Pod loses its QoS class Guaranteed, because the cpu and memory limits of container tail are not equal to its requests; its profile would need limits that equal its requests");
            case ENV_FROM_REPLACED ->
                new Example(
                        Trial.of("""
                                metadata: {annotations: {pillion.dev/inject: env, env.pillion.dev/variables: A=1}}
                                spec: {containers: [{name: web, envFrom: [{secretRef: {name: settings}}]}]}
                                """),
                        "annotation pillion.dev/inject requests profile 'env', but its A would replace a variable of this name that container web takes from Secret settings by envFrom, if there is one");
            case OPT_OUT_IGNORED ->
                new Example(
                        annotated("pillion.dev/inject: 'false'").withPolicies(ALL_LOG),
                        "annotation pillion.dev/inject: \"false\" has no effect on logging, which policy all-log enforces");
            case CONTAINERS_IGNORED ->
                new Example(
                        annotated("pillion.dev/containers: web").withPolicies(ALL_LOG),
                        "annotation pillion.dev/containers has no effect where a policy enforces a profile: policy all-log requests profile 'logging'");
            case WINDOWS_NOT_SELECTED ->
                new Example(
                        Trial.of("""
                                        metadata: {name: web}
                                        spec: {containers: [{name: web, securityContext: {windowsOptions: {hostProcess: true}}}]}
                                        """).withPolicies(ALL_LOG).inNamespaceLabelled("pillion.dev/enforcement", "strict"),
                        "policy all-log requests profile 'logging', but spec.containers[0].securityContext.windowsOptions does not keep the Pod off Linux nodes; set spec.os.name to windows for a Windows Pod, or remove this field");
            case REQUEST_MISPLACED ->
                new Example(
                        annotated("pilion.dev/inject: logging"),
                        "annotation pilion.dev/inject has no effect; did you mean pillion.dev/inject?");
            case REQUEST_EMPTY ->
                new Example(
                        annotated("pillion.dev/inject: ''"),
                        "annotation pillion.dev/inject is empty and requests nothing; write names of profiles, or \"false\" to opt out, or remove it");
            case FILE_MISSING ->
                new Example(
                        Trial.of("""
                                metadata: {name: copy}
                                spec:
                                  containers: [{name: web}]
                                  volumes:
                                    - name: pillion-files-proxy
                                      downwardAPI: {items: [{path: a, fieldRef: {fieldPath: "metadata.annotations['pillion.dev/file.proxy.0']"}}]}
                                """),
                        "volume pillion-files-proxy of a companion needs annotation pillion.dev/file.proxy.0, which the Pod does not have, so the companion's file will be empty; a copy of a Pod keeps its annotations with kubectl debug --copy-to=NAME --keep-annotations");
            case DEFAULT_CONTAINER_IGNORED ->
                new Example(
                        annotated("pillion.dev/inject: logging", "kubectl.kubernetes.io/default-container: main"),
                        "annotation kubectl.kubernetes.io/default-container names 'main', and the Pod has no such container; container web counts as the app");
            case STATUS_UNREADABLE ->
                new Example(
                        Trial.of("""
                                metadata: {annotations: {pillion.dev/inject: logging, pillion.dev/status: "{oops"}}
                                spec: {containers: [{name: web}, {name: proxy, image: squid}]}
                                """),
                        "container proxy has the name of a companion, but another image or command, so Pillion treats the container as one of the app; annotation pillion.dev/status cannot be read");
            case POLICY_CONFLICT ->
                new Example(
                        annotated("a: b").withPolicies(ALL_LOG, policy("web-logs", """
                                mode: Enforce
                                priority: 5
                                match: {}
                                profiles: [{name: logging, parameters: {path: /srv/web}}]
                                """)),
                        "policy all-log does not set logging's path: policy web-logs takes precedence");
            case MATCH_CONDITION_FAILED ->
                new Example(
                        annotated("a: b").withPolicies(policy("batch", """
                                mode: Default
                                match: {matchConditions: [{name: batch, expression: "pod.metadata.labels.batch == 'yes'"}]}
                                profiles: [{name: logging}]
                                """)),
                        "policy batch is skipped: its condition 'batch' fails to evaluate:"
                                + " ${pod.metadata.labels.batch == 'yes'} has no value: key 'labels' is not present in map");
        };
    }

    private static Trial onTheHostNetwork() {
        return Trial.of("""
                metadata: {annotations: {pillion.dev/inject: proxy}}
                spec: {hostNetwork: true, containers: [{name: web, ports: [{containerPort: 80}]}]}
                """);
    }
}
