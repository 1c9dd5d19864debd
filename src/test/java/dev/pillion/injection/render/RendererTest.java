package dev.pillion.injection.render;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.profile;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.injection.Trial;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The containers of a profile, rendered for one Pod. */
class RendererTest {

    @Nested
    class ForEach {

        private final String pinger = profile("ping", """
                parameters: [{name: hosts, type: list, required: true}]
                initContainers:
                  - name: ping-${host}
                    forEach: {host: "${params.hosts}"}
                    when: ${host != 'skipped'}
                    image: busybox
                    args: ["${host}"]
                """);

        @Test
        void makesAContainerOfEachElementInOrder() {
            var result = annotated("pillion.dev/inject: ping", "ping.pillion.dev/hosts: b, a, c")
                    .withProfiles(pinger)
                    .injected();

            assertThat(result.initContainers()).containsExactly("ping-b", "ping-a", "ping-c");
            assertThat(result.container("ping-c").path("args")).isEqualTo(yaml("[c]"));
        }

        @Test
        void omitsElementsForWhichItsConditionDoesNotHold() {
            var result = annotated("pillion.dev/inject: ping", "ping.pillion.dev/hosts: b, skipped")
                    .withProfiles(pinger)
                    .injected();

            assertThat(result.initContainers()).containsExactly("ping-b");
        }

