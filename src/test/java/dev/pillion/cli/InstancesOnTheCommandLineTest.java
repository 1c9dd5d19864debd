package dev.pillion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances of a profile in options, policies and exports. */
class InstancesOnTheCommandLineTest {

    private static final String POD =
            "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n" + "spec: {containers: [{name: web, image: nginx}]}\n";

    @TempDir
    private Path directory;

    private void policy(String profiles) throws IOException {
        Files.writeString(
                directory.resolve("policy.yaml"),
                "apiVersion: pillion.dev/v1alpha1\nkind: InjectionPolicy\nmetadata: {name: two}\n"
                        + "spec: {mode: Enforce, match: {}, profiles: [" + profiles + "]}\n");
    }

    @Test
    void areRequestedAndSetByOptions() {
        Run run = Run.withInput(
                POD, "explain", "-f", "-", "--inject", "audit.logging", "--set", "audit.logging.path=/var/log/audit");

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("audit.logging, requested by annotation pillion.dev/inject")
                .contains("path   /var/log/audit  audit.logging.pillion.dev/path")
                .contains("+  native sidecar log-tailer-audit");
    }

    @Test
    void areRemovedWithTheOptions() {
        Run injected = Run.withInput(POD, "inject", "-f", "-", "--inject", "logging,audit.logging");

        assertThat(Run.withInput(injected.out(), "uninject", "-f", "-").out()).isEqualTo(POD);
    }

    @Test
    void areExportedWithUniqueNames() throws Exception {
        policy("{name: env, parameters: {variables: A=1}}, {name: env, instance: b, parameters: {variables: B=2}}");

        Run run = Run.of("export", "--to", "mutating-admission-policy", "--profiles", directory.toString(), "two");

        assertThat(run.code()).isZero();
        assertThat(run.documents())
                .extracting(document -> document.at("/metadata/name").asText())
                .containsExactly("pillion-two-env", "pillion-two-env", "pillion-two-b.env", "pillion-two-b.env");
    }

    @Test
    void areRejectedInAPolicyIfANameIsDuplicateOrInvalid() throws IOException {
        policy("{name: audit.env, overridable: []}, {name: logging, instance: b}, {name: logging, instance: b},"
                + " {name: logging, instance: B}");

        assertThat(Run.of("check", directory.toString()).err())
                .contains("spec.profiles[0].name: there is no profile 'audit.env'; write name: env and instance: audit")
                .contains("spec.profiles[2].name: the profile 'b.logging' is defined twice")
                .contains("spec.profiles[3].instance: must be lower-case letters, digits and hyphens");
    }
}
