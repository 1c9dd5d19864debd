package dev.pillion.injection.reason;

import static dev.pillion.injection.Trial.policy;
import static dev.pillion.injection.Trial.profile;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.injection.Decision;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Trial;
import dev.pillion.injection.reason.RequestSource.Annotation;
import dev.pillion.injection.reason.RequestSource.NamespaceAnnotation;
import dev.pillion.injection.reason.RequestSource.PolicyGrant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message about a requested profile names the source of the request, because the reader possibly does not know the profile. */
class RequestSourceTest {

    private static final String BARE = "{containers: [{name: web}]}";

    /** The source of a request. */
    private enum By {
        ANNOTATION(new Annotation("pillion.dev/inject")),
        NAMESPACE(new NamespaceAnnotation("shop", "pillion.dev/inject")),
        DEFAULT_POLICY(new PolicyGrant("edge")),
        ENFORCE_POLICY(new PolicyGrant("edge"));

        private final RequestSource source;

        By(RequestSource source) {
            this.source = source;
        }
    }

    /**
     * A problem of the profile {@code a}, and of the profile {@code b} if there is one.
     *
     * @param annotations the annotations of the Pod, as YAML
     * @param spec the spec of the Pod, as YAML
     * @param profiles the specs of the profiles, as YAML
     */
    private record Case(
            ReasonCode code, List<String> annotations, String spec, List<String> profiles, boolean nativeSidecars) {

        static Case of(ReasonCode code, String spec, String... profiles) {
            return new Case(code, List.of(), spec, List.of(profiles), true);
        }

        Case annotated(String... more) {
            return new Case(code, List.of(more), spec, profiles, nativeSidecars);
        }

        Case withPlainSidecars() {
            return new Case(code, annotations, spec, profiles, false);
        }

        private List<String> names() {
            return List.of("a", "b").subList(0, Math.max(1, profiles.size()));
        }

        Trial requested(By by) {
            List<String> documents = new ArrayList<>();
            for (int index = 0; index < profiles.size(); index++) {
                documents.add(profile(names().get(index), profiles.get(index)));
            }
            List<String> all = new ArrayList<>(annotations);
            String names = String.join(",", names());
            String grants = String.join(
                    ", ", names().stream().map(name -> "{name: " + name + "}").toList());
            switch (by) {
                case ANNOTATION -> all.add("pillion.dev/inject: '" + names + "'");
                case NAMESPACE -> {}
                case DEFAULT_POLICY, ENFORCE_POLICY ->
                    documents.add(policy(
                            "edge",
                            "mode: " + (by == By.ENFORCE_POLICY ? "Enforce" : "Default") + "\nmatch: {}\nprofiles: ["
                                    + grants + "]"));
            }
            Trial trial = Trial.of(
                            "metadata:\n  name: web\n  annotations: {" + String.join(", ", all) + "}\nspec: " + spec)
                    .withProfiles(documents.toArray(String[]::new));
            trial = by == By.NAMESPACE ? trial.inNamespaceThatInjects(names) : trial;
            return nativeSidecars ? trial : trial.withPlainSidecars();
        }
    }

