package dev.pillion.injection.comply;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.policy;
import static dev.pillion.injection.Trial.profile;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.Trial;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attempts to bypass enforced profiles that a second security review found, and valid Pods that were refused in error. */
class EnforcementAttackTest {

    private static String enforcing(String grant) {
        return policy("rule", "mode: Enforce\nmatch: {}\nprofiles: [" + grant + "]\n");
    }

    private static Trial strict(Trial trial) {
        return trial.inNamespaceLabelled("pillion.dev/enforcement", "strict");
    }

    @Nested
    class BySharedDirectories {

        private static Trial logged(String env, String mounts) {
            return Trial.of("""
                    metadata: {generateName: web-}
                    spec:
                      volumes: [{name: decoy, emptyDir: {}}, {name: real, emptyDir: {}}]
                      containers:
                        - {name: web, image: nginx, env: [%s], volumeMounts: [%s]}
                    """.formatted(env, mounts)).withPolicies(enforcing("{name: logging}"));
        }

        /** The kubelet treats a path without a leading slash as an absolute path. */
        @ParameterizedTest
        @ValueSource(
                strings = {"var/log/app", "var/log/app/", "./var/log/app", "var/log/app/now", "/var/log/../log/app/now"
                })
        void anotherVolumeAtTheSameDirectoryIsAFindingInEverySpelling(String mountPath) {
            Trial trial = strict(
                    logged("", "{name: decoy, mountPath: /var/log/app}, {name: real, mountPath: " + mountPath + "}"));

            assertThat(trial.again(trial.injected().pod()).missing())
                    .extracting(Reason::message)
                    .singleElement()
                    .asString()
                    .contains("the Pod lacks the shared directory /var/log/app in container web, which mounts ");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{name: X, value: a}, {name: X, value: b}|env sets twice",
                    "{name: X, value: $(BASE)}, {name: BASE, value: b}|names BASE, which env does not set before it",
                    "{name: X, value: $(BASE)}|names BASE, which env does not set before it",
                    "{name: X, value: $(X)}|names X, which env does not set before it",
                    "{name: X, valueFrom: {resourceFieldRef: {resource: limits.memory}}}|may have another value in each",
                    "{name: X, valueFrom: {fileKeyRef: {volumeName: real, path: a, key: b}}}|may have another value in each"
                })
        void aDirectoryThatIsDifferentInTheCompanionIsRefused(String env, String problem) {
            Trial trial = logged(env, "{name: real, mountPath: /var/log/app, subPathExpr: $(X)}");

            assertThat(trial.denied().code()).isEqualTo(ReasonCode.DIRECTORY_NOT_SHAREABLE);
            assertThat(trial.denied().message()).contains(problem);
            assertThat(trial.missing()).containsExactly(trial.denied());
        }

        @Test
        void aDirectoryThatIsTheSameEverywhereIsShared() {
            Trial trial = logged(
                    "{name: A, value: a}, {name: BASE, valueFrom: {resourceFieldRef: {containerName: web, resource: limits.memory}}},"
                            + " {name: X, value: $(BASE)-$(A)-$$(Z)}",
                    "{name: real, mountPath: /var/log/app, subPathExpr: $(X)}");

            assertThat(trial.again(trial.injected().pod()).missing()).isEmpty();
        }

