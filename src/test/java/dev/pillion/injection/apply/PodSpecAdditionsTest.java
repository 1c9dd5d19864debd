package dev.pillion.injection.apply;

import static dev.pillion.injection.Trial.policy;
import static dev.pillion.injection.Trial.profile;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.injection.Trial;
import dev.pillion.injection.Trial.Result;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.uninject.Uninjection;
import dev.pillion.patch.Patch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Additions to a Pod's spec, except its containers and volumes. */
public class PodSpecAdditionsTest {

    private static final String PERMIT = policy("all", "mode: Permit\nmatch: {}\nprofiles: [{name: a}, {name: b}]\n");
    private static final String NOTHING = profile("b", "app: {env: [{name: B, value: b}]}");
    private static final String REQUIRED =
            "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms";

    /** A Pod that requests profiles a and b, with these fields of its spec. */
    private static Trial trial(String spec, String ofA, String ofB) {
        return Trial.of("metadata: {annotations: {pillion.dev/inject: 'a,b'}}\nspec:\n"
                        + (spec + "\ncontainers: [{name: web, image: nginx}]").indent(2))
                .withProfiles(profile("a", "pod:\n" + ofA.indent(2)), ofB, PERMIT);
    }

    private static Result injected(String spec, String ofA) {
        Result result = trial(spec, ofA, NOTHING).injected();
        assertThat(result.patch().operations()).allMatch(Patch.Add.class::isInstance);
        return result;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "tolerations|[{key: gpu, operator: Exists}]",
                "nodeSelector|{disk: ssd}",
                "affinity|{nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: disk, operator: In, values: [ssd]}]}]}}}",
                "affinity|{nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: {matchExpressions: [{key: disk, operator: Exists}]}}]}}",
                "affinity|{podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: zone, labelSelector: {matchLabels: {app: db}}}]}}",
                "affinity|{podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 5, podAffinityTerm: {topologyKey: zone}}]}}",
                "topologySpreadConstraints|[{topologyKey: zone, maxSkew: 1, whenUnsatisfiable: DoNotSchedule}]",
                "hostAliases|[{ip: 10.0.0.1, hostnames: [license]}]",
                "dnsConfig|{nameservers: [10.0.0.2], searches: [corp.example], options: [{name: ndots, value: '2'}]}",
                "shareProcessNamespace|true",
                "securityContext|{fsGroup: 2000}",
                "terminationGracePeriodSeconds|90",
                "priorityClassName|high",
                "runtimeClassName|gvisor",
                "serviceAccountName|agent",
            })
    void areAddedToAbsentFields(String field, String value) {
        Result result = injected("", field + ": " + value);

        assertThat(result.at("/spec/" + field)).isEqualTo(yaml(value));
        assertThat(result.warnings()).isEmpty();
        assertThat(result.plan().profiles().getFirst().additions()).isNotEmpty();
    }

    /** The API server sets defaults, and its admission plug-ins set fields, before it calls the webhook. */
    @Test
    void replaceDefaultsOfTheApiServer() {
        Result result = injected("""
                terminationGracePeriodSeconds: 30
                serviceAccountName: default
                serviceAccount: default
                priority: 0
                preemptionPolicy: PreemptLowerPriority
                securityContext: {}
                """, """
                terminationGracePeriodSeconds: 60
                serviceAccountName: agent
                priorityClassName: high
                securityContext: {fsGroup: 2000}
                """);

        assertThat(result.at("/spec/terminationGracePeriodSeconds").asInt()).isEqualTo(60);
        assertThat(result.at("/spec/serviceAccountName").asText()).isEqualTo("agent");
        assertThat(result.at("/spec/priorityClassName").asText()).isEqualTo("high");
        assertThat(result.at("/spec/securityContext/fsGroup").asInt()).isEqualTo(2000);
        // The plug-ins run again after the webhook. They refuse a Pod whose priority differs from its class.
        assertThat(result.at("/spec/priority").isNull()).isTrue();
        assertThat(result.at("/spec/preemptionPolicy").isNull()).isTrue();
        assertThat(result.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "nodeSelector: {disk: hdd}|nodeSelector: {disk: ssd}|the Pod keeps its own nodeSelector disk hdd",
                "tolerations: [{key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 300}]|tolerations: [{key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 5}]|the Pod keeps its own tolerations",
                "topologySpreadConstraints: [{topologyKey: zone, maxSkew: 2, whenUnsatisfiable: DoNotSchedule}]|topologySpreadConstraints: [{topologyKey: zone, maxSkew: 1, whenUnsatisfiable: DoNotSchedule}]|the Pod keeps its own topologySpreadConstraints",
                "hostAliases: [{ip: 10.9.9.9, hostnames: [license]}]|hostAliases: [{ip: 10.0.0.1, hostnames: [license]}]|the Pod keeps its own hostAliases",
                "hostAliases: [{ip: 10.0.0.1, hostnames: [other]}]|hostAliases: [{ip: 10.0.0.1, hostnames: [license]}]|the Pod keeps its own hostAliases",
                "dnsConfig: {options: [{name: ndots, value: '5'}]}|dnsConfig: {options: [{name: ndots, value: '2'}]}|the Pod keeps its own dnsConfig.options",
                "dnsConfig: {nameservers: [1.1.1.1, 1.1.1.2, 1.1.1.3]}|dnsConfig: {nameservers: [1.1.1.4]}|its dnsConfig.nameservers 1.1.1.4 is not added, because the Pod has 3 and Kubernetes allows no more",
                "shareProcessNamespace: false|shareProcessNamespace: true|the Pod keeps its own shareProcessNamespace false",
                "hostPID: true|shareProcessNamespace: true|the Pod keeps its own hostPID true, which excludes shareProcessNamespace true",
                "securityContext: {fsGroup: 0}|securityContext: {fsGroup: 2000}|the Pod keeps its own securityContext.fsGroup 0",
                "priorityClassName: low|priorityClassName: high|the Pod keeps its own priorityClassName low",
                "priority: 7|priorityClassName: high|the Pod keeps its own priority 7, which excludes priorityClassName high",
                "runtimeClassName: kata|runtimeClassName: gvisor|the Pod keeps its own runtimeClassName kata",
                "serviceAccountName: shop|serviceAccountName: agent|the Pod keeps its own serviceAccountName shop",
                "serviceAccount: shop|serviceAccountName: agent|the Pod keeps its own serviceAccount shop, which excludes serviceAccountName agent",
            })
    void areSkippedWithAWarningIfThePodSetsTheField(String own, String wanted, String warning) {
        Result result = injected(own, wanted);

        yaml(own).properties().forEach(field -> assertThat(result.at("/spec/" + field.getKey()))
                .isEqualTo(field.getValue()));
        assertThat(result.warnings())
                .singleElement()
                .asString()
                .startsWith("annotation pillion.dev/inject requests profile 'a', but " + warning);
        assertThat(result.status().has("podFields")).isFalse();
        assertThat(result.status().has("podElements")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"10, 60", "30, 60", "60, 60", "90, 90", "0, 60"})
    void onlyExtendTheGracePeriod(int own, int result) {
        assertThat(injected("terminationGracePeriodSeconds: " + own, "terminationGracePeriodSeconds: 60")
                        .at("/spec/terminationGracePeriodSeconds")
                        .asInt())
                .isEqualTo(result);
    }

    @Test
    void skipAGracePeriodThatIsShorterThanTheDefault() {
        assertThat(injected("", "terminationGracePeriodSeconds: 20")
                        .at("/spec/terminationGracePeriodSeconds")
                        .isMissingNode())
                .isTrue();
    }

    /** Terms are alternatives, so a requirement in only one of them would have no effect. */
    @Test
    void addRequirementsToEachOfThePodsTerms() {
        Result result = injected("""
                affinity:
                  nodeAffinity:
                    requiredDuringSchedulingIgnoredDuringExecution:
                      nodeSelectorTerms:
                        - matchExpressions: [{key: zone, operator: In, values: [a]}]
                        - matchFields: [{key: metadata.name, operator: In, values: [n1]}]
                        - matchExpressions: [{key: disk, operator: In, values: [ssd]}]
                        - {}
                """, """
                affinity:
                  nodeAffinity:
                    requiredDuringSchedulingIgnoredDuringExecution:
                      nodeSelectorTerms: [{matchExpressions: [{key: disk, operator: In, values: [ssd]}]}]
                """);

        assertThat(result.at(REQUIRED)).isEqualTo(yaml("""
                - matchExpressions: [{key: zone, operator: In, values: [a]}, {key: disk, operator: In, values: [ssd]}]
                - matchFields: [{key: metadata.name, operator: In, values: [n1]}]
                  matchExpressions: [{key: disk, operator: In, values: [ssd]}]
                - matchExpressions: [{key: disk, operator: In, values: [ssd]}]
                - {}
                """));
    }

    @Test
    void joinRequirementsOfTwoProfiles() {
        String affinity = "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
                + " {nodeSelectorTerms: [{matchExpressions: [{key: %s, operator: Exists}]}]}}}";

        Result result = trial("", affinity.formatted("x"), profile("b", "pod: {" + affinity.formatted("z") + "}"))
                .injected();

        assertThat(result.at(REQUIRED))
                .isEqualTo(yaml("[{matchExpressions: [{key: x, operator: Exists}, {key: z, operator: Exists}]}]"));
    }

    @Test
    void areAppendedToThePodsListsWithoutDuplicates() {
        Result result = injected("""
                dnsConfig: {nameservers: [10.0.0.1], searches: [a.example]}
                tolerations: [{key: x, value: v, effect: NoSchedule}]
                """, """
                dnsConfig: {nameservers: [10.0.0.1, 10.0.0.2], searches: [b.example, a.example]}
                tolerations: [{key: x, operator: Equal, value: v, effect: NoSchedule}, {key: gpu, operator: Exists}]
                """);

        assertThat(result.at("/spec/dnsConfig"))
                .isEqualTo(yaml("{nameservers: [10.0.0.1, 10.0.0.2], searches: [a.example, b.example]}"));
        assertThat(result.at("/spec/tolerations"))
                .isEqualTo(yaml("[{key: x, value: v, effect: NoSchedule}, {key: gpu, operator: Exists}]"));
        assertThat(result.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "priorityClassName: high|priorityClassName: low|priorityClassName low",
                "nodeSelector: {disk: ssd}|nodeSelector: {disk: hdd}|nodeSelector disk hdd",
                "hostAliases: [{ip: 10.0.0.1, hostnames: [host]}]|hostAliases: [{ip: 10.0.0.2, hostnames: [host]}]|hostAliases ^{\"ip\":\"10.0.0.2\",\"hostnames\":[\"host\"]}^",
            })
    void useTheFirstOfTwoProfilesWithAWarning(String first, String second, String what) {
        Result result = trial("", first, profile("b", "pod: {" + second + "}")).injected();

        yaml(first).properties().forEach(field -> assertThat(result.at("/spec/" + field.getKey()))
                .isEqualTo(field.getValue()));
        assertThat(result.warnings())
                .containsExactly("annotation pillion.dev/inject requests profile 'b', but its " + what.replace("^", "")
                        + " is not added, because another profile takes precedence");
    }

    @Test
    void useTheLongerOfTwoGracePeriods() {
        Result result = trial(
                        "",
                        "terminationGracePeriodSeconds: 60",
                        profile("b", "pod: {terminationGracePeriodSeconds: 90}"))
                .injected();

        assertThat(result.at("/spec/terminationGracePeriodSeconds").asInt()).isEqualTo(90);
        assertThat(result.warnings()).isEmpty();
    }

    private static String all() throws Exception {
        return Files.readString(Path.of("src/test/resources/injection/pod-additions.yaml"));
    }

    /** The catalog without a PriorityClass, because the class would have to exist. */
    public static Catalog catalogWithoutPriorityClass() throws Exception {
        return Trial.of("spec: {containers: []}")
                .withProfiles(all().replace("    priorityClassName: high\n", ""), permit())
                .catalog();
    }

    private static String permit() {
        return policy("all", "mode: Permit\nmatch: {}\nprofiles: [{name: pod-additions}]\n");
    }

    private static Trial withAll(String spec) throws Exception {
        return Trial.of("{metadata: {annotations: {pillion.dev/inject: pod-additions}}, spec: {" + spec
                        + "containers: [{name: web, image: nginx}]}}")
                .withProfiles(all(), permit());
    }

    /** Fields of a spec that do not conflict with the additions, in flow style with a comma at the end. */
    public static Stream<String> specs() {
        return Stream.of(
                "",
                "affinity: null, dnsConfig: null, securityContext: null, tolerations: null, nodeSelector: null, priorityClassName: null,",
                "affinity: {}, dnsConfig: {}, securityContext: {}, tolerations: [], nodeSelector: {},",
                "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: x, operator: Exists}]}, {matchFields: [{key: metadata.name, operator: In, values: [node]}]}]}}},",
                "dnsConfig: {nameservers: [1.1.1.1, 1.1.1.2], searches: [a.example], options: [{name: edns0}]}, dnsPolicy: None,",
                "terminationGracePeriodSeconds: 5, serviceAccountName: default, serviceAccount: default, priority: 0, preemptionPolicy: PreemptLowerPriority,");
    }

    @ParameterizedTest
    @MethodSource("specs")
    void areAddedOnceAndRemovedCompletely(String written) throws Exception {
        Trial trial = withAll(written);

        // The oracles assert an empty second pass and an exact uninjection.
        Result result = trial.injected();

        assertThat(result.warnings()).isEmpty();
        assertThat(result.status().path("podFields").size()
                        + result.status().path("podElements").size())
                .isGreaterThan(15);
    }

    /** The API server derives other fields from the added ones, and merges labels into a selector. */
    @Test
    void areRemovedFromAPodThatTheApiServerHasCompleted() throws Exception {
        Result result = withAll("serviceAccountName: default, serviceAccount: default, priority: 0,")
                .injected();
        ObjectNode pod = result.pod().deepCopy();
        ObjectNode spec = (ObjectNode) pod.path("spec");
        spec.put("serviceAccount", "agent").put("priority", 1000).put("preemptionPolicy", "PreemptLowerPriority");
        ((ObjectNode) spec.at("/topologySpreadConstraints/0/labelSelector"))
                .putArray("matchExpressions")
                .addObject()
                .put("key", "pod-template-hash")
                .put("operator", "In")
                .putArray("values")
                .add("abc");

        assertThat(result.trial().again(pod).unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        Uninjection undone = result.trial().again(pod).uninjection();
        assertThat(undone.kept()).isEmpty();
        assertThat(undone.pod().path("spec")).isEqualTo(yaml("""
                serviceAccountName: default
                serviceAccount: default
                priority: 0
                containers: [{name: web, image: nginx}]
                """));
    }

    @Test
    void areKeptIfSomebodyHasChangedThem() {
        Result result = injected("", "terminationGracePeriodSeconds: 60\nnodeSelector: {disk: ssd, arch: arm}");
        ObjectNode pod = result.pod().deepCopy();
        ((ObjectNode) pod.path("spec")).put("terminationGracePeriodSeconds", 120);
        ((ObjectNode) pod.at("/spec/nodeSelector")).put("disk", "nvme");

        JsonNode undone = result.trial().again(pod).uninjected();

        assertThat(undone.at("/spec/terminationGracePeriodSeconds").asInt()).isEqualTo(120);
        assertThat(undone.at("/spec/nodeSelector")).isEqualTo(yaml("{disk: nvme}"));
    }

    @Test
    void areReplacedWhenTheRequestChanges() {
        Result result = trial(
                        "terminationGracePeriodSeconds: 30",
                        "terminationGracePeriodSeconds: 60\ntolerations: [{key: gpu, operator: Exists}]",
                        profile("b", "pod: {priorityClassName: high}"))
                .injected();

        Result changed = result.againAnnotated("pillion.dev/inject", "b").injected();

        assertThat(changed.at("/spec/terminationGracePeriodSeconds").asInt()).isEqualTo(30);
        assertThat(changed.at("/spec/tolerations").isMissingNode()).isTrue();
        assertThat(changed.at("/spec/priorityClassName").asText()).isEqualTo("high");
        assertThat(changed.status().path("podFields")).isEqualTo(yaml("{/spec/priorityClassName: {value: high}}"));
        assertThat(changed.status().has("podElements")).isFalse();
    }

    @Test
    void areKeptIfNoProfileDefinesThem() {
        Trial forged = Trial.of("""
                metadata:
                  annotations:
                    pillion.dev/status: '{"version":1,"profiles":{"b":{"generation":"x","reason":"y"}},"podFields":{"/spec/priorityClassName":{"value":"own"}},"podElements":{"/spec/tolerations":[{"key":"own"}]}}'
                spec:
                  priorityClassName: own
                  tolerations: [{key: own}]
                  containers: [{name: web}]
                """).withProfiles(NOTHING);

        assertThat(forged.uninjection().kept())
                .extracting(Uninjection.Kept::addition)
                .containsExactly("tolerations {\"key\":\"own\"}", "priorityClassName");
        assertThat(forged.uninjected().at("/spec/priorityClassName").asText()).isEqualTo("own");
    }

    private static final String ENFORCE =
            policy("all", "mode: Enforce\nmatch: {}\nprofiles: [{name: pod-additions}]\n");

    private static Trial enforced(String spec) throws Exception {
        return Trial.of("spec:\n" + (spec + "\ncontainers: [{name: web, image: nginx}]").indent(2))
                .withProfiles(all(), ENFORCE);
    }

    @Test
    void areRequiredInTheFinalPodForAnEnforcedProfile() throws Exception {
        Trial trial = enforced("");

        assertThat(trial.missing())
                .extracting(Reason::message)
                .contains(
                        "policy 'all' enforces 'pod-additions', and the Pod lacks serviceAccountName agent",
                        "policy 'all' enforces 'pod-additions', and the Pod lacks terminationGracePeriodSeconds 90",
                        "policy 'all' enforces 'pod-additions', and the Pod lacks dnsConfig.nameservers 10.0.0.2");
        assertThat(trial.again(trial.injected().pod()).missing()).isEmpty();
    }

    @Test
    void areReportedIfAnEnforcedProfileCannotMakeThem() throws Exception {
        Trial trial = enforced("serviceAccountName: shop");

        assertThat(trial.again(trial.injected().pod()).missing())
                .containsExactly(new Reason(
                        ReasonCode.COMPANION_CHANGED,
                        "policy 'all' enforces 'pod-additions', and the Pod keeps its own serviceAccountName shop"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/spec/tolerations",
                "/spec/nodeSelector",
                "/spec/affinity",
                "/spec/topologySpreadConstraints",
                "/spec/hostAliases",
                "/spec/dnsConfig",
                "/spec/shareProcessNamespace",
                "/spec/securityContext",
                "/spec/terminationGracePeriodSeconds",
                "/spec/priorityClassName",
                "/spec/runtimeClassName",
                "/spec/serviceAccountName"
            })
    void areReportedAndRestoredIfAnotherWebhookRemovesThem(String field) throws Exception {
        Trial trial = enforced("");
        ObjectNode pod = trial.injected().pod().deepCopy();
        JsonNode wanted = pod.at(field);
        ((ObjectNode) pod.path("spec")).remove(field.substring("/spec/".length()));

        assertThat(trial.again(pod).missing())
                .isNotEmpty()
                .extracting(Reason::code)
                .containsOnly(ReasonCode.COMPANION_MISSING);
        assertThat(trial.again(pod).injected().at(field)).isEqualTo(wanted);
    }

    /** Name servers, host aliases and shared processes of the enforced profile are allowed, and others are reported. */
    @Test
    void areNoInterferenceWithTheCompanionsOfTheSameProfile() throws Exception {
        Trial trial = enforced("");
        ObjectNode pod = trial.injected().pod().deepCopy();
        assertThat(trial.again(pod).missing()).isEmpty();

        pod.withArray("/spec/dnsConfig/nameservers").add("6.6.6.6");

        assertThat(trial.again(pod).missing())
                .extracting(Reason::message)
                .singleElement()
                .asString()
                .contains("spec.dnsConfig has nameservers");
    }

    @Test
    void needAPolicyThatPermitsThem() {
        Reason denial = Trial.of("""
                metadata: {annotations: {pillion.dev/inject: a}}
                spec: {containers: [{name: web}]}
                """)
                .withProfiles(profile("a", "pod: {serviceAccountName: agent}"))
                .denied();

        assertThat(denial.code()).isEqualTo(ReasonCode.RESTRICTED_PROFILE);
    }

    @Test
    void areLimitedInNumber() {
        String terms = "{matchExpressions: [{key: x, operator: Exists}]},".repeat(20_000);
        String requirements = "{key: %s, operator: Exists}".formatted("k".repeat(200));

        Reason denial = trial(
                        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: ["
                                + terms + "]}}}",
                        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: ["
                                + requirements + "]}]}}}",
                        NOTHING)
                .denied();

        assertThat(denial.code()).isEqualTo(ReasonCode.TOO_LARGE);
    }
}
