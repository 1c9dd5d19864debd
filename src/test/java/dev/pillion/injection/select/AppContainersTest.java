package dev.pillion.injection.select;

import static dev.pillion.injection.Trial.policy;
import static dev.pillion.injection.Trial.profile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.Trial;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.settings.KnownSidecars;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The container that is the app, and the containers that get mounts and environment. */
class AppContainersTest {

    private static final String PROBE = profile("probe", """
            sidecars:
              - {name: "p", image: busybox, args: ["${app.name}"]}
            app: {env: [{name: A, value: "1"}]}
            """);

    private static Trial pod(String annotations, String containers) {
        return Trial.of("metadata: {name: web, annotations: {pillion.dev/inject: probe" + annotations + "}}\n"
                        + "spec: {containers: [" + containers + "]}\n")
                .withProfiles(PROBE);
    }

    private static String app(Trial trial) {
        return trial.injected().container("p").at("/args/0").asText();
    }

    @Nested
    class DefaultContainer {

        private static final String MAIN = ", kubectl.kubernetes.io/default-container: main";

        @Test
        void isADenialIfContainersHaveNoName() {
            var reason = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: env, env.pillion.dev/variables: A=1}}
                        spec: {containers: [{image: web}]}
                        """).denied();

            assertThat(reason)
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.MALFORMED_POD,
                                    "annotation pillion.dev/inject requests profile 'env', but spec.containers[0] has no name; add one, or let the webhook inject the Pods of this template"));
        }

        @Test
        void isTheAppForTheImageAndThePort() throws Exception {
            var result = Trial.ofFile("default-container.yaml").injected();

            assertThat(result.container("migrate").path("image").asText()).isEqualTo("example.com/batch:1");
            assertThat(result.annotation("pillion.dev/file.proxy.0").asText())
                    .contains("\"port_value\":8080")
                    .doesNotContain("9090");
            assertThat(result.plan().targets()).containsExactly("main");
        }

        @Test
        void isTheAppForTheUser() throws Exception {
            var result = Trial.ofFile("default-container-with-user.yaml").injected();

            assertThat(result.container("log-tailer")
                            .at("/securityContext/runAsUser")
                            .asInt())
                    .isEqualTo(1000);
            assertThat(result.container("wait").has("volumeMounts")).isFalse();
            assertThat(result.container("main").path("volumeMounts")).hasSize(1);
        }

        @Test
        void isTheAppAndOtherContainersGetMountsAndEnvironmentToo() {
            var result = pod(MAIN, "{name: helper, image: h}, {name: main, image: m}")
                    .injected();

            assertThat(result.container("p").at("/args/0").asText()).isEqualTo("main");
            assertThat(result.plan().targets()).containsExactly("main", "helper");
            assertThat(result.container("helper").path("env")).hasSize(1);
            assertThat(result.again().unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                        missing   | true
                        'main '   | true
                        migrate   | true
                        p         | true
                        istio-proxy | false
                        ''        | false
                        """)
        void isIgnoredIfItIsNoAppContainer(String name, boolean warned) {
            Trial trial = Trial.of(
                            "metadata: {name: web, annotations: {pillion.dev/inject: probe,"
                                    + " kubectl.kubernetes.io/default-container: '" + name + "'}}\n"
                                    + "spec: {initContainers: [{name: migrate, image: m}],"
                                    + " containers: [{name: istio-proxy, image: i}, {name: web, image: w}, {name: main, image: m}]}\n")
                    .withProfiles(PROBE);

            var result = trial.injected();

            assertThat(result.container("p").at("/args/0").asText()).isEqualTo("web");
            assertThat(result.plan().warnings().stream().map(Reason::code))
                    .isEqualTo(warned ? List.of(ReasonCode.DEFAULT_CONTAINER_IGNORED) : List.of());
        }

        @Test
        void isTheAppAmongChosenContainers() {
            String chosen = ", pillion.dev/containers: 'web,main'";
            String containers = "{name: helper, image: h}, {name: web, image: w}, {name: main, image: m}";

            assertThat(app(pod(chosen + MAIN, containers))).isEqualTo("main");
            assertThat(app(pod(chosen, containers))).isEqualTo("web");
            assertThat(app(pod(chosen + ", kubectl.kubernetes.io/default-container: helper", containers)))
                    .isEqualTo("web");
        }

        @Test
        void doesNotChangeASecondPassIfPillionSetIt() {
            var first = pod("", "{name: web, image: w}").injected();
            ObjectNode pod = first.pod().deepCopy();
            pod.withArray("/spec/containers")
                    .insertObject(0)
                    .put("name", "agent")
                    .put("image", "a");

            assertThat(first.annotation("kubectl.kubernetes.io/default-container")
                            .asText())
                    .isEqualTo("web");
            var second = first.trial().again(pod).injected();
            assertThat(second.container("p").at("/args/0").asText()).isEqualTo("web");
            assertThat(second.plan().targets()).containsExactly("web", "agent");
        }

        @Test
        void doesNotChangeACompanionIfAnotherWebhookSetsItLater() {
            var first =
                    pod("", "{name: helper, image: h}, {name: main, image: m}").injected();
            ObjectNode pod = first.pod().deepCopy();
            pod.withObject("/metadata/annotations").put("kubectl.kubernetes.io/default-container", "main");

            var second = first.trial().again(pod).unchanged();

            assertThat(second.reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        }

        @Test
        void doesNotExcludeOtherContainersFromAnEnforcedProfile() {
            Trial trial = Trial.of(
                            "metadata: {name: web, annotations: {kubectl.kubernetes.io/default-container: decoy}}\n"
                                    + "spec: {containers: [{name: decoy, image: d}, {name: web, image: w}]}\n")
                    .withPolicies(policy("logs", "mode: Enforce\nmatch: {}\nprofiles: [{name: logging}]\n"));

            assertThat(trial.injected().plan().targets()).containsExactly("decoy", "web");
            assertThat(trial.missing())
                    .extracting(Reason::message)
                    .anyMatch(message -> message.contains("in container web"));
        }

        @Test
        void doesNotAffectAParameterThatAnEnforcePolicySets() {
            Trial trial = Trial.of("""
                            metadata: {name: web, annotations: {kubectl.kubernetes.io/default-container: decoy}}
                            spec:
                              containers:
                                - {name: decoy, image: d, ports: [{containerPort: 9999}], securityContext: {runAsUser: 4242}}
                                - {name: web, image: w, ports: [{containerPort: 8080}]}
                            """)
                    .withPolicies(policy(
                            "edge", "mode: Enforce\nmatch: {}\nprofiles: [{name: proxy, parameters: {port: 8080}}]\n"));

            assertThat(trial.injected().annotation("pillion.dev/file.proxy.0").asText())
                    .contains("\"port_value\":8080")
                    .doesNotContain("9999");
        }
    }

    @Nested
    class KnownByDefault {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "istio-proxy",
                    "linkerd-proxy",
                    "kuma-sidecar",
                    "consul-dataplane",
                    "consul-dataplane-web",
                    "envoy-sidecar",
                    "vault-agent",
                    "queue-proxy",
                    "cloud-sql-proxy",
                    "cloudsql-proxy",
                    "gke-gcsfuse-sidecar",
                    "aws-otel-collector",
                    "xray-daemon",
                    "datadog-agent",
                    "datadog-agent-injected",
                    "daprd",
                    "otc-container",
                    "jaeger-agent",
                    "agones-gameserver-sidecar",
                    "azwi-proxy",
                    "kube-rbac-proxy",
                    "traffic-agent"
                })
        void isNotTheAppAndGetsNothing(String name) {
            var result = pod("", "{name: " + name + ", image: 'registry.example.com/x:1'}, {name: web, image: w}")
                    .injected();

            assertThat(result.plan().targets()).containsExactly("web");
            assertThat(result.container(name).has("env")).isFalse();
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                        wait  | quay.io/argoproj/argoexec:v3.7.2               | web
                        wait  | registry.example.com:5000/mirror/argoexec      | web
                        wait  | argoexec@sha256:0123456789abcdef               | web
                        wait  | example.com/argoexec-tools:1                   | wait
                        wait  | example.com/batch:1                            | wait
                        envoy | 840364872350.dkr.ecr.us-west-2.amazonaws.com/aws-appmesh-envoy:v1.29 | web
                        envoy | envoyproxy/envoy:v1.36.2                       | web
                        envoy | example.com/edge:1                             | envoy
                        csql-orders-db | gcr.io/cloud-sql-connectors/cloud-sql-proxy:2 | web
                        csql-orders-db | example.com/orders:1                  | csql-orders-db
                        """)
        void isRecognisedByItsImageIfItsNameIsCommon(String name, String image, String app) {
            assertThat(app(pod("", "{name: " + name + ", image: '" + image + "'}, {name: web, image: w}")))
                    .isEqualTo(app);
        }

        @Test
        void isTheAppIfItIsTheOnlyContainer() {
            assertThat(app(pod("", "{name: cloud-sql-proxy, image: gcr.io/cloud-sql-connectors/cloud-sql-proxy}")))
                    .isEqualTo("cloud-sql-proxy");
        }
    }

    @Nested
    class Configured {

        @Test
        void hasEntriesByNameByImageOrRemovesThem() {
            String containers = "{name: agent, image: 'corp/agent:1'}, {name: daprd, image: d}, {name: web, image: w}";

            assertThat(app(pod("", containers))).isEqualTo("agent");
            assertThat(app(pod("", containers).withKnownSidecars("agent"))).isEqualTo("web");
            assertThat(app(pod("", containers).withKnownSidecars("agent=mirror/agent")))
                    .isEqualTo("web");
            assertThat(app(pod("", containers).withKnownSidecars("agent=corp/other")))
                    .isEqualTo("agent");
            assertThat(app(pod("", containers).withKnownSidecars("ag*", "-daprd")))
                    .isEqualTo("daprd");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "Agent", "a b", "-a=b", "a=", "*", "a=b=c", "=b"})
        void rejectsAnInvalidEntry(String entry) {
            assertThatThrownBy(() -> KnownSidecars.builtIn().with(List.of(entry)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("'" + entry
                            + "' must be NAME, NAME=IMAGE or -NAME, such as istio-proxy=docker.io/istio/proxyv2");
        }
    }

    @Nested
    class UnderEnforcement {

        private static final String LOGS = policy(
                "logs",
                "mode: Enforce\nmatch: {}\nprofiles: [{name: logging}, {name: wait-for, parameters: {targets: 'tcp://a:1'}}]\n");

        private static Trial pod(String name, String image) {
            return Trial.of("metadata: {name: web}\nspec: {containers: [{name: decoy, image: d}, {name: " + name
                            + ", image: '" + image + "'}]}\n")
                    .withPolicies(LOGS);
        }

        @ParameterizedTest
        @CsvSource({
            "istio-proxy, example.com/app:1",
            "istio-proxy, example.com/istio/proxyv2:1",
            "istio-proxy, docker.io/istio/proxyv2-app:1",
            "wait, example.com/argoexec:3"
        })
        void anAppWithTheNameOfASidecarGetsAnEnforcedProfile(String name, String image) {
            var result = pod(name, image).injected();

            assertThat(result.plan().targets()).containsExactly("decoy", name);
            assertThat(result.container(name).at("/volumeMounts/0/mountPath").asText())
                    .isEqualTo("/var/log/app");
            assertThat(result.again().missing()).isEmpty();
            ObjectNode stripped = result.pod().deepCopy();
            ((ObjectNode) stripped.at("/spec/containers/1")).remove("volumeMounts");
            assertThat(result.trial().again(stripped).missing()).singleElement().satisfies(reason -> assertThat(
                            reason.message())
                    .contains("the Pod lacks the shared directory /var/log/app in container " + name)
                    .contains("ask the platform team to add '" + name + "=" + image.substring(0, image.lastIndexOf(':'))
                            + "' to pillion.third-party-sidecars"));
        }

        @ParameterizedTest
        @CsvSource({
            "istio-proxy, istio/proxyv2:1.28.0",
            "istio-proxy, docker.io/istio/proxyv2:1.28.0",
            "istio-proxy, gcr.io/istio-release/proxyv2@sha256:0123",
            "wait, quay.io/argoproj/argoexec:v3.7.2",
            "linkerd-proxy, cr.l5d.io/linkerd/proxy:edge"
        })
        void aSidecarWithItsOwnImageGetsNothing(String name, String image) {
            var result = pod(name, image).injected();

            assertThat(result.plan().targets()).containsExactly("decoy");
            assertThat(result.again().missing()).isEmpty();
        }

        @Test
        void aSidecarFromAMirrorOrOfTheOperatorsListGetsNothing() {
            String image = "registry.example.com/mirror/istio/proxyv2:1";

            assertThat(pod("istio-proxy", image).injected().plan().targets()).hasSize(2);
            assertThat(pod("istio-proxy", image)
                            .withImageMirror("registry.example.com/mirror")
                            .injected()
                            .plan()
                            .targets())
                    .containsExactly("decoy");
            assertThat(pod("istio-proxy", image)
                            .withKnownSidecars("istio-proxy=registry.example.com/mirror/istio/proxyv2")
                            .injected()
                            .plan()
                            .targets())
                    .containsExactly("decoy");
            assertThat(pod("agent", "corp/agent")
                            .withKnownSidecars("agent")
                            .injected()
                            .plan()
                            .targets())
                    .as("a name alone is not sufficient")
                    .containsExactly("decoy", "agent");
        }

        @ParameterizedTest
        @CsvSource({"example.com/app:1, false", "istio/proxyv2:1.28.0, true"})
        void anInitContainerPrecedesACompanionOnlyWithItsOwnImage(String image, boolean compliant) {
            Trial trial = pod("web", "w");
            ObjectNode pod = trial.injected().pod().deepCopy();
            pod.withArray("/spec/initContainers")
                    .insertObject(0)
                    .put("name", "istio-init")
                    .put("image", image);

            assertThat(trial.again(pod).missing().isEmpty()).isEqualTo(compliant);
        }
    }
}
