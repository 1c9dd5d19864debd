package dev.pillion.injection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * The program of a companion as a process on this machine: in its own process group, without capabilities, and with busybox as its shell if
 * that is installed. A thread reads its output.
 */
final class CompanionProcess implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 30;

    /** The directory with the programs of the images of the end-to-end tests. */
    private static final Path CACHE = Path.of(System.getProperty("user.home"), ".cache/pillion-e2e/images/debian-12");

    private static final String END = "(the companion wrote no more)";

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> outputLines = new ArrayList<>();

    private CompanionProcess(Process process) {
        this.process = process;
        Thread.ofVirtual().start(() -> {
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                output.lines().forEach(lines::add);
            } catch (IOException | java.io.UncheckedIOException e) {
                lines.add("the output cannot be read: " + e);
            }
            lines.add(END);
        });
    }

    /** The command and the environment of a companion, by default those of the profile. */
    record Start(JsonNode container, Path programs, Map<String, String> environment, UnaryOperator<String> change) {

        static Start of(JsonNode pod, String container, Path programs) {
            for (JsonNode each : pod.at("/spec/initContainers")) {
                if (each.path("name").asText().equals(container)) {
                    return new Start(each, programs, Map.of(), UnaryOperator.identity());
                }
            }
            throw new AssertionError("no container " + container + " in " + pod);
        }

        Start withEnvironment(Map<String, String> other) {
            return new Start(container, programs, other, change);
        }

        /** Replaces a text in the command or the arguments. Fails if they do not contain it. */
        Start with(String text, String replacement) {
            assertThat(container.path("command") + " " + container.path("args")).contains(text);
            return new Start(
                    container, programs, environment, word -> change.apply(word).replace(text, replacement));
        }

        /** Replaces pauses of 30 seconds by one second. */
        Start withShortPauses() {
            return new Start(container, programs, environment, word -> change.apply(word)
                    .replaceAll("(?<![0-9])30(?![0-9])", "1"));
        }

        CompanionProcess start() throws IOException {
            List<String> line = new ArrayList<>(List.of("/usr/bin/setsid"));
            if (isRoot()) {
                assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv takes root's power away");
                line.addAll(
                        List.of("/usr/bin/setpriv", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"));
            }
            for (String field : List.of("command", "args")) {
                // The kubelet replaces $$ in the same way.
                container
                        .path(field)
                        .forEach(word -> line.add(change.apply(word.asText().replace("$$", "$"))));
            }
            ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
            builder.environment().put("PATH", programs + ":" + System.getenv("PATH"));
            container.path("env").forEach(variable -> builder.environment()
                    .put(variable.path("name").asText(), variable.path("value").asText()));
            builder.environment().putAll(environment);
            return new CompanionProcess(builder.start());
        }
    }

    /** A directory of programs for companions. If busybox is installed, it contains a link for each program of busybox. */
    static synchronized Path programs() throws IOException {
        Path programs =
                Files.createDirectories(Path.of("target/companion-programs")).toAbsolutePath();
        Path busybox = find("busybox", "busybox-static/bin/busybox");
        if (busybox != null && !Files.exists(programs.resolve("sh"))) {
            Process list = new ProcessBuilder(busybox.toString(), "--list").start();
            for (String program :
                    new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                Path link = programs.resolve(program);
                Files.deleteIfExists(link);
                Files.createSymbolicLink(link, busybox);
            }
        }
        return programs;
    }

    /** Links a program of an image, or skips the test if it is not installed. */
    static synchronized void need(Path programs, String program) throws IOException {
        Path found = find(program, program + "/usr/bin/" + program);
        if (found == null) {
            abort(program + " is not on this machine, nor in the cache of the end-to-end tests");
            return;
        }
        if (!Files.exists(programs.resolve(program))) {
            Files.createSymbolicLink(programs.resolve(program), found);
        }
    }

    /** Skips the test if busybox is not installed. */
    static void needBusybox(Path programs) {
        assumeTrue(Files.exists(programs.resolve("sh")), "busybox is on this machine");
    }

    private static @org.jspecify.annotations.Nullable Path find(String program, String inCache) {
        for (String directory : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(directory, program))) {
                return Path.of(directory, program);
            }
        }
        Path cached = CACHE.resolve(inCache);
        return Files.isExecutable(cached) ? cached : null;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** Waits for a line that contains a text. */
    String awaitLine(String text) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            String line = lines.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (line == null || line.equals(END)) {
                throw new AssertionError("no line with '" + text + "', but:\n" + String.join("\n", outputLines));
            }
            outputLines.add(line);
            if (line.contains(text)) {
                return line;
            }
        }
    }

    /** Waits until the output contains each of these lines, in any order. */
    void awaitLines(String... texts) throws InterruptedException {
        for (String text : texts) {
            if (outputLines.stream().noneMatch(line -> line.contains(text))) {
                awaitLine(text);
            }
        }
    }

    /** All lines so far. */
    List<String> outputLines() {
        return List.copyOf(outputLines);
    }

    long pid() {
        return process.pid();
    }

    /** Sends SIGTERM to the first process only, as the kubelet does, and waits for its exit code. */
    int terminate() throws InterruptedException {
        process.toHandle().destroy();
        return awaitExit();
    }

    int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("the companion ends")
                .isTrue();
        return process.exitValue();
    }

    /** The running child processes of the companion. */
    List<String> children() {
        return process.descendants()
                .map(child -> child.info().commandLine().orElse("?"))
                .toList();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
