package dev.pillion.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.comply.DefaultedPodsTest;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.SubsetMatcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pods as the API server stores them. It omits empty values, sets defaults, and writes quantities in another form. None of this is a change of an
 * addition. The Pods are files that Kubernetes 1.36 created; {@link DefaultedPodsTest} describes how to create them again.
 */
class StoredPodsTest {

    private static final Path FILES = Path.of("src/test/resources/stored");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Each field has a value that the API server omits or writes in another form. */
    private static final String PROFILE = Trial.profile("stored", """
            access: Restricted
            sidecars:
              - name: stored
                image: stored:1
                args: []
                workingDir: ""
                env:
                  - {name: EMPTY, value: ""}
                  - {name: limits.x, value: 1000m}
                  - {name: CPU, valueFrom: {resourceFieldRef: {containerName: "", resource: limits.cpu, divisor: 1000m}}}
                  - {name: KEY, valueFrom: {configMapKeyRef: {name: settings, key: k, optional: false}}}
                envFrom:
                  - {prefix: "", configMapRef: {name: settings, optional: false}}
                ports: [{name: "", containerPort: 9000, hostPort: 0, hostIP: ""}]
                resources:
                  requests: {cpu: 1000m, memory: 1024Mi}
                  limits: {cpu: 1, memory: 1073741824}
                  claims: []
                livenessProbe: {exec: {command: [check]}, initialDelaySeconds: 0}
                critical: true
                startupProbe: {httpGet: {port: 80, host: "", httpHeaders: []}}
                readinessProbe: {tcpSocket: {port: 80, host: ""}, initialDelaySeconds: 0}
                securityContext:
                  capabilities: {add: [], drop: [ALL]}
                  privileged: false
                  runAsGroup: 0
                stdin: false
                tty: false
                volumeMounts:
                  - {name: files, mountPath: /files, readOnly: false, subPath: "", subPathExpr: ""}
                  - {name: claim, mountPath: /claim}
              - name: empty
                image: empty:1
                env: []
                resources: {requests: {cpu: 1}, limits: {}}
                volumeMounts: [{name: files, mountPath: /files}, {name: info, mountPath: /info}, {name: token, mountPath: /token}]
            volumes:
              - {name: files, emptyDir: {medium: "", sizeLimit: 1024Mi}}
              - name: info
                downwardAPI:
                  items:
                    - {path: labels, fieldRef: {fieldPath: metadata.labels}}
                    - {path: cpu, resourceFieldRef: {containerName: web, resource: limits.cpu, divisor: 1000m}}
              - name: token
                projected:
                  sources:
                    - {serviceAccountToken: {path: token, audience: ""}}
                    - {configMap: {name: settings, items: [], optional: false}}
              - name: claim
                ephemeral:
                  volumeClaimTemplate:
                    metadata: {labels: {}}
                    spec: {accessModes: [ReadWriteOnce], volumeName: "", resources: {requests: {storage: 1024Mi}}}
            app:
              env:
                - {name: NOTHING, value: ""}
              envFrom:
                - {prefix: "", secretRef: {name: secret, optional: false}}
              volumeMounts:
                - {name: files, mountPath: /shared, readOnly: false, subPath: ""}
            pod:
              labels: {empty: ""}
              tolerations: [{key: k, operator: Equal, value: "", effect: ""}]
              affinity:
                podAntiAffinity:
                  preferredDuringSchedulingIgnoredDuringExecution:
                    - weight: 1
                      podAffinityTerm: {topologyKey: zone, namespaces: [], labelSelector: {matchLabels: {}, matchExpressions: []}}
                nodeAffinity:
                  requiredDuringSchedulingIgnoredDuringExecution:
                    nodeSelectorTerms: [{matchExpressions: [{key: disk, operator: Exists, values: []}]}]
              hostAliases: [{ip: 10.0.0.1, hostnames: [a]}]
              dnsConfig: {options: [{name: edns0, value: ""}]}
            """);

    private static final Trial TRIAL = Trial.of(DefaultedPodsTest.POD)
            .withProfiles(PROFILE, Trial.policy("all", "mode: Enforce\nmatch: {}\nprofiles: [{name: stored}]\n"));

    private static JsonNode created() {
        return read("created.json");
    }

    private static JsonNode injected() {
        return read("injected.json");
    }

