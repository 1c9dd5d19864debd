package dev.pillion.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the shell script of the profile {@code logging}. */
@Timeout(30)
class LoggingShellTest {

    @TempDir
    private Path directory;

    @Test
    void printsAFileThatIsCreatedJustBeforeTheEnd() throws Exception {
        Files.writeString(directory.resolve("old.log"), "an old line\n");
        Process tailer = start("");
        try (BufferedReader lines = tailer.inputReader(StandardCharsets.UTF_8)) {
            assertThat(lines.readLine()).isEqualTo("an old line");

            Files.writeString(directory.resolve("new.log"), "the last line\n");
            // Only the child, because the end of the process would close its output.
            tailer.toHandle().destroy();

            assertThat(lines.readLine()).isEqualTo("the last line");
        }
        assertThat(tailer.waitFor()).isZero();
    }

    /** With inotify, GNU tail sometimes lost a file that became readable after a rotation. */
    @ParameterizedTest
    @CsvSource({"0, tail ---disable-inotify -n +1 -F", "1, tail -n +1 -F"})
    void letsATailPollThatCouldUseInotify(int exitCodeOfOption, String call) throws Exception {
        Path log = Files.writeString(directory.resolve("app.log"), "a line\n");
        Path tail = Files.writeString(
                Files.createDirectory(directory.resolve("bin")).resolve("tail"), """
                #!/bin/sh
                case "$*" in '---disable-inotify -n 0 /dev/null') exit %d ;; esac
                echo "tail $*"
                """.formatted(exitCodeOfOption));
        assertThat(tail.toFile().setExecutable(true)).isTrue();

        Process tailer = start(tail.getParent() + ":");
        try (BufferedReader lines = tailer.inputReader(StandardCharsets.UTF_8)) {
            assertThat(lines.readLine()).isEqualTo(call + " " + log);
        } finally {
            tailer.destroy();
        }
        assertThat(tailer.waitFor()).isZero();
    }

    /** @param path goes before the PATH of the test */
    private Process start(String path) throws Exception {
        JsonNode container = Trial.annotated("pillion.dev/inject: logging", "logging.pillion.dev/path: " + directory)
                .injected()
                .at("/spec/initContainers/0");
        List<String> line = new ArrayList<>();
        container.path("command").forEach(word -> line.add(word.asText().replace("$$", "$")));
        container.path("args").forEach(word -> line.add(word.asText()));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().merge("PATH", path, (present, first) -> first + present);
        return builder.start();
    }
}
