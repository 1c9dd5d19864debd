package dev.pillion.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.cli.Run;
import dev.pillion.cli.terminal.ExitCode;
import org.junit.jupiter.api.Test;

class SidecarOptionsTest {

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, annotations: {pillion.dev/inject: metrics, metrics.pillion.dev/endpoint: "http://otel:4318"}}
            spec:
              containers:
                - {name: agent, image: corp/agent, ports: [{containerPort: 1}]}
                - {name: web, image: web, ports: [{containerPort: 8080}]}
            """;

    @Test
    void readsTheSidecarsOfTheServersSetting() {
        assertThat(Run.withInput(POD, "explain", "-f", "-").out()).containsPattern("port +1 ");
        assertThat(Run.withInput(POD, "explain", "-f", "-", "--third-party-sidecars", "other,agent=registry/corp/agent")
                        .out())
                .containsPattern("port +8080 ");
    }

    @Test
    void rejectsAnInvalidEntry() {
        Run run = Run.withInput(POD, "explain", "-f", "-", "--third-party-sidecars", "Agent");

        assertThat(run.code()).isEqualTo(ExitCode.UNUSABLE);
        assertThat(run.err())
                .contains("--third-party-sidecars: 'Agent' must be NAME, NAME=IMAGE or -NAME, such as"
                        + " istio-proxy=docker.io/istio/proxyv2");
    }
}