    static Stream<Arguments> everyMessageAndSource() {
        return Arrays.stream(ReasonCode.values())
                .flatMap(code -> cases(code).stream())
                .flatMap(each -> Arrays.stream(By.values())
                        .filter(by -> isPossible(each.code(), by))
                        .map(by -> Arguments.of(each.code(), by, each)));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("everyMessageAndSource")
    void isNamed(ReasonCode code, By by, Case example) {
        Decision decision = example.requested(by).decide();

        List<Reason> reasons = new ArrayList<>(decision.plan().warnings());
        if (decision instanceof Denied(Reason reason, List<ProfileRequest> requests, var _, var _)) {
            reasons.add(reason);
            if (code != ReasonCode.UNKNOWN_PROFILE) {
                assertThat(requests)
                        .extracting(ProfileRequest::source)
                        .isNotEmpty()
                        .containsOnly(by.source);
            }
        }
        assertThat(reasons)
                .filteredOn(reason -> reason.code() == code)
                .isNotEmpty()
                .allSatisfy(reason -> assertThat(reason.message())
                        .contains(by.source.toString())
                        .contains("'a'"));
    }

    /** A new code needs a case below, or a place among the codes that do not concern a requested profile. */
    @ParameterizedTest
    @EnumSource
    void isProvokedForEveryCodeThatConcernsAProfile(ReasonCode code) {
        boolean concernsAProfile =
                switch (code) {
                    case NOT_REQUESTED,
                            OPTED_OUT,
                            ALREADY_INJECTED,
                            SKIPPED,
                            MIRROR_POD,
                            EXCLUDED_NAMESPACE,
                            NOT_A_POD_CREATION,
                            COMPLIANT,
                            INJECTED,
                            COMPILED,
                            NOT_COMPILED,
                            NOT_A_RESOURCE,
                            PROFILE_IN_USE,
                            DENIES_EXISTING_PODS -> false;
                    case MALFORMED_POD -> false;
                    // ChangedRequestTest asserts the sources of this code.
                    case CHANGED_REQUEST -> false;
                    // These codes are about an annotation of the Pod. The message names the annotation.
                    case UNKNOWN_ANNOTATION,
                            UNKNOWN_PARAMETER,
                            UNKNOWN_CONTAINER,
                            CONFLICTING_ANNOTATIONS,
                            DEFAULT_CONTAINER_IGNORED,
                            STATUS_UNREADABLE,
                            REQUEST_MISPLACED,
                            REQUEST_EMPTY,
                            FILE_MISSING,
                            PARAMETER_UNUSED -> false;
                    // Only policies cause these codes. EveryCodeTest and ComplianceCheckTest assert their names.
                    case OPT_OUT_IGNORED,
                            GUARD_NOT_ACCEPTED,
                            WINDOWS_NOT_SELECTED,
                            CONTAINERS_IGNORED,
                            POLICY_CONFLICT,
                            MATCH_CONDITION_FAILED,
                            REQUIREMENT_UNMET,
                            COMPANION_MISSING,
                            COMPANION_CHANGED -> false;
                    case UNKNOWN_PROFILE,
                            INVALID_VALUE,
                            MISSING_PARAMETER,
                            LOCKED_PARAMETER,
                            GENERATION_UNAVAILABLE,
                            RESTRICTED_PROFILE,
                            NAME_TAKEN,
                            EXPRESSION_FAILED,
                            DIRECTORY_NOT_SHAREABLE,
                            ANNOTATIONS_TOO_LARGE,
                            TOO_LARGE,
                            WINDOWS_POD,
                            PROFILE_SKIPPED,
                            ENV_CONFLICT,
                            MOUNT_CONFLICT,
                            METADATA_CONFLICT,
                            POD_FIELD_CONFLICT,
                            DIRECTORY_NOT_SHARED,
                            DIRECTORY_HIDDEN,
                            PROFILE_WARNING,
                            PORT_TAKEN,
                            SIDECAR_OUTLIVES_APP,
                            GUARANTEED_QOS_LOST,
                            ENV_FROM_REPLACED -> true;
                };

        assertThat(cases(code).isEmpty()).isEqualTo(!concernsAProfile);
    }

    @Test
    void isNamedWithACorrectionForTheTeam() {
        Case missing =
                Case.of(ReasonCode.MISSING_PARAMETER, BARE, "parameters: [{name: port, type: port, required: true}]");

        assertThat(missing.requested(By.ANNOTATION).denied().message())
                .isEqualTo(
                        "annotation pillion.dev/inject requests profile 'a', but its parameter 'port' needs a value; set annotation a.pillion.dev/port");
        assertThat(missing.requested(By.DEFAULT_POLICY).denied().message())
                .isEqualTo(
                        "policy edge requests profile 'a', but its parameter 'port' needs a value; set annotation a.pillion.dev/port, or ask the platform team");
    }

    @Test
    void isNamedWithoutAnAnnotationThatWouldBeRefused() {
        Case locked = Case.of(
                ReasonCode.MISSING_PARAMETER,
                BARE,
                "parameters: [{name: port, type: port, default: '${app.ports[0].containerPort}', overridable: false}]");

        assertThat(locked.requested(By.NAMESPACE).denied().message())
                .startsWith(
                        "annotation pillion.dev/inject of namespace shop requests profile 'a', but its parameter 'port'")
                .endsWith("; ask the platform team");
    }

    private static boolean isPossible(ReasonCode code, By by) {
        boolean policy = by.source instanceof PolicyGrant;
        // The conditional warning is only for a request by an annotation of the Pod.
        if (code == ReasonCode.ENV_FROM_REPLACED && by != By.ANNOTATION) {
            return false;
        }
        // A policy that names an unknown profile does not compile, and one that grants a restricted profile permits it.
        return !policy || (code != ReasonCode.UNKNOWN_PROFILE && code != ReasonCode.RESTRICTED_PROFILE);
    }

    private static List<Case> cases(ReasonCode code) {
        return switch (code) {
            case UNKNOWN_PROFILE -> List.of(Case.of(code, BARE));
            case INVALID_VALUE ->
                List.of(
                        Case.of(code, BARE, "parameters: [{name: port, type: port, default: 80}]")
                                .annotated("a.pillion.dev/port: none"),
                        Case.of(code, BARE, "parameters: [{name: port, type: port, required: true}]")
                                .annotated("a.pillion.dev/port: ''"),
                        Case.of(
                                code,
                                "{containers: [{name: web, image: nginx}]}",
                                "parameters: [{name: path, type: path, default: '${app.image}'}]"));
            case MISSING_PARAMETER ->
                List.of(
                        Case.of(code, BARE, "parameters: [{name: port, type: port, required: true}]"),
                        Case.of(
                                code,
                                BARE,
                                "parameters: [{name: port, type: port, default: '${app.ports[0].containerPort}'}]"));
            case LOCKED_PARAMETER ->
                List.of(Case.of(code, BARE, "parameters: [{name: port, type: port, default: 80, overridable: false}]")
                        .annotated("a.pillion.dev/port: '81'"));
            case GENERATION_UNAVAILABLE ->
                List.of(Case.of(code, BARE, "pinnable: true").annotated("a.pillion.dev/generation: x"));
            case RESTRICTED_PROFILE -> List.of(Case.of(code, BARE, "access: Restricted"));
            case PORT_TAKEN ->
                List.of(Case.of(
                                code,
                                "{initContainers: [{name: agent}], containers: [{name: web, ports: [{containerPort: 15006}]}]}",
                                "sidecars: [{name: agent, image: a, ports: [{containerPort: 15006}]}]")
                        .annotated("pillion.dev/status: '{\"initContainers\": [\"agent\"]}'"));
            case NAME_TAKEN ->
                List.of(
                        Case.of(code, "{containers: [{name: web}, {name: agent}]}", sidecar("agent")),
                        Case.of(code, BARE, sidecar("agent"), sidecar("agent")),
                        Case.of(
                                code,
                                "{containers: [{name: web}], volumes: [{name: v, hostPath: {path: /}}]}",
                                "volumes: [{name: v, emptyDir: {}}]"),
                        Case.of(
                                code,
                                BARE,
                                "volumes: [{name: v, emptyDir: {}}]",
                                "volumes: [{name: v, emptyDir: {medium: Memory}}]"),
                        Case.of(
                                code,
                                BARE,
                                sharing("agent", "/one", "name: v, "),
                                sharing("other", "/two", "name: v, ")),
                        Case.of(
                                        code,
                                        BARE,
                                        "sidecars: [{name: agent, image: 'a:1', files: [{path: /etc/a/b, content: c}]}]")
                                .annotated("pillion.dev/file.agent.0: mine"));
            case EXPRESSION_FAILED ->
                List.of(
                        Case.of(code, BARE, "app: {env: [{name: A, value: '${dyn(app).command[0]}'}]}"),
                        Case.of(
                                code,
                                BARE,
                                "skipWhen: [{name: g, expression: \"dyn(app).command[0] == 'a'\", message: m}]"),
                        Case.of(code, BARE, "sidecars: [{name: 'agent-${app.name}_', image: 'a:1'}]"));
            case DIRECTORY_NOT_SHAREABLE ->
                List.of(
                        Case.of(
                                code,
                                "{containers: [{name: web, volumeDevices: [{name: d, devicePath: /d}]}]}",
                                sharing("agent", "/d", "")),
                        Case.of(
                                code,
                                "{containers: [{name: web, volumeMounts: [{name: d, mountPath: /d, subPathExpr: $(X)}]}]}",
                                sharing("agent", "/d", "")),
                        Case.of(code, """
                                {containers: [
                                  {name: web, env: [{name: X, value: '1'}], volumeMounts: [{name: d, mountPath: /d, subPathExpr: $(X)}]},
                                  {name: job, env: [{name: X, value: '2'}]}]}
                                """, sharing("agent", "/d", "")));
            case ANNOTATIONS_TOO_LARGE ->
                List.of(Case.of(code, BARE, sidecar("agent")).annotated("example.com/a: " + "x".repeat(262_100)));
            case TOO_LARGE ->
                List.of(
                        Case.of(code, "{containers: [{name: " + "n".repeat(64) + "}]}", sidecar("agent")),
                        Case.of(
                                code,
                                BARE,
                                "parameters: [{name: names, type: list, default: ["
                                        + IntStream.range(0, 251)
                                                .mapToObj(index -> "n" + index)
                                                .collect(Collectors.joining(","))
                                        + "]}]\nsidecars: [{name: '${n}', image: a, forEach: {'n': '${params.names}'}}]"));
            case WINDOWS_POD ->
                List.of(Case.of(
                        code,
                        "{nodeSelector: {kubernetes.io/os: windows}, containers: [{name: web}]}",
                        sidecar("agent")));
            case PROFILE_SKIPPED ->
                List.of(
                        Case.of(code, BARE, "skipWhen: [{name: g, expression: \"app.name == 'web'\", message: m}]"),
                        Case.of(
                                code,
                                BARE,
                                "parameters: [{name: p, type: port, default: 80}]\nskipWhen: [{name: g, expression: 'params.p == 80', message: m}]"));
            case ENV_CONFLICT ->
                List.of(Case.of(
                        code,
                        "{containers: [{name: web, env: [{name: A, value: '1'}]}]}",
                        "app: {env: [{name: A, value: '2'}]}"));
            case MOUNT_CONFLICT ->
                List.of(Case.of(
                        code,
                        "{containers: [{name: web, volumeMounts: [{name: own, mountPath: /a}]}]}",
                        "app: {volumeMounts: [{name: \"${'a'}\", mountPath: /a}]}"));
            case METADATA_CONFLICT ->
                List.of(Case.of(code, BARE, "pod: {annotations: {example.com/team: mine}}")
                        .annotated("example.com/team: yours"));
            case DIRECTORY_HIDDEN -> List.of(Case.of(code, BARE, sharing("agent", "/srv", "")));
            case PROFILE_WARNING ->
                List.of(Case.of(code, BARE, "warnWhen: [{name: always, expression: 'true', message: it is slow}]"));
            case POD_FIELD_CONFLICT ->
                List.of(Case.of(
                        code,
                        "{nodeSelector: {disk: hdd}, containers: [{name: web}]}",
                        "pod: {nodeSelector: {disk: ssd}}"));
            case DIRECTORY_NOT_SHARED ->
                List.of(
                        Case.of(
                                code,
                                "{containers: [{name: web, volumeMounts: [{name: d, mountPath: /d/inner}]}]}",
                                sharing("agent", "/d", "")),
                        Case.of(code, """
                                {containers: [{name: web, volumeMounts: [{name: d, mountPath: /d}]},
                                  {name: job, volumeMounts: [{name: other, mountPath: /d}]}]}
                                """, sharing("agent", "/d", "")));
            case SIDECAR_OUTLIVES_APP ->
                List.of(Case.of(code, "{restartPolicy: Never, containers: [{name: web}]}", sidecar("agent"))
                        .withPlainSidecars());
            case GUARANTEED_QOS_LOST ->
                List.of(Case.of(
                        code,
                        "{containers: [{name: web, resources: {limits: {cpu: 1, memory: 1Gi}}}]}",
                        sidecar("agent")));
            case ENV_FROM_REPLACED ->
                List.of(Case.of(
                        code,
                        "{containers: [{name: web, envFrom: [{configMapRef: {name: settings}}]}]}",
                        "app: {env: [{name: A, value: a}]}"));
            default -> List.of();
        };
    }

    private static String sidecar(String name) {
        return "sidecars: [{name: " + name + ", image: 'a:1'}]";
    }

    private static String sharing(String sidecar, String path, String volume) {
        return sidecar(sidecar) + "\nsharedDirectories: [{" + volume + "path: " + path + ", readers: [" + sidecar
                + "]}]";
    }
}
