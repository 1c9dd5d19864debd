package dev.pillion.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Warnings about companions that result from other documents of the same input. */
class InputFindingsTest {

    private static String pod(String annotations) {
        return """
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: shop, labels: {app: web}, annotations: {%s}}
                spec: {containers: [{name: web, image: nginx, ports: [{name: http, containerPort: 8080}], resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: 100m, memory: 64Mi}}}]}
                """.formatted(annotations);
    }

    private static String object(String kind, String fields) {
        return "---\napiVersion: v1\nkind: " + kind + "\n" + fields + "\n";
    }

    private static String warnings(String annotations, String other) {
        String input = other + pod(annotations);
        Run explained = Run.withInput(input, "explain", "-f", "-");
        Run injected = Run.withInput(input, "inject", "-q", "-f", "-");
        assertThat(explained.code()).as(explained.out()).isZero();
        assertThat(injected.code()).as(injected.err()).isZero();
        String warnings = explained
                .out()
                .lines()
                .filter(line -> line.startsWith("warning: "))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        assertThat(injected.err()).contains(warnings);
        return warnings;
    }

    private static String service(String selector, String port) {
        return object(
                "Service",
                "metadata: {name: web, namespace: shop}\nspec: {selector: " + selector + ", ports: [{" + port + "}]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"port: 80, targetPort: 8080", "port: 80, targetPort: http", "port: 8080"})
    void aServiceThatBypassesTheProxyIsAWarning(String port) {
        assertThat(warnings("pillion.dev/inject: proxy", service("{app: web}", port)))
                .startsWith("warning: Pod/web: Service/web: targetPort ")
                .contains(" bypasses companion proxy, which listens on ")
                .contains(" in front of port 8080; write targetPort: ");
    }

    @Test
    void aServiceOfOtherPodsOrOtherPortsIsNoWarning() {
        assertThat(warnings("pillion.dev/inject: proxy", service("{app: other}", "port: 8080")))
                .isEmpty();
        assertThat(warnings("pillion.dev/inject: proxy", service("{}", "port: 8080")))
                .isEmpty();
        assertThat(warnings("pillion.dev/inject: proxy", service("{app: web}", "port: 80, targetPort: proxy")))
                .isEmpty();
        assertThat(warnings("pillion.dev/inject: proxy", service("{app: web}", "port: 8080, protocol: UDP")))
                .isEmpty();
        assertThat(warnings(
                        "pillion.dev/inject: proxy",
                        service("{app: web}", "port: 8080").replace("shop", "x")))
                .isEmpty();
        assertThat(warnings("pillion.dev/inject: logging", service("{app: web}", "port: 8080")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"restricted, true", "baseline, false", "privileged, false"})
    void aRootCompanionInARestrictedNamespaceIsAWarning(String level, boolean warned) {
        String other = object(
                "Namespace", "metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: " + level + "}}");

        String warnings = warnings("pillion.dev/inject: logging, logging.pillion.dev/user: '0'", other);

        assertThat(warnings.contains(
                        "warning: Pod/web: namespace shop enforces Pod Security 'restricted', and companion"
                                + " log-tailer violates it: runAsUser is 0, runAsNonRoot is not true"))
                .as(warnings)
                .isEqualTo(warned);
    }

    @Test
    void aHardenedCompanionInARestrictedNamespaceIsNoWarning() {
        assertThat(warnings(
                        "pillion.dev/inject: logging",
                        object(
                                "Namespace",
                                "metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            volumes: [{name: node, hostPath: {path: /var/log}}] | baseline   | volume node is a hostPath
            volumes: [{name: node, hostPath: {path: /var/log}}] | restricted | volume node is a hostPath
            volumes: [{name: share, nfs: {server: a, path: /}}] | restricted | volume share is a nfs
            volumes: [{name: share, nfs: {server: a, path: /}}] | baseline   |
            volumes: [{name: share, emptyDir: {}}]              | restricted |
            volumes: [{name: node, hostPath: {path: /var/log}}] | privileged |
            """)
    void aVolumeThatViolatesPodSecurityIsAWarning(String fields, String level, String violation, @TempDir Path profiles)
            throws IOException {
        Files.writeString(profiles.resolve("node.yaml"), """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionProfile
                metadata: {name: node}
                spec:
                  description: Reads the node.
                  %s
                """.formatted(fields));
        String namespace = object(
                "Namespace", "metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: " + level + "}}");

        Run injected = Run.withInput(
                namespace + pod("pillion.dev/inject: node"),
                "inject",
                "-q",
                "--profiles",
                profiles.toString(),
                "-f",
                "-");

        assertThat(injected.code()).as(injected.err()).isZero();
        if (violation == null) {
            assertThat(injected.err()).isEmpty();
        } else {
            assertThat(injected.err())
                    .contains("namespace shop enforces Pod Security '" + level
                            + "', and volumes of profiles violate it: " + violation
                            + "; the API server rejects such Pods");
        }
    }

    private static String quota(String hard) {
        return object("ResourceQuota", "metadata: {name: q, namespace: shop}\nspec: {hard: {" + hard + "}}");
    }

    private static String range(String limits) {
        return object(
                "LimitRange",
                "metadata: {name: l, namespace: shop}\nspec: {limits: [{type: Container, " + limits + "}]}");
    }

    @Test
    void aQuotaOnAResourceThatACompanionDoesNotSetIsAWarning() {
        assertThat(warnings("pillion.dev/inject: logging", quota("limits.cpu: 10")))
                .isEqualTo(
                        "warning: Pod/web: ResourceQuota/q requires limits.cpu of every container, and companion log-tailer has none; the API server rejects the Pods\n");
        assertThat(warnings("pillion.dev/inject: logging", quota("limits.cpu: 10") + range("default: {cpu: 1}")))
                .isEmpty();
    }

    @Test
    void aQuotaThatOnePodWithItsCompanionsExceedsIsAWarning() {
        assertThat(warnings("pillion.dev/inject: logging", quota("requests.cpu: 105m")))
                .contains("ResourceQuota/q allows requests.cpu 105m, and one Pod with its companions has 110m;");
        assertThat(warnings("pillion.dev/inject: logging", quota("requests.cpu: 110m, memory: 1Gi")))
                .isEmpty();
        assertThat(warnings("pillion.dev/inject: logging", quota("requests.cpu: 90m")))
                .isEmpty();
    }

    @Test
    void aLimitRangeThatACompanionViolatesIsAWarning() {
        assertThat(warnings("pillion.dev/inject: logging", range("min: {cpu: 50m}")))
                .isEqualTo(
                        "warning: Pod/web: LimitRange/l: companion log-tailer has a request of 10m cpu, below the minimum 50m; the API server rejects the Pods\n");
        assertThat(warnings("pillion.dev/inject: logging", range("max: {memory: 32Mi}")))
                .contains("above the maximum 32Mi");
        assertThat(warnings("pillion.dev/inject: logging", range("maxLimitRequestRatio: {memory: 2}")))
                .contains("a ratio above 2");
        assertThat(warnings("pillion.dev/inject: logging", range("max: {memory: 4Gi, cpu: 1}, min: {cpu: 5m}")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "scopes: [NotTerminating], true",
        "'scopes: [NotBestEffort, NotTerminating]', true",
        "'scopeSelector: {matchExpressions: [{scopeName: NotTerminating, operator: Exists}]}', true",
        "scopes: [Terminating], false",
        "scopes: [BestEffort], false",
        "'scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [high]}]}', false"
    })
    void aQuotaWithAScopeIsAWarningIfItCountsThePod(String scope, boolean warned) {
        String quota = object(
                "ResourceQuota", "metadata: {name: q, namespace: shop}\nspec: {hard: {limits.cpu: 10}, " + scope + "}");

        assertThat(warnings("pillion.dev/inject: logging", quota).contains("requires limits.cpu of every container"))
                .isEqualTo(warned);
    }

    @Test
    void aLimitRangeForPodsThatTheCompanionsExceedIsAWarning() {
        assertThat(warnings("pillion.dev/inject: logging", podRange("cpu: 105m")))
                .isEqualTo(
                        "warning: Pod/web: LimitRange/l: one Pod with its companions has requests.cpu 110m, above the maximum 105m; the API server rejects the Pods\n");
        assertThat(warnings("pillion.dev/inject: logging", podRange("memory: 100Mi")))
                .contains("has limits.memory 128Mi, above the maximum 100Mi");
        assertThat(warnings("pillion.dev/inject: logging", podRange("cpu: 110m, memory: 128Mi")))
                .isEmpty();
        assertThat(warnings("pillion.dev/inject: logging", podRange("cpu: 90m")))
                .as("exceeded without the companions")
                .isEmpty();
    }

    private static String podRange(String max) {
        return object(
                "LimitRange",
                "metadata: {name: l, namespace: shop}\nspec: {limits: [{type: Pod, max: {" + max + "}}]}");
    }

    @Test
    void aServiceAccountWithoutATokenIsAWarning() {
        String account = object(
                "ServiceAccount", "metadata: {name: default, namespace: shop}\nautomountServiceAccountToken: false");

        assertThat(warnings("pillion.dev/wait-for: job/migrate", account))
                .contains("need the ServiceAccount's token")
                .endsWith(" (set by ServiceAccount/default)\n");
        assertThat(warnings("pillion.dev/wait-for: 'db:5432'", account)).isEmpty();
    }
}
