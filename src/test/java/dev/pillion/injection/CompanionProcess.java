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
 * The program of a companion, run on this machine as its container would run it: in a process group of its own, without capabilities, and
 * with busybox as its shell if there is one. What it writes is read line by line.
 */
final class CompanionProcess implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 30;

    /** Where the end-to-end tests keep the programs of their images. */
    private static final Path CACHE = Path.of(System.getProperty("user.home"), ".cache/pillion-e2e/images/debian-12");

    private static final String END = "(the companion wrote no more)";

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();

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

    /** How a companion is started: by default as the profile says. */
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

        /** With another text in the command or the arguments, which must be there. */
        Start with(String text, String replacement) {
            assertThat(container.path("command") + " " + container.path("args")).contains(text);
            return new Start(
                    container, programs, environment, word -> change.apply(word).replace(text, replacement));
        }

        /** With a second where the scripts have 30. */
        Start hasty() {
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
                // As the kubelet hands it over.
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

    /** A directory of programs for companions: links to busybox for each of its own, where there is busybox. */
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

    /** Links a program of an image, or skips the test where this machine does not have it. */
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

    /** The tests that need busybox's own options are skipped without it. */
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
                throw new AssertionError("no line with '" + text + "', but:\n" + String.join("\n", seen));
            }
            seen.add(line);
            if (line.contains(text)) {
                return line;
            }
        }
    }

    /** Waits until each of these was written, in any order. */
    void awaitLines(String... texts) throws InterruptedException {
        for (String text : texts) {
            if (seen.stream().noneMatch(line -> line.contains(text))) {
                awaitLine(text);
            }
        }
    }

    /** All lines that were read so far. */
    List<String> seen() {
        return List.copyOf(seen);
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

    /** The processes that the companion started and that still run. */
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
