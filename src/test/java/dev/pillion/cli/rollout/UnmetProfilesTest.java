package dev.pillion.cli.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.cli.Run;
import dev.pillion.injection.Trial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code pillion rollout} and {@code pillion audit} if Pillion cannot provide a profile that a policy enforces. */
class UnmetProfilesTest extends SimulatedRollout {

    private static final String UNMET =
            "agent (unmet): policy must-agent enforces profile 'agent', which cannot be provided: there is no profile 'agent'";

    @Test
    void leavesAWorkloadAloneThatLacksNothingElse() throws IOException {
        cluster.add("Deployment", "web", true);
        cluster.enforce("logging", "agent");

        Run run = rolloutOfShop();

        assertThat(run.out())
                .contains("Deployment/web  2     none    " + UNMET)
                .contains("; a restart does not help until Pillion can provide the profile\n")
                .endsWith("1 workload: 1 left alone\n");
        assertThat(run.code()).isZero();
        assertThat(cluster.patches()).isEmpty();
    }

    @Test
    void restartsAWorkloadForWhatIsMissingOtherwise() throws IOException {
        cluster.add("Deployment", "web");
        cluster.enforce("logging", "agent");

        Run run = rolloutOfShop();

        assertThat(run.out())
                .contains(" restart  logging (missing): ")
                .doesNotContain("agent")
                .endsWith("up to date after 0s\n1 of 1 workload up to date\n");
        assertThat(run.code()).isZero();
        assertThat(cluster.patches()).hasSize(1);
        assertThat(rolloutOfShop().out()).endsWith("1 workload: 1 left alone\n");
    }

    @Test
    void changesImagesInPlaceNevertheless() throws IOException {
        cluster.add("Deployment", "web", true);
        cluster.changeProfile("busybox:1.37", "busybox:1.38");
        cluster.enforce("logging", "agent");

        Run run = rolloutOfShop();

        assertThat(run.out()).contains("1 to update in place").endsWith("1 of 1 workload up to date\n");
        assertThat(audit().out())
                .contains("2 Pods: 2 with findings (2 with an enforced profile that cannot be provided); ");
    }

    @Test
    void selectsTheWorkloadByTheNameOfTheProfile() throws IOException {
        cluster.add("Deployment", "web", true);
        cluster.enforce("logging", "agent");

        assertThat(rolloutOfShop("--profile=agent").out()).contains("1 workload: 1 left alone");
        assertThat(rolloutOfShop("--profile=logging").out()).startsWith("no Pod of the selected workloads");
    }

    /** The profile was deleted. */
    @Test
    void neverRemovesACompanionThatAPolicyEnforces() throws IOException {
        cluster.enforce("agent");
        addPodsWithAgent("agent");

        Run run = rolloutOfShop();

        assertThat(run.out())
                .contains("Deployment/web  2     none    " + UNMET)
                .contains(
                        "; the Pod has it from before; a restart does not help until Pillion can provide the profile\n");
        assertThat(cluster.patches()).isEmpty();
    }

    @Test
    void neverRemovesItForAnotherProfile() throws IOException {
        cluster.enforce("agent");
        addPodsWithAgent("agent");
        cluster.enforce("agent", "logging");

        Run run = rolloutOfShop();

        assertThat(run.out())
                .contains(" none    a restart would remove a companion that a policy enforces: " + UNMET)
                .endsWith("1 workload: 1 left alone\n");
        assertThat(cluster.patches()).isEmpty();
    }

    /** The webhook reads changed profiles at once, and the command has read them before. */
    @Test
    void newPodsThatGetTheProfileAreUpToDate() throws IOException {
        cluster.add("Deployment", "web");
        cluster.enforce("logging", "agent");
        cluster.onRestart(workload -> {
            workload.observe();
            createPodsWithAgent("logging,agent", workload::complete);
        });

        Run run = rolloutOfShop();

        assertThat(run.out()).endsWith("up to date after 0s\n1 of 1 workload up to date\n");
        assertThat(run.code()).isZero();
        assertThat(cluster.patches()).hasSize(1);
    }

    private void addPodsWithAgent(String profiles) {
        createPodsWithAgent(profiles, () -> cluster.add("Deployment", "web", true));
    }

    /** The Pods get the profiles from policies, not from their annotation. */
    private void createPodsWithAgent(String profiles, Runnable creation) {
        Path file = cluster.profiles.resolve("agent.yaml");
        try {
            Files.writeString(file, Trial.profile("agent", "sidecars: [{name: agent, image: agent}]"));
            cluster.request(profiles);
            creation.run();
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cluster.pods().forEach(pod -> pod.withObject("/metadata/annotations").remove("pillion.dev/inject"));
    }
}
