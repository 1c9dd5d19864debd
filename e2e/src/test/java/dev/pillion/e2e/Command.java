package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The result of a program: its exit code and its output. */
record Command(List<String> line, int exitCode, String output, String errors) {

    static Command run(List<String> line) {
        return run(line, "");
    }

    /** Runs a program, with the text as its standard input. */
    static Command run(List<String> line, String input) {
        try {
            Process process = new ProcessBuilder(line).start();
            CompletableFuture<String> errors = CompletableFuture.supplyAsync(() -> textOf(process.getErrorStream()));
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String output = textOf(process.getInputStream());
            return new Command(line, process.waitFor(), output, errors.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The standard output. If the program failed, the test fails with its output. */
    String orFail() {
        assertThat(exitCode)
                .as("%s: %s%s", String.join(" ", line), output, errors)
                .isZero();
        return output;
    }

    private static String textOf(java.io.InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
