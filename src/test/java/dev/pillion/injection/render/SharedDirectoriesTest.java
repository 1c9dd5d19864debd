package dev.pillion.injection.render;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.policy;
import static dev.pillion.injection.Trial.profile;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.Trial;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The volume of a directory that the app shares with its companions. */
class SharedDirectoriesTest {

    private static final String READER = reader("reader", "/var/log/app");

    @Test
    void thatCannotBeSharedAreAllReported() {
        var denied = annotated(
                        "pillion.dev/inject: logging,a.logging,b.logging",
                        "logging.pillion.dev/path: /etc",
                        "a.logging.pillion.dev/path: /var/log/a",
                        "b.logging.pillion.dev/path: /usr/bin")
                .denial();

        assertThat(denied.mistakes())
                .extracting(Reason::message)
                .containsExactly(
                        "annotation pillion.dev/inject requests profile 'logging', but a volume at /etc would hide files that the image of companion log-tailer needs; choose another directory",
                        "annotation pillion.dev/inject requests profile 'b.logging', but a volume at /usr/bin would hide files that the image of companion log-tailer-b needs; choose another directory");
    }

    @Nested
    class WithoutAVolumeOfTheApp {

        @Test
        void isAnEmptyDirInBoth() {
            var result =
                    annotated("pillion.dev/inject: reader").withProfiles(READER).injected();

            assertThat(result.volume("pillion-var-log-app"))
                    .isEqualTo(yaml("{name: pillion-var-log-app, emptyDir: {}}"));
            assertThat(result.container("web").path("volumeMounts"))
                    .isEqualTo(yaml("[{name: pillion-var-log-app, mountPath: /var/log/app}]"));
            assertThat(result.container("reader").path("volumeMounts"))
                    .isEqualTo(yaml("[{name: pillion-var-log-app, mountPath: /var/log/app, readOnly: true}]"));
        }