        @Test
        void isADenialIfANameIsDuplicate() {
            var reason = annotated("pillion.dev/inject: ping", "ping.pillion.dev/hosts: b, b")
                    .withProfiles(pinger)
                    .denied();

            assertThat(reason)
                    .isEqualTo(new Reason(
                            ReasonCode.NAME_TAKEN,
                            "annotation pillion.dev/inject requests profile 'ping', but that would add two containers called 'ping-b';"
                                    + " each element of its forEach must give a different name"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"B", "a.b", "a/b", "-", "x234567890123456789012345678901234567890123456789012345678901234"})
        void isADenialIfANameIsNotValid(String host) {
            var reason = annotated("pillion.dev/inject: ping", "ping.pillion.dev/hosts: '" + host + "'")
                    .withProfiles(pinger)
                    .denied();

            assertThat(reason)
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.EXPRESSION_FAILED,
                                    "annotation pillion.dev/inject requests profile 'ping', but 'ping-" + host
                                            + "' cannot be a container's name, which has at most 63 lower-case letters, digits and hyphens"));
        }
    }

    @Nested
    class OptionalFields {

        private final String agent = profile("agent", """
                parameters:
                  - {name: user, type: integer}
                sidecars:
                  - name: agent
                    image: agent
                    args: ["--user", "${params.?user.hasValue() ? optional.of(string(params.user)) : optional.none()}"]
                    securityContext:
                      runAsUser: "${params.?user.hasValue() ? optional.of(params.user) : optional.none()}"
                """);

        @Test
        void areSetIfTheyHaveAValue() {
            var result = annotated("pillion.dev/inject: agent", "agent.pillion.dev/user: '7'")
                    .withProfiles(agent)
                    .injected();

            assertThat(result.container("agent").at("/securityContext/runAsUser"))
                    .isEqualTo(yaml("7"));
            assertThat(result.container("agent").path("args")).isEqualTo(yaml("[--user, '7']"));
        }

        @Test
        void areOmittedIfTheyHaveNoValue() {
            var result =
                    annotated("pillion.dev/inject: agent").withProfiles(agent).injected();

            assertThat(result.container("agent").path("securityContext").has("runAsUser"))
                    .isFalse();
            assertThat(result.container("agent").path("args")).isEqualTo(yaml("[--user]"));
        }
    }

    @Nested
    class ValuesOfParameters {

        @Test
        void areEscapedInArguments() {
            var result = annotated("pillion.dev/inject: logging", "logging.pillion.dev/files: '$(HOME)*$$.log'")
                    .injected();

            assertThat(result.container("log-tailer").at("/args/1").asText()).isEqualTo("$$(HOME)*$$$$.log");
        }

        @Test
        void areEscapedInTheEnvironmentOfACompanion() {
            var result = annotated("pillion.dev/inject: a", "a.pillion.dev/value: '$(POD_NAME)'")
                    .withProfiles(profile("a", """
                            parameters: [{name: value, type: string}]
                            sidecars: [{name: a, image: a, env: [{name: V, value: "x-${params.value}"}, {name: W, value: $(V)}]}]
                            """))
                    .injected();

            assertThat(result.container("a").path("env"))
                    .isEqualTo(yaml("[{name: V, value: x-$$(POD_NAME)}, {name: W, value: $(V)}]"));
        }

        @Test
        void canReferToOtherVariablesInTheEnvironmentOfTheApp() {
            var result = annotated("pillion.dev/inject: env", "env.pillion.dev/variables: URL=http://$(HOST)")
                    .injected();

            assertThat(result.container("web").at("/env/0/value").asText()).isEqualTo("http://$(HOST)");
        }

        @Test
        void areNeverInterpretedAsStructure() {
            String value = "\"}, {\"name\": \"x\", ${params.files} ${'$'}{{ }}\\\\ 'quoted' `id` $(id)";

            var result = annotated(
                            "pillion.dev/inject: logging",
                            "logging.pillion.dev/files: \""
                                    + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                    .injected();

            assertThat(result.container("log-tailer").at("/args/1").asText().replace("$$", "$"))
                    .isEqualTo(value);
            assertThat(result.container("log-tailer").path("args")).hasSize(2);
        }

        @Test
        void roundATimeoutOfLessThanASecondUp() {
            var result = annotated("pillion.dev/wait-for: db:1", "wait-for.pillion.dev/timeout: 500ms")
                    .injected();

            assertThat(result.container("wait-for-db-1").at("/command/6").asText())
                    .isEqualTo("1");
        }
    }

    @Nested
    class Inheriting {

        private final String migrate = profile("migrate", """
                initContainers:
                  - name: migrate
                    inherit: [image, env, envFrom, volumeMounts]
                    command: [./migrate]
                    env: [{name: MODE, value: migrate}, {name: LEVEL, value: debug}]
                    volumeMounts: [{name: scratch, mountPath: /tmp}]
                volumes: [{name: scratch, emptyDir: {}}]
                """);

        private final Trial.Result result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: migrate}}
                        spec:
                          containers:
                            - name: web
                              image: shop/web:3
                              env: [{name: DB, value: db}, {name: LEVEL, value: info}]
                              envFrom: [{secretRef: {name: db}}]
                              volumeMounts: [{name: config, mountPath: /etc/web}, {name: tmp, mountPath: /tmp}]
                            - {name: worker, image: shop/worker:3}
                        """).withProfiles(migrate).injected();

        @Test
        void inheritsTheImageOfTheFirstContainer() {
            assertThat(result.container("migrate").path("image").asText()).isEqualTo("shop/web:3");
        }

        @Test
        void inheritsFieldsThatTheProfileDoesNotSetAndPutsThemFirst() {
            assertThat(result.container("migrate").path("env"))
                    .isEqualTo(
                            yaml("[{name: DB, value: db}, {name: MODE, value: migrate}, {name: LEVEL, value: debug}]"));
            assertThat(result.container("migrate").path("envFrom")).isEqualTo(yaml("[{secretRef: {name: db}}]"));
            assertThat(result.container("migrate").path("volumeMounts"))
                    .isEqualTo(yaml("[{name: config, mountPath: /etc/web}, {name: scratch, mountPath: /tmp}]"));
        }

        @Test
        void inheritsFromTheFirstChosenContainer() {
            var other = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: migrate, pillion.dev/containers: worker}}
                            spec: {containers: [{name: web, image: shop/web:3}, {name: worker, image: shop/worker:3}]}
                            """).withProfiles(migrate).injected();

            assertThat(other.container("migrate").path("image").asText()).isEqualTo("shop/worker:3");
            assertThat(other.container("migrate").has("envFrom")).isFalse();
        }

        /** Kubernetes refuses bidirectional propagation in an unprivileged container. */
        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void inheritsBidirectionalPropagationOnlyInAPrivilegedContainer(boolean privileged) {
            var other = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: mounter}}
                            spec:
                              containers:
                                - name: csi
                                  image: csi:1
                                  securityContext: {privileged: true}
                                  volumeMounts:
                                    - {name: mounts, mountPath: /var/lib/mounts, mountPropagation: Bidirectional}
                                    - {name: files, mountPath: /files, mountPropagation: HostToContainer}
                            """)
                    .withProfiles(profile("mounter", """
                            initContainers:
                              - name: mounter
                                inherit: [image, volumeMounts]
                                securityContext: {privileged: %s, allowPrivilegeEscalation: %s}
                            """.formatted(privileged, privileged)))
                    .injected();

            assertThat(other.container("mounter").path("volumeMounts"))
                    .isEqualTo(yaml("[{name: mounts, mountPath: /var/lib/mounts"
                            + (privileged ? ", mountPropagation: Bidirectional" : "")
                            + "}, {name: files, mountPath: /files, mountPropagation: HostToContainer}]"));
        }
    }

    @Nested
    class Hardening {

        @Test
        void setsTheFieldsOfTheRestrictedStandardAndRequests() {
            var result = annotated("pillion.dev/inject: a")
                    .withProfiles(profile("a", "sidecars: [{name: a, image: a}]"))
                    .injected();

            assertThat(result.container("a")).isEqualTo(yaml("""
                    name: a
                    image: a
                    restartPolicy: Always
                    securityContext:
                      allowPrivilegeEscalation: false
                      capabilities: {drop: [ALL]}
                      runAsNonRoot: true
                      seccompProfile: {type: RuntimeDefault}
                    resources: {requests: {cpu: 10m, memory: 32Mi}}
                    """));
        }

        @Test
        void keepsTheFieldsOfTheProfile() {
            var result = annotated("pillion.dev/inject: a")
                    .withProfiles(profile("a", """
                            sidecars:
                              - name: a
                                image: a
                                securityContext: {runAsNonRoot: false, capabilities: {add: [NET_ADMIN]}}
                                resources: {limits: {memory: 1Gi}}
                            """))
                    .injected();

            assertThat(result.container("a").path("securityContext")).isEqualTo(yaml("""
                    allowPrivilegeEscalation: false
                    capabilities: {add: [NET_ADMIN], drop: [ALL]}
                    runAsNonRoot: false
                    seccompProfile: {type: RuntimeDefault}
                    """));
            assertThat(result.container("a").path("resources"))
                    .isEqualTo(yaml("{limits: {memory: 1Gi}, requests: {cpu: 10m}}"));
        }

        @Test
        void omitsResourcesThatThePodSets() {
            var result = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: logging}}
                            spec:
                              resources: {limits: {memory: 64Mi}}
                              containers: [{name: web, resources: {requests: {memory: 64Mi}}}]
                            """).injected();

            assertThat(result.container("log-tailer").path("resources")).isEqualTo(yaml("{requests: {cpu: 10m}}"));
            assertThat(result.container("web").has("resources")).isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"null", "{}"})
        void keepsResourcesIfTheBudgetOfThePodIsEmpty(String budget) {
            var result = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: logging}}
                            spec: {resources: %s, containers: [{name: web}]}
                            """.formatted(budget)).injected();

            assertThat(result.container("log-tailer").has("resources")).isTrue();
        }
    }

    @Nested
    class Guards {

        private static final String HOST_NETWORK = """
                metadata: {annotations: {pillion.dev/inject: "%s"}}
                spec: {hostNetwork: true, containers: [{name: web, ports: [{containerPort: 80}]}]}
                """;
        private static final String MESSAGE =
                "annotation pillion.dev/inject requests profile 'proxy', but its guard 'host-network' skips it: the Pod uses the node's network (hostNetwork), where the proxy would take a port of the node";

        @Test
        void skipTheProfileWithAReason() {
            var unchanged = Trial.of(HOST_NETWORK.formatted("proxy")).unchanged();

            assertThat(unchanged.reason())
                    .isEqualTo(new Reason(ReasonCode.SKIPPED, "every requested profile was skipped"));
            assertThat(unchanged.plan().warnings()).containsExactly(new Reason(ReasonCode.PROFILE_SKIPPED, MESSAGE));
        }

        @Test
        void doNotSkipOtherProfiles() {
            var result = Trial.of(HOST_NETWORK.formatted("proxy, logging")).injected();

            assertThat(result.initContainers()).containsExactly("log-tailer");
            assertThat(result.plan().skipped())
                    .extracting(each -> each.profile().name())
                    .containsExactly("proxy");
            assertThat(result.warnings()).containsExactly(MESSAGE);
        }

        @Test
        void areADenialIfTheyCannotBeEvaluated() {
            var reason = annotated("pillion.dev/inject: a")
                    .withProfiles(profile("a", """
                            skipWhen:
                              - {name: odd, expression: "dyn(pod).metadata.labels['x'] == 'y'", message: never}
                            """))
                    .denied();

            assertThat(reason.code()).isEqualTo(ReasonCode.EXPRESSION_FAILED);
            assertThat(reason.message())
                    .startsWith(
                            "annotation pillion.dev/inject requests profile 'a', but its guard 'odd' cannot be evaluated for this Pod: ");
        }
    }

    @Nested
    class Expressions {

        @Test
        void areADenialThatNamesTheProfileIfTheyHaveNoValue() {
            var reason = annotated("pillion.dev/inject: a")
                    .withProfiles(
                            profile("a", "app: {env: [{name: TEAM, value: \"${dyn(pod).metadata.labels['team']}\"}]}"))
                    .denied();

            assertThat(reason)
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.EXPRESSION_FAILED,
                                    "annotation pillion.dev/inject requests profile 'a', but it cannot be rendered for this Pod: ${dyn(pod).metadata.labels['team']} has no value: key 'labels' is not present in map"));
        }

        @Test
        void readThePodTheNamespaceAndTheFirstTarget() {
            var result = annotated("pillion.dev/inject: a")
                    .withProfiles(profile("a", """
                            app:
                              env:
                                - {name: WHERE, value: "${namespace.metadata.name}/${pod.metadata.?name.orValue('')}/${app.name}:${app.image}"}
                            """))
                    .injected();

            assertThat(result.container("web").at("/env/0/value").asText()).isEqualTo("shop/web/web:nginx");
        }

        @Test
        void areADenialIfTheyReturnANumberForAStringField() {
            var reason = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: a}}
                            spec: {containers: [{name: web, image: 3}]}
                            """)
                    .withProfiles(profile("a", "app: {env: [{name: IMAGE, value: \"${app.image}\"}]}"))
                    .denied();

            assertThat(reason.message())
                    .isEqualTo(
                            "annotation pillion.dev/inject requests profile 'a', but it cannot be rendered for this Pod: ${app.image}: must be a string, is the number 3");
        }
    }
}
