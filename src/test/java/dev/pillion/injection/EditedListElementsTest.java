package dev.pillion.injection;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.profile;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.uninject.Uninjection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Elements that Pillion added to lists of a Pod, and that someone has changed. They are kept with a warning. */
class EditedListElementsTest {

    private static final String PROFILE = profile("lists", """
            app: {envFrom: [{configMapRef: {name: "settings"}}]}
            pod:
              imagePullSecrets: [{name: registry}]
              tolerations: [{key: gpu, operator: Exists, effect: NoSchedule}]
              hostAliases: [{ip: 10.0.0.1, hostnames: [db]}]
              dnsConfig: {nameservers: [10.0.0.10], options: [{name: ndots, value: "2"}]}
              topologySpreadConstraints:
                - {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: web}}}
            """);

    private final Trial.Result injected = annotated("pillion.dev/inject: lists")
            .withPolicies(PROFILE, Trial.policy("permit", "mode: Permit\nmatch: {}\nprofiles: [{name: lists}]"))
            .injected();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/spec/tolerations | {key: gpu, operator: Exists, effect: NoExecute} | tolerations {\"effect\":\"NoExecute\",\"key\":\"gpu\",\"operator\":\"Exists\"}",
                "/spec/hostAliases | {ip: 10.0.0.1, hostnames: [db, cache]} | hostAliases {\"hostnames\":[\"db\",\"cache\"],\"ip\":\"10.0.0.1\"}",
                "/spec/dnsConfig/options | {name: ndots, value: '5'} | dnsConfig.options {\"name\":\"ndots\",\"value\":\"5\"}",
                "/spec/topologySpreadConstraints | {maxSkew: 2, topologyKey: zone, whenUnsatisfiable: DoNotSchedule} | topologySpreadConstraints {\"maxSkew\":2,\"topologyKey\":\"zone\",\"whenUnsatisfiable\":\"DoNotSchedule\"}",
                "/spec/containers/0/envFrom | {prefix: A_, configMapRef: {name: settings}} | envFrom {\"prefix\":\"A_\",\"configMapRef\":{\"name\":\"settings\"}} of container web"
            })
    void areKeptWithAWarning(String list, String element, String name) {
        JsonNode pod = edited(list, element);

        Uninjection uninjection = injected.trial().again(pod).uninjection();

        assertThat(uninjection.edits())
                .containsExactly(name + " was changed after it was injected, so it stays as it is");
        assertThat(uninjection.pod().at(list)).isEqualTo(yaml("[" + element + "]"));
        assertThat(uninjection.isComplete()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/spec/imagePullSecrets | {name: mirror} | imagePullSecrets {\"name\":\"registry\"}",
                "/spec/dnsConfig/nameservers | 10.0.0.11 | dnsConfig.nameservers 10.0.0.10",
                "/spec/tolerations | {key: tpu, operator: Exists, effect: NoSchedule} | tolerations {\"effect\":\"NoSchedule\",\"key\":\"gpu\",\"operator\":\"Exists\"}",
                "/spec/containers/0/envFrom | {secretRef: {name: settings}} | envFrom {\"configMapRef\":{\"name\":\"settings\"}} of container web"
            })
    void areReportedAsMissingIfTheirNameChanged(String list, String element, String name) {
        JsonNode pod = edited(list, element);

        Uninjection uninjection = injected.trial().again(pod).uninjection();

        assertThat(uninjection.edits())
                .containsExactly(
                        name
                                + " is missing: it was changed or removed after it was injected; if it was changed, remove it by hand");
        assertThat(uninjection.pod().at(list)).isEqualTo(yaml("[" + element + "]"));
    }

    @Test
    void areReportedWhenTheRequestChanges() {
        ObjectNode pod = (ObjectNode) edited("/spec/tolerations", "{key: gpu, operator: Exists, effect: NoExecute}");
        pod.withObject("/metadata/annotations")
                .put("pillion.dev/inject", "env")
                .put("env.pillion.dev/variables", "A=1");

        Trial.Result result = injected.trial().again(pod).injected();

        assertThat(result.warnings())
                .contains(
                        "tolerations {\"effect\":\"NoExecute\",\"key\":\"gpu\",\"operator\":\"Exists\"} was changed after it was"
                                + " injected, so it stays as it is");
    }

    @Test
    void needNoWarningIfTheyWereRemoved() {
        ObjectNode pod = injected.pod().deepCopy();
        ((ObjectNode) pod.path("spec")).remove("tolerations");
        ((ArrayNode) pod.at("/spec/hostAliases")).removeAll();

        assertThat(injected.trial().again(pod).uninjection().edits()).isEmpty();
    }

    @Test
    void needNoWarningIfTheyAreUnchangedBesideElementsOfTheApp() {
        ObjectNode pod = injected.pod().deepCopy();
        pod.withArray("/spec/tolerations").add(yaml("{key: node.kubernetes.io/not-ready, operator: Exists}"));
        pod.withArray("/spec/imagePullSecrets").add(yaml("{name: own}"));

        Uninjection uninjection = injected.trial().again(pod).uninjection();

        assertThat(uninjection.edits()).isEmpty();
        assertThat(uninjection.pod().at("/spec/imagePullSecrets")).isEqualTo(yaml("[{name: own}]"));
    }

    private JsonNode edited(String list, String element) {
        ObjectNode pod = injected.pod().deepCopy();
        ArrayNode elements = (ArrayNode) pod.at(list);
        assertThat(elements).hasSize(1);
        elements.set(0, yaml("[" + element + "]").get(0));
        return pod;
    }
}
