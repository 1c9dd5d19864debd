package dev.pillion.injection;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.profile;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Warnings about Pods that will not work in the cluster. */
class PodWarningsTest {

    private static final String REQUEST = "annotation pillion.dev/inject requests profile ";

    @ParameterizedTest
    @CsvSource({
        "metrics, http://otel:4317, true",
        "metrics, https://otel.example.com:4317/v1, true",
        "log-shipper, 'http://[fd00::1]:4317', true",
        "log-shipper, http://otel:4318, false",
        "metrics, http://otel:43170, false",
        "metrics, http://otel/4317, false"
    })
    void anEndpointWithThePortOfGrpcIsAWarning(String profile, String endpoint, boolean warned) {
        var warnings = annotated(
                        "pillion.dev/inject: " + profile, profile + ".pillion.dev/endpoint: '" + endpoint + "'")
                .injected()
                .plan()
                .warnings();

        assertThat(
                        warnings.contains(
                                new Reason(
                                        ReasonCode.PROFILE_WARNING,
                                        REQUEST + "'" + profile
                                                + "', but port 4317 of its endpoint is the port for OTLP/gRPC, and the sidecar sends OTLP/HTTP; write port 4318")))
                .isEqualTo(warned);
    }

    @ParameterizedTest
    @CsvSource({
        "job/migrate, false, true",
        "pod/app=db, false, true",
        "'db:5432, job/migrate', false, true",
        "db:5432, false, false",
        "job/migrate, true, false",
        "job/migrate, null, false"
    })
    void aJobOrPodToWaitForWithoutATokenIsAWarning(String targets, String automount, boolean warned) {
        var result = Trial.of("""
                        metadata: {name: web, annotations: {pillion.dev/wait-for: "%s"}}
                        spec: {automountServiceAccountToken: %s, containers: [{name: web, image: nginx}]}
                        """.formatted(targets, automount)).injected();

        assertThat(result.plan().warnings().stream()
                        .anyMatch(warning -> warning.code() == ReasonCode.PROFILE_WARNING
                                && warning.message().contains("need the ServiceAccount's token")))
                .isEqualTo(warned);
        assertThat(result.again().unchanged().plan().warnings())
                .isEqualTo(result.plan().warnings());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc", "/usr", "/bin", "/lib", "/lib64", "/sbin", "/proc", "/sys", "/dev", "/usr/lib"})
    void aSharedDirectoryOverASystemDirectoryIsADenialWithoutACompanion(String path) {
        var catalog = profile("cache", "sharedDirectories: [{path: " + path + "}]");

        assertThat(annotated("pillion.dev/inject: cache").withProfiles(catalog).denied())
                .isEqualTo(new Reason(
                        ReasonCode.DIRECTORY_NOT_SHAREABLE,
                        REQUEST + "'cache', but an empty directory at " + path
                                + " would hide files that the image of container web needs; choose another directory"));
    }

    @Test
    void aSharedDirectoryOverTheProgramIsADenial() {
        assertThat(Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: logging, logging.pillion.dev/path: /shop}}
                        spec: {containers: [{name: web, image: shop, command: [/shop/bin/server]}]}
                        """).denied().message())
                .isEqualTo(
                        REQUEST
                                + "'logging', but an empty directory at /shop would hide the program /shop/bin/server of container web; choose another directory");
    }

    @Test
    void aSharedDirectoryForAProgramIsAccepted() {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: git-sync, git-sync.pillion.dev/repo: "https://git/x", git-sync.pillion.dev/path: /shop}}
                        spec: {containers: [{name: web, image: python, workingDir: /shop/current, command: [/shop/current/run]}]}
                        """).injected();

        assertThat(result.plan().warnings()).isEmpty();
    }

    @Test
    void aDirectoryThatTheImageProbablyContainsIsAWarning() {
        var result = annotated(
                        "pillion.dev/inject: git-sync",
                        "git-sync.pillion.dev/repo: https://git/x",
                        "git-sync.pillion.dev/path: /usr/share/nginx/html")
                .injected();

        List<Reason> hint = List.of(
                new Reason(
                        ReasonCode.DIRECTORY_HIDDEN,
                        REQUEST
                                + "'git-sync', but an empty directory at /usr/share/nginx/html hides files of the image of container web; choose another directory if the app needs it"));
        assertThat(result.plan().warnings()).isEqualTo(hint);
        assertThat(result.again().unchanged().plan().warnings()).isEqualTo(hint);
    }

    @Test
    void aVolumeOfTheAppIsNoWarning() {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: logging, logging.pillion.dev/path: /srv}}
                        spec: {containers: [{name: web, image: x, volumeMounts: [{name: data, mountPath: /srv}]}], volumes: [{name: data, emptyDir: {}}]}
                        """).injected();

        assertThat(result.plan().warnings()).isEmpty();
    }

    @Test
    void aWarningThatCannotBeEvaluatedIsReported() {
        var catalog = profile("odd", """
                warnWhen: [{name: first, expression: "[1].filter(x, x > 5)[0] == 1", message: Never.}]
                """);

        assertThat(annotated("pillion.dev/inject: odd")
                        .withProfiles(catalog)
                        .decide()
                        .plan()
                        .warnings())
                .singleElement()
                .satisfies(warning -> {
                    assertThat(warning.code()).isEqualTo(ReasonCode.MATCH_CONDITION_FAILED);
                    assertThat(warning.message())
                            .startsWith(
                                    REQUEST + "'odd', but the condition of its warning 'first' cannot be evaluated");
                });
    }

    @ParameterizedTest
    @CsvSource({"'', true", "'migrate.pillion.dev/order: \"51\"', false", "'migrate.pillion.dev/order: \"44\"', false"})
    void aSidecarThatStartsAfterAMigrationIsAWarning(String order, boolean warned) {
        String pod = """
                metadata:
                  annotations:
                    pillion.dev/inject: migrate, logging
                    migrate.pillion.dev/command: up
                    %s
                spec:
                  containers: [{name: web, image: "web:1"}]
                  initContainers: [{name: cloud-sql-proxy, image: proxy, restartPolicy: Always}]
                """.formatted(order.isEmpty() ? "a: b" : order);
        String warning =
                "annotation pillion.dev/inject requests profile 'migrate', but its container migrate runs before the Pod's sidecar cloud-sql-proxy starts; if it needs the sidecar, set annotation migrate.pillion.dev/order: \"51\"";

        Trial.Result result = Trial.of(pod).injected();

        assertThat(result.warnings().contains(warning))
                .as(result.warnings().toString())
                .isEqualTo(warned);
        assertThat(result.again().unchanged().plan().warnings())
                .extracting(Reason::message)
                .filteredOn(message -> message.contains("runs before the Pod's sidecar"))
                .hasSize(warned ? 1 : 0);
    }
}
