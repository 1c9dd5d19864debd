package dev.pillion.injection.render;

import static dev.pillion.injection.Trial.policy;
import static dev.pillion.injection.Trial.profile;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.injection.Decision;
import dev.pillion.injection.Trial;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A companion that writes is refused if the volume of the app is read-only. */
class ReadOnlyVolumeTest {

    @Test
    void gitSyncIntoAConfigMapIsADenialThatNamesTheVolume() throws Exception {
        var reason = Trial.of(yaml(Files.readString(Path.of("src/test/resources/field/writer-on-configmap.yaml"))))
                .denied();

        assertThat(reason)
                .isEqualTo(
                        new Reason(
                                ReasonCode.DIRECTORY_NOT_SHAREABLE,
                                "annotation pillion.dev/inject requests profile 'git-sync', but companion git-sync-first would write to /site, where container web mounts volume 'site', of kind configMap, which is read-only; choose another directory, or another volume for this one"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            secret: {secretName: a}                                       | of kind secret
            projected: {sources: []}                                      | of kind projected
            downwardAPI: {items: []}                                      | of kind downwardAPI
            image: {reference: example.com/data:1}                        | of kind image
            persistentVolumeClaim: {claimName: a, readOnly: true}         | of kind persistentVolumeClaim with readOnly: true
            nfs: {server: a, path: /, readOnly: true}                     | of kind nfs with readOnly: true
            csi: {driver: secrets-store.csi.k8s.io, readOnly: true}       | of kind csi with readOnly: true
            ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadOnlyMany]}}} | of kind ephemeral with the access mode ReadOnlyMany
            """)
    void writerOnAReadOnlyVolumeIsADenial(String source, String kind) {
        assertThat(pod("{name: data, mountPath: /srv}", source)
                        .withProfiles(WRITER)
                        .denied()
                        .message())
                .contains("mounts volume 'data', " + kind + ", which is read-only");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "emptyDir: {}",
                "hostPath: {path: /a}",
                "persistentVolumeClaim: {claimName: a}",
                "persistentVolumeClaim: {claimName: a, readOnly: false}",
                "nfs: {server: a, path: /}",
                "csi: {driver: a}",
                "configMap: null, emptyDir: {}",
                "ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadOnlyMany, ReadWriteOnce]}}}",
                "ephemeral: {volumeClaimTemplate: {spec: {}}}"
            })
    void writerOnAnyOtherVolumeIsAccepted(String source) {
        assertThat(pod("{name: data, mountPath: /srv}", source)
                        .withProfiles(WRITER)
                        .injected()
                        .container("writer")
                        .path("volumeMounts"))
                .isEqualTo(yaml("[{name: data, mountPath: /srv}]"));
    }

    @Test
    void readerOfAReadOnlyVolumeIsAccepted() {
        assertThat(pod("{name: data, mountPath: /srv}", "configMap: {name: a}")
                        .withProfiles(profile("writer", """
                                sidecars: [{name: writer, image: busybox}]
                                sharedDirectories: [{path: /srv, readers: [writer]}]
                                """))
                        .injected()
                        .container("writer")
                        .path("volumeMounts"))
                .isEqualTo(yaml("[{name: data, mountPath: /srv, readOnly: true}]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{name: data, mountPath: /srv, subPath: a}", "{name: data, mountPath: /}"})
    void aPartOfAReadOnlyVolumeAndADirectoryBelowItAreReadOnlyToo(String mount) {
        assertThat(pod(mount, "configMap: {name: a}")
                        .withProfiles(WRITER)
                        .denied()
                        .code())
                .isEqualTo(ReasonCode.DIRECTORY_NOT_SHAREABLE);
    }

    @Test
    void theMessageForASubdirectoryNamesTheMount() {
        assertThat(Trial.of("""
                                metadata: {annotations: {pillion.dev/inject: git-sync, git-sync.pillion.dev/repo: "https://a.b/c", git-sync.pillion.dev/path: /site/live}}
                                spec:
                                  containers: [{name: web, volumeMounts: [{name: site, mountPath: site/}]}]
                                  volumes: [{name: site, secret: {secretName: site}}]
                                """).denied().message())
                .contains(
                        "would write to /site/live, where container web mounts volume 'site' (at site/), of kind secret");
    }

    /** With git-sync, the companion writes files and the app only reads them. */
    @Test
    void anAppThatMountsAWritableVolumeReadOnlyGetsACompanionThatWrites() {
        var result = pod("{name: data, mountPath: /srv, readOnly: true}", "emptyDir: {}")
                .withProfiles(WRITER)
                .injected();

        assertThat(result.container("writer").path("volumeMounts")).isEqualTo(yaml("[{name: data, mountPath: /srv}]"));
        assertThat(result.container("web").path("volumeMounts"))
                .isEqualTo(yaml("[{name: data, mountPath: /srv, readOnly: true}]"));
    }

    @Test
    void theFinalPodIsCheckedInTheSameWay() {
        var trial = pod("{name: data, mountPath: /srv}", "configMap: {name: a}")
                .withProfiles(WRITER, policy("writing", "mode: Enforce\nmatch: {}\nprofiles: [{name: writer}]\n"));

        assertThat(trial.denied().code()).isEqualTo(ReasonCode.DIRECTORY_NOT_SHAREABLE);
        assertThat(trial.missing()).extracting(Reason::code).contains(ReasonCode.DIRECTORY_NOT_SHAREABLE);
    }

    private static final String WRITER = profile("writer", """
            sidecars: [{name: writer, image: busybox}]
            sharedDirectories: [{path: /srv, writers: [writer]}]
            """);

    private static Trial pod(String mount, String source) {
        return Trial.of("""
                metadata: {annotations: {pillion.dev/inject: writer}}
                spec:
                  containers: [{name: web, image: app, volumeMounts: [%s]}]
                  volumes: [{name: data, %s}]
                """.formatted(mount, source));
    }

    @ParameterizedTest
    @CsvSource({"push, true", "pull, false"})
    void fileSyncCanPushAReadOnlyVolume(String direction, boolean injected) {
        Decision decision = Trial.of("""
                        metadata:
                          annotations:
                            pillion.dev/inject: file-sync
                            file-sync.pillion.dev/remote: storage:bucket
                            file-sync.pillion.dev/secret: rclone
                            file-sync.pillion.dev/path: /site
                            file-sync.pillion.dev/direction: %s
                        spec:
                          containers: [{name: web, image: nginx, volumeMounts: [{name: site, mountPath: /site}]}]
                          volumes: [{name: site, configMap: {name: site}}]
                        """.formatted(direction)).decide();

        assertThat(decision instanceof Decision.Injected)
                .as(decision.toString())
                .isEqualTo(injected);
    }
}