        @Test
        void isMountedInEveryContainerOfTheApps() {
            var result = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: reader}}
                            spec: {containers: [{name: web}, {name: istio-proxy}, {name: worker}]}
                            """).withProfiles(READER).injected();

            assertThat(result.container("web").path("volumeMounts")).hasSize(1);
            assertThat(result.container("worker").path("volumeMounts")).hasSize(1);
            assertThat(result.container("istio-proxy").has("volumeMounts")).isFalse();
            assertThat(result.plan().targets()).containsExactly("web", "worker");
        }

        @Test
        void isMountedInChosenContainersOnlyIncludingInitContainers() {
            var result = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: reader, pillion.dev/containers: "worker, prepare"}}
                            spec:
                              initContainers: [{name: prepare}, {name: other}]
                              containers: [{name: web}, {name: worker}]
                            """).withProfiles(READER).injected();

            assertThat(result.container("worker").path("volumeMounts")).hasSize(1);
            assertThat(result.container("prepare").path("volumeMounts")).hasSize(1);
            assertThat(result.container("web").has("volumeMounts")).isFalse();
            assertThat(result.container("other").has("volumeMounts")).isFalse();
        }

        @Test
        void isWritableForAWriter() {
            var result = annotated("pillion.dev/inject: sync")
                    .withProfiles(profile("sync", """
                            sidecars: [{name: sync, image: rclone}, {name: watch, image: rclone}]
                            sharedDirectories: [{path: /srv, writers: [sync], readers: [sync, watch]}]
                            """))
                    .injected();

            assertThat(result.container("sync").path("volumeMounts"))
                    .isEqualTo(yaml("[{name: pillion-srv, mountPath: /srv}]"));
            assertThat(result.container("watch").path("volumeMounts"))
                    .isEqualTo(yaml("[{name: pillion-srv, mountPath: /srv, readOnly: true}]"));
        }

        @Test
        void hasTheNameAndTheOptionsInTheProfile() {
            var result = annotated("pillion.dev/inject: cache")
                    .withProfiles(profile("cache", """
                            parameters: [{name: size, type: quantity, default: 64Mi}]
                            sidecars: [{name: cache, image: redis}]
                            sharedDirectories:
                              - {name: "cache-of-${app.name}", path: /cache, writers: [cache], emptyDir: {medium: Memory, sizeLimit: "${params.size}"}}
                            """))
                    .injected();

            assertThat(result.volume("cache-of-web"))
                    .isEqualTo(yaml("{name: cache-of-web, emptyDir: {medium: Memory, sizeLimit: 64Mi}}"));
        }

        @Test
        void isSharedByTwoCompanions() {
            var result = annotated("pillion.dev/inject: reader, other")
                    .withProfiles(READER, reader("other", "/var/log/app"))
                    .injected();

            assertThat(result.names("volumes")).containsExactly("pillion-var-log-app");
            assertThat(result.container("web").path("volumeMounts")).hasSize(1);
            assertThat(result.container("reader").path("volumeMounts"))
                    .isEqualTo(result.container("other").path("volumeMounts"));
        }

        @Test
        void isSeparateForProfilesWithDifferentContainers() {
            var result =
                    Trial.of("""
                            metadata:
                              annotations:
                                pillion.dev/inject: reader, other
                                reader.pillion.dev/containers: web
                                other.pillion.dev/containers: worker
                            spec: {containers: [{name: web, image: a}, {name: worker, image: a}]}
                            """).withProfiles(READER, profile("other", """
                            sidecars: [{name: other, image: a}]
                            sharedDirectories: [{name: logs, path: /var/log/app, readers: [other]}]
                            """)).injected();

            assertThat(result.names("volumes")).containsExactly("pillion-var-log-app", "logs");
            assertThat(result.container("reader").at("/volumeMounts/0/name").asText())
                    .isEqualTo("pillion-var-log-app");
            assertThat(result.container("other").at("/volumeMounts/0/name").asText())
                    .isEqualTo("logs");
            assertThat(result.container("web").at("/volumeMounts/0/name").asText())
                    .isEqualTo("pillion-var-log-app");
            assertThat(result.container("worker").at("/volumeMounts/0/name").asText())
                    .isEqualTo("logs");
        }

        @Test
        void isSharedByADirectoryAndItsSubdirectory() {
            var result = annotated("pillion.dev/inject: inner, outer")
                    .withProfiles(reader("inner", "/var/log/app/deep"), reader("outer", "/var/log/app"))
                    .injected();

            assertThat(result.names("volumes")).containsExactly("pillion-var-log-app");
            assertThat(result.container("web").path("volumeMounts"))
                    .isEqualTo(yaml("[{name: pillion-var-log-app, mountPath: /var/log/app}]"));
            assertThat(result.container("inner").path("volumeMounts"))
                    .isEqualTo(yaml("[{name: pillion-var-log-app, mountPath: /var/log/app, readOnly: true}]"));
        }

        @Test
        void isWritableForACompanionThatWritesToASubdirectory() {
            var result = annotated("pillion.dev/inject: sync")
                    .withProfiles(profile("sync", """
                            sidecars: [{name: sync, image: rclone}]
                            sharedDirectories:
                              - {path: /srv, readers: [sync]}
                              - {path: /srv/out, writers: [sync]}
                            """))
                    .injected();

            assertThat(result.container("sync").path("volumeMounts"))
                    .isEqualTo(yaml("[{name: pillion-srv, mountPath: /srv}]"));
        }

        @Test
        void isSeparateForADirectoryWithTheSamePrefix() {
            var result = annotated("pillion.dev/inject: a, b")
                    .withProfiles(reader("a", "/var/log/app"), reader("b", "/var/log/app-2"))
                    .injected();

            assertThat(result.names("volumes")).hasSize(2).first().isEqualTo("pillion-var-log-app");
        }

        @Test
        void hasAUniqueNameForSimilarDirectories() {
            var result = annotated("pillion.dev/inject: a, b, c")
                    .withProfiles(reader("a", "/var/log"), reader("b", "/var-log"), reader("c", "/Var/log"))
                    .injected();

            assertThat(result.names("volumes"))
                    .doesNotHaveDuplicates()
                    .hasSize(3)
                    .allMatch(name -> name.matches("pillion-var-log(-[0-9a-f]{8})?"));
        }

        @Test
        void hasAValidNameForALongDirectory() {
            String path = "/very" + "/long".repeat(60);

            var result = annotated("pillion.dev/inject: reader")
                    .withProfiles(reader("reader", path))
                    .injected();

            assertThat(result.names("volumes"))
                    .singleElement()
                    .asString()
                    .matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
        }

        @Test
        void isADenialIfTwoProfilesUseItsNameForDifferentDirectories() {
            var reason = annotated("pillion.dev/inject: a, b")
                    .withProfiles(
                            profile(
                                    "a",
                                    "sidecars: [{name: a, image: b}]\nsharedDirectories: [{name: shared, path: /a, readers: [a]}]"),
                            profile(
                                    "b",
                                    "sidecars: [{name: b, image: b}]\nsharedDirectories: [{name: shared, path: /b, readers: [b]}]"))
                    .denied();

            assertThat(reason)
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.NAME_TAKEN,
                                    "annotation pillion.dev/inject requests profiles 'a' and 'b', but the volume 'shared' would be for both /a and /b; request only one of the profiles, or the same directory"));
        }
    }

    @Nested
    class WithAVolumeOfTheApp {

        @Test
        void isTheVolumeAtTheDirectory() {
            var result = Trial.of(podThatMounts("{name: logs, mountPath: /var/log/app}"))
                    .withProfiles(READER)
                    .injected();

            assertThat(result.names("volumes")).containsExactly("logs");
            assertThat(result.container("web").path("volumeMounts")).hasSize(1);
            assertThat(result.container("reader").path("volumeMounts"))
                    .isEqualTo(yaml("[{name: logs, mountPath: /var/log/app, readOnly: true}]"));
        }

        @Test
        void isTheVolumeAtAParentDirectory() {
            var result = Trial.of(podThatMounts("{name: logs, mountPath: /var}"))
                    .withProfiles(READER)
                    .injected();

            assertThat(result.container("reader").path("volumeMounts"))
                    .isEqualTo(yaml("[{name: logs, mountPath: /var, readOnly: true}]"));
        }

        @Test
        void isTheVolumeAtTheNearestParentDirectory() {
            var result = Trial.of(
                            podThatMounts(
                                    "{name: outer, mountPath: /var}, {name: logs, mountPath: /var/log}, {name: lib, mountPath: /var/lib}"))
                    .withProfiles(READER)
                    .injected();

            assertThat(result.container("reader").path("volumeMounts"))
                    .isEqualTo(yaml("[{name: logs, mountPath: /var/log, readOnly: true}]"));
        }

        @Test
        void isMountedWithItsSubPath() {
            var result = Trial.of(podThatMounts(
                            "{name: logs, mountPath: /var/log/app, subPath: today, mountPropagation: HostToContainer}"))
                    .withProfiles(READER)
                    .injected();

            assertThat(result.container("reader").path("volumeMounts"))
                    .isEqualTo(yaml("[{name: logs, mountPath: /var/log/app, subPath: today, readOnly: true}]"));
        }

        @Test
        void isRecognisedInAnotherSpelling() {
            var result = Trial.of(podThatMounts("{name: logs, mountPath: /var//log/./app/}"))
                    .withProfiles(READER)
                    .injected();

            assertThat(result.names("volumes")).containsExactly("logs");
            assertThat(result.container("web").path("volumeMounts")).hasSize(1);
        }

        @Test
        void isMountedInOtherContainersToo() {
            var result = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: reader}}
                            spec:
                              containers:
                                - {name: web}
                                - {name: worker, volumeMounts: [{name: logs, mountPath: /var/log/app}]}
                            """).withProfiles(READER).injected();

            assertThat(result.container("web").path("volumeMounts"))
                    .isEqualTo(yaml("[{name: logs, mountPath: /var/log/app}]"));
        }

        @Test
        void isNotSharedBelowTheDirectoryWithAWarning() {
            var result = Trial.of(podThatMounts("{name: archive, mountPath: /var/log/app/archive}"))
                    .withProfiles(READER)
                    .injected();

            assertThat(result.names("volumes")).contains("pillion-var-log-app");
            assertThat(result.plan().warnings())
                    .containsExactly(
                            new Reason(
                                    ReasonCode.DIRECTORY_NOT_SHARED,
                                    "annotation pillion.dev/inject requests profile 'reader', but container web has its own volume at /var/log/app/archive, which is not shared"));
        }

        @Test
        void isTheVolumeOfTheFirstContainerWithAWarning() {
            var result = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: reader}}
                            spec:
                              containers:
                                - {name: web, volumeMounts: [{name: logs, mountPath: /var/log/app}]}
                                - {name: worker, volumeMounts: [{name: others, mountPath: /var/log}]}
                            """).withProfiles(READER).injected();

            assertThat(result.container("reader").path("volumeMounts"))
                    .isEqualTo(yaml("[{name: logs, mountPath: /var/log/app, readOnly: true}]"));
            assertThat(result.warnings())
                    .containsExactly(
                            "annotation pillion.dev/inject requests profile 'reader', but container worker has another volume at /var/log; its /var/log/app is not shared");
        }

        @Test
        void causesOneWarningForAllCompanions() {
            var result = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: "reader, other"}}
                            spec: {containers: [{name: web, volumeMounts: [{name: a, mountPath: /var/log/app/archive}]}]}
                            """)
                    .withProfiles(READER, reader("other", "/var/log/app"))
                    .injected();

            assertThat(result.warnings()).doesNotHaveDuplicates();
        }

        @Test
        void isADenialIfItIsABlockDevice() {
            var reason = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: reader}}
                            spec: {containers: [{name: web, volumeDevices: [{name: disk, devicePath: /var/log/app}]}]}
                            """).withProfiles(READER).denied();

            assertThat(reason)
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.DIRECTORY_NOT_SHAREABLE,
                                    "annotation pillion.dev/inject requests profile 'reader', but container web has a block device at /var/log/app, where no directory can be mounted; choose another directory"));
        }

        @Test
        void isADenialIfAnUndeclaredVolumeHasTheSharedName() {
            var reason = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: reader}}
                            spec: {containers: [{name: web, volumeMounts: [{name: pillion-var-log-app, mountPath: /data}]}]}
                            """).withProfiles(READER).denied();

            assertThat(reason)
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.NAME_TAKEN,
                                    "annotation pillion.dev/inject requests profile 'reader', but that would add a volume 'pillion-var-log-app', and container web mounts a volume of that name that the Pod does not declare; rename it"));
        }

        @Test
        void isADenialIfAnotherVolumeHasTheSharedName() {
            var reason = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: reader}}
                            spec:
                              containers: [{name: web}]
                              volumes: [{name: pillion-var-log-app, hostPath: {path: /}}]
                            """).withProfiles(READER).denied();

            assertThat(reason)
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.NAME_TAKEN,
                                    "annotation pillion.dev/inject requests profile 'reader', but the Pod has a different volume called 'pillion-var-log-app'; rename it"));
        }

        @Test
        void isADenialIfAUsedEmptyDirHasTheSharedName() {
            var reason = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: reader}}
                            spec:
                              containers: [{name: web, volumeMounts: [{name: pillion-var-log-app, mountPath: /else}]}]
                              volumes: [{name: pillion-var-log-app, emptyDir: {}}]
                            """).withProfiles(READER).denied();

            assertThat(reason.code()).isEqualTo(ReasonCode.NAME_TAKEN);
        }
    }

    @Nested
    class WithSubPathExpr {

        @Test
        void copiesTheVariables() {
            var result = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: reader}}
                            spec:
                              containers:
                                - name: web
                                  env:
                                    - {name: OTHER, value: x}
                                    - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                                  volumeMounts: [{name: logs, mountPath: /var/log/app, subPathExpr: logs/$(POD_NAME)}]
                                - {name: worker, env: []}
                            """).withProfiles(READER).injected();

            var variable = yaml("[{name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]");
            assertThat(result.container("reader").path("env")).isEqualTo(variable);
            assertThat(SubPathExpressions.ofFirstMount(result, "reader")).isEqualTo("logs/$(POD_NAME)");
            assertThat(result.container("worker").path("env")).isEqualTo(variable);
            assertThat(SubPathExpressions.ofFirstMount(result, "worker")).isEqualTo("logs/$(POD_NAME)");
        }

        private static final String TENANT = """
                metadata: {annotations: {pillion.dev/inject: "reader,env", env.pillion.dev/variables: "TENANT=$(ZONE)-x"}}
                spec:
                  containers:
                    - name: web
                      image: web:1
                      env: [{name: ZONE, value: a}]
                      volumeMounts: [{name: logs, mountPath: /var/log/app, subPathExpr: $(TENANT)}]
                    - {name: worker, image: worker:1}
                  volumes: [{name: logs, emptyDir: {}}]
                """;

        @Test
        void copiesAVariableThatAnotherProfileSets() {
            var result = Trial.of(TENANT).withProfiles(READER).injected();

            assertThat(result.container("reader").path("env"))
                    .isEqualTo(yaml("[{name: ZONE, value: a}, {name: TENANT, value: $(ZONE)-x}]"));
            assertThat(result.container("worker").path("env"))
                    .containsExactlyInAnyOrder(
                            yaml("{name: ZONE, value: a}"), yaml("{name: TENANT, value: $(ZONE)-x}"));
            assertThat(SubPathExpressions.ofFirstMount(result, "reader")).isEqualTo("$(TENANT)");
            assertThat(result.again().unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
            assertThat(result.again().uninjected()).isEqualTo(yaml(TENANT));
        }

        @Test
        void compliesIfPoliciesEnforceBothProfiles() {
            var trial = Trial.of(TENANT.replaceFirst("annotations: .*", "name: web}"))
                    .withProfiles(
                            READER,
                            policy(
                                    "all",
                                    "{mode: Enforce, match: {}, profiles: [{name: reader}, {name: env, parameters: {variables: {TENANT: x}}}]}"));

            assertThat(trial.injected().again().missing()).isEmpty();
        }

        @Test
        void isADenialIfTheEnvOfTheContainerDoesNotSetTheVariable() {
            var reason = Trial.of(podThatMounts("{name: logs, mountPath: /var/log/app, subPathExpr: $(NODE)}"))
                    .withProfiles(READER)
                    .denied();

            assertThat(reason).isEqualTo(SubPathExpressions.variableNotSet("reader", "/var/log/app"));
        }

        @Test
        void isADenialIfAnotherContainerHasAnotherValueOfTheVariable() {
            var reason = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: reader}}
                            spec:
                              containers:
                                - name: web
                                  env: [{name: SHARD, value: "1"}]
                                  volumeMounts: [{name: logs, mountPath: /var/log/app, subPathExpr: $(SHARD)}]
                                - {name: worker, env: [{name: SHARD, value: "2"}]}
                            """).withProfiles(READER).denied();

            assertThat(reason)
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.DIRECTORY_NOT_SHAREABLE,
                                    "annotation pillion.dev/inject requests profile 'reader', but /var/log/app is mounted with a subPathExpr that names SHARD, which container worker sets to another value; use subPath"));
        }

        @Test
        void copiesTheVariablesThatTheVariablesUse() {
            var result = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: reader}}
                            spec:
                              containers:
                                - name: web
                                  env:
                                    - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                                    - {name: PLACE, value: logs/$(POD_NAME)}
                                  volumeMounts: [{name: logs, mountPath: /var/log/app, subPathExpr: $(PLACE)}]
                            """).withProfiles(READER).injected();

            assertThat(result.container("reader").path("env"))
                    .isEqualTo(result.container("web").path("env"));
        }

        @Test
        void copiesVariablesUnderAnotherNameIfTheyCouldChangeAnEnforcedCompanion() {
            var result = Trial.of("""
                            metadata: {annotations: {pillion.dev/inject: reader}}
                            spec:
                              containers:
                                - name: web
                                  env: [{name: PATH, value: /var/log/app}, {name: LD_PRELOAD, value: /var/log/app/a.so}]
                                  volumeMounts: [{name: logs, mountPath: /var/log/app, subPathExpr: $(PATH)/$(LD_PRELOAD)$$(A)}]
                            """)
                    .withProfiles(READER, policy("reading", "mode: Enforce\nmatch: {}\nprofiles: [{name: reader}]\n"))
                    .injected();

            assertThat(result.container("reader").path("env"))
                    .extracting(variable -> variable.path("name").asText())
                    .containsExactly("PILLION_SUBPATH_PATH", "PILLION_SUBPATH_LD_PRELOAD");
            assertThat(SubPathExpressions.ofFirstMount(result, "reader"))
                    .isEqualTo("$(PILLION_SUBPATH_PATH)/$(PILLION_SUBPATH_LD_PRELOAD)$$(A)");
        }

        @Test
        void copiesNoEscapedVariable() {
            var result = Trial.of(podThatMounts("{name: logs, mountPath: /var/log/app, subPathExpr: $$(LITERAL)}"))
                    .withProfiles(READER)
                    .injected();

            assertThat(result.container("reader").has("env")).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/bin, /bin/logs",
        "/usr, /usr/share/logs",
        "/usr/local/bin, /usr/local/bin",
        "/lib64, /lib64/x",
        "/etc, /etc/app/logs",
        "/, /var/log/app",
        "/etc/ld.so.preload, /etc/ld.so.preload",
        "/etc/passwd, /etc/passwd",
        "/var/run/secrets/kubernetes.io/serviceaccount, /var/run/secrets/kubernetes.io/serviceaccount",
        "/./bin//, /bin/logs"
    })
    void cannotBeADirectoryOfTheCompanionsImage(String mounted, String shared) {
        var reason = Trial.of(podThatMounts("{name: logs, mountPath: " + mounted + "}"))
                .withProfiles(reader("reader", shared))
                .denied();

        assertThat(reason)
                .isEqualTo(
                        new Reason(
                                ReasonCode.DIRECTORY_NOT_SHAREABLE,
                                "annotation pillion.dev/inject requests profile 'reader', but a volume at " + mounted
                                        + " would hide files that the image of companion reader needs; choose another directory"));
    }

    @Test
    void cannotHideAFileOfTheProfile() {
        var reason = Trial.of(podThatMounts("{name: logs, mountPath: /etc/agent/agent.conf, subPath: mine.conf}"))
                .withProfiles(profile("reader", """
                        sidecars: [{name: reader, image: busybox, files: [{path: /etc/agent/agent.conf, content: a}]}]
                        sharedDirectories: [{path: /etc/agent/agent.conf, readers: [reader]}]
                        """))
                .denied();

        assertThat(reason.code()).isEqualTo(ReasonCode.DIRECTORY_NOT_SHAREABLE);
    }

    @Test
    void cannotBeADirectoryOfTheCompanionsImageByExpression() {
        var reason = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: config-reload, config-reload.pillion.dev/directories: /bin/x}}
                        spec: {containers: [{name: web, ports: [{containerPort: 80}], volumeMounts: [{name: a, mountPath: /bin}]}]}
                        """).denied();

        assertThat(reason.code()).isEqualTo(ReasonCode.DIRECTORY_NOT_SHAREABLE);
    }

    @Test
    void canBeAnyDirectoryForAVolumeOfTheProfile() {
        var result = Trial.of(podThatMounts("{name: logs, mountPath: /var/log/app}"))
                .withProfiles(profile("reader", """
                        volumes: [{name: tools, emptyDir: {}}]
                        sidecars: [{name: reader, image: "busybox:${app.name}", volumeMounts: [{name: tools, mountPath: /usr/local/bin}]}]
                        """))
                .injected();

        assertThat(result.container("reader").at("/volumeMounts/0/mountPath").asText())
                .isEqualTo("/usr/local/bin");
    }

    private static String podThatMounts(String mounts) {
        return """
                metadata: {annotations: {pillion.dev/inject: reader}}
                spec:
                  containers: [{name: web, volumeMounts: [%s]}]
                  volumes: [{name: logs, persistentVolumeClaim: {claimName: logs}}]
                """.formatted(mounts);
    }

    private static String reader(String name, String path) {
        return profile(name, """
                sidecars: [{name: %s, image: busybox}]
                sharedDirectories: [{path: %s, readers: [%s]}]
                """.formatted(name, path, name));
    }

    @Test
    void haveTheNamesOfTheirDirectoriesAndCanBeRemoved() {
        JsonNode pod = Trial.yaml("""
                metadata:
                  name: web
                  annotations:
                    pillion.dev/inject: logging
                    logging.pillion.dev/path: /srv/b, /srv/a/, /srv/b, /srv/a/x
                spec:
                  containers: [{name: web, image: nginx}]
                """);
        Trial trial = Trial.of(pod);

        Trial.Result result = trial.injected();

        assertThat(result.container("log-tailer").at("/args"))
                .hasToString("[\"/srv/b\",\"/srv/a\",\"/srv/a/x\",\"*.log\"]");
        assertThat(result.at("/spec/volumes").findValuesAsText("name"))
                .containsExactly("pillion-srv-b", "pillion-srv-a");
        assertThat(result.container("web").at("/volumeMounts").findValuesAsText("mountPath"))
                .containsExactly("/srv/b", "/srv/a");
        assertThat(trial.again(result.pod()).uninjected()).isEqualTo(pod);
    }

    @Test
    void mustBeAbsoluteAndAreLimitedInNumber() {
        assertThat(Trial.annotated("pillion.dev/inject: logging", "logging.pillion.dev/path: '/srv/a, b'")
                        .denied()
                        .code())
                .isEqualTo(ReasonCode.INVALID_VALUE);
        String many = IntStream.range(0, 101).mapToObj(each -> "/srv/" + each).collect(Collectors.joining(","));
        assertThat(Trial.annotated("pillion.dev/inject: logging", "logging.pillion.dev/path: " + many)
                        .denied())
                .satisfies(reason -> {
                    assertThat(reason.code()).isEqualTo(ReasonCode.TOO_LARGE);
                    assertThat(reason.message()).contains("names 101 paths; at most 100 are allowed");
                });
    }

    @Test
    void areLimitedForEachList() {
        String profile = Trial.profile("many", """
                parameters: [{name: names, type: list, required: true}]
                sidecars: [{name: many, image: busybox}]
                sharedDirectories: [{forEach: {name: "${params.names}"}, path: "/srv/${name}", readers: [many]}]
                """);
        String names = IntStream.range(0, 101).mapToObj(each -> "n" + each).collect(Collectors.joining(","));

        Reason reason = Trial.annotated("pillion.dev/inject: many", "many.pillion.dev/names: " + names)
                .withProfiles(profile)
                .denied();

        assertThat(reason.code()).isEqualTo(ReasonCode.TOO_LARGE);
        assertThat(reason.message()).contains("has 101 elements; at most 100 are allowed");
    }
}
