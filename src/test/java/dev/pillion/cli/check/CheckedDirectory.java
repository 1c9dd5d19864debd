package dev.pillion.cli.check;

import dev.pillion.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** A test with a directory of profiles and cases. */
abstract class CheckedDirectory {

    static final String PROFILE = """
            apiVersion: pillion.dev/v1alpha1
            kind: InjectionProfile
            metadata: {name: greeting}
            spec:
              description: Greets.
              parameters:
                - {name: name, type: string, default: World}
              app:
                env: [{name: GREETING, value: "Hello ${params.name}"}]
            """;

    /** A Pod that requests the profile. */
    static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, annotations: {pillion.dev/inject: greeting}}
            spec: {containers: [{name: web, image: nginx}]}
            """;

    @TempDir
    Path directory;

    void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    String read(String name) throws IOException {
        return Files.readString(directory.resolve(name));
    }

    /** Runs {@code pillion check} on the directory. */
    Run check(String... options) {
        List<String> arguments = new ArrayList<>(List.of("check", directory.toString()));
        arguments.addAll(List.of(options));
        return Run.of(arguments.toArray(String[]::new));
    }
}
