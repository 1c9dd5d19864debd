package dev.pillion.injection.plan;

import static dev.pillion.injection.Trial.annotated;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.injection.plan.Plan.PlannedProfile;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The description of an injection, with a line for each addition. */
class PlanTest {

    @Test
    void namesEveryAddition() {
        var result = annotated("pillion.dev/inject: logging, env", "env.pillion.dev/variables: A=1")
                .injected();

        assertThat(result.plan().profiles())
                .extracting(PlannedProfile::additions)
                .containsExactly(
                        List.of(
                                "mount pillion-var-log-app at /var/log/app in web",
                                "volume pillion-var-log-app (emptyDir)",
                                "native sidecar log-tailer (busybox:1.37)"),
                        List.of("env A in web"));
    }

    @Test
    void describesPlainSidecarsAndInitContainers() {
        var result = annotated("pillion.dev/inject: logging", "pillion.dev/wait-for: db:1")
                .withPlainSidecars()
                .injected();

        assertThat(result.plan().profiles())
                .flatExtracting(PlannedProfile::additions)
                .contains("sidecar container log-tailer (busybox:1.37)", "init container wait-for-db-1 (busybox:1.37)");
    }

    @Test
    void assignsASharedAdditionToTheFirstProfile() {
        var result = annotated(
                        "pillion.dev/inject: logging, log-shipper",
                        "log-shipper.pillion.dev/endpoint: http://otel:4318")
                .injected();

        assertThat(result.plan().profiles().getFirst().additions())
                .contains("mount pillion-var-log-app at /var/log/app in web", "volume pillion-var-log-app (emptyDir)");
        assertThat(result.plan().profiles().getLast().additions())
                .containsExactly(
                        "volume pillion-files-log-shipper (downwardAPI)",
                        "native sidecar log-shipper (otel/opentelemetry-collector-contrib:0.139.0)");
    }

    @Test
    void hasTheSameCompanionsAndNoAdditionsInASecondPass() {
        var first = annotated("pillion.dev/inject: logging").injected();

        Plan second = first.again().unchanged().plan();

        assertThat(second.profiles().getFirst().additions()).isEmpty();
        assertThat(second.profiles().getFirst().companions())
                .isEqualTo(first.plan().profiles().getFirst().companions());
        assertThat(second.startup()).isEqualTo(first.plan().startup());
    }
}
