package dev.pillion.injection.render;

import static dev.pillion.injection.Trial.policy;
import static dev.pillion.injection.Trial.profile;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.injection.Trial;
import dev.pillion.injection.reason.ReasonCode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pillion treats spellings of a mount path as one directory if the kubelet does. */
class MountPathTest {

    @Test
    void aRelativePathStartsAtTheRoot() throws Exception {
        var result = field("relative-mountpath.yaml").injected();

        assertThat(result.names("volumes")).containsExactly("logs");
        assertThat(result.container("web").path("volumeMounts"))
                .isEqualTo(yaml("[{name: logs, mountPath: var/log/app}]"));
        assertThat(result.container("log-tailer").path("volumeMounts"))
                .isEqualTo(yaml("[{name: logs, mountPath: var/log/app, readOnly: true}]"));
        assertThat(result.warnings()).isEmpty();
    }

    @Test
    void containersWithDifferentSpellingsShareOneDirectory() throws Exception {
        var result = field("mountpath-spellings.yaml").injected();

        assertThat(result.warnings()).isEmpty();
        assertThat(result.names("volumes")).containsExactly("logs");
        assertThat(result.container("log-tailer").path("volumeMounts")).hasSize(1);
        for (String container : new String[] {"a", "b", "c", "d"}) {
            assertThat(result.container(container).path("volumeMounts"))
                    .as(container)
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"srv", "/srv/", "//srv", "/./srv", "/x/../srv", "./srv/."})
    void anotherVolumeAtTheSameDirectoryIsReportedInTheSpellingOfThePod(String spelling) {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: reader}}
                        spec:
                          containers:
                            - {name: web, volumeMounts: [{name: a, mountPath: /srv}]}
                            - {name: worker, volumeMounts: [{name: b, mountPath: %s}]}
                        """.formatted(spelling)).withProfiles(READER).injected();

        assertThat(result.warnings())
                .containsExactly(
                        "annotation pillion.dev/inject requests profile 'reader', but container worker has another volume at "
                                + spelling + "; its /srv is not shared");
    }

    @ParameterizedTest
    @ValueSource(strings = {"srv", "/srv/", "/./srv"})
    void aMountOfTheProfileAtTheDirectoryIsNotAddedTwice(String spelling) {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: reader}}
                        spec:
                          containers: [{name: web, volumeMounts: [{name: own, mountPath: %s}]}]
                          volumes: [{name: own, emptyDir: {}}]
                        """.formatted(spelling))
                .withProfiles(profile("reader", """
                        sidecars: [{name: reader, image: busybox, volumeMounts: [{name: "${'own'}", mountPath: /srv, readOnly: true}]}]
                        sharedDirectories: [{path: /srv, readers: [reader]}]
                        """))
                .injected();

        assertThat(result.container("reader").path("volumeMounts"))
                .isEqualTo(yaml("[{name: own, mountPath: /srv, readOnly: true}]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"srv", "/srv/", "//srv"})
    void aMountOfTheProfileReplacesAnInheritedOneAtTheSameDirectory(String spelling) {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: job}}
                        spec: {containers: [{name: web, image: app, volumeMounts: [{name: own, mountPath: %s}]}]}
                        """.formatted(spelling))
                .withProfiles(profile("job", """
                        volumes: [{name: scratch, emptyDir: {}}]
                        initContainers:
                          - {name: job, inherit: [image, volumeMounts], volumeMounts: [{name: scratch, mountPath: /srv}]}
                        """))
                .injected();

        assertThat(result.container("job").path("volumeMounts")).isEqualTo(yaml("[{name: scratch, mountPath: /srv}]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev/xvda", "/dev//xvda", "/dev/xvda/"})
    void aBlockDeviceAtTheDirectoryIsADenial(String spelling) {
        var reason = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: reader}}
                        spec: {containers: [{name: web, volumeDevices: [{name: disk, devicePath: %s}]}]}
                        """.formatted(spelling))
                .withProfiles(profile("reader", """
                        sidecars: [{name: reader, image: busybox}]
                        sharedDirectories: [{path: /dev/xvda, readers: [reader]}]
                        """))
                .denied();

        assertThat(reason.code()).isEqualTo(ReasonCode.DIRECTORY_NOT_SHAREABLE);
    }

    @Test
    void theNameOfTheVolumeDoesNotDependOnTheSpelling() {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: "reader, other"}}
                        spec: {containers: [{name: web}]}
                        """).withProfiles(READER, profile("other", """
                        parameters: [{name: base, type: string, default: "/"}]
                        sidecars: [{name: other, image: busybox}]
                        sharedDirectories: [{path: "${params.base}/srv", readers: [other]}]
                        """)).injected();

        assertThat(result.names("volumes")).containsExactly("pillion-srv");
    }

    @Test
    void uninjectingAndTheFinalCheckFindTheMountInAnotherSpelling() throws Exception {
        var result = field("mountpath-spellings.yaml")
                .withPolicies(policy("all-log", "mode: Enforce\nmatch: {}\nprofiles: [{name: logging}]\n"))
                .injected();

        assertThat(result.again().missing()).isEmpty();
        assertThat(result.again().uninjected()).isEqualTo(input("mountpath-spellings.yaml"));
    }

    private static final String READER = profile("reader", """
            sidecars: [{name: reader, image: busybox}]
            sharedDirectories: [{path: /srv, readers: [reader]}]
            """);

    private static Trial field(String file) throws Exception {
        return Trial.of(input(file));
    }

    private static com.fasterxml.jackson.databind.JsonNode input(String file) throws Exception {
        return yaml(Files.readString(Path.of("src/test/resources/field").resolve(file)));
    }
}
