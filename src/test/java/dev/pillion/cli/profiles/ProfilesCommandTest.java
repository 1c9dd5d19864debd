package dev.pillion.cli.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.cli.Run;
import dev.pillion.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProfilesCommandTest {

    static Stream<String> builtIn() {
        return CatalogReader.builtIn().profiles().stream().map(Profile::name);
    }

    @Test
    void listsTheProfilesInAlignedColumns() {
        Run run = Run.of("profiles", "--profiles", "examples/profiles");

        assertThat(run.code()).isZero();
        assertThat(run.out().lines().toList())
                .hasSize(CatalogReader.builtIn().profiles().size() + 2)
                .contains(
                        "log-collector  log-collector.yaml  Prints an application's log files on the standard output of a "
                                + "fluentd sidecar.",
                        "logging        built in            Streams an application's log files to the sidecar's standard "
                                + "output.");
    }

    @Test
    void showsTheParametersAndAdditionsOfAProfile() {
        Run run = Run.of("profiles", "show", "logging");

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .startsWith("""
                        logging (built in)
                          Streams an application's log files to the sidecar's standard output.
                          Every Pod may request it.

                          parameters
                            path       paths      /var/log/app           Directories to which the application writes its log
                        """)
                .contains(
                        "files      string     *.log ",
                        "[at most cpu 4,",
                        "[matches [^/]+]",
                        "busybox:1.37 (locked)",
                        "from the Pod")
                .containsPattern("\\[at\\s+least -1;")
                .contains("sidecar           log-tailer            busybox:1.37, order 60\n")
                .contains("shared directory  each of /var/log/app  for the app and log-tailer (reads)\n")
                .endsWith("""
                          example
                            metadata:
                              annotations:
                                pillion.dev/inject: logging
                                logging.pillion.dev/path: /var/log/app
                        """);
    }

    @Test
    void showsRequiredParametersAllowedValuesAndGuards() {
        assertThat(Run.of("profiles", "show", "env").out()).containsPattern("variables +map +required +KEY=value");
        assertThat(Run.of("profiles", "show", "proxy").out())
                .containsPattern("\\[one\\s+of\\s+http,\\s+http1,\\s+http2,\\s+grpc,\\s+tcp")
                .contains("critical, order 10", "skipped if  host-network");
        assertThat(Run.of("profiles", "show", "wait-for").out())
                .contains(
                        "init container  wait-for-${target.name}", "one for each of", "when ${target.scheme == 'dns'}");
    }

    @Test
    void showsThatAProfileIsRestricted(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("vault.yaml"), """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionProfile
                metadata: {name: vault}
                spec:
                  description: Secrets.
                  access: Restricted
                  parameters:
                    - {name: role, type: string, required: true, pattern: "[0-9]+"}
                  app: {env: [{name: ROLE, value: "${params.role}"}]}
                """);

        assertThat(Run.of("profiles", "--profiles", directory.toString()).out()).contains("(restricted) Secrets.");
        assertThat(Run.of("profiles", "show", "vault", "--profiles", directory.toString())
                        .out())
                .contains(
                        "vault (vault.yaml)",
                        "Restricted: only Pods that a policy permits may request it.",
                        "vault.pillion.dev/role: \"1\"");
    }

    @ParameterizedTest
    @MethodSource("builtIn")
    void showsAnExampleThatCanBeInjected(String profile) throws Exception {
        String sheet = Run.of("profiles", "show", profile).out();
        JsonNode annotations = YamlReader.read(sheet.substring(sheet.indexOf("    metadata:\n")))
                .getFirst()
                .tree()
                .at("/metadata/annotations");
        String pod = """
                apiVersion: v1
                kind: Pod
                metadata: {name: web, annotations: %s}
                spec:
                  containers:
                    - {name: web, image: nginx, ports: [{containerPort: 80}], volumeMounts: %s}
                """.formatted(annotations, mountsAt(annotations));

        assertThat(Run.withInput(pod, "inject", "-f", "-").err())
                .contains(sheet.contains("Restricted:") ? "denied (restricted-profile)" : "injected " + profile + "\n");
        assertThat(sheet.substring(0, sheet.indexOf("  example")).lines()).allMatch(line -> line.length() <= 100);
    }

    /** A mount at each directory in the example. */
    private static String mountsAt(JsonNode annotations) {
        List<String> mounts = new ArrayList<>(List.of("{name: data, mountPath: /data}"));
        for (JsonNode value : annotations) {
            if (value.asText().startsWith("/") && !value.asText().contains("data")) {
                mounts.add("{name: more, mountPath: " + value.asText() + "}");
            }
        }
        return mounts.toString();
    }

    @Test
    void suggestsTheNearestProfileForAnUnknownName() {
        Run run = Run.of("profiles", "show", "loging");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("there is no profile 'loging'; did you mean 'logging'?\n");
    }

    @Test
    void listsAllProfilesIfNoneIsSimilar() {
        assertThat(Run.of("profiles", "show", "nothing-alike").err())
                .isEqualTo(builtIn()
                        .collect(Collectors.joining(", ", "there is no profile 'nothing-alike'; known: ", "\n")));
    }
}