    private static JsonNode read(String file) {
        try {
            return JSON.readTree(Files.readString(FILES.resolve(file)));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = Podcheck.PROPERTY, matches = ".+")
    void areTheResultOfKubernetesDefaulting() throws Exception {
        Podcheck podcheck = Podcheck.fromSystemProperty();
        JsonNode created = podcheck.validate(Trial.yaml(DefaultedPodsTest.POD)).pod();

        Podcheck.Validation validation =
                podcheck.validate(TRIAL.again(created).injected().pod());

        assertThat(validation.valid()).as("%s", validation).isTrue();
        if (Boolean.getBoolean("update")) {
            JSON.writerWithDefaultPrettyPrinter()
                    .writeValue(FILES.resolve("created.json").toFile(), created);
            JSON.writerWithDefaultPrettyPrinter()
                    .writeValue(FILES.resolve("injected.json").toFile(), validation.pod());
        }
        assertThat(validation.pod()).isEqualTo(injected());
        assertThat(created).isEqualTo(created());
    }

    @Test
    void areNotInjectedAgain() {
        assertThat(TRIAL.again(injected()).unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
    }

    @Test
    void haveAllThatThePolicyEnforces() {
        assertThat(TRIAL.again(injected()).missing()).isEmpty();
    }

    @Test
    void areRestored() {
        var uninjection = TRIAL.again(injected()).uninjection();

        assertThat(uninjection.edits()).isEmpty();
        assertThat(uninjection.kept()).isEmpty();
        assertThat(uninjection.pod()).isEqualTo(created());
    }

    /** The status does not say that these are additions, so they are compared field by field. */
    @Test
    void haveAllFieldsOfTheirCompanions() {
        JsonNode rendered = TRIAL.again(created()).injected().pod();

        for (String list : List.of("initContainers", "containers", "volumes")) {
            JsonNode stored = injected().at("/spec/" + list);
            rendered.at("/spec/" + list).forEach(element -> assertThat(
                            stored.valueStream().anyMatch(each -> SubsetMatcher.PLAIN.matches(element, each)))
                    .as("%s", element)
                    .isTrue());
        }
    }

    /** The value of a variable is no quantity. */
    @Test
    void haveAChangeIfAValueIsWrittenInAnotherForm() {
        ObjectNode pod = injected().deepCopy();
        JsonNode variable = pod.at("/spec/initContainers")
                .valueStream()
                .filter(container -> container.path("name").asText().equals("stored"))
                .flatMap(container -> container.path("env").valueStream())
                .filter(each -> each.path("name").asText().equals("limits.x"))
                .findFirst()
                .orElseThrow();
        ((ObjectNode) variable).put("value", "1");
        ObjectNode withoutStatus = pod.deepCopy();
        ((ObjectNode) withoutStatus.at("/metadata/annotations")).remove(Annotations.STATUS);

        assertThat(TRIAL.again(pod).uninjection().edits())
                .containsExactly(
                        "env of container stored was changed after the injection, and the change is removed too");
        assertThat(TRIAL.again(withoutStatus).denied().code()).isEqualTo(ReasonCode.NAME_TAKEN);
    }

    @ParameterizedTest
    @MethodSource("dev.pillion.injection.comply.DefaultedPodsTest#cases")
    void ofBuiltInProfilesAreNotInjectedAgain(DefaultedPodsTest.Case each) throws Exception {
        JsonNode pod = DefaultedPodsTest.stored(each);

        assertThat(each.trial(pod).unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
    }

    @ParameterizedTest
    @MethodSource("dev.pillion.injection.comply.DefaultedPodsTest#cases")
    void ofBuiltInProfilesAreRestored(DefaultedPodsTest.Case each) throws Exception {
        var uninjection = each.trial(DefaultedPodsTest.stored(each)).uninjection();

        assertThat(uninjection.edits()).isEmpty();
        assertThat(uninjection.kept()).isEmpty();
        assertThat(uninjection.pod()).isEqualTo(created());
    }

    /** Another webhook can drop the status. A companion that the Pod already has is not added again. */
    @ParameterizedTest
    @MethodSource("dev.pillion.injection.comply.DefaultedPodsTest#cases")
    void ofBuiltInProfilesGetNothingTwice(DefaultedPodsTest.Case each) throws Exception {
        ObjectNode pod = DefaultedPodsTest.stored(each).deepCopy();
        ((ObjectNode) pod.at("/metadata/annotations")).remove(Annotations.STATUS);

        switch (each.trial(pod).decide()) {
            case Decision.Unchanged unchanged ->
                assertThat(unchanged.reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
            case Decision.Denied denied -> assertThat(denied.reason().code()).isEqualTo(ReasonCode.NAME_TAKEN);
            case Decision.Injected injected ->
                assertThat(injected.patch().operations()).as("%s", each).isEmpty();
        }
    }
}
