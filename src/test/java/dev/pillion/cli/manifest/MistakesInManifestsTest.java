package dev.pillion.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.cli.Run;
import dev.pillion.cli.terminal.ExitCode;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The commands list each mistake in a Pod's annotations on a separate line. */
class MistakesInManifestsTest {

    private static String pod(String profiles) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: web, annotations: {pillion.dev/inject: "%s"}}
                spec: {containers: [{name: web, image: nginx}]}
                """.formatted(profiles);
    }

    @Test
    void areListedByExplain() {
        Run run = Run.withInput(pod("loging,proxi"), "explain", "-f", "-");

        assertThat(run.code()).isEqualTo(ExitCode.DENIED);
        assertThat(run.out()).isEqualTo("""
                        Pod/web in stdin: denied (unknown-profile)
                          mistake (unknown-profile): annotation pillion.dev/inject: there is no profile 'loging'; did you
                          mean 'logging'?
                          mistake (unknown-profile): annotation pillion.dev/inject: there is no profile 'proxi'; did you
                          mean 'proxy'?
                        """);
    }

    @Test
    void areListedByInject() {
        Run run = Run.withInput(pod("loging,proxi"), "inject", "-f", "-");

        assertThat(run.code()).isEqualTo(ExitCode.DENIED);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("""
                        stdin: Pod/web: denied (unknown-profile): annotation pillion.dev/inject: there is no profile 'loging'; did you mean 'logging'?
                        stdin: Pod/web: denied (unknown-profile): annotation pillion.dev/inject: there is no profile 'proxi'; did you mean 'proxy'?
                        """);
    }

    @Test
    void areCountedBeyondALimit() {
        String names = IntStream.range(0, 23).mapToObj(index -> "no-" + index).collect(Collectors.joining(","));

        assertThat(Run.withInput(pod(names), "explain", "-f", "-").out()).endsWith("  and 3 more mistakes\n");
        assertThat(Run.withInput(pod(names), "inject", "-f", "-").err())
                .endsWith("Pod/web: denied for 3 more mistakes\n");
    }
}
