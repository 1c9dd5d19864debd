package dev.pillion.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.cli.Pillion;
import dev.pillion.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeCommandTest {

    private final List<ServeOptions> launched = new ArrayList<>();

    @TempDir
    private Path directory;

    /** Without options, picocli is not used. */
    @Test
    void startsTheServerWithTheSameDefaultsWithoutAndWithPicocli() {
        Pillion.execute(this::launch, "serve");
        Run.launching(this::launch, "serve");

        assertThat(launched).containsExactly(ServeOptions.defaults(), ServeOptions.defaults());
    }

    @Test
    void launchesTheServerOnTheUsualPorts() {
        assertThat(serve().code()).isZero();
        assertThat(launched)
                .containsExactly(new ServeOptions(
                        8443, 9000, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Test
    void passesEveryOptionToTheServer() throws IOException {
        Path certificate = Files.createFile(directory.resolve("tls.crt"));
        Path key = Files.createFile(directory.resolve("tls.key"));
        Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), """
                clusters: [{name: here, cluster: {server: "https://localhost:6443"}}]
                contexts: [{name: mine, context: {cluster: here}}]
                current-context: mine
                """);

        Run run = serve(
                "--port=0",
                "--management-port=0",
                "--profiles=" + directory,
                "--certificate=" + certificate,
                "--key=" + key,
                "--kubeconfig=" + kubeconfig);

        assertThat(run.code()).isZero();
        assertThat(launched)
                .containsExactly(new ServeOptions(
                        0,
                        0,
                        Optional.of(directory),
                        Optional.of(certificate),
                        Optional.of(key),
                        Optional.of(kubeconfig)));
    }

    @Test
    void exitsWithTheCodeOfTheServer() {
        assertThat(Run.launching(options -> 7, "serve").code()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --port=65536                        | --port must be a port from 0 to 65535, is 65536
            --management-port=-1                | --management-port must be a port from 0 to 65535, is -1
            --port=9000                         | --port and --management-port are both 9000; they must be different
            --certificate=pom.xml               | --certificate and --key must be given together; --key is missing
            --key=pom.xml                       | --certificate and --key must be given together; --certificate is missing
            --certificate=pom.xml --key=no      | --key: no: no such file
            --certificate=src --key=pom.xml     | --certificate: src: cannot be read
            --profiles=no                       | no: no such directory
            --kubeconfig=no                     | --kubeconfig: no: no such file
            --kubeconfig=src                    | --kubeconfig: src: cannot be read: Is a directory
            --kubeconfig=.gitignore                | --kubeconfig: .gitignore: is not a kubeconfig, which is a map of clusters, users, contexts and current-context
            """)
    void reportsInvalidOptions(String options, String message) {
        Run run = serve(options.split(" "));

        assertThat(run.err()).isEqualTo(message + "\n");
        assertThat(run.code()).isEqualTo(2);
        assertThat(launched).isEmpty();
    }

    private Run serve(String... options) {
        List<String> arguments = new ArrayList<>(List.of("serve"));
        arguments.addAll(List.of(options));
        return Run.launching(this::launch, arguments.toArray(String[]::new));
    }

    private int launch(ServeOptions options) {
        launched.add(options);
        return 0;
    }
}
