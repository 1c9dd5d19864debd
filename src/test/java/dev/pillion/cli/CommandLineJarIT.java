package dev.pillion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar that {@code pillion} makes of the packaged application for all commands that need no cluster and no server. */
class CommandLineJarIT {

    @TempDir
    private static Path directory;

    private static Path jar;

    @BeforeAll
    static void make() throws Exception {
        jar = directory.resolve("pillion-cli.jar");
        assertThat(java("src/main/launcher/CommandLineJar.java", "target/quarkus-app", jar.toString()))
                .contains("info.picocli")
                .doesNotContain("io.quarkus");
    }

    @Test
    void containsNothingOfTheServer() throws IOException {
        assertThat(packages())
                .contains("dev/pillion/cli", "dev/pillion/injection", "picocli", "dev/cel/runtime")
                .noneMatch(name -> name.startsWith("dev/pillion/server"))
                .noneMatch(name -> name.startsWith("io/quarkus"))
                .noneMatch(name -> name.startsWith("io/vertx"))
                .noneMatch(name -> name.startsWith("io/netty"))
                .noneMatch(name -> name.startsWith("io/fabric8/kubernetes"));
    }

    @Test
    void printsTheVersion() throws Exception {
        assertThat(java("-jar", jar.toString(), "--version")).startsWith("pillion ");
    }

    @Test
    void explainsAndInjectsAsTheWholeApplicationDoes() throws Exception {
        for (String command : List.of("explain", "inject", "uninject")) {
            String[] arguments = {command, "-f", "examples/myapp-pod.yaml"};
            assertThat(pillion(arguments)).isEqualTo(Run.of(arguments).out()).isNotEmpty();
        }
    }

    @Test
    void createsCertificates() throws Exception {
        Path certificates = directory.resolve("certificates");
        pillion("certs", "create", "--out", certificates.toString(), "--dns-name", "localhost");
        assertThat(certificates.resolve("tls.crt")).isNotEmptyFile();
    }

    @Test
    void checksACatalogAsTheWholeApplicationDoes() throws Exception {
        String[] arguments = {"check", "examples/platform"};
        assertThat(pillion(arguments)).isEqualTo(Run.of(arguments).out()).isNotEmpty();
    }

    private static List<String> packages() throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(entry -> entry.getName().replaceFirst("/[^/]*$", ""))
                    .distinct()
                    .toList();
        }
    }

    private static String pillion(String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of("--sun-misc-unsafe-memory-access=allow", "-jar", jar.toString()));
        line.addAll(List.of(arguments));
        return java(line.toArray(String[]::new));
    }

    /** What the program writes to its standard output. */
    private static String java(String... arguments) throws Exception {
        List<String> line = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        line.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().remove("COLUMNS");
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out;
    }
}
