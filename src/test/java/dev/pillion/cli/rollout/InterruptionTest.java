package dev.pillion.cli.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.cli.rollout.Step.Action;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterruptionTest {

    private final StringWriter err = new StringWriter();

    private static Step step(String name) {
        return new Step(new Target("shop", "Deployment", name), Action.RESTART, 1, List.of());
    }

    @Test
    void saysWhatWasDoneAndThatTheSameCommandContinues() {
        try (Interruption interruption = Interruption.reportedTo(new PrintWriter(err), 3)) {
            interruption.begins(step("api"));
            interruption.ended();
            interruption.begins(step("web"));

            interruption.report();
        }

        assertThat(err)
                .hasToString("\ninterrupted: 1 of 3 workloads are done; Kubernetes completes what was begun for"
                        + " Deployment/web in namespace shop; the same command continues where this one stopped\n");
    }

    @Test
    void namesNoWorkloadIfNoneWasBegun() {
        try (Interruption interruption = Interruption.reportedTo(new PrintWriter(err), 3)) {
            interruption.report();
        }

        assertThat(err)
                .hasToString("\ninterrupted: 0 of 3 workloads are done; the same command continues where this one"
                        + " stopped\n");
    }
}
