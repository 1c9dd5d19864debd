package dev.pillion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts of the shell script {@code pillion}. */
class LauncherTest {

    /** The jar of the commands has no Kubernetes client, so the launcher must know which commands connect to a cluster. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "explain deploy/web",
                "explain rollouts/web -n shop",
                "explain rollouts.argoproj.io web",
                "explain -n shop rollouts/web",
                "explain -nshop rollouts/web",
                "explain --namespace=shop rollouts/web",
                "explain -R rollouts/web",
                "explain -- rollouts/web",
                "explain -o json pods",
                "explain examples/no-such-file.yaml",
                "explain pods -l app=web",
                "explain -A",
                "explain --kubeconfig=config -f examples/myapp-pod.yaml"
            })
    void explainsLiveWorkloadsWithAllLibraries(String line) throws Exception {
        assertThat(readsCluster(line)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "explain",
                "explain -",
                "explain examples/myapp-pod.yaml",
                "explain -f examples/myapp-pod.yaml",
                "explain -f - --inject logging",
                "explain -n shop examples/myapp-pod.yaml",
                "explain -R examples",
                "explain -o json examples/myapp-pod.yaml --set logging.path=/var/log/app",
                "explain --help"
            })
    void explainsFilesWithTheJarOfTheCommands(String line) throws Exception {
        assertThat(readsCluster(line)).isFalse();
    }

    @Test
    void namesTheMachineSoThatNothingAsksANameServer() throws Exception {
        assertThat(shell("unset HOSTNAME\n" + part("HOSTNAME=.*\nexport HOSTNAME") + "\nenv")
                        .out())
                .contains("HOSTNAME=" + shell("uname -n").out().strip() + "\n");
    }

    private static boolean readsCluster(String line) throws Exception {
        return shell(part("reads_cluster\\(\\) \\{\n(.*\n)*?}\n") + "reads_cluster \"$@\"", line.split(" "))
                        .exitCode()
                == 0;
    }

    private static String part(String pattern) throws IOException {
        Matcher part = Pattern.compile("(?m)^" + pattern).matcher(Files.readString(Path.of("pillion")));
        assertThat(part.find()).as(pattern).isTrue();
        return part.group();
    }

    private record Result(int exitCode, String out) {}

    private static Result shell(String script, String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out);
    }
}
