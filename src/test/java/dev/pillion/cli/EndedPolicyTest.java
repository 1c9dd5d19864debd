package dev.pillion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each command ignores a policy whose {@code until} has passed. */
class EndedPolicyTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"inject", "explain", "audit"})
    void hasNoEffect(String command) throws IOException {
        Path pod = Files.writeString(directory.resolve("pod.yaml"), """
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: shop}
                spec: {containers: [{name: app, image: "web:1"}]}
                """);
        Path profiles = Files.createDirectory(directory.resolve("profiles"));
        for (String until : List.of("2999-01-31T00:00:00Z", "2020-01-31T00:00:00Z")) {
            Files.writeString(profiles.resolve("policy.yaml"), """
                    apiVersion: pillion.dev/v1alpha1
                    kind: InjectionPolicy
                    metadata: {name: trial}
                    spec: {mode: Enforce, match: {}, profiles: [{name: logging}], until: %s}
                    """.formatted(until));

            String out = Run.of(command, "--profiles", profiles.toString(), "-f", pod.toString())
                    .out();

            if (until.startsWith("2999")) {
                assertThat(out).contains("log-tailer");
            } else {
                assertThat(out).doesNotContain("log-tailer");
            }
        }
    }
}