        /** The companion shares the directory of the first container. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{name: BASE, value: a}, {name: X, value: $(BASE)}, {name: X, value: b}",
                    "{name: X, value: $(BASE)}, {name: BASE, value: a}"
                })
        void theDirectoryOfAnotherContainerIsAFinding(String env) {
            Trial trial = Trial.of("""
                    metadata: {generateName: web-}
                    spec:
                      volumes: [{name: real, emptyDir: {}}]
                      containers:
                        - name: decoy
                          image: nginx
                          env: [{name: BASE, value: a}, {name: X, value: $(BASE)}]
                          volumeMounts: [{name: real, mountPath: /var/log/app, subPathExpr: $(X)}]
                        - name: web
                          image: nginx
                          env: [%s]
                          volumeMounts: [{name: real, mountPath: /var/log/app, subPathExpr: $(X)}]
                    """.formatted(env)).withPolicies(enforcing("{name: logging}"));

            assertThat(trial.again(trial.injected().pod()).missing())
                    .extracting(Reason::message)
                    .singleElement()
                    .asString()
                    .contains("in container web, which mounts another directory: ");
        }
    }

    @Nested
    class ByMounts {

        private static final String CORP = profile("corp", """
                app: {volumeMounts: [{name: corp, mountPath: /etc/corp}]}
                volumes: [{name: corp, configMap: {name: corp}}]
                """);

        private static Trial withMount(String mountPath) {
            return Trial.of("""
                    metadata: {generateName: web-}
                    spec:
                      volumes: [{name: mine, emptyDir: {}}]
                      containers: [{name: web, image: a, volumeMounts: [{name: mine, mountPath: %s}]}]
                    """.formatted(mountPath));
        }

        @ParameterizedTest
        @ValueSource(strings = {"/etc/corp/rules.yaml", "etc/corp/rules.yaml", "/etc/corp//a/b"})
        void aMountThatHidesAPartOfAnEnforcedMountIsAFinding(String mountPath) {
            Trial trial = withMount(mountPath).withPolicies(CORP, enforcing("{name: corp}"));

            assertThat(trial.again(trial.injected().pod()).missing())
                    .extracting(Reason::message)
                    .containsExactly("policy 'rule' enforces 'corp', and container web mounts its own volume at "
                            + mountPath + ", which hides a part of the mount at /etc/corp");
            Trial open = withMount(mountPath).withPolicies(CORP, enforcing("{name: corp, keepAppValues: true}"));
            assertThat(open.again(open.injected().pod()).missing()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"/etc/corporate", "/etc", "/data"})
        void aMountThatHidesNothingIsNoFinding(String mountPath) {
            Trial trial = withMount(mountPath).withPolicies(CORP, enforcing("{name: corp}"));

            assertThat(trial.again(trial.injected().pod()).missing()).isEmpty();
        }

        /** The companion watches the volume that the app mounts. */
        @ParameterizedTest
        @ValueSource(strings = {"/data/conf/", "/data/./conf", "data/conf", "/data/x/../conf"})
        void aVolumeIsWatchedInEverySpelling(String mountPath) {
            Trial trial = Trial.of("""
                    metadata: {generateName: web-}
                    spec:
                      volumes: [{name: decoy, emptyDir: {}}, {name: real, emptyDir: {}}]
                      containers:
                        - name: web
                          image: a
                          volumeMounts: [{name: decoy, mountPath: /data}, {name: real, mountPath: %s}]
                    """.formatted(mountPath))
                    .withPolicies(enforcing("{name: config-reload, parameters: {directories: /data/conf, port: 80}}"));

            var result = trial.injected();

            assertThat(result.container("config-reload").path("volumeMounts"))
                    .extracting(mount -> mount.path("name").asText() + " "
                            + mount.path("mountPath").asText().replaceFirst("/$", ""))
                    .containsExactly("decoy /data", "real /data/conf");
            assertThat(trial.again(result.pod()).missing()).isEmpty();
        }
    }

    @Nested
    class ByNames {

        private static Trial shipping(String endpoint) {
            return annotated("a: b")
                    .withPolicies(enforcing("{name: log-shipper, parameters: {endpoint: '" + endpoint + "'}}"));
        }

        private static JsonNode with(Trial trial, String spec) {
            ObjectNode pod = (ObjectNode) trial.injected().pod();
            pod.withObject("/spec").setAll((ObjectNode) yaml(spec));
            return pod;
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "http://otel.logs:4318|{hostnameOverride: otel.logs}|hostnameOverride is otel.logs",
                    "http://otel.logs.:4318|{hostnameOverride: otel.logs}|hostnameOverride is otel.logs",
                    "http://otel:4318|{hostname: otel}|hostname is otel",
                    "http://OTEL:4318|{hostname: otel}|hostname is otel",
                    "http://otel.logs:4318|{hostname: otel, subdomain: logs}|subdomain makes the Pod otel.logs",
                    "http://otel.logs.shop.svc.cluster.local:4318|{hostname: otel, subdomain: logs}|subdomain makes the Pod otel.logs",
                    "http://web:4318|{}|hostname is web, by the Pod's name",
                    "http://otel.logs.:4318|{hostAliases: [{ip: 127.0.0.1, hostnames: [otel.logs]}]}|hostAliases names otel.logs",
                    "https://logs.example.com|{dnsConfig: {searches: [example.org]}}|dnsConfig has searches that are tried before logs.example.com",
                    "http://otel.logs.svc.cluster.local:4318|{dnsConfig: {searches: [example.org]}}|dnsConfig has searches that are tried before otel.logs.svc.cluster.local"
                })
        void aPodThatRedirectsTheHostOfACompanionIsRefused(String endpoint, String spec, String problem) {
            Trial trial = shipping(endpoint);

            assertThat(trial.again(with(trial, spec)).missing())
                    .extracting(Reason::message)
                    .containsExactly("policy 'rule' enforces 'log-shipper', and spec." + problem
                            + ", which a companion connects to");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "http://otel.logs:4318|{hostname: log-shipper, subdomain: web}",
                    "http://otel.logs:4318|{hostnameOverride: config}",
                    "http://otel.logs:4318|{hostname: otel}",
                    "http://otel.logs:4318|{hostname: otel, subdomain: log}",
                    "http://otel.logs.svc:4318|{dnsConfig: {searches: [example.org]}}",
                    "http://10.0.0.1:4318|{dnsConfig: {searches: [example.org]}}",
                    "http://logs.example.com.:4318|{dnsConfig: {searches: [example.org]}}"
                })
        void anotherHostNameOfTheAppIsAllowed(String endpoint, String spec) {
            Trial trial = shipping(endpoint);

            assertThat(trial.again(with(trial, spec)).missing()).isEmpty();
        }
    }

    /** The API server sets defaults in added variables of the app too. */
    @Test
    void defaultsInTheVariablesOfTheAppAreNoFinding() {
        String named = profile("named", """
                app:
                  env:
                    - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
                    - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
                """);
        Trial trial = annotated("a: b").withPolicies(named, enforcing("{name: named}"));
        ObjectNode pod = (ObjectNode) trial.injected().pod();
        ((ObjectNode) pod.at("/spec/containers/0/env/0/valueFrom/fieldRef")).put("apiVersion", "v1");
        ((ObjectNode) pod.at("/spec/containers/0/env/1/valueFrom/resourceFieldRef")).put("divisor", "0");

        assertThat(trial.again(pod).missing()).isEmpty();
    }
}
