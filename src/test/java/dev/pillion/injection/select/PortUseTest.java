package dev.pillion.injection.select;

import static dev.pillion.injection.Trial.policy;
import static dev.pillion.injection.Trial.profile;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.Decision;
import dev.pillion.injection.Trial;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A companion is skipped if another container of the Pod has its port, or a port with the same name. */
class PortUseTest {

    private static final String STRICT = "pillion.dev/enforcement";

    private static Trial proxied(String spec) {
        return Trial.of("metadata: {name: web, annotations: {pillion.dev/inject: proxy}}\nspec:\n" + spec.indent(2));
    }

    private static String skipped(Trial trial) {
        return trial.unchanged().plan().skipped().getFirst().reason().message();
    }

    private static void assertProxied(Trial trial) {
        assertThat(trial.injected().initContainers()).contains("proxy");
    }

    @Nested
    class IsTaken {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "containers: [{name: web, ports: [{containerPort: 80}]}, {name: other, ports: [{containerPort: 15006}]}]",
                    "containers: [{name: web, ports: [{containerPort: 80}]}, {name: other, ports: [{containerPort: 15006, protocol: \"\"}]}]",
                    "containers: [{name: web, ports: [{containerPort: 80}]}, {name: other, ports: [{containerPort: 15006, protocol: null}]}]",
                    "containers: [{name: other, ports: [{containerPort: 80}, {containerPort: 15006, protocol: TCP}]}]",
                    "{containers: [{name: web, ports: [{containerPort: 80}]}], initContainers: [{name: other, ports: [{containerPort: 15006}]}]}",
                    "{containers: [{name: web, ports: [{containerPort: 80}]}],"
                            + " initContainers: [{name: other, restartPolicy: Always, ports: [{containerPort: 15006}]}]}",
                    "containers: [{name: web, ports: [{containerPort: 80}]}, {name: other, ports: [{containerPort: 15006, hostPort: 80}]}]"
                })
        void byAPortThatAContainerDeclares(String spec) {
            assertThat(skipped(proxied(spec)))
                    .isEqualTo(
                            "annotation pillion.dev/inject requests profile 'proxy', but its guard 'port-taken' skips it:"
                                    + " container 'other' declares port 15006, which the profile's container 'proxy' needs;"
                                    + " for another port, set annotation proxy.pillion.dev/listen");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "livenessProbe: {httpGet: {port: 15006}}",
                    "readinessProbe: {tcpSocket: {port: 15006}}",
                    "startupProbe: {grpc: {port: 15006}}",
                    "livenessProbe: {httpGet: {port: 15006, host: 127.0.0.1}}"
                })
        void byAPortThatAProbeOfTheAppCalls(String probe) {
            assertThat(skipped(proxied("containers: [{name: web, ports: [{containerPort: 80}], " + probe + "}]")))
                    .contains("its guard 'port-taken' skips it: "
                            + probe.substring(0, probe.indexOf(':'))
                            + " of container 'web' calls port 15006, which the profile's container 'proxy' needs");
        }

        @Test
        void byALifecycleHook() {
            assertThat(
                            skipped(
                                    proxied(
                                            "containers: [{name: web, ports: [{containerPort: 80}], lifecycle: {preStop: {httpGet: {port: 15006}}}}]")))
                    .contains("preStop of container 'web' calls port 15006");
        }

        @Test
        void byAPortThatIstioDoesNotDeclare() {
            assertThat(
                            skipped(
                                    proxied(
                                            "containers: [{name: web, ports: [{containerPort: 80}]}, {name: istio-proxy, ports: [{containerPort: 15090}]}]")))
                    .contains("container 'istio-proxy' listens on port 15006");
        }

        @Test
        void byThePortOfAnotherProfile() {
            Trial trial = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: "proxy,second"}}
                            spec: {containers: [{name: web, ports: [{containerPort: 80}]}]}
                            """).withProfiles(profile("second", """
                            sidecars: [{name: second, image: a, ports: [{containerPort: 15006}]}]
                            """));

            Trial.Result result = trial.injected();

            assertThat(result.initContainers()).containsExactly("proxy");
            assertThat(result.warnings())
                    .containsExactly(
                            "annotation pillion.dev/inject requests profile 'second', but its guard 'port-taken' skips it: container 'proxy'"
                                    + " declares port 15006, which the profile's container 'second' needs; for another port, ask the"
                                    + " platform team");
            assertThat(result.again().unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        }

        @Test
        void byAPortOfTheNode() {
            Trial trial = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: node}}
                            spec: {containers: [{name: web, ports: [{containerPort: 80, hostPort: 9100}]}]}
                            """).withProfiles(profile("node", """
                            sidecars: [{name: node, image: a, ports: [{containerPort: 9101, hostPort: 9100}]}]
                            """));

            assertThat(skipped(trial)).contains("container 'web' declares port 9100 of the node");
        }

        @Test
        void byAPortOfTheSameName() {
            assertThat(
                            skipped(
                                    proxied(
                                            "containers: [{name: web, ports: [{name: http, containerPort: 8080}, {name: proxy, containerPort: 3128}]}]")))
                    .isEqualTo(
                            "annotation pillion.dev/inject requests profile 'proxy', but its guard 'port-name-taken' skips it:"
                                    + " container 'web' has a port named 'proxy', which a Service's targetPort finds instead of the one of"
                                    + " the profile's container 'proxy'; for another name, set annotation proxy.pillion.dev/portName");
        }
    }

    @Nested
    class IsFree {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "containers: [{name: web, ports: [{containerPort: 80}, {containerPort: 15006, protocol: UDP}]}]",
                    "containers: [{name: web, ports: [{containerPort: 80}, {containerPort: 15006, protocol: SCTP}]}]",
                    "containers: [{name: web, ports: [{containerPort: 80, hostPort: 15006}]}]",
                    "containers: [{name: web, ports: [{containerPort: 80}, {name: proxy, containerPort: 1, protocol: UDP}]}]",
                    "containers: [{name: web, ports: [{containerPort: 80}], livenessProbe: {httpGet: {port: 15006, host: example.com}}}]",
                    "containers: [{name: web, ports: [{containerPort: 80}], livenessProbe: {httpGet: {port: proxy}}}]",
                    "containers: [{name: web, ports: [{containerPort: 80}], livenessProbe: {exec: {command: [a]}}}]"
                })
        void ifNothingElseUsesIt(String spec) {
            assertProxied(proxied(spec));
        }

        @Test
        void withTheAnnotationThatTheMessageSuggests() {
            assertProxied(Trial.of("""
                    metadata: {annotations: {pillion.dev/inject: proxy, proxy.pillion.dev/listen: "15007"}}
                    spec: {containers: [{name: web, ports: [{containerPort: 80}, {containerPort: 15006}]}]}
                    """));
            Trial.Result renamed = Trial.of("""
                    metadata: {annotations: {pillion.dev/inject: proxy, proxy.pillion.dev/portName: inbound}}
                    spec: {containers: [{name: web, ports: [{containerPort: 80}, {name: proxy, containerPort: 3128}]}]}
                    """).injected();
            assertThat(renamed.container("proxy").at("/ports/0/name").asText()).isEqualTo("inbound");
        }

        @Test
        void inASecondPassOverThePodThatHasTheCompanion() {
            Trial.Result first = proxied("containers: [{name: web, ports: [{containerPort: 80}]}]")
                    .injected();

            assertThat(first.again().unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        }
    }

    /** A second pass cannot remove the companion, so the status must still list it. */
    @Test
    void aCompanionIsKeptWithAWarningIfAnotherContainerUsesItsPortLater() {
        Trial.Result first = proxied("containers: [{name: web, ports: [{containerPort: 80}]}]")
                .injected();
        ObjectNode later = first.pod().deepCopy();
        ((ArrayNode) later.at("/spec/containers"))
                .addObject()
                .put("name", "late")
                .putArray("ports")
                .addObject()
                .put("containerPort", 15006);

        Decision.Unchanged second = first.trial().again(later).unchanged();

        assertThat(second.plan().has("proxy")).isTrue();
        assertThat(second.plan().warnings()).extracting(Reason::code).containsExactly(ReasonCode.PORT_TAKEN);
    }

    @Nested
    class Enforced {

        private static final String PROXIES = policy("edge", "mode: Enforce\nmatch: {}\nprofiles: [{name: proxy}]\n");
        private static final String TAKEN = """
                metadata: {name: web}
                spec: {containers: [{name: web, ports: [{containerPort: 80}, {containerPort: 15006}]}]}
                """;

        @Test
        void isADenialInStrictNamespaces() {
            Reason denied = Trial.of(TAKEN)
                    .withPolicies(PROXIES)
                    .inNamespaceLabelled(STRICT, "strict")
                    .denied();

            assertThat(denied.code()).isEqualTo(ReasonCode.GUARD_NOT_ACCEPTED);
            assertThat(denied.message())
                    .isEqualTo(
                            "policy edge requests profile 'proxy', but its guard 'port-taken' would skip it: container 'web' declares"
                                    + " port 15006, which the profile's container 'proxy' needs; for another port, ask the platform team;"
                                    + " change the Pod, or have the platform team add 'port-taken' to acceptedGuards of policy edge");
        }

        @Test
        void skipsTheProfileIfThePolicyAcceptsTheGuard() {
            Trial trial = Trial.of(TAKEN)
                    .withPolicies(
                            policy(
                                    "edge",
                                    "mode: Enforce\nmatch: {}\nprofiles: [{name: proxy, acceptedGuards: [port-taken, port-name-taken]}]\n"))
                    .inNamespaceLabelled(STRICT, "strict");

            assertThat(trial.unchanged().reason().code()).isEqualTo(ReasonCode.SKIPPED);
            assertThat(trial.missing()).isEmpty();
        }

        @Test
        void isAWarningInOtherNamespaces() {
            assertThat(skipped(Trial.of(TAKEN).withPolicies(PROXIES))).contains("its guard 'port-taken' skips it");
        }

        @Test
        void hasPrecedenceOverAProfileThatThePodRequests() {
            Trial trial = Trial.of("""
                            metadata: {name: web, annotations: {pillion.dev/inject: first}}
                            spec: {containers: [{name: web, ports: [{containerPort: 80}]}]}
                            """)
                    .withPolicies(
                            PROXIES,
                            profile("first", "sidecars: [{name: first, image: a, ports: [{containerPort: 15006}]}]\n"))
                    .inNamespaceLabelled(STRICT, "strict");

            Trial.Result result = trial.injected();

            assertThat(result.initContainers()).containsExactly("proxy");
            assertThat(result.again().missing()).isEmpty();
        }

        /** A status that claims an earlier injection does not bypass the guard. */
        @Test
        void isNotBypassedByAForgedStatus() {
            Trial trial = Trial.of("""
                            metadata: {name: web, annotations: {pillion.dev/status: '{"initContainers": ["proxy"]}'}}
                            spec:
                              initContainers: [{name: proxy, image: own, restartPolicy: Always}]
                              containers: [{name: web, ports: [{containerPort: 80}, {containerPort: 15006}]}]
                            """).withPolicies(PROXIES).inNamespaceLabelled(STRICT, "strict");

            assertThat(trial.missing()).extracting(Reason::code).containsExactly(ReasonCode.GUARD_NOT_ACCEPTED);
        }
    }
}
