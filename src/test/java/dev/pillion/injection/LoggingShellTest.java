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

/** Runs the shell script of the profile {@code logging}. */
@Timeout(30)
class LoggingShellTest {

    @TempDir
    private Path directory;

    @Test
    void printsAFileThatIsCreatedJustBeforeTheEnd() throws Exception {
        Files.writeString(directory.resolve("old.log"), "an old line\n");
        Process tailer = start();
        try (BufferedReader lines = tailer.inputReader(StandardCharsets.UTF_8)) {
            assertThat(lines.readLine()).isEqualTo("an old line");

            Files.writeString(directory.resolve("new.log"), "the last line\n");
            // Only the child, because the end of the process would close its output.
            tailer.toHandle().destroy();

            assertThat(lines.readLine()).isEqualTo("the last line");
        }
        assertThat(tailer.waitFor()).isZero();
    }

    private Process start() throws Exception {
        JsonNode container = Trial.annotated("pillion.dev/inject: logging", "logging.pillion.dev/path: " + directory)
                .injected()
                .at("/spec/initContainers/0");
        List<String> line = new ArrayList<>();
        container.path("command").forEach(word -> line.add(word.asText().replace("$$", "$")));
        container.path("args").forEach(word -> line.add(word.asText()));
        return new ProcessBuilder(line).start();
    }
}
