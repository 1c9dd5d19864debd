package dev.pillion.injection.render;

import static dev.pillion.injection.Trial.policy;
import static dev.pillion.injection.Trial.profile;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.Trial;
import dev.pillion.injection.reason.Reason;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fields that a companion inherits from the app, including additions of other profiles to the app. */
class InheritanceTest {

    @Nested
    class Migrate {

        @Test
        void hasTheVariablesThatAnotherProfileAddsToTheApp() throws Exception {
            var result = Trial.ofFile("env-and-migrate.yaml").injected();

            assertThat(result.container("migrate").path("env")).isEqualTo(yaml("[{name: DB_HOST, value: db}]"));
        }

        @Test
        void hasTheVariablesInTheOrderOfTheAppForAnyOrderOfProfiles() {
            var result = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: "migrate, env", env.pillion.dev/variables: DB=db, migrate.pillion.dev/command: a}}
                            spec: {containers: [{name: web, image: app, env: [{name: URL, value: $(DB)}]}]}
                            """).injected();

            assertThat(result.container("migrate").path("env"))
                    .isEqualTo(yaml("[{name: DB, value: db}, {name: URL, value: $(DB)}]"))
                    .isEqualTo(result.container("web").path("env"));
        }

        @Test
        void hasTheDirectoryOfGitSyncAndStartsAfterTheFirstSync() throws Exception {
            var result = Trial.ofFile("git-sync-and-migrate.yaml").injected();

            assertThat(result.container("migrate").path("volumeMounts"))
                    .isEqualTo(yaml("[{name: pillion-git, mountPath: /git}]"));
            assertThat(result.initContainers()).containsExactly("git-sync-first", "migrate", "git-sync");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                prefetch  | prefetch.pillion.dev/url: "https://a.b/c", prefetch.pillion.dev/sha256: "%s" | prefetch | /prefetch
                file-sync | file-sync.pillion.dev/remote: "s:a", file-sync.pillion.dev/secret: s | file-sync-first | /data
                """)
        void hasTheDirectoriesOfPrefetchAndFileSync(String profile, String parameters, String first, String path) {
            var result = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: "migrate, %s", migrate.pillion.dev/command: a, %s}}
                            spec: {containers: [{name: web, image: app}]}
                            """.formatted(profile, parameters.formatted("0".repeat(64))))
                    .injected();

            assertThat(result.container("migrate")
                            .at("/volumeMounts/0/mountPath")
                            .asText())
                    .isEqualTo(path);
            assertThat(result.initContainers()).startsWith(first, "migrate");
        }

        @Test
        void hasTheAppsBlockDevices() throws Exception {
            var result = Trial.ofFile("block-device-migrate.yaml").injected();

            assertThat(result.container("migrate").path("volumeDevices"))
                    .isEqualTo(yaml("[{name: disk, devicePath: /dev/xvda}]"));
            assertThat(result.container("migrate").has("volumeMounts")).isFalse();
        }

        @ParameterizedTest
        @CsvSource({
            "'', 'wait-for-db-1, migrate, own, log-tailer'",
            "30, 'migrate, wait-for-db-1, own, log-tailer'",
            "55, 'wait-for-db-1, own, migrate, log-tailer'",
            "70, 'wait-for-db-1, own, log-tailer, migrate'"
        })
        void runsInItsOrder(String order, String expected) {
            String annotation = order.isEmpty() ? "" : ", migrate.pillion.dev/order: \"" + order + "\"";
            var result = Trial.of("""
                            metadata:
                              annotations: {pillion.dev/inject: "migrate, logging", pillion.dev/wait-for: db:1, migrate.pillion.dev/command: a%s}
                            spec: {containers: [{name: web, image: app}], initContainers: [{name: own, image: a}]}
                            """.formatted(annotation)).injected();

            assertThat(String.join(", ", result.initContainers())).isEqualTo(expected);
        }

        @Test
        void isCheckedForTheOrderThatAPolicySets() {
            var result = Trial.of("""
                            metadata: {annotations: {migrate.pillion.dev/command: a}}
                            spec: {containers: [{name: web, image: app}], initContainers: [{name: own, image: a}]}
                            """)
                    .withPolicies(policy(
                            "migrating",
                            "mode: Enforce\nmatch: {}\nprofiles: [{name: migrate, parameters: {order: 55}}]\n"))
                    .injected();

            assertThat(result.initContainers()).containsExactly("own", "migrate");
            assertThat(result.again().missing()).isEmpty();
            JsonNode swapped = yaml(result.pod().toString());
            var containers = (com.fasterxml.jackson.databind.node.ArrayNode) swapped.at("/spec/initContainers");
            containers.add(containers.remove(0));
            assertThat(result.trial().again(swapped).missing())
                    .extracting(Reason::message)
                    .containsExactly(
                            "policy 'migrating' enforces 'migrate', and container migrate starts before the Pod's own init containers");
        }

        @Test
        void isCheckedWithAdditionsOfOtherProfilesToTheApp() {
            var result = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: "env, git-sync", env.pillion.dev/variables: A=1, git-sync.pillion.dev/repo: "https://a.b/c", migrate.pillion.dev/command: a}}
                            spec: {containers: [{name: web, image: app}]}
                            """)
                    .withPolicies(policy("migrating", "mode: Enforce\nmatch: {}\nprofiles: [{name: migrate}]\n"))
                    .injected();

            assertThat(result.container("migrate").at("/env/0/name").asText()).isEqualTo("A");
            assertThat(result.again().missing()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "'{mountPropagation: HostToContainer}'",
            "'{readOnly: true, recursiveReadOnly: Enabled}'",
            "'{subPath: a/b}'",
            "'{readOnly: true, mountPropagation: None}'"
        })
        void hasTheUnchangedMountsOfTheApp(String options) {
            JsonNode mount = yaml("{name: data, mountPath: /data, " + options.substring(1));
            var result = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: migrate, migrate.pillion.dev/command: a}}
                            spec:
                              containers: [{name: web, image: app, volumeMounts: [%s]}]
                              volumes: [{name: data, emptyDir: {}}]
                            """.formatted(mount)).injected();

            assertThat(result.container("migrate").at("/volumeMounts/0")).isEqualTo(mount);
        }
    }

    @Nested
    class ACopiedMount {

        @Test
        void keepsItsExpressionAndCopiesTheVariables() throws Exception {
            var result = Trial.ofFile("subpathexpr-config-reload.yaml").injected();

            assertThat(result.container("config-reload").path("volumeMounts"))
                    .isEqualTo(yaml("[{name: conf, mountPath: /etc/app, readOnly: true, subPathExpr: $(TENANT)}]"));
            assertThat(result.container("config-reload").path("env"))
                    .isEqualTo(yaml(
                            "[{name: TENANT, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['tenant']\"}}}]"));
        }

        @Test
        void copiesTheVariablesThatTheVariablesUse() {
            var result = reloading("[{name: A, value: a}, {name: B, value: $(A)-b}, {name: C, value: c}]", "$(B)/x")
                    .injected();

            assertThat(result.container("config-reload").path("env"))
                    .isEqualTo(yaml("[{name: A, value: a}, {name: B, value: $(A)-b}]"));
            assertThat(subPath(result)).isEqualTo("$(B)/x");
        }

        @Test
        void canUseAVariableThatAnotherProfileAddsToTheApp() {
            var result = reloading("[{name: A, value: $(TENANT)}]", "$(A)")
                    .withMore("env", "env.pillion.dev/variables", "TENANT=t")
                    .injected();

            assertThat(result.container("config-reload").path("env"))
                    .isEqualTo(yaml("[{name: TENANT, value: t}, {name: A, value: $(TENANT)}]"));
        }

        @Test
        void isADenialIfTheEnvOfTheContainerDoesNotSetTheVariable() {
            assertThat(reloading("[]", "$(NODE)").denied())
                    .isEqualTo(SubPathExpressions.variableNotSet("config-reload", "/etc/app"));
        }

        @Test
        void keepsAnEscapedDollar() {
            assertThat(subPath(reloading("[]", "$$(NODE)").injected())).isEqualTo("$$(NODE)");
        }

        @Test
        void copiesVariablesUnderAnotherNameIfTheyCouldChangeAnEnforcedCompanion() {
            var trial = reloading("[{name: PATH, value: /x}]", "$(PATH)")
                    .withPolicies(
                            policy(
                                    "reloading",
                                    "mode: Enforce\nmatch: {}\nprofiles: [{name: config-reload, parameters: {directories: [/etc/app]}}]\n"));
            var result = trial.injected();

            assertThat(result.container("config-reload").path("env"))
                    .isEqualTo(yaml("[{name: PILLION_SUBPATH_PATH, value: /x}]"));
            assertThat(subPath(result)).isEqualTo("$(PILLION_SUBPATH_PATH)");
            assertThat(result.again().missing()).isEmpty();
        }

        @Test
        void isInheritedWithItsVariablesIfTheEnvironmentIsNotInherited() {
            var result = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: job}}
                            spec:
                              containers:
                                - name: web
                                  env: [{name: TENANT, value: t}, {name: OTHER, value: o}]
                                  volumeMounts: [{name: conf, mountPath: /conf, subPathExpr: $(TENANT)}]
                            """)
                    .withProfiles(profile("job", "initContainers: [{name: job, image: a, inherit: [volumeMounts]}]\n"))
                    .injected();

            assertThat(result.container("job").path("env")).isEqualTo(yaml("[{name: TENANT, value: t}]"));
            assertThat(SubPathExpressions.ofFirstMount(result, "job")).isEqualTo("$(TENANT)");
        }

        private static String subPath(Trial.Result result) {
            return SubPathExpressions.ofFirstMount(result, "config-reload");
        }

        private static Trial reloading(String env, String expression) {
            return Trial.of("""
                    metadata:
                      annotations: {pillion.dev/inject: config-reload, config-reload.pillion.dev/directories: /etc/app}
                    spec:
                      containers:
                        - name: web
                          ports: [{containerPort: 8080}]
                          env: %s
                          volumeMounts: [{name: conf, mountPath: /etc/app, subPathExpr: "%s"}]
                    """.formatted(env, expression));
        }
    }

    @Test
    void aVariableOfTheProfileWithTheValueOfTheAppKeepsItsPlace() {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: job}}
                        spec: {containers: [{name: web, image: app, env: [{name: A, value: "1"}, {name: B, value: $(A)}]}]}
                        """)
                .withProfiles(profile(
                        "job",
                        "initContainers: [{name: job, inherit: [image, env], env: [{name: A, value: \"1\"}]}]\n"))
                .injected();

        assertThat(result.container("job").path("env"))
                .isEqualTo(yaml("[{name: A, value: \"1\"}, {name: B, value: $(A)}]"));
    }
}
